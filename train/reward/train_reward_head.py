"""Trains a reward head with TRL's RewardTrainer on hidden states that write-states.ts wrote.

The body of the model is frozen, so its hidden states are the same in every epoch: they are computed once, by the engine
that will use the head, and the trainer sees a model that consists of the head alone.
"""

import argparse
import base64
import json
import tempfile
from pathlib import Path

import numpy
import torch
from datasets import Dataset
from safetensors.torch import save_file
from tokenizers import Tokenizer, models
from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import SequenceClassifierOutput
from trl import RewardConfig, RewardTrainer


def main() -> None:
    options = parse_options()
    states, notes = read_states(options.states)
    mean, deviation = states.mean(0), states.std(0).clamp_min(1e-6)
    model = HeadModel((states - mean) / deviation)
    train(model, len(states) // 2, options)
    weight, bias = fold(model.score.weight.detach()[0], mean, deviation)
    write_head(options.out, weight, bias, notes)
    right = ((states @ weight)[0::2] > (states @ weight)[1::2]).float().mean()
    print(f"{options.out}: {len(states) // 2} pairs, {right:.3f} of them in the right order after training")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=Path, required=True, help="folder that write-states.ts wrote")
    parser.add_argument("--out", type=Path, required=True, help="NAME.reward.safetensors")
    parser.add_argument("--epochs", type=float, default=60)
    parser.add_argument("--batch", type=int, default=64, help="pairs in a step")
    parser.add_argument("--learning-rate", type=float, default=0.02)
    parser.add_argument("--weight-decay", type=float, default=1.0, help="pull towards 0, for states of deviation 1")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def read_states(folder: Path) -> tuple[torch.Tensor, dict]:
    """Shape [2 * pairs, hidden size]; row 2i is the chosen response of pair i, row 2i + 1 the rejected one."""
    notes = json.loads((folder / "states.jsonl.state.json").read_text())["settings"]
    rows = []
    with (folder / "states.jsonl").open() as lines:
        for line in lines:
            # A run that was stopped may have written half a line.
            if line.endswith("\n"):
                pair = json.loads(line)
                rows += [numpy.frombuffer(base64.b64decode(pair[name]), "<f4") for name in ("chosen", "rejected")]
    return torch.from_numpy(numpy.stack(rows)), notes


class HeadConfig(PretrainedConfig):
    model_type = "wellbegun-reward-head"


class HeadModel(PreTrainedModel):
    """A reward head on known hidden states; a "token" is the number of a state."""

    config_class = HeadConfig

    def __init__(self, states: torch.Tensor) -> None:
        super().__init__(HeadConfig(num_labels=1))
        self.score = torch.nn.Linear(states.shape[1], 1, bias=False)
        torch.nn.init.zeros_(self.score.weight)
        self.register_buffer("states", states, persistent=False)

    def forward(self, input_ids: torch.Tensor, **_: object) -> SequenceClassifierOutput:
        return SequenceClassifierOutput(logits=self.score(self.states[input_ids[:, -1]]))


def train(model: HeadModel, pairs: int, options: argparse.Namespace) -> None:
    rows = [{"chosen_ids": [2 * pair], "rejected_ids": [2 * pair + 1]} for pair in range(pairs)]
    with tempfile.TemporaryDirectory() as folder:
        config = RewardConfig(
            output_dir=folder,
            num_train_epochs=options.epochs,
            per_device_train_batch_size=options.batch,
            # The loss is convex: plain gradient descent ends where ridge regression would.
            optim="sgd",
            learning_rate=options.learning_rate,
            weight_decay=options.weight_decay,
            lr_scheduler_type="cosine",
            seed=options.seed,
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            logging_steps=100,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        )
        data = Dataset.from_list(rows)
        RewardTrainer(model=model, args=config, train_dataset=data, processing_class=no_tokenizer()).train()


def no_tokenizer() -> PreTrainedTokenizerFast:
    """The trainer wants one for its padding token; nothing is tokenised or padded here."""
    vocabulary = models.WordLevel({"<pad>": 0}, unk_token="<pad>")
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(vocabulary), pad_token="<pad>", eos_token="<pad>")


def fold(weight: torch.Tensor, mean: torch.Tensor, deviation: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias for states as they are, of a weight for states with mean 0 and deviation 1."""
    folded = weight / deviation
    return folded, -(folded @ mean)


def write_head(path: Path, weight: torch.Tensor, bias: torch.Tensor, notes: dict) -> None:
    """As transformers names the head of a model for sequence classification."""
    tensors = {"score.weight": weight[None].float().contiguous(), "score.bias": bias[None].float()}
    save_file(tensors, path, metadata={"gguf_bytes": str(notes["ggufBytes"]), "model": notes["model"]["named"]})


if __name__ == "__main__":
    main()
