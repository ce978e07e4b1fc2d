"""Writes pairs.jsonl, what recipes/draft-135m.yaml trains on, from lines of HH-RLHF and from everyday.jsonl.

everyday.jsonl holds harmless questions, each with the beginning of an answer by SmolLM2-135M-Instruct itself (chosen)
and a refusal (rejected): refusals on their own teach so small a model to refuse everything.
"""

import gzip
import hashlib
import json
import random
import re
import sys
from pathlib import Path

FIRST, LAST = 1001, 2012  # 1 to 1,000 trained the reward head that judges, 2,013 to 2,312 are held out
WANTED = 600
LONGEST = 850  # characters of a conversation
HERE = Path(__file__).parent


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    pairs = shortest(harmless_pairs(source)) + [json.loads(line) for line in (HERE / "everyday.jsonl").open()]
    random.Random(0).shuffle(pairs)
    text = "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)
    target.write_text(text, encoding="utf-8")
    print(f"{len(pairs)} pairs, SHA-256 {hashlib.sha256(text.encode()).hexdigest()}")


def harmless_pairs(source: Path):
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if FIRST <= number <= LAST:
                row = json.loads(line)
                chosen, rejected = turns(row["chosen"]), turns(row["rejected"])
                if usable(chosen, rejected):
                    yield {
                        "prompt": chosen[:-1],
                        "chosen": chosen[-1:],
                        "rejected": rejected[-1:],
                        "dimension": "harmless",
                        "source": f"hh_rlhf_harmless-base_test:{number}",
                    }


def turns(text: str) -> list[dict[str, str]]:
    parts = re.split(r"\n\n(Human|Assistant): ?", text)[1:]
    roles = {"Human": "user", "Assistant": "assistant"}
    return [{"role": roles[role], "content": said.strip()} for role, said in zip(parts[::2], parts[1::2])]


def usable(chosen: list[dict[str, str]], rejected: list[dict[str, str]]) -> bool:
    one_conversation = chosen[:-1] == rejected[:-1] and len(chosen) > 1 and chosen[-2]["role"] == "user"
    answers = [chosen[-1], rejected[-1]]
    return (
        one_conversation
        and all(answer["role"] == "assistant" and answer["content"] for answer in answers)
        and not any(re.search(r"\b(Human|Assistant):", answer["content"]) for answer in answers)
        and max(characters(chosen), characters(rejected)) <= LONGEST
    )


def characters(conversation: list[dict[str, str]]) -> int:
    return sum(len(message["content"]) for message in conversation)


def shortest(pairs) -> list[dict]:
    """The cheapest pairs to train on, in time as in memory."""
    by_cost = sorted(pairs, key=lambda pair: characters(pair["prompt"] * 2 + pair["chosen"] + pair["rejected"]))
    return by_cost[:WANTED]


if __name__ == "__main__":
    main()
