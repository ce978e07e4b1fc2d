"""Writes a GGUF model as the folder of safetensors that vLLM wants: make-model-folder.py GGUF FOLDER."""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

gguf, folder = (Path(argument) for argument in sys.argv[1:])
source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
AutoTokenizer.from_pretrained(**source).save_pretrained(folder)
# Dequantised to bfloat16, in which vLLM computes.
AutoModelForCausalLM.from_pretrained(**source, dtype=torch.bfloat16).save_pretrained(folder)
