"""HUY and STOP with the conversation on: what the sender has, and what the text names, decide what ends."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from db.citizens.dossiers import find_by_lookalike
from db.notices.subscriptions import Subscriber, subscribe
from db.schema import TicketState, dossier, subscription
from db.store.engine import Database
from handlers.commands.conversation import ALL_HANDLERS
from handlers.commands.subscription import HANDLER
from handlers.handler import Handlers
from parsers.vocabulary import grammars_of, vocabulary_of
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, CityHall, city_hall, opened

CODES = ["H17-261129-0001", "H17-261129-0002"]


def hall_with_notices(database: Database) -> CityHall:
    hall = city_hall(database)
    hall.desk.vocabulary = vocabulary_of(grammars_of(has_conversation=True, has_notices=True))
    hall.desk.handlers = Handlers((*ALL_HANDLERS.every, HANDLER))
    keywords = {**hall.desk.service.keywords, "subscription": "DK"}
    hall.desk.service = replace(hall.desk.service, keywords=keywords)
    hall.desk.dossiers(CODES)
    return hall


def follow_all(hall: CityHall, sender: str = AN) -> None:
    assert [hall.text(sender, f"DK {code}").outcome for code in CODES] == ["subscribed"] * 2
    hall.pass_(minutes=20)


def followed(hall: CityHall) -> list[str]:
    with hall.database.read() as connection:
        asked = select(dossier.c.code).join(subscription, subscription.c.dossier_id == dossier.c.id)
        return list(connection.scalars(asked.where(subscription.c.until.is_(None)).order_by(dossier.c.code)))


def test_a_number_withdraws_a_ticket_and_a_code_or_nothing_ends_notices(sqlite_database: Database) -> None:
    hall = hall_with_notices(sqlite_database)
    number = opened(hall)
    follow_all(hall)
    fate = hall.text(AN, f"HUY {CODES[0]}")
    assert (fate.outcome, fate.answer) == (
        "notices_ended",
        f"Da ngung gui tin ve ho so {CODES[0]} den so nay. Ho tro: 1022",
    )
    assert followed(hall) == CODES[1:]
    hall.pass_(minutes=20)
    fate = hall.text(AN, "dung gui tin")
    assert fate.outcome == "notices_ended"
    assert (fate.answer or "").startswith("Da ngung gui thong bao den so dien thoai nay. Yeu cau da gui van")
    assert followed(hall) == []
    assert hall.ticket(number).state is not TicketState.CLOSED
    hall.pass_(minutes=20)
    follow_all(hall)
    assert hall.text(AN, f"HUY {number}").outcome == "ticket_withdrawn"
    assert followed(hall) == CODES
    hall.pass_(minutes=20)
    assert hall.text(AN, "HUY").outcome == "notices_ended"
    assert followed(hall) == []
    hall.pass_(minutes=20)
    assert hall.text(AN, f"HUY {CODES[0]}").outcome == "no_notices"


def test_nine_digits_are_a_ticket_of_the_sender_or_else_a_dossier(sqlite_database: Database) -> None:
    hall = hall_with_notices(sqlite_database)
    number = opened(hall)
    digits = number.removeprefix("YC")
    hall.desk.dossiers([digits])
    with hall.database.write() as connection:
        (found,) = find_by_lookalike(connection, [digits])[digits]
        for phone in (AN, "84905000111"):
            who = Subscriber(phone=phone, link="main")  # type: ignore[arg-type] # an address
            subscribe(connection, who, [found.id], new_id=hall.desk.new_id, now=hall.now)
    assert hall.text(AN, f"HUY {digits}").outcome == "ticket_withdrawn"
    assert followed(hall) == [digits] * 2
    assert hall.text("84905000111", f"HUY {digits}").outcome == "notices_ended"
    assert followed(hall) == [digits]


def test_notices_end_also_while_the_conversation_is_switched_off(sqlite_database: Database) -> None:
    hall = hall_with_notices(sqlite_database)
    follow_all(hall)
    hall.parts = hall.desk.conversation = replace(hall.parts, switched_off=lambda: {"conversation": ""})
    fate = hall.text(AN, f"DK {CODES[0]}")
    assert "soan: HUY gui 8188" in (fate.answer or "")
    hall.pass_(minutes=20)
    assert hall.text(AN, f"HUY {CODES[0]}").outcome == "notices_ended"
    hall.pass_(minutes=20)
    assert hall.text(AN, "STOP").outcome == "notices_ended"
    assert followed(hall) == []
