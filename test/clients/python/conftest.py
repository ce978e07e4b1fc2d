"""The gateway is started by python.test.ts, which says where it is and what it knows."""

import os

import pytest


@pytest.fixture(scope="session")
def base_url() -> str:
    return os.environ["WELLBEGUN_URL"]


@pytest.fixture(scope="session")
def api_key() -> str:
    return os.environ["WELLBEGUN_KEY"]


@pytest.fixture(scope="session")
def story() -> str:
    return os.environ["WELLBEGUN_STORY"]
