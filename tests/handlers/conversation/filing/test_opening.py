"""F12 and F13: the same matter again, and the sixth ticket of a day."""

from __future__ import annotations

import pytest

from db.schema.ticket_states import TicketKind
from handlers.conversation.filing.policy import Policy
from handlers.conversation.situation import Situation
from tests.handlers.conversation.situations import decided, filed, ticket

WORDS = "may gio phuong mo cua thu bay"


def asked(state: str = "N:A/1", **facts: object) -> Situation:
    return Situation(tickets=(ticket(state, **{"kind": TicketKind.QUESTION, "words": WORDS, **facts}),))


@pytest.mark.parametrize(
    ("label", "text", "known", "expected"),
    [
        ("the same", f"HOI {WORDS}", asked(), "F12 entry A new"),
        ("with accents", "HOI Mấy giờ phường mở cửa thứ bảy?", asked(), "F12 entry A new"),
        ("one word more of seven", f"HOI {WORDS} nay", asked(), "F12 entry A new"),
        ("other words", "HOI may gio phuong mo cua chu nhat a", asked(), "F1 new_ticket new"),
        ("one that waits", f"HOI {WORDS}", asked("P:A/1"), "F12 entry A open"),
        ("one that waits for others", f"HOI {WORDS}", asked("T:A/1"), "F12 entry A pending_third"),
        ("a resolved one", f"HOI {WORDS}", asked("R:A/1"), "F1 new_ticket new"),
        ("a day ago", f"HOI {WORDS}", asked("N:A/24"), "F1 new_ticket new"),
        ("another kind", f"PA {WORDS}", asked(), "F1 new_ticket new"),
        ("by force", f"HOI MOI {WORDS}", asked(), "F1 new_ticket new"),
        ("too short to compare", "HOI may gio mo", asked(words="may gio mo"), "F1 new_ticket new"),
        ("the words are not known", f"HOI {WORDS}", asked(words=""), "F1 new_ticket new"),
    ],
)
def test_finds_the_same_matter(label: str, text: str, known: Situation, expected: str) -> None:
    assert decided(text, known) == expected, label


def test_of_several_the_newest_is_the_same_matter() -> None:
    facts: dict[str, object] = {"kind": TicketKind.QUESTION, "words": WORDS}
    known = Situation(tickets=(ticket("N:A/9", **facts), ticket("N:B/2", **facts)))
    assert decided(f"HOI {WORDS}", known) == "F12 entry B new"
    assert filed(f"HOI {WORDS}", known).is_repeated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HOI dong thue o dau", "F13 unfiled"),
        ("PA rac chat dong", "F13 unfiled"),
        ("cho toi hoi dong thue o dau", "F13 unfiled"),
        ("SOS co nguoi nga xuong song", "F1 new_ticket new urgent"),
        ("co nguoi bi duoi nuoc", "F11 new_ticket new urgent"),
        ("HOI", "F1 command"),
        ("toi can gap can bo", "F10 ask_send kept"),
    ],
)
def test_the_sixth_ticket_of_a_day_is_kept_as_unfiled(text: str, expected: str) -> None:
    assert decided(text, Situation(new_today=5)) == expected


def test_the_limit_is_that_of_the_service() -> None:
    assert decided("PA rac chat dong", Situation(new_today=5), Policy(most_new_a_day=6)) == "F1 new_ticket new"


def test_an_entry_is_no_new_ticket() -> None:
    known = Situation(tickets=(ticket("O:A"),), new_today=5)
    assert decided("van chua co ai den", known) == "F6 entry A open"
