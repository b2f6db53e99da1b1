"""Texts to a service that is off get its sentence once an hour; all other texts are answered as before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.citizens.block_list import Block, put_on_list
from db.messages.resend import run_again
from db.schema import inbound
from db.store.address import Address
from db.store.engine import Database
from db.tickets.whole_ticket import read_entries
from handlers.commands import HANDLERS
from handlers.commands.subscription import NOTICE_HANDLERS
from handlers.context import ServiceFacts
from handlers.handler import Handlers
from handlers.notices import off_sentence
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.fit import room
from handlers.wording.plain import is_plain
from parsers.grammar import Vocabulary
from parsers.grammars import GRAMMARS, NOTICES
from parsers.vocabulary import vocabulary_of
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.back_office.tickets import answering
from sms_gateway.pipeline.dispatch.switched_off import switches_of, wrong_with
from tests.sms_gateway.back_office.own_tables.test_live_tables import BUS, NOW, table, write
from tests.sms_gateway.back_office.own_tables.test_live_tables import SETTINGS as LOOKUPS
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, BINH, CityHall, city_hall

WITH_NOTICES: Vocabulary = vocabulary_of((*GRAMMARS, *NOTICES))
HANDLING = Handlers((*HANDLERS.every, *NOTICE_HANDLERS))
KEYWORDS = {one.service: WITH_NOTICES.taught[one.name] for one in WITH_NOTICES.grammars if one.default_keywords}
SERVICE = ServiceFacts(keywords=KEYWORDS)
CODE = "000.00.12.H17-230815-0007"
TK = "TK Nguyen Van An, 201499999, 1950"
SENTENCE = "Dich vu tam ngung den 20 gio. Xin goi 1022."


@pytest.fixture
def desk(sqlite_database: Database) -> Counterdesk:
    desk = Counterdesk(sqlite_database, service=SERVICE, handlers=HANDLING, vocabulary=WITH_NOTICES)
    desk.dossiers([CODE])
    return desk


def off_and_on(desk: Counterdesk, phone: str, texts: Sequence[str]) -> list[str | None]:
    """Return what became of texts, an hour apart: a machine would be faster."""
    outcomes = []
    for text in texts:
        outcomes.append(desk.text(phone, text).outcome)
        desk.pass_(minutes=61)
    return outcomes


def test_each_service_is_off_alone_with_its_misreads_and_its_help(desk: Counterdesk) -> None:
    texts = {
        "register_account": (TK, "TK Nguyen Van An", "HD TK"),
        "look_up_dossier": (f"DVC {CODE}", "DVC xyz", "HD DVC"),
        "notices": (f"DK {CODE}", "DK", "HD DK"),
    }
    outcomes = {
        "register_account": "accounts_off",
        "look_up_dossier": "look_ups_off",
        "notices": "notices_off",
    }
    for place, (name, own) in enumerate(texts.items()):
        desk.off = {name: SENTENCE}
        phone = f"8490500200{place}"
        assert off_and_on(desk, phone, own) == [outcomes[name]] * len(own), name
        others = [text for other, every in texts.items() if other != name for text in every]
        assert set(outcomes.values()).isdisjoint(off_and_on(desk, f"8490500201{place}", others)), name
        desk.off = {}
        assert outcomes[name] not in off_and_on(desk, phone, own), name


def test_the_sentence_is_told_once_an_hour_for_each_service_and_costs_no_guess(desk: Counterdesk) -> None:
    desk.off = {"look_up_dossier": SENTENCE, "register_account": ""}
    told = desk.text(AN, f"DVC {CODE}")
    assert (told.state, told.answer) == ("handled", SENTENCE)
    desk.pass_(minutes=3)
    again, other = desk.batch([(AN, "DVC H17-999"), (AN, TK)])
    assert (again.state, again.outcome, again.answer) == ("silenced", "switched_off", None)
    assert other.answer == off_sentence("TK", SERVICE)
    desk.pass_(minutes=58)
    assert desk.text(AN, f"DVC {CODE}").outcome == "look_ups_off"
    desk.off = {}
    desk.pass_(minutes=2)
    assert desk.text(AN, f"DVC {CODE}").outcome == "status_told"


def test_a_text_without_an_answer_can_be_run_again(desk: Counterdesk) -> None:
    desk.off = {"look_up_dossier": SENTENCE}
    desk.text(AN, f"DVC {CODE}")
    desk.pass_(minutes=3)
    assert desk.text(AN, "DVC H17-999").state == "silenced"
    until = desk.now + timedelta(days=1)
    entry = Block(number=Address(BINH), reason="x", made_by="lan", since=desk.now, until=until)
    with desk.database.write() as connection:
        put_on_list(connection, entry)
    assert desk.text(BINH, f"DVC {CODE}").outcome == "blocked"
    with desk.database.write() as connection:
        ids = connection.scalars(select(inbound.c.id).order_by(inbound.c.id)).all()
        assert [run_again(connection, one) for one in ids] == [True, True, False]


def test_notices_are_ended_in_any_case(desk: Counterdesk) -> None:
    assert desk.text(AN, f"DK {CODE}").outcome == "subscribed"
    desk.off = dict.fromkeys(("notices", "look_up_dossier", "register_account"), "")
    desk.pass_(minutes=5)
    assert desk.text(AN, "HUY").outcome == "notices_ended"


def test_the_help_does_not_list_a_service_that_is_off(desk: Counterdesk) -> None:
    assert "DVC" in (desk.text(AN, "HD").answer or "")
    desk.off = {"look_up_dossier": ""}
    desk.pass_(minutes=5)
    answer = desk.text(AN, "HD").answer or ""
    assert "TK" in answer
    assert "DVC" not in answer
    desk.off = dict.fromkeys(switches_of(HANDLING, KEYWORDS, converses=False), "")
    desk.pass_(minutes=5)
    nothing_left = "Dich vu nay dang tam ngung, tin cua ban chua duoc xu ly. Xin gui lai sau hoac goi 1022."
    assert desk.text(AN, "HD").answer == nothing_left
    desk.pass_(minutes=5)
    assert (desk.text(AN, "abc xyz").answer or "").endswith(nothing_left)


def test_a_reply_to_a_ticket_is_filed_although_it_looks_like_a_text_for_a_service_that_is_off(
    sqlite_database: Database,
) -> None:
    hall: CityHall = city_hall(sqlite_database)
    hall.text(AN, "HOI ho so cua toi den dau roi")
    (ticket,) = hall.tickets()
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "Ma ho so la gi?"), ticket.number)
    hall.send()
    hall.desk.off = {"look_up_dossier": SENTENCE}
    hall.pass_(minutes=5)
    assert hall.text(AN, CODE).outcome == "text_filed_for_agent"
    hall.pass_(minutes=5)
    assert hall.text(BINH, CODE).outcome == "look_ups_off"
    with sqlite_database.read() as connection:
        assert any(CODE in (one.body or "") for one in read_entries(connection, ticket.id))


def test_the_conversation_says_the_sentence_that_was_written(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    hall.desk.conversation = replace(hall.parts, switched_off=lambda: {"conversation": SENTENCE})
    for place, text in enumerate(("HOI may gio mo cua vay", "HOI abc", "HOI", "HD HOI", "HOI gia")):
        fate = hall.text(f"8490500300{place}", text)
        assert (fate.outcome, fate.answer) == ("conversation_off", SENTENCE), text
    for place, text in enumerate(("HD", "HD TK", "HD GIA")):
        assert hall.text(f"8490500301{place}", text).outcome == "helped", text
    assert hall.tickets() == []


def test_the_delivered_sentence_fits_with_long_values_in_each_language() -> None:
    for wording in CATALOGUES.values():
        for keyword in ("TK", "TRACUUHOSO"):
            sentence = off_sentence(keyword, replace(SERVICE, wording=wording, hotline="0236 3.881.888"))
            assert wrong_with(sentence) is None, sentence
            assert is_plain(sentence), sentence
            assert len(sentence) <= room(1), sentence


def test_a_sentence_is_refused_that_no_citizen_may_get() -> None:
    for sentence, wrong in (
        ("", "switch_fault.empty"),
        ("a" * 161, "switch_fault.long"),
        ("Xem tai vneid.top de biet", "switch_fault.link"),
        ("Xem tại https://abc.vn/x nhé", "switch_fault.link"),
        ("Xem tai abc .vn", "switch_fault.link"),
        ("Xem tại abc . com . vn", "switch_fault.link"),
        ("Xem tai abc chấm vn", "switch_fault.link"),
        ("Xem tai abc dot vn", "switch_fault.link"),
        ("Tam ngung .Xin goi 1022 . Dot nay cham tra ket qua.", None),
        ("Xin gui mat khau cho toi", "switch_fault.secret"),
        ("a" * 160, None),
    ):
        found = wrong_with(sentence)
        assert (found.key if found else None) == wrong, sentence


def test_each_own_table_that_is_off_gets_its_sentence_once_an_hour(sqlite_database: Database) -> None:
    write(sqlite_database, table(1), ("R16", "Cho Con"))
    write(sqlite_database, table(2, "rac", replace(BUS, keywords=("RAC",), title="lich rac")), ("R16", "thu hai"))
    live = LiveTables(sqlite_database, LOOKUPS, GRAMMARS, HANDLERS, lambda: NOW)
    words = live()
    service = ServiceFacts(keywords=live.keywords)
    desk = Counterdesk(sqlite_database, service=service, handlers=live.handlers, vocabulary=words)
    buses, waste = "Tra xe buyt tam ngung.", "Lich rac tam ngung."
    desk.off = {"table_bus": buses, "table_rac": waste}
    told = []
    for text in ("BUS", "RAC", "BUS R16", "HD RAC"):  # a misread one counts too
        told.append(desk.text(AN, text).answer)
        desk.pass_(minutes=3)
    assert told == [buses, waste, None, None]
    in_a_batch = desk.batch([(BINH, text) for text in ("HD RAC", "BUS R16", "RAC R16", "BUS R17")])
    assert [one.answer for one in in_a_batch] == [waste, buses, None, None]
    desk.pass_(minutes=61)
    assert desk.text(BINH, "BUS R16").answer == buses
