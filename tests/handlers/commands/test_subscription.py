"""DK and HUY, by texts through dispatch: consents, the same limits and words as DVC, both orders of a HUY."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, update

from db.schema import DossierStatus, consent, dossier, subscription
from db.store.address import Address
from db.store.engine import Database
from handlers.commands import HANDLERS
from handlers.commands.subscription import NOTICE_HANDLERS
from handlers.context import ServiceFacts
from handlers.handler import Handlers
from parsers.vocabulary import NOTICES_VOCABULARY
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

PHONE = Address("84905123456")
CODES = ["H17-261129-0001", "H17-261129-0002", "H17-261129-0003"]
STOP = "Ngung: soan HUY gui 8188"


def desk_of(database: Database, *, asks_secret: bool = False) -> Counterdesk:
    usual = ServiceFacts()
    keywords = {**usual.keywords, "subscription": "DK", "withdrawal": "HUY"}
    desk = Counterdesk(
        database=database,
        service=replace(usual, keywords=keywords, asks_secret=asks_secret),
        handlers=Handlers((*HANDLERS.every, *NOTICE_HANDLERS)),
        vocabulary=NOTICES_VOCABULARY,
    )
    desk.dossiers(CODES, identity="1234")
    return desk


def send(desk: Counterdesk, body: str, phone: str = PHONE) -> tuple[str | None, str]:
    desk.pass_(minutes=10)
    fate = desk.text(phone, body)
    return fate.outcome, fate.answer or ""


def followed(desk: Counterdesk, phone: Address = PHONE) -> Sequence[str]:
    with desk.database.read() as connection:
        asked = select(dossier.c.code).join(subscription, subscription.c.dossier_id == dossier.c.id)
        theirs = asked.where(subscription.c.phone_mark == phone, subscription.c.until.is_(None))
        return list(connection.scalars(theirs.order_by(dossier.c.code)))


def test_a_phone_agrees_is_told_and_takes_it_back(sqlite_database: Database) -> None:
    desk = desk_of(sqlite_database)
    outcome, answer = send(desk, f"DK {CODES[0]}")
    assert outcome == "subscribed"
    assert answer == f"So nay se nhan tin khi ho so {CODES[0]} thay doi. Ngung nhan, soan: HUY gui 8188. Ho tro: 1022"
    assert send(desk, f"dk nhan tin {CODES[0]}, {CODES[1]}")[0] == "subscribed"
    assert followed(desk) == CODES[:2]
    with desk.database.read() as connection:
        rows = connection.execute(select(consent.c.given, consent.c.inbound_id, consent.c.stated_by)).all()
        row = connection.execute(select(subscription.c.link, subscription.c.short_code)).first()
    assert [(one.given, one.inbound_id is not None, one.stated_by) for one in rows] == [(True, True, None)] * 2
    assert row == ("main", "8188")
    ended = f"Da ngung gui tin ve ho so {CODES[1]} den so nay. Ho tro: 1022"
    assert send(desk, f"HUY {CODES[1]}") == ("notices_ended", ended)
    assert send(desk, f"HUY {CODES[2]}")[0] == "no_notices"
    assert followed(desk) == CODES[:1]
    assert send(desk, "STOP")[0] == "notices_ended"
    assert send(desk, "HUY") == (
        "no_notices",
        "So dien thoai nay khong dang ky nhan tin ve ho so nao. Ho tro: 1022",
    )
    assert followed(desk) == []


def test_dk_answers_as_dvc_does_where_it_finds_nothing_and_counts_as_a_guess(sqlite_database: Database) -> None:
    desk, other = desk_of(sqlite_database), Address("84905777777")
    for number in range(4):
        unknown = f"H17-261129-9{number:03}"
        assert send(desk, f"DK {unknown}") == send(desk, f"DVC {unknown}", other), number
    # Two phones tried four wrong codes each: the fifth may be wrong too, and then nothing is shown until tomorrow.
    send(desk, "DK H17-261129-9004")
    outcome, answer = send(desk, f"DK {CODES[0]}")
    assert outcome == "status_withheld"
    assert answer == send(desk, "DVC H17-261129-0001")[1]
    assert followed(desk) == []


def test_where_a_secret_is_needed_dk_needs_it_and_huy_does_not(sqlite_database: Database) -> None:
    desk = desk_of(sqlite_database, asks_secret=True)
    for text in (f"DK {CODES[0]}", f"DK {CODES[0]} 9999", "DK H17-261129-9999 1234"):
        outcome, answer = send(desk, text)
        assert outcome == "status_not_found", text
        assert "DVC" in answer, text
    assert send(desk, f"DK {CODES[0]} 1234")[0] == "subscribed"
    assert followed(desk) == CODES[:1]
    with desk.database.read() as connection:
        assert connection.scalars(select(subscription.c.with_secret)).all() == [True]
    assert send(desk, f"HUY {CODES[0]}")[0] == "notices_ended"


def test_of_several_codes_those_that_are_found_are_followed(sqlite_database: Database) -> None:
    desk = desk_of(sqlite_database)
    outcome, answer = send(desk, f"DK {CODES[0]}, H17-261129-9999")
    assert (outcome, followed(desk)) == ("subscribed_partly", CODES[:1])
    assert "Chua dang ky duoc H17-261129-9999" in answer
    with desk.database.write() as connection:
        over = update(dossier).where(dossier.c.code == CODES[1])
        connection.execute(over.values(status=DossierStatus.RETURNED))
    outcome, answer = send(desk, f"DK {CODES[1]}")  # nothing will change any more
    assert (outcome, followed(desk)) == ("status_told", CODES[:1])
    assert CODES[1] in answer
    assert send(desk, "DK")[0] == "corrected"
    assert "Soan: DK" in send(desk, "DK")[1]
    assert NOTICE_HANDLERS[0].needs_phone
