"""Responses of providers, read by tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from sms_gateway.channels.http.sending.departure import AcceptedText, DeclinedText, ProviderResponse
from sms_gateway.channels.http.sending.response_table import LONGEST_WAIT, ResponseTable
from sms_gateway.pipeline.ports import Refusal

PLAIN = ResponseTable(ids="id")
CODED = ResponseTable(
    ids="messages[].id",
    needs_id=True,
    code="status",
    codes={"0": None, "104": None, "5": Refusal.TEMPORARY, "9": Refusal.TEMPORARY, "12": Refusal.PERMANENT},
    declines_all={"9"},
    statuses={404: Refusal.PERMANENT},
)

WORDS = ResponseTable(
    plain_text=re.compile(r'(?P<code>OK|ERR)(?: "(?P<id>[^"]+)")?'),
    ids="id",
    code="code",
    codes={"OK": None, "ERR": Refusal.PERMANENT},
)


def said(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> ProviderResponse:
    return ProviderResponse(status=status, body=body, headers=headers or {})


ACCEPTED = [
    ("an id", PLAIN, said(200, b'{"id": "a-1"}'), ("a-1",)),
    ("a number", PLAIN, said(202, b'{"id": 12345678901234567890}'), ("12345678901234567890",)),
    ("no id", PLAIN, said(200, b"OK"), ()),
    ("an empty id", PLAIN, said(200, b'{"id": ""}'), ()),
    ("an id that was never filled in", PLAIN, said(200, b'{"id": "0"}'), ()),
    ("an id of null", PLAIN, said(200, b'{"id": "null"}'), ()),
    ("a part of null", replace(PLAIN, ids="ids[]"), said(200, b'{"ids": ["1", null, "3"]}'), ("1", "3")),
    ("a long id", PLAIN, said(200, b'{"id": "' + b"x" * 99 + b'"}'), ("x" * 65,)),
    ("an id for each part", CODED, said(200, b'{"status":"0","messages":[{"id":1},{"id":2}]}'), ("1", "2")),
    ("plain text", WORDS, said(200, b'OK "a-1"\r\n'), ("a-1",)),
    ("plain text without an id", WORDS, said(200, b"OK"), ()),
    ("exists already", CODED, said(409, b'{"status":104,"messages":[{"id":"k"}]}'), ("k",)),
]


@pytest.mark.parametrize(("table", "response", "ids"), [one[1:] for one in ACCEPTED], ids=[one[0] for one in ACCEPTED])
def test_a_taken_text_has_its_ids(table: ResponseTable, response: ProviderResponse, ids: tuple[str, ...]) -> None:
    assert table(response) == AcceptedText(ids=ids)


DECLINED = [
    ("its own code", CODED, said(200, b'{"status":"12"}'), Refusal.PERMANENT, "HTTP 200 code 12", False),
    ("a code for all", CODED, said(200, b'{"status":"9"}'), Refusal.TEMPORARY, "HTTP 200 code 9", True),
    ("a code of no table", CODED, said(200, b'{"status":"77"}'), Refusal.PERMANENT, "HTTP 200 code 77", False),
    ("a code that is a text", CODED, said(200, b'{"status":"Xin chao 84905"}'), Refusal.PERMANENT, "HTTP 200", False),
    ("no code at all", CODED, said(200, b"<html>"), Refusal.UNANSWERED, "HTTP 200", False),
    (
        "an id of nothing",
        CODED,
        said(200, b'{"status":"0","messages":[{"id":"0"}]}'),
        Refusal.UNANSWERED,
        "no response with an id",
        False,
    ),
    ("no id", CODED, said(200, b'{"status":"0"}'), Refusal.UNANSWERED, "no response with an id", False),
    ("plain text of a refusal", WORDS, said(500, b"ERR 84905123456"), Refusal.PERMANENT, "HTTP 500 code ERR", False),
    ("plain text of another kind", WORDS, said(200, b"Log in: OK"), Refusal.UNANSWERED, "HTTP 200", False),
    ("plain text that is none", WORDS, said(503, b"\xff"), Refusal.TEMPORARY, "HTTP 503", False),
    ("a status of its own", CODED, said(404), Refusal.PERMANENT, "HTTP 404", False),
    ("a wrong address", PLAIN, said(404), Refusal.TEMPORARY, "HTTP 404", True),
    ("no money", PLAIN, said(402), Refusal.TEMPORARY, "HTTP 402", True),
    ("a bad number", PLAIN, said(422), Refusal.PERMANENT, "HTTP 422", False),
    ("out of order", PLAIN, said(502), Refusal.TEMPORARY, "HTTP 502", False),
]


@pytest.mark.parametrize(
    ("table", "response", "refusal", "error", "declines_all"),
    [one[1:] for one in DECLINED],
    ids=[one[0] for one in DECLINED],
)
def test_a_refusal_is_one_of_ours(
    table: ResponseTable, response: ProviderResponse, refusal: Refusal, error: str, *, declines_all: bool
) -> None:
    wanted = DeclinedText(refusal=refusal, error=error, declines_all=declines_all)
    assert table(response) == wanted


@pytest.mark.parametrize(
    ("written", "wait"), [("7", 7.0), ("999999", LONGEST_WAIT), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None)]
)
def test_the_wait_that_the_provider_asks_for_is_bounded(written: str, wait: float | None) -> None:
    read = PLAIN(said(429, headers={"retry-after": written}))
    assert isinstance(read, DeclinedText)
    assert read.wait_seconds == wait
