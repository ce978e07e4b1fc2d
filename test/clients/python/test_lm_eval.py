"""lm-eval against a running gateway of one pair, on the tiny tasks beside this file, with nothing from the network."""

import os
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", OPENAI_API_KEY=os.environ["WELLBEGUN_KEY"])

import lm_eval  # noqa: E402
import pytest  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

# Without the thousands of tasks that come with it, which take minutes to list.
TASKS = TaskManager(include_path=str(Path(__file__).parent / "tasks"), include_defaults=False)

URL = os.environ["WELLBEGUN_SINGLE_URL"]
COMPLETIONS = {
    # Its tokenizer adds BOS, which lm-eval never sends.
    "model": "tiny:base+bos",
    "base_url": f"{URL}/completions",
    "tokenizer_backend": "remote",
    "auth_token": os.environ["WELLBEGUN_KEY"],
    "max_length": 2048,
}


def evaluate(task: str, kind: str, model_args: dict[str, object], **options: object) -> dict:
    results = lm_eval.simple_evaluate(
        model=kind, model_args=model_args, tasks=[task], task_manager=TASKS, bootstrap_iters=0, **options
    )
    return results["results"][task]


@pytest.mark.parametrize("options", [{}, {"num_concurrent": 2}, {"batch_size": 4}])
def test_local_completions_scores_token_ids(options):
    results = evaluate("story_choice", "local-completions", {**COMPLETIONS, **options})
    assert results["acc,none"] == 1


def test_local_completions_scores_whole_texts():
    results = evaluate("story_perplexity", "local-completions", COMPLETIONS)
    # From the table of the tiny base, test/fixtures/tiny-gguf/sentencepiece-probability.ts.
    assert results["byte_perplexity,none"] == pytest.approx(float(os.environ["WELLBEGUN_BYTE_PERPLEXITY"]), rel=1e-4)


def test_local_completions_generates_until_a_text():
    results = evaluate("story_continue", "local-completions", COMPLETIONS)
    assert results["exact_match,none"] == 1


def test_local_chat_completions_generates_until_a_text():
    chat = {"model": "tiny", "base_url": f"{URL}/chat/completions", "num_concurrent": 2}
    results = evaluate("story_generate", "local-chat-completions", chat, apply_chat_template=True)
    assert results["exact_match,none"] == 1
