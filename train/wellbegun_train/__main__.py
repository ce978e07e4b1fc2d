"""python -m wellbegun_train RECIPE.yaml [--data FILE] [--model MODEL] [--output FOLDER]"""

import argparse
import sys
from pathlib import Path

from .fault import Fault


def main() -> int:
    parser = argparse.ArgumentParser(prog="wellbegun_train", description="Trains a draft by a recipe.")
    parser.add_argument("recipe", type=Path)
    for name in ("data", "model", "output"):
        parser.add_argument(f"--{name}")
    options = parser.parse_args()
    try:
        from .recipe import read_recipe

        recipe = read_recipe(options.recipe, data=options.data, model=options.model, output=options.output)
        from .train import train

        train(recipe)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
