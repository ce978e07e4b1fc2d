"""Plain and assisted greedy generation of HF transformers, in turn, on the CPU, from two GGUF files.

Reads one JSON object from stdin:
    {"base": path, "draft": path, "threads": n, "maxTokens": n, "prompts": [text, …], "stop": [text, …]}
Writes one JSON object a line to stdout: first {"versions": …, "loadSeconds": s}, then one a prompt:
    {"plainMs", "plainTokens", "assistedMs", "assistedTokens", "sameText"}

The prompts are whole texts without the base's BOS, which its tokenizer adds. The two tokenizers differ, so this is
"universal assisted decoding": the draft sees the text, and its tokens are aligned with the base's anew in each round.
"""

import json
import sys
import time
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, StoppingCriteria, StoppingCriteriaList


class StopsAtText(StoppingCriteria):
    """Ends where the response holds one of the texts; only its end is looked at, for a text may span tokens."""

    def __init__(self, tokenizer, stops, prompt_tokens):
        self.tokenizer, self.stops, self.prompt_tokens = tokenizer, stops, prompt_tokens

    def __call__(self, input_ids, scores, **_):
        end = self.tokenizer.decode(input_ids[0, self.prompt_tokens :][-48:])
        found = any(stop in end for stop in self.stops)
        return torch.full((input_ids.shape[0],), found, dtype=torch.bool)


def load(path):
    file = Path(path)
    tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    return tokenizer, model.eval()


def generate(base, inputs, options, stops):
    start = time.perf_counter()
    output = base.generate(**inputs, do_sample=False, stopping_criteria=StoppingCriteriaList([stops]), **options)
    seconds = time.perf_counter() - start
    return output[0, inputs["input_ids"].shape[1] :].tolist(), seconds * 1000


def main():
    request = json.load(sys.stdin)
    torch.set_num_threads(request["threads"])
    start = time.perf_counter()
    tokenizer, base = load(request["base"])
    draft_tokenizer, draft = load(request["draft"])
    versions = {"transformers": transformers.__version__, "torch": torch.__version__}
    emit({"versions": versions, "loadSeconds": time.perf_counter() - start})
    plain = {"max_new_tokens": request["maxTokens"]}
    assisted = {
        **plain,
        "assistant_model": draft,
        "tokenizer": tokenizer,
        "assistant_tokenizer": draft_tokenizer,
    }
    with torch.inference_mode():
        for number, prompt in enumerate(["Hello", *request["prompts"]]):
            inputs = tokenizer(prompt, return_tensors="pt")
            stops = StopsAtText(tokenizer, request["stop"], inputs["input_ids"].shape[1])
            plain_tokens, plain_ms = generate(base, inputs, plain, stops)
            assisted_tokens, assisted_ms = generate(base, inputs, assisted, stops)
            if number == 0:
                continue  # The first one warms caches and compiles kernels.
            emit(
                {
                    "plainMs": plain_ms,
                    "plainTokens": len(plain_tokens),
                    "assistedMs": assisted_ms,
                    "assistedTokens": len(assisted_tokens),
                    "sameText": plain_tokens == assisted_tokens,
                }
            )


def emit(value):
    print(json.dumps(value), flush=True)


main()
