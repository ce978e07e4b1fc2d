"""python -m wellbegun_train (train | export) RUN.json

RUN.json is what `wellbegun` wrote: a recipe that was checked, with all defaults in place. Events go to standard output, a
JSON object a line; what libraries print goes to standard error.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from .fault import Fault
from .stream import open_stream, tell


def main() -> int:
    open_stream()
    command, file = sys.argv[1:]
    run = SimpleNamespace(**json.loads(Path(file).read_text(encoding="utf-8")))
    try:
        if command == "train":
            from .train import train as work
        else:
            from .export import export as work
        work(run)
    except Fault as fault:
        tell("fault", text=str(fault))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
