"""A recipe: what is trained, on what, and how. Read from YAML, checked before anything is loaded."""

from dataclasses import dataclass, field, fields
from pathlib import Path

import yaml

from .fault import Fault

METHODS = ("sft", "dpo", "kto")
# The losses of TRL's DPOTrainer, by its own names.
DPO_LOSSES = (
    "sigmoid",
    "sigmoid_norm",
    "hinge",
    "ipo",
    "exo_pair",
    "nca_pair",
    "robust",
    "bco_pair",
    "sppo_hard",
    "aot",
    "aot_unpaired",
    "apo_zero",
    "apo_down",
    "discopop",
)


@dataclass(frozen=True)
class Recipe:
    """Units are tokens for lengths and pairs for batches."""

    method: str
    model: str  # a folder, a hub id, or a GGUF file, whose weights are dequantised
    data: str  # JSON lines of preference pairs, see schemas/preference-pair.schema.json
    output: str
    loss: str = "sigmoid"
    beta: float = 0.1
    label_smoothing: float = 0.0
    learning_rate: float = 1e-4
    epochs: float = 1.0
    batch: int = 2
    accumulate: int = 4
    max_length: int = 256
    warmup: float = 0.1
    seed: int = 0
    gradient_checkpointing: bool = False  # less memory, a third more time
    save_steps: int = 25
    threads: int | None = None
    dtype: str = "float32"
    lora: dict = field(default_factory=lambda: {"rank": 16, "alpha": 32, "dropout": 0.0})

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise Fault(f"The method is {self.method!r}: it must be one of {', '.join(METHODS)}.")
        if self.method == "dpo" and self.loss not in DPO_LOSSES:
            raise Fault(f"The loss is {self.loss!r}: it must be one of {', '.join(DPO_LOSSES)}.")
        for name in ("batch", "accumulate", "max_length", "save_steps"):
            if getattr(self, name) < 1:
                raise Fault(f"{name} is {getattr(self, name)}: it must be at least 1.")
        for name in ("learning_rate", "epochs", "beta"):
            if getattr(self, name) <= 0:
                raise Fault(f"{name} is {getattr(self, name)}: it must be above 0.")


def read_recipe(path: Path, **changes: object) -> Recipe:
    """The file's settings; what is not None in `changes` is taken in place of them."""
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Fault(f"There is no recipe {path}.") from None
    except yaml.YAMLError as error:
        raise Fault(f"{path} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(given, dict):
        raise Fault(f"{path} is no recipe: it must be a list of settings such as 'method: dpo'.")
    given |= {name: value for name, value in changes.items() if value is not None}
    known = {setting.name: setting for setting in fields(Recipe)}
    for name, value in given.items():
        if name not in known:
            raise Fault(f"{path} has the setting {name!r}, which no recipe knows; known are {', '.join(known)}.")
        _check_type(path, name, value, known[name].type)
    missing = [name for name in ("method", "model", "data", "output") if name not in given]
    if missing:
        raise Fault(f"{path} lacks {', '.join(missing)}.")
    return Recipe(**given)


def _check_type(path: Path, name: str, value: object, kind: object) -> None:
    takes = {str: str, bool: bool, int: int, float: (int, float), dict: dict, int | None: int}[kind]
    if (isinstance(value, bool) and takes is not bool) or not isinstance(value, takes):
        raise Fault(f"{path} has {name}: {value!r}, where a {getattr(kind, '__name__', kind)} is wanted.")
