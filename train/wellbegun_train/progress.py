"""The stream that says how a run goes: one JSON object a line on standard output, flushed at once."""

import json
import math
import sys
import time

from transformers import TrainerCallback

from .fault import Fault


def tell(kind: str, **values: object) -> None:
    print(json.dumps({"event": kind, **values}, allow_nan=False), file=sys.stdout, flush=True)


class StreamProgress(TrainerCallback):
    """Tells each logged step, and stops the run at a loss that is no number."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.first_step = 0

    def on_train_begin(self, args, state, control, **_) -> None:
        self.first_step = state.global_step
        tell("begin", step=state.global_step, steps=state.max_steps)

    def on_log(self, args, state, control, logs=None, **_) -> None:
        numbers = {name: value for name, value in (logs or {}).items() if isinstance(value, (int, float))}
        wrong = [name for name, value in numbers.items() if not math.isfinite(value)]
        if wrong:
            raise Fault(
                f"{wrong[0]} is {numbers[wrong[0]]} at step {state.global_step}: lower learning_rate, or look at the pairs of this step."
            )
        done = state.global_step - self.first_step
        elapsed = time.monotonic() - self.started
        left = elapsed / done * (state.max_steps - state.global_step) if done else None
        tell("step", step=state.global_step, steps=state.max_steps, seconds_left=left, **numbers)

    def on_save(self, args, state, control, **_) -> None:
        tell("saved", step=state.global_step)
