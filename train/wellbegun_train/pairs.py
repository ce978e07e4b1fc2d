"""Preference pairs: JSON lines with `prompt` (messages), `chosen` and `rejected` (one assistant message each)."""

import json
from pathlib import Path

from datasets import Dataset

from .fault import Fault


def read_pairs(path: Path) -> Dataset:
    """Rows of prompt, chosen, rejected in TRL's conversational form, and `line`, counted from 1."""
    rows = []
    try:
        with path.open(encoding="utf-8") as lines:
            for number, text in enumerate(lines, start=1):
                if text.strip():
                    rows.append(_pair(path, number, text))
    except FileNotFoundError:
        raise Fault(f"There are no pairs {path}.") from None
    except UnicodeDecodeError:
        raise Fault(f"{path} is not UTF-8.") from None
    if not rows:
        raise Fault(f"{path} has no pairs.")
    return Dataset.from_list(rows)


def _pair(path: Path, number: int, text: str) -> dict:
    where = f"{path}, line {number}"
    try:
        pair = json.loads(text)
    except ValueError:
        raise Fault(f"{where} is no JSON.") from None
    if not isinstance(pair, dict):
        raise Fault(f"{where} is no object with prompt, chosen and rejected.")
    for side in ("prompt", "chosen", "rejected"):
        messages = pair.get(side)
        if not isinstance(messages, list) or not messages or not all(_is_message(message) for message in messages):
            raise Fault(f'{where}: {side} must be a list of messages, {{"role", "content"}}.')
    if pair["prompt"][-1]["role"] != "user":
        raise Fault(f"{where}: the last message of prompt must be the user's.")
    for side in ("chosen", "rejected"):
        if len(pair[side]) != 1 or pair[side][0]["role"] != "assistant":
            raise Fault(f"{where}: {side} must be one message of the assistant.")
    bare = {side: [{"role": m["role"], "content": m["content"]} for m in pair[side]] for side in pair if side in ("prompt", "chosen", "rejected")}
    return {**bare, "line": number}


def _is_message(message: object) -> bool:
    return (
        isinstance(message, dict)
        and message.get("role") in ("system", "user", "assistant")
        and isinstance(message.get("content"), str)
    )
