"""Watches a run: stops it where numbers are none, or where nothing is trained, and tells how it goes."""

import hashlib
import math
import time

import torch
from transformers import TrainerCallback

from .fault import Fault
from .stream import tell


class WatchedSteps:
    """For a trainer: each pair keeps its line, so that a loss that is no number can be traced to it."""

    def watch(self) -> None:
        self._collate = self.data_collator
        self._pairs = []
        self._recent = []
        self.data_collator = self._collate_and_remember
        self.args.remove_unused_columns = False

    def _collate_and_remember(self, pairs: list[dict]):
        batch = self._collate(pairs)
        # Batches are collated in the order of the steps, some of them ahead.
        self._pairs.append(pairs)
        return batch

    def training_step(self, model, inputs, *rest, **named):
        pairs = self._pairs.pop(0)
        self._recent = (self._recent + [pair["line"] for pair in pairs])[-self.args.gradient_accumulation_steps * len(pairs) :]
        loss = super().training_step(model, inputs, *rest, **named)
        if not torch.isfinite(loss):
            lines = self._lines_without_loss(model, pairs)
            raise Fault(
                f"The loss is {float(loss)} after step {self.state.global_step}, for {spell_lines(lines)} of the data: "
                "look at these pairs, or lower learning_rate."
            )
        return loss

    def log(self, logs: dict, *rest, **named) -> None:
        wrong = next((name for name, value in logs.items() if not math.isfinite(value)), None)
        if wrong is not None:
            raise Fault(
                f"{wrong} is {logs[wrong]} at step {self.state.global_step}, for {spell_lines(self._recent)} of the data: "
                "look at these pairs, or lower learning_rate."
            )
        super().log(logs, *rest, **named)

    def _lines_without_loss(self, model, pairs: list[dict]) -> list[int]:
        """Lines of those whose own loss is no number; of all where none shows it alone."""
        wrong = [pair["line"] for pair in pairs if not math.isfinite(self._loss_of(model, pair))]
        return wrong or [pair["line"] for pair in pairs]

    def _loss_of(self, model, pair: dict) -> float:
        with torch.no_grad():
            return float(self.compute_loss(model, self._prepare_inputs(self._collate([pair]))))


def spell_lines(lines: list[int]) -> str:
    numbers = sorted(set(lines))
    return f"line {numbers[0]}" if len(numbers) == 1 else f"lines {', '.join(map(str, numbers))}"


class Progress(TrainerCallback):
    """Tells each logged step, and what a resumed run had logged before."""

    def on_train_begin(self, args, state, control, **_) -> None:
        self.began, self.first = time.monotonic(), state.global_step
        if state.is_world_process_zero:
            tell("begin", step=state.global_step, steps=state.max_steps, history=state.log_history)

    def on_log(self, args, state, control, logs=None, **_) -> None:
        # The last log is the run's summary.
        if state.is_world_process_zero and "loss" in logs:
            done = state.global_step - self.first
            left = (time.monotonic() - self.began) / done * (state.max_steps - state.global_step)
            tell("step", step=state.global_step, steps=state.max_steps, seconds_left=left, **logs)


class NothingTrained(TrainerCallback):
    """Refuses a run whose first steps leave every weight as it was: its curves would look well all the same."""

    def __init__(self, model) -> None:
        self.begun = hash_of_trained(model)

    def on_step_end(self, args, state, control, model=None, **_) -> None:
        # A warm-up begins with a learning rate of 0.
        if self.begun is None or (state.global_step < 2 and state.max_steps > 1):
            return
        if hash_of_trained(model) == self.begun:
            raise Fault(
                f"Nothing is trained: after step {state.global_step} each weight is as it was. Raise learning_rate."
            )
        self.begun = None


def hash_of_trained(model) -> str:
    digest = hashlib.sha256()
    for name, value in model.named_parameters():
        if value.requires_grad:
            digest.update(name.encode() + value.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()
