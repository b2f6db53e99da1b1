"""Channels whose network sends only answers to texts of its own, against the rest of the settings."""

from __future__ import annotations

from typing import Any

import pytest

from sms_gateway.channels.answers_only import request_cautions, request_faults, unasked_first
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.settings.model import Settings

VCOM = {"network": "vcom", "secret": "x" * 16, "user": "city", "send_url": "default"}
ALSO = {"network": "plain", "secret": "y" * 16}
TO_ALL = ALSO | {"send_url": "https://sms.example/"}
LINK = {"host": "smsc", "system_id": "we"}
OWN_TEXTS = "names a channel that sends only answers to texts of its own"
REACHED = "channels.v.send_url: answers only citizens who texted by this channel in the last 7 days, so"
LATER = "fix: write channels.v.fallback with one of main, or answer in time"
MISSED = "later answers, notices to others and calls to people on duty fail; fix: add a link or channel that sends to"
ANSWERS_ONLY: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    ("alone", {"channels": {"v": VCOM}}, [], [f"{REACHED} {MISSED} every phone"]),
    ("beside a link", {"links": {"main": LINK}, "channels": {"v": VCOM | {"fallback": "main"}}}, [], []),
    (
        "with questions",
        {"links": {"main": LINK}, "channels": {"v": VCOM}, "conversation": {"enabled": True}},
        [],
        [f"{REACHED} a later answer of staff is refused; {LATER}"],
    ),
    (
        "with questions and a fallback",
        {"links": {"main": LINK}, "channels": {"v": VCOM | {"fallback": "main"}}, "conversation": {"enabled": True}},
        [],
        [],
    ),
    (
        "as a fallback",
        {
            "links": {"main": LINK | {"fallback": "v"}, "two": LINK},
            "channels": {"v": VCOM, "p": TO_ALL | {"fallback": "v"}},
        },
        [
            f"links.main.fallback: {OWN_TEXTS}; fix: name one of two, p, or remove it",
            f"channels.p.fallback: {OWN_TEXTS}; fix: name one of main, two, or remove it",
        ],
        [],
    ),
    (
        "for another channel's texts",
        {"channels": {"v": VCOM, "p": ALSO | {"reply_link": "v"}}},
        [f'channels.p.reply_link: {OWN_TEXTS}; fix: write send_url and remove it, or write reply = "body"'],
        [f"{REACHED} {MISSED} every phone"],
    ),
    ("that sends nothing", {"channels": {"v": VCOM | {"send_url": "", "reply": "body"}}}, [], []),
]


@pytest.mark.parametrize(
    ("given", "faults", "cautioned"),
    [case[1:] for case in ANSWERS_ONLY],
    ids=[case[0] for case in ANSWERS_ONLY],
)
def test_a_network_that_answers_its_own_texts_only_is_used_for_nothing_else(
    given: dict[str, Any], faults: list[str], cautioned: list[str]
) -> None:
    settings = Settings.model_validate(given)
    assert [str(fault) for fault in request_faults(settings, NETWORKS)] == faults
    assert [str(caution) for caution in request_cautions(settings, NETWORKS)] == cautioned


def test_notices_go_by_a_channel_that_reaches_every_phone_where_there_is_one() -> None:
    settings = Settings.model_validate({"links": {"main": LINK}, "channels": {"v": VCOM}})
    assert list(unasked_first(["v", "main"], settings, NETWORKS)) == ["main"]
    assert list(unasked_first(["v"], settings, NETWORKS)) == ["v"]
