"""Writes a GGUF model as the folder of safetensors that vLLM and SGLang want: make-model-folder.py GGUF FOLDER."""

import sys
from pathlib import Path

import torch
from tokenizers.processors import TemplateProcessing
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

gguf, folder = (Path(argument) for argument in sys.argv[1:])
source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
tokenizer = AutoTokenizer.from_pretrained(**source)
# The model's own tokenizer begins every text so; made from a GGUF, it does not, and Gemma is lost without.
beginning = tokenizer.bos_token
tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
    single=f"{beginning} $A",
    pair=f"{beginning} $A {beginning} $B",
    special_tokens=[(beginning, tokenizer.bos_token_id)],
)
tokenizer.save_pretrained(folder)
# In bfloat16, in which they compute.
model = AutoModelForCausalLM.from_pretrained(
    **source, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)
)
# What is written is plain bfloat16.
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
model.save_pretrained(folder)
