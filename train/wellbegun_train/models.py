"""A model and its tokenizer: a folder, a hub id, or a GGUF file."""

from pathlib import Path

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
)

from .fault import Fault


def load_model(name: str, dtype: torch.dtype, *, is_reward: bool = False):
    """(model, tokenizer). A reward model has a new head; the pad token is never the end of a turn, so that ends are learned."""
    kind, head = (AutoModelForSequenceClassification, {"num_labels": 1}) if is_reward else (AutoModelForCausalLM, {})
    try:
        if name.endswith(".gguf"):
            model, tokenizer = _load_gguf(Path(name), kind, head, dtype)
        else:
            tokenizer = AutoTokenizer.from_pretrained(name)
            model = kind.from_pretrained(name, dtype=dtype, **head)
    except (OSError, ValueError, KeyError) as error:
        raise Fault(f"The model {name} can't be loaded: {' '.join(str(error).split())[:300]}") from error
    if tokenizer.chat_template is None:
        raise Fault(f"{name} has no chat template: choose an instruction-tuned model.")
    _separate_padding(name, tokenizer)
    model.config.pad_token_id = tokenizer.pad_token_id
    return model, tokenizer


def _load_gguf(path: Path, kind, head: dict, dtype: torch.dtype):
    """transformers refuses to train what it loaded from a GGUF: the weights are put into a model made from its config."""
    where = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    tokenizer = AutoTokenizer.from_pretrained(**where)
    weights = AutoModelForCausalLM.from_pretrained(**where, dtype=dtype).state_dict()
    config = AutoConfig.from_pretrained(**where, **head)
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    model = kind.from_config(config, dtype=dtype)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    strange = [key for key in missing + unexpected if not key.startswith(("lm_head.", "score."))]
    if strange:
        raise Fault(f"{path} does not hold the weights of its model: {strange[0]}.")
    model.tie_weights()
    return model, tokenizer


def _separate_padding(name: str, tokenizer) -> None:
    """Padding is left out of the loss: an end of turn that pads would never be learned."""
    pad = tokenizer.pad_token
    ends = _end_of_turn(tokenizer)
    if pad is not None and pad != tokenizer.eos_token and pad not in ends:
        return
    special = [token.content for token in tokenizer.added_tokens_decoder.values() if token.special]
    spare = [token for token in special if token != tokenizer.eos_token and token not in ends]
    if not spare:
        raise Fault(f"The tokenizer of {name} has no special token to pad with besides its end of turn: add one.")
    tokenizer.pad_token = spare[0]


def _end_of_turn(tokenizer) -> str:
    """What the chat template writes after an answer."""
    turns = [{"role": "user", "content": "A"}, {"role": "assistant", "content": "\u2402"}]
    _, answer, end = tokenizer.apply_chat_template(turns, tokenize=False).rpartition("\u2402")
    if not answer:
        raise Fault("The chat template leaves the assistant's answer out: choose another model, or mend its template.")
    return end
