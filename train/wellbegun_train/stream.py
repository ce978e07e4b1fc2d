"""The stream of events: one JSON object a line, flushed at once, on what was standard output."""

import json
import os
import sys
from typing import TextIO

_stream: TextIO = sys.stdout


def open_stream() -> None:
    """Keeps standard output for events: what libraries, also native ones, print there goes to standard error."""
    global _stream
    _stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)


def tell(event: str, **values: object) -> None:
    print(json.dumps({"event": event, **values}, allow_nan=False), file=_stream, flush=True)
