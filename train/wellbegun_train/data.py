"""Rows for a trainer, from pairs that `wellbegun` has checked: JSON lines of prompt, chosen and rejected."""

import json

from datasets import Dataset

from .fault import Fault
from .stream import tell


def read_pairs(path: str, method: str) -> Dataset:
    """In TRL's conversational form for the method; `line` is counted from 1."""
    with open(path, encoding="utf-8") as lines:
        pairs = [{**_bare(json.loads(text)), "line": line} for line, text in enumerate(lines, 1) if text.strip()]
    if method == "sft":
        return Dataset.from_list([_completion(pair, "chosen") for pair in pairs])
    if method == "kto":
        return Dataset.from_list(
            [_completion(pair, side) | {"label": side == "chosen"} for pair in pairs for side in ("chosen", "rejected")]
        )
    return Dataset.from_list(pairs)


def _bare(pair: dict) -> dict:
    """Without what else a line may say: rows of a data set have one form."""
    return {
        side: [{"role": message["role"], "content": message["content"]} for message in pair[side]]
        for side in ("prompt", "chosen", "rejected")
    }


def _completion(pair: dict, side: str) -> dict:
    return {"prompt": pair["prompt"], "completion": pair[side], "line": pair["line"]}


def tell_losses(rows: Dataset, tokenizer, max_length: int) -> None:
    """Counts pairs whose answer loses its end to `max_length`, and refuses data of which no answer keeps its beginning."""
    sides = [side for side in ("chosen", "rejected", "completion") if side in rows.column_names]
    cut = lost = parted = 0
    for row in rows:
        prompt = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, return_dict=False)
        for side in sides:
            whole = tokenizer.apply_chat_template(row["prompt"] + row[side], return_dict=False)
            cut += len(whole) > max_length
            lost += len(prompt) >= max_length
            parted += whole[: len(prompt)] != prompt
    answers = len(rows) * len(sides)
    if lost == answers:
        raise Fault(f"All {len(rows)} prompts are longer than max_length ({max_length}): raise it.")
    if parted == answers:
        raise Fault("No prompt's tokens begin those of prompt and answer: this chat template can't be trained on.")
    tell("data", rows=len(rows), answers=answers, cut=cut, lost=lost, parted=parted)
