"""A service with conversation, over SMPP: ask, answer, reply, resolve, rate; and what there is with it off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

import parsers
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.tickets.whole_ticket import find_ticket
from db.units.contacts import list_contacts, remove_contact
from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from handlers.guidance import show_help
from parsers.commands import ShowHelp
from parsers.vocabulary import VOCABULARY
from sms_gateway.back_office.tickets import answering
from sms_gateway.back_office.tickets.results import Acted, Acting, Office
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.conversation import Bubble, Direction
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.checks.conflicts import cautions, conflicts
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, OfferedService, Settings, WebSettings
from sms_gateway.settings.services import is_on, vocabulary_for
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.wiring.conversation_parts import NoDutyContactsError, demand_duty_contacts, handlers_for
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import EVERY_UNIT, LAN, furnish

AN = "84905123456"
ON = Settings(conversation=ConversationSettings(enabled=True))


@pytest.fixture
def place(tmp_path: Path) -> DatabaseSettings:
    made = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    with closing(open_database(made.url, keyfile.load_or_make(made.key_file))) as database:
        upgrade(database)
        furnish(database)
    return made


@contextmanager
def running(
    place: DatabaseSettings, conversation: ConversationSettings
) -> Iterator[tuple[Simulator, Gateway, Database]]:
    simulator = Simulator()
    simulator.start()
    settings = Settings(
        database=place,
        web=WebSettings(port=0),
        conversation=conversation,
        links={"main": LinkSettings(host="127.0.0.1", port=simulator.port, system_id="gw")},
    )
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        try:
            simulator.wait_bound(1)
            yield simulator, gateway, database
        finally:
            gateway.stop()
            simulator.stop()


def received(bubbles: Sequence[Bubble]) -> list[str]:
    return [one.text for one in bubbles if one.direction is Direction.MT]


def answers(smsc: Simulator, count: int) -> list[str]:
    """Wait for so many answers, and return them."""
    return received(smsc.wait_for(AN, lambda bubbles: len(received(bubbles)) >= count))


def test_a_question_is_asked_answered_and_rated_over_smpp(place: DatabaseSettings) -> None:
    with running(place, ConversationSettings(enabled=True)) as (smsc, gateway, database):
        smsc.send_text(AN, "8188", "HOI lam ho chieu can giay to gi")
        (first,) = answers(smsc, 1)
        number = re.findall(r"YC[0-9]{9}", first)[0]
        assert gateway.web is not None
        office = office_of(gateway)
        with database.write() as connection:
            ticket = find_ticket(connection, number, EVERY_UNIT)
            assert ticket is not None
            acting = Acting(
                ticket_id=ticket.id, version=ticket.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT
            )
            done = answering.resolve(connection, office, acting, "Mang CCCD den bo phan mot cua.")
        assert isinstance(done, Acted)
        assert answers(smsc, 2)[1].startswith(f"{number}: Mang CCCD den bo phan mot cua.")
        smsc.send_text(AN, "8188", f"DG 5 {number}")
        assert "5/5" in answers(smsc, 3)[2]


def office_of(gateway: Gateway) -> Office:
    """Return what the acts of an agent need in this process."""
    parts = gateway.conversation
    assert parts is not None
    return Office(parts=parts, replies=gateway.replies, new_id=IdSource(node=3, now=utc_now).new, now=utc_now())


def test_with_the_conversation_off_there_is_no_keyword_no_handler_and_no_job(place: DatabaseSettings) -> None:
    assert vocabulary_for(Settings()).taught == VOCABULARY.taught
    assert handlers_for(Settings(), HANDLERS) is HANDLERS
    with running(place, ConversationSettings()) as (smsc, gateway, _):
        assert gateway.conversation is None
        assert "act_on_tickets" not in gateway.job_names
        smsc.send_text(AN, "8188", "HOI lam ho chieu can giay to gi")
        assert "YC" not in answers(smsc, 1)[0]


def test_each_command_can_be_switched_off_and_renamed() -> None:
    services = {"question": OfferedService(keywords=["CAUHOI"]), "rating": OfferedService(enabled=False)}
    settings = ON.model_copy(update={"services": services})
    vocabulary = vocabulary_for(settings)
    offers = is_on(settings, vocabulary)
    assert (offers("question"), offers("rating"), offers(CONVERSATION)) == (True, False, True)
    assert vocabulary.taught["question"] == "CAUHOI"
    reading = parsers.read("CAUHOI lam ho chieu o dau", today=date(2026, 11, 30), vocabulary=vocabulary)
    assert not isinstance(reading, parsers.misread.Misread)
    assert reading.name == "question"


def test_the_printed_keywords_go_together_and_a_clash_is_reported_with_the_others() -> None:
    assert conflicts(ON) == []
    assert [str(one) for one in cautions(ON) if "keyword" in one.where] == []
    services = {
        "question": OfferedService(keywords=["TT"]),
        "report": OfferedService(keywords=["OK"]),
        "sales": OfferedService(),
    }
    faults = conflicts(ON.model_copy(update={"services": services}))
    assert [fault.where for fault in faults] == [
        "services.sales",
        "services.report.keywords",
        "services.ticket_status.keywords",
    ]


def test_urgent_tickets_need_a_duty_contact(place: DatabaseSettings) -> None:
    settings = Settings(database=place, conversation=ConversationSettings(enabled=True, urgent=True))
    with opened(settings) as database:
        demand_duty_contacts(settings, database)
        with database.write() as connection:
            for contact in list_contacts(connection):
                remove_contact(connection, contact.id)
        with pytest.raises(NoDutyContactsError, match="fix: import the contacts"):
            demand_duty_contacts(settings, database)


def test_where_urgent_texts_are_not_taken_nothing_teaches_sos_and_sos_alone_gets_the_emergency_numbers() -> None:
    for urgent in (True, False):
        settings = Settings(conversation=ConversationSettings(enabled=True, urgent=urgent))
        handlers, vocabulary = handlers_for(settings, HANDLERS), vocabulary_for(settings)
        named = [one for one in vocabulary.grammars if one.default_keywords]
        service = ServiceFacts(keywords={one.service: vocabulary.taught[one.name] for one in named})
        reading = parsers.read("SOS", today=date(2026, 11, 28), vocabulary=vocabulary)
        assert isinstance(reading, ShowHelp)
        alone, listed = (show_help(one, service, handlers).text for one in (reading, ShowHelp(topic=None)))
        assert "113" in alone
        assert ("SOS" in alone, "SOS" in listed) == (urgent, urgent)
