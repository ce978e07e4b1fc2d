"""Checkpoints that are whole. One that was cut off while it was saved lacks its mark, and is removed."""

import shutil
from pathlib import Path

from transformers import TrainerCallback

from .stream import tell

MARK = "complete"


class MarkComplete(TrainerCallback):
    """Writes the mark after all other files of a checkpoint."""

    def on_save(self, args, state, control, **_) -> None:
        if state.is_world_process_zero:
            (Path(args.output_dir) / f"checkpoint-{state.global_step}" / MARK).touch()
            tell("saved", step=state.global_step)


def newest_complete(folder: Path) -> str | None:
    whole = []
    for checkpoint in folder.glob("checkpoint-*"):
        if (checkpoint / MARK).is_file():
            whole.append(checkpoint)
        else:
            tell("note", text=f"{checkpoint} was cut off while it was saved, and is removed.")
            shutil.rmtree(checkpoint)
    newest = max(whole, key=lambda checkpoint: int(checkpoint.name.split("-")[1]), default=None)
    return None if newest is None else str(newest)
