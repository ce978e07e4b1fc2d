"""The official gsm8k task of lm-eval on a running gateway: one JSON value on stdout.

Arguments: the kind of model of lm-eval, its arguments as JSON, the files of questions as JSON, how many questions.
"""

import json
import os
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", OPENAI_API_KEY="none")
# What packages print must not get between the JSON.
answer_to, sys.stdout = sys.stdout, sys.stderr

import lm_eval  # noqa: E402
import yaml  # noqa: E402
from lm_eval.api.task import ConfigurableTask  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

kind, model_args, files, limit = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3]), int(sys.argv[4])
official = yaml.safe_load((Path(lm_eval.__file__).parent / "tasks/gsm8k/gsm8k.yaml").read_text())
local = {"dataset_path": "json", "dataset_name": None, "dataset_kwargs": {"data_files": files}}
# The first examples, as the paper's four shots are not named; the task's own draws five by chance.
shots = {"num_fewshot": 4, "fewshot_config": {"sampler": "first_n"}}
task = ConfigurableTask(config={**official, **local, **shots})
results = lm_eval.simple_evaluate(
    model=kind,
    model_args=model_args,
    tasks=[task],
    task_manager=TaskManager(include_defaults=False),
    limit=limit,
    bootstrap_iters=0,
    apply_chat_template="chat" in kind,
    fewshot_as_multiturn=False,
    log_samples=True,
)
samples = results["samples"]["gsm8k"]
responses = {sample["doc_id"]: sample["resps"][0][0] for sample in samples}
scores = results["results"]["gsm8k"]
json.dump(
    {
        "strict": scores["exact_match,strict-match"],
        "flexible": scores["exact_match,flexible-extract"],
        "responses": [responses[number] for number in sorted(responses)],
    },
    answer_to,
)
