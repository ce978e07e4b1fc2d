"""Whether Prometheus would take its configuration, and would find what it names in the Compose file."""

import json
from collections import Counter
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMA = json.loads(Path(__file__).with_name("prometheus.schema.json").read_text())


def faults_of(config: object, services: dict) -> list[str]:
    """In words, none where all is well. `services` are those of the Compose file, `prometheus` among them."""
    errors = Draft202012Validator(SCHEMA).iter_errors(config)
    return [f"{error.json_path}: {error.message}" for error in errors] or [*repeated_jobs(config), *unreached(config, services)]


def repeated_jobs(config: dict) -> list[str]:
    jobs = Counter(job["job_name"] for job in config["scrape_configs"])
    return [f"two jobs are called {name}" for name, count in jobs.items() if count > 1]


def unreached(config: dict, services: dict) -> list[str]:
    networks = set(services["prometheus"]["networks"])
    hosts = [target.split(":")[0] for job in config["scrape_configs"] for part in job["static_configs"] for target in part["targets"]]
    return [
        f"{host} is no service of the Compose file in a network of Prometheus"
        for host in hosts
        if networks.isdisjoint(services.get(host, {}).get("networks", []))
    ]
