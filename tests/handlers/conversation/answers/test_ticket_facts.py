"""What sentences say of a ticket's unit and subject: short, plain, and without contacts."""

from __future__ import annotations

import pytest

from handlers.conversation.answers.ticket_facts import TicketFacts
from tests.handlers.conversation.answers.cases import A


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("UBND phường Hải Châu", "UBND phuong Hai Chau"),
        ("Trung tâm Phát triển quỹ đất khu vực", "Trung tam Phat trien quy..."),
        ("", None),
        (None, None),
    ],
    ids=["accents", "long", "empty", "unknown"],
)
def test_a_unit_has_at_most_thirty_letters(unit: str | None, said: str | None) -> None:
    assert TicketFacts(number=A, unit=unit).said_unit == said


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Đèn đường hỏng", "Den duong hong"),
        ("Nước chảy tràn ra đường cả ngày", "Nuoc chay tran ra..."),
        ("vneid.top", None),
        ("0905 123 456", None),
        (None, None),
    ],
    ids=["accents", "long", "a link", "a number", "unknown"],
)
def test_a_subject_has_at_most_twenty_letters_and_no_contact(subject: str | None, said: str | None) -> None:
    assert TicketFacts(number=A, subject=subject).said_subject == said
