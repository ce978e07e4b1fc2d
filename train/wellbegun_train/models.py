"""A model and its tokenizer: a folder, a hub id, or a GGUF file."""

from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from .fault import Fault


def load_model(name: str, dtype: torch.dtype):
    """(model, tokenizer); the pad token is never the end of a turn, so that the end is learned."""
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise Fault(f"There is no model {path}.")
        model, tokenizer = _load_gguf(path, dtype)
    else:
        tokenizer = AutoTokenizer.from_pretrained(name)
        model = AutoModelForCausalLM.from_pretrained(name, dtype=dtype)
    if tokenizer.chat_template is None:
        raise Fault(f"{name} has no chat template: choose an instruction-tuned model.")
    _separate_padding(tokenizer)
    model.config.pad_token_id = tokenizer.pad_token_id
    return model, tokenizer


def _load_gguf(path: Path, dtype: torch.dtype):
    """transformers refuses to train what it loaded from a GGUF: the weights are put into a model made from its config."""
    where = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    tokenizer = AutoTokenizer.from_pretrained(**where)
    weights = AutoModelForCausalLM.from_pretrained(**where, dtype=dtype).state_dict()
    config = AutoConfig.from_pretrained(**where)
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype=dtype)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    absent = [key for key in missing if "lm_head" not in key]
    if absent or unexpected:
        raise Fault(f"{path} does not hold the weights of its model: {(absent + list(unexpected))[0]}.")
    model.tie_weights()
    return model, tokenizer


def _separate_padding(tokenizer) -> None:
    if tokenizer.pad_token_id is not None and tokenizer.pad_token_id != tokenizer.eos_token_id:
        return
    spare = next(
        (token for token in tokenizer.all_special_tokens + list(tokenizer.get_added_vocab()) if token not in (tokenizer.eos_token, "<|im_start|>", "<|im_end|>")),
        None,
    )
    if spare is None:
        raise Fault("The tokenizer pads with its end of text and has no other special token to pad with.")
    tokenizer.pad_token = spare
