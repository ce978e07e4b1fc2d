"""One run: a model, its adapter, a trainer of TRL, checkpoints that are whole, and the stream of what happens."""

import fcntl
import shutil
from contextlib import contextmanager
from pathlib import Path

import torch

from .checkpoints import MarkComplete, newest_complete
from .data import read_pairs, tell_losses
from .fault import Fault
from .models import load_model
from .stream import tell
from .trainers import make_trainer
from .watch import NothingTrained, Progress


def train(run) -> None:
    if run.threads is not None:
        torch.set_num_threads(run.threads)
    output = Path(run.output)
    with alone(output), understood(output):
        rows = read_pairs(run.data, run.method)
        dtype = torch.bfloat16 if run.precision == "bfloat16" else torch.float32
        # A head begins with random weights.
        torch.manual_seed(run.seed)
        model, tokenizer = load_model(run.model, dtype, is_reward=run.method == "reward")
        tell_losses(rows, tokenizer, run.max_length)
        trainer = make_trainer(run, model, tokenizer, rows)
        checkpoint = newest_complete(output / "checkpoints")
        for callback in (NothingTrained(trainer.model), MarkComplete(), Progress()):
            trainer.add_callback(callback)
        trainer.train(resume_from_checkpoint=checkpoint)
        publish(trainer, tokenizer, output / ("adapter" if run.lora else "model"))


@contextmanager
def alone(output: Path):
    """The lock goes when the process ends, however it ends."""
    output.mkdir(parents=True, exist_ok=True)
    with (output / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Fault(f"Another process trains into {output}: wait for it, or name another output.") from None
        yield


@contextmanager
def understood(output: Path):
    """Faults of the machine, in words that say what to do."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise Fault(
            "The GPU's memory is full: lower batch (and raise accumulate), lower max_length, or set gradient_checkpointing."
        ) from error
    except Exception as error:
        if shutil.disk_usage(output).free > 1 << 20 and "No space left" not in str(error):
            raise
        raise Fault(
            f"The disk of {output} is full: make room and start again, the newest whole checkpoint is kept."
        ) from error


def publish(trainer, tokenizer, final: Path) -> None:
    """What was trained under its final name, all of it or nothing."""
    unfinished = final.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    trainer.save_model(str(unfinished))
    if trainer.is_world_process_zero():
        tokenizer.save_pretrained(unfinished)
        shutil.rmtree(final, ignore_errors=True)
        unfinished.rename(final)
        tell("end", path=str(final), step=trainer.state.global_step)
