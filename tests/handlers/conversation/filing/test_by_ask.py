"""F3 and kept texts: choices, words that join, and what is out of date or not live yet."""

from __future__ import annotations

import pytest

from handlers.conversation.situation import Situation
from tests.handlers.conversation.situations import decided, situation

TWO = "O:A O:B"

ROWS = [
    ("the second", "2", situation(TWO, "which A B new"), "F3 entry B open"),
    ("a new one", "3", situation(TWO, "which A B new"), "F3 new_ticket new"),
    ("a new one, the sixth today", "3", situation(TWO, "which A B new", new_today=5), "F13 unfiled"),
    ("no choice", "4", situation(TWO, "which A B new"), "F3 ask_which kept"),
    ("one that waits for others", "1", situation("T:A O:B", "which A B new"), "F3 entry A open"),
    ("a resolved one", "1", situation("R:A O:B", "which A B new"), "F3 reopen A open"),
    ("words soon", "va ca cot dien nua", situation(TWO, "which A B new 40"), "F7 silent kept"),
    ("words later", "va ca cot dien nua", situation(TWO, "which A B new 90"), "F7 ask_which kept"),
    ("words, two wait", "va ca cot dien nua", situation("P:A P:B", "which A B new 40"), "F5 silent kept"),
    ("not live yet", "2", situation(TWO, "which A B new 2"), "F7 help"),
    ("out of date", "2", situation(TWO, "which A B new 90000"), "F7 help"),
    ("send it", "1", situation("", "send_kept"), "F3 new_ticket new"),
    ("send it, the sixth today", "1", situation("", "send_kept", new_today=5), "F13 unfiled"),
    ("delete it", "2", situation("", "send_kept"), "F3 drop"),
    ("neither", "3", situation("", "send_kept"), "F3 ask_send kept"),
    ("words behind it, soon", "o so 5 Le Loi do", situation("", "send_kept 40"), "F10 silent kept"),
    ("words behind it, later", "gan cho", situation("", "send_kept 200"), "F10 ask_send kept"),
    ("words for an open ticket", "o so 5 Le Loi do", situation("O:A", "send_kept 40"), "F6 entry A open"),
    ("send it beside an open ticket", "1", situation("O:A", "send_kept"), "F3 new_ticket new"),
    ("a rating while another is open", "5", situation("R:A O:B", "rate A"), "F3 rate A closed 5"),
    ("words while a rating is asked", "ma den van hong", situation("R:A O:B", "rate A"), "F7 ask_which kept"),
    ("a rating of one that is open again", "5", situation("O:A", "rate A"), "F6 entry A open"),
    ("a rating out of date", "5", situation("C:A/900", "rate A 700000"), "F8 help"),
    ("why it was bad", "den van hong nhu cu", situation("R:A", "why_low A"), "F3 reopen A open"),
    ("why it was bad, closed", "den van hong nhu cu", situation("C:A", "why_low A"), "F3 reopen A open"),
    ("why it was bad, beside others", "den van hong nhu cu", situation("R:A O:B", "why_low A"), "F3 reopen A open"),
    ("words in place of a rating, closed", "den van hong nhu cu", situation("C:A", "rate A"), "F10 ask_send kept"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "known", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_files_an_answer_to_what_we_asked(text: str, known: Situation, expected: str) -> None:
    assert decided(text, known) == expected
