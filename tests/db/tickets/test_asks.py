"""What we asked a number last: the newest counts, from the moment that its SMS was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from db.schema import AskKind
from db.tickets.asks import NewAsk, StoredAsk, end_ask, end_asks_about, forget_asks, put_asks
from db.tickets.situation import NOTHING, read_situations
from tests.db.tickets.ticket_rows import CITIZEN, NOW, OTHER, Town

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def put(
    town: Town,
    *,
    kind: AskKind = AskKind.RATE,
    subject_id: int = 1,
    sent_at: datetime | None = NOW,
    made_at: datetime = NOW,
    short_code: str = "8188",
    choices: Sequence[int] = (),
    outbound_id: int | None = None,
) -> None:
    with town.database.write() as connection:
        new = NewAsk(
            sender=CITIZEN,
            short_code=short_code,
            kind=kind,
            subject_id=subject_id,
            outbound_id=outbound_id or town.sms(connection, sent_at=sent_at),
            made_at=made_at,
            until=made_at + DAY,
            choices=choices,
        )
        put_asks(connection, [new])


def asked(town: Town, short_code: str = "8188") -> StoredAsk | None:
    with town.database.write() as connection:
        town.open(connection)  # so that the phone is known
        found = read_situations(connection, [CITIZEN, OTHER], numbers=[], today_since=NOW, now=NOW)
    assert OTHER not in found
    return found.get(CITIZEN, NOTHING).asks.get(short_code)


def test_a_later_question_takes_the_place_of_an_earlier_one(town: Town) -> None:
    put(town, kind=AskKind.RATE)
    put(town, kind=AskKind.WHICH, made_at=NOW - SECOND, choices=[7, 5])  # the clock was set back
    put(town, kind=AskKind.DETAILS, outbound_id=1)  # made before, and written late by another process
    put(town, kind=AskKind.WHY_LOW, short_code="1022")
    found = asked(town)
    assert found is not None
    assert (found.kind, found.choices) == (AskKind.WHICH, (7, 5))
    other = asked(town, "1022")
    assert other is not None
    assert other.kind is AskKind.WHY_LOW


def test_an_answered_question_ends_unless_another_was_asked_meanwhile(town: Town) -> None:
    put(town, made_at=NOW)
    put(town, kind=AskKind.DETAILS, made_at=NOW + SECOND)
    with town.database.write() as connection:
        end_ask(connection, CITIZEN, "8188", made_at=NOW)
    assert asked(town) is not None
    with town.database.write() as connection:
        end_ask(connection, CITIZEN, "8188", made_at=NOW + SECOND)
    assert asked(town) is None


def test_questions_about_a_ticket_end_with_it(town: Town) -> None:
    put(town, subject_id=7)
    put(town, subject_id=8, short_code="1022")
    with town.database.write() as connection:
        assert end_asks_about(connection, 7) == 1
    assert asked(town) is None
    assert asked(town, "1022") is not None


def test_questions_that_are_over_are_deleted(town: Town) -> None:
    put(town)
    put(town, short_code="1022", made_at=NOW + DAY)
    with town.database.write() as connection:
        assert forget_asks(connection, now=NOW + DAY) == 1
        assert forget_asks(connection, now=NOW + DAY) == 0
    assert asked(town, "1022") is not None
