"""The package openai of PyPI against a running gateway."""

import asyncio
import itertools
import os
import time
import urllib.request
from collections.abc import Callable

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

MESSAGES = [{"role": "user", "content": "Tell me a story."}]


@pytest.fixture(scope="session")
def client(base_url, api_key) -> OpenAI:
    return OpenAI(base_url=base_url, api_key=api_key, max_retries=0)


WHOLE = 6400  # 16 texts of 400 tokens
TRIES = 5


def metric(base_url: str, name: str) -> float:
    """Summed over its labels."""
    with urllib.request.urlopen(base_url.removesuffix("/v1") + "/metrics") as reply:
        lines = reply.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith((name + " ", name + "{")))


def assert_idle_soon(base_url: str) -> None:
    deadline = time.monotonic() + 10
    while metric(base_url, "wellbegun_requests_in_flight") > 0:
        assert time.monotonic() < deadline, "the engine still works for a client that left"
        time.sleep(0.005)


def assert_aborted(base_url: str, abort: Callable[[], None]) -> None:
    """What was not written any more is in no count. An abort that a busy machine brings too late is tried again."""
    for _ in range(TRIES):
        before = metric(base_url, "wellbegun_tokens_total")
        abort()
        assert_idle_soon(base_url)
        if metric(base_url, "wellbegun_tokens_total") - before < WHOLE:
            return
    raise AssertionError(f"the engine wrote all of it for a client that left, {TRIES} times")


def test_lists_the_models(client):
    assert [model.id for model in client.models.list()][:3] == ["tiny", "tiny:base", "tiny:draft"]


def test_a_whole_answer_with_usage(client, story):
    answer = client.chat.completions.create(model="tiny", messages=MESSAGES)
    assert answer.choices[0].message.content == story
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.completion_tokens == 24
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 24


def test_a_stream_with_one_chunk_of_usage(client, story):
    stream = client.chat.completions.create(
        model="tiny", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert "".join(texts) == story
    assert len(texts) > 15
    assert [chunk.usage.completion_tokens for chunk in chunks if chunk.usage] == [24]
    assert chunks[-1].choices == []


def test_the_helper_that_collects_a_stream(client, story):
    with client.chat.completions.stream(model="tiny", messages=MESSAGES) as stream:
        assert stream.get_final_completion().choices[0].message.content == story


def test_an_abort_in_the_middle_reaches_the_engine(client, base_url, story):
    def leave_in_the_middle() -> None:
        with client.completions.create(model="long:base", prompt="hi", stream=True, n=16, max_tokens=400) as stream:
            assert len(list(itertools.islice(stream, 3))) == 3

    assert_aborted(base_url, leave_in_the_middle)
    assert client.chat.completions.create(model="tiny", messages=MESSAGES).choices[0].message.content == story


def test_a_cancelled_task_reaches_the_engine(base_url, api_key):
    async def cancel_in_the_middle() -> None:
        async with AsyncOpenAI(base_url=base_url, api_key=api_key, max_retries=0) as client:
            task = asyncio.create_task(client.completions.create(model="long:base", prompt="hi", n=16, max_tokens=400))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    assert_aborted(base_url, lambda: asyncio.run(cancel_in_the_middle()))


def test_several_choices(client, story):
    answer = client.chat.completions.create(model="tiny", messages=MESSAGES, n=3, max_tokens=6)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert all(story.startswith(choice.message.content) for choice in answer.choices)
    assert {choice.finish_reason for choice in answer.choices} == {"length"}


def test_logprobs_of_every_token(client, story):
    answer = client.chat.completions.create(model="tiny", messages=MESSAGES, logprobs=True)
    tokens = answer.choices[0].logprobs.content
    assert "".join(token.token for token in tokens) == story
    assert all(token.logprob <= 0 for token in tokens)


def test_errors_are_of_their_kinds(client, base_url):
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    with pytest.raises(openai.BadRequestError) as wrong:
        client.chat.completions.create(model="tiny", messages=MESSAGES, temperature=-1)
    assert (wrong.value.param, wrong.value.type) == ("temperature", "invalid_request_error")
    assert wrong.value.request_id
    with pytest.raises(openai.BadRequestError, match="frequency_penalty"):
        client.chat.completions.create(model="tiny", messages=MESSAGES, frequency_penalty=1)
    with pytest.raises(openai.AuthenticationError):
        OpenAI(base_url=base_url, api_key="a-key-that-nobody-gave", max_retries=0).models.list()


def test_what_is_over_the_limit_says_when_to_come_back(base_url):
    rare = OpenAI(base_url=base_url, api_key=os.environ["WELLBEGUN_RARE_KEY"], max_retries=0)
    rare.chat.completions.create(model="tiny", messages=MESSAGES)
    with pytest.raises(openai.RateLimitError) as refused:
        rare.chat.completions.create(model="tiny", messages=MESSAGES)
    assert 0 < float(refused.value.response.headers["retry-after"]) <= 60
