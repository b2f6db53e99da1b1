"""The table of reactions, each kind in each state; and what an ask changes of it."""

from __future__ import annotations

import pytest

from handlers.conversation.situation import Situation
from tests.handlers.conversation.situations import decided, situation

KINDS = {
    "thanks": "cam on chi, chuc chi suc khoe",
    "ok": "ok",
    "polite": "da vang",
    "yes": "dong y",
    "no": "khong",
    "digit": "4",
    "score": "kem",
    "bad score": "10 diem",
    "done": "da sua roi",
    "unclear": "dung",
}

TABLE: dict[str, tuple[Situation, dict[str, str]]] = {
    "one open": (
        situation("O:A"),
        {
            **dict.fromkeys(("thanks", "ok", "polite"), "F6 silent A open"),
            **dict.fromkeys(("yes", "no", "digit", "score", "bad score"), "F6 entry A open"),
            "done": "F6 close A closed",
            "unclear": "F6 ask_unclear A open",
        },
    ),
    "one resolved": (
        situation("R:A"),
        {
            **dict.fromkeys(("thanks", "ok", "polite", "yes", "done"), "F6 close A closed"),
            "no": "F6 reopen A open",
            "digit": "F6 rate A closed 4",
            "score": "F6 rate A resolved 2",
            "bad score": "F6 ask_score A resolved",
            "unclear": "F6 ask_unclear A resolved",
        },
    ),
    "a rating is asked": (
        situation("R:A O:B", "rate A"),
        {
            **dict.fromkeys(("thanks", "ok", "polite", "yes", "done"), "F3 close A closed"),
            "no": "F3 reopen A open",
            "digit": "F3 rate A closed 4",
            "score": "F3 rate A resolved 2",
            "bad score": "F3 ask_score A resolved",
            "unclear": "F3 ask_unclear A resolved",
        },
    ),
    "a rating is asked, and the ticket was closed": (
        situation("C:A", "rate A"),
        {
            **dict.fromkeys(("thanks", "ok", "polite", "yes", "done"), "F8 silent A closed"),
            "no": "F3 reopen A open",
            "digit": "F3 rate A closed 4",
            "score": "F3 rate A closed 2",
            "bad score": "F3 ask_score A closed",
            "unclear": "F3 ask_unclear A closed",
        },
    ),
    "which is asked": (
        situation("O:A O:B", "which B A new"),
        {
            **dict.fromkeys(("thanks", "ok", "polite", "done"), "F3 silent"),
            **dict.fromkeys(("yes", "no", "digit", "score", "bad score", "unclear"), "F3 ask_which kept"),
        },
    ),
    "to send is asked": (
        situation("", "send_kept"),
        {
            **dict.fromkeys(("thanks", "done"), "F3 silent"),
            **dict.fromkeys(("ok", "polite", "yes"), "F3 new_ticket new"),
            "no": "F3 drop",
            **dict.fromkeys(("digit", "score", "bad score", "unclear"), "F3 ask_send kept"),
        },
    ),
    "why is asked": (
        situation("R:A", "why_low A"),
        {
            **dict.fromkeys(("thanks", "ok", "polite", "no", "done"), "F3 silent A resolved"),
            **dict.fromkeys(("yes", "digit", "score", "bad score", "unclear"), "F3 reopen A open"),
        },
    ),
    "one waits": (
        situation("P:A", "details A"),
        {"thanks": "F4 silent A pending_citizen"} | dict.fromkeys(list(KINDS)[1:], "F4 entry A open"),
    ),
    "nothing": (
        situation(),
        {
            **dict.fromkeys(("thanks", "ok", "polite"), "F8 silent"),
            **dict.fromkeys(("yes", "no", "digit", "score", "bad score", "done", "unclear"), "F8 help"),
        },
    ),
}

ROWS = [
    pytest.param(KINDS[kind], known, row[kind], id=f"{kind}, {label}")
    for label, (known, row) in TABLE.items()
    for kind in KINDS
]


@pytest.mark.parametrize(("text", "known", "expected"), ROWS)
def test_does_what_the_table_says(text: str, known: Situation, expected: str) -> None:
    assert decided(text, known) == expected


@pytest.mark.parametrize("known", [known for known, _ in TABLE.values()], ids=list(TABLE))
def test_stop_ends_the_notices_whatever_is_asked(known: Situation) -> None:
    assert decided("Dừng", known) == "F9 stop"
    assert decided("dung gui tin nua", known) == "F9 stop"
