"""Makes a small reward model and what it says: make-reward-folder.py DRAFT_GGUF FOLDER < conversations.json.

The tokenizer and chat template are the draft's; the weights are random, but always the same ones. FOLDER/rewards.json
holds the number that transformers gives for each conversation, which a server must give as well.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForSequenceClassification

gguf, folder = (Path(argument) for argument in sys.argv[1:])
conversations = json.load(sys.stdin)
tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
tokenizer.save_pretrained(folder)
torch.manual_seed(0)
model = LlamaForSequenceClassification(
    LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=1024,
        num_labels=1,
        initializer_range=0.1,
        pad_token_id=0,
    )
).eval()
model.save_pretrained(folder)


@torch.no_grad()
def reward(messages: list[dict[str, str]]) -> float:
    tokens = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=False)
    return model(torch.tensor([tokens])).logits[0, 0].item()


(folder / "rewards.json").write_text(json.dumps([reward(each) for each in conversations]))
