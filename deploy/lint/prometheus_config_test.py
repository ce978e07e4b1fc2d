import copy
import unittest

from prometheus_config import faults_of

CONFIG = {
    "global": {"scrape_interval": "1m30s"},
    "scrape_configs": [
        {"job_name": "gateway", "static_configs": [{"targets": ["gateway:8000"]}]},
        {"job_name": "models", "static_configs": [{"targets": ["base:8000"], "labels": {"role": "base"}}]},
    ],
}
SERVICES = {
    "prometheus": {"networks": ["metrics", "models"]},
    "gateway": {"networks": ["metrics", "front"]},
    "base": {"networks": ["models"]},
    "grafana": {"networks": ["front"]},
}
FIRST_JOB = ("scrape_configs", 0)
FIRST_TARGETS = (*FIRST_JOB, "static_configs", 0)
FAULTY = {
    "an unknown key": (("scrape_config",), []),
    "an unknown key of all jobs": (("global", "scrape_intervall"), "15s"),
    "an unknown key of a job": ((*FIRST_JOB, "static_config"), []),
    "an unknown key of targets": ((*FIRST_TARGETS, "label"), {}),
    "no jobs": (("scrape_configs",), []),
    "a duration with a space": (("global", "scrape_interval"), "15 s"),
    "a duration that is a number": (("global", "scrape_interval"), 15),
    "no duration": (("global", "scrape_interval"), "0s"),
    "a job without a name": ((*FIRST_JOB, "job_name"), ""),
    "two jobs of one name": ((*FIRST_JOB, "job_name"), "models"),
    "an address with a scheme": ((*FIRST_TARGETS, "targets"), ["http://gateway:8000"]),
    "an address without a port": ((*FIRST_TARGETS, "targets"), ["gateway"]),
    "a target that is no service": ((*FIRST_TARGETS, "targets"), ["gatewy:8000"]),
    "a target that Prometheus can't reach": ((*FIRST_TARGETS, "targets"), ["grafana:3000"]),
    "a label that is a number": ((*FIRST_TARGETS, "labels"), {"role": 1}),
    "a label's name with a dash": ((*FIRST_TARGETS, "labels"), {"a-role": "base"}),
}


def changed(place: tuple, value: object) -> dict:
    config = copy.deepcopy(CONFIG)
    *parents, last = place
    part = config
    for key in parents:
        part = part[key]
    part[last] = value
    return config


class PrometheusConfigTest(unittest.TestCase):
    def test_what_is_right_has_no_faults(self) -> None:
        self.assertEqual(faults_of(CONFIG, SERVICES), [])

    def test_each_mistake_is_one_fault(self) -> None:
        for name, (place, value) in FAULTY.items():
            with self.subTest(name):
                self.assertEqual(len(faults_of(changed(place, value), SERVICES)), 1)


if __name__ == "__main__":
    unittest.main()
