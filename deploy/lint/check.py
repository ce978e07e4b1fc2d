"""Checks everything in deploy/ with the linter of its kind. `npm run check:deploy`"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import promql_parser
import yaml
from prometheus_config import faults_of

DEPLOY = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# For the last bytes of a stream, once the gateway has ended it.
LAST_SECONDS = 5
# What Grafana puts in before Prometheus sees it.
GRAFANA_VALUES = {"$__rate_interval": "5m", "$model": "default"}

failed: list[str] = []


def run(title: str, *command: object) -> None:
    print(f"-- {title}", flush=True)
    if subprocess.run([str(part) for part in command], cwd=DEPLOY).returncode != 0:
        failed.append(f"{title} failed")


def check_kubernetes() -> None:
    kubectl = shutil.which("kubectl")
    validate = (BIN / "kubernetes-validate", "--strict", "--quiet")
    if kubectl is None:
        print("-- Kubernetes: kubectl is not installed, so the files are checked one by one, not as kustomize joins them")
        files = [file for file in sorted((DEPLOY / "kubernetes").glob("*.yaml")) if file.stem != "kustomization"]
        return run("Kubernetes manifests", *validate, *files)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as joined:
        run("kustomize", kubectl, "kustomize", "kubernetes", "--output", joined.name)
        run("Kubernetes manifests", *validate, joined.name)


def check_grace_period() -> None:
    print("-- Kubernetes: the gateway is given the time that it takes to stop", flush=True)
    documents = yaml.safe_load_all((DEPLOY / "kubernetes/gateway.yaml").read_text())
    pod = next(each for each in documents if each["kind"] == "Deployment")["spec"]["template"]["spec"]
    waits = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    drains = json.loads((DEPLOY / "kubernetes/wellbegun.config.json").read_text())["drainSeconds"]
    given = pod["terminationGracePeriodSeconds"]
    if given < waits + drains + LAST_SECONDS:
        failed.append(f"gateway.yaml: {given} s are less than preStop's {waits}, drainSeconds' {drains} and {LAST_SECONDS} for last bytes")


def check_prometheus() -> None:
    run("Prometheus: the check that follows finds mistakes", sys.executable, "lint/prometheus_config_test.py", "--quiet")
    print("-- Prometheus: keys and values, and that each target is a service which Prometheus reaches", flush=True)
    config, compose = (yaml.safe_load((DEPLOY / file).read_text()) for file in ("prometheus/prometheus.yml", "compose.yaml"))
    failed.extend(f"prometheus.yml: {fault}" for fault in faults_of(config, compose["services"]))
    promtool = shutil.which("promtool")
    if promtool is None:
        print("-- Prometheus: promtool is not installed, so its own check is left out (Debian's package prometheus has it)")
    else:
        run("Prometheus: promtool", promtool, "check", "config", "prometheus/prometheus.yml")


def check_dashboards() -> None:
    print("-- Grafana: every expression is PromQL, every panel has its own place", flush=True)
    for file in sorted((DEPLOY / "grafana/dashboards").glob("*.json")):
        panels = json.loads(file.read_text())["panels"]
        for panel in panels:
            for target in panel["targets"]:
                check_expression(file, panel["title"], target["expr"])
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
        if len(set(places)) < len(places) or len({panel["id"] for panel in panels}) < len(panels):
            failed.append(f"{file.name}: two panels share a place or an id")


def check_expression(file: Path, title: str, expression: str) -> None:
    for name, value in GRAFANA_VALUES.items():
        expression = expression.replace(name, value)
    try:
        promql_parser.parse(re.sub(r"\[\$\w+\]", "[5m]", expression))
    except ValueError as error:
        failed.append(f"{file.name}, {title}: {error}")


run("Dockerfile", BIN / "hadolint", "Dockerfile")
run("Compose file: schema", "lint/node_modules/.bin/dclint", "--config", "lint/.dclintrc.json", "--max-warnings", "0", "compose.yaml")
run("Compose file: safety", BIN / "compose-lint", "check", "--config", "lint/compose-lint.yml", "--fail-on", "medium", "compose.yaml")
run("YAML", BIN / "yamllint", "--strict", "--config-file", "lint/yamllint.yml", ".")
check_kubernetes()
check_grace_period()
check_prometheus()
check_dashboards()

for failure in failed:
    print(f"deploy: {failure}", file=sys.stderr)
sys.exit(1 if failed else 0)
