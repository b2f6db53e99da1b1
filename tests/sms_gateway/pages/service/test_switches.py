"""Services are switched off and on by their page: who may, what is checked, what is noted, and what Today says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from db.citizens.lookups import switch_table
from db.schema import OperatorRole
from db.staff.service_switches import off_sentences
from db.store.engine import Database
from handlers.commands import HANDLERS
from parsers.grammars import GRAMMARS
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.process.live_switch import LiveSwitches
from sms_gateway.settings.model import LookupsSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.back_office.own_tables.test_live_tables import table, write
from tests.sms_gateway.conftest import NAME, Clock, log_in
from tests.sms_gateway.pages.acting import act, confirm, get, noted, post

ADDRESS = "/admin/services"
SERVICES = ("register_account", "look_up_dossier", "conversation")
SENTENCE = "Tạm ngừng đến 20 giờ. Xin gọi 1022."
SENT = "Tam ngung den 20 gio. Xin goi 1022."


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: the rows are tested on both."""
    return sqlite_database


def off_of(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return dict(off_sentences(connection))


def test_each_service_is_switched_off_with_a_sentence_and_on_again(
    parts: WebDependencies, operator_id: int, make: Callable[[OperatorRole], None], database: Database
) -> None:
    assert operator_id
    make(OperatorRole.ADMINISTRATOR)
    live = LiveSwitches(database)
    client = create_app(replace(parts, switched_off=live, renew_switches=live.renew)).test_client()
    assert log_in(client).status_code == 303
    assert live() == {}
    for name in SERVICES:
        asked = get(client, f"{ADDRESS}/{name}").text
        assert "1022" in asked, name  # a sentence is offered
        page = act(client, f"{ADDRESS}/{name}", sentence=SENTENCE).text
        assert f"Off since 22/11/2026 12:00, by {NAME}" in page, name
        assert SENT in page, name
        assert live() == {name: SENT}, name  # at once in this process
        today = get(client, "/admin").text
        assert f"{NAME} switched" in today, name
        assert SENT in today, name
        assert "switched on again" in confirm(client, f"{ADDRESS}/{name}").text, name
        assert live() == {}, name
    assert [(entry.action, entry.subject, entry.detail) for entry in noted(database)] == [
        ("service_switched", f"service:{name}", detail) for name in SERVICES for detail in (f"off: {SENT}", "on")
    ]
    make(OperatorRole.ADMINISTRATOR)
    audit = get(client, "/admin/audit").text
    assert "Switched a service" in audit
    assert "Look-up of dossiers" in audit


def test_the_offered_sentence_is_that_of_the_wording_in_each_language(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], database: Database
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    offered = "Dich vu TK dang tam ngung, tin cua ban chua duoc xu ly. Xin gui lai sau. Ban can gap, xin goi 1022."
    assert offered in get(logged_in, f"{ADDRESS}/register_account").text
    assert offered in act(logged_in, f"{ADDRESS}/register_account", sentence=offered).text
    assert off_of(database) == {"register_account": ""}
    assert "Citizens get the usual sentence." in get(logged_in, "/admin").text


def test_a_sentence_that_cannot_be_sent_is_refused_at_its_field(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], database: Database
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    for sentence, told in (
        ("", "the sentence is empty"),
        ("x" * 161, "too long for one SMS"),
        ("Xem tai vneid.top", "holds a link"),
        ("Gui mat khau cho toi", "asks citizens for a secret"),
    ):
        refused = post(logged_in, f"{ADDRESS}/look_up_dossier", sentence=sentence)
        assert (refused.status_code, told in refused.text) == (400, True), sentence
    assert off_of(database) == {}
    assert post(logged_in, f"{ADDRESS}/nothing", sentence="x").status_code == 404


def test_operators_see_the_services_and_cannot_switch_them(logged_in: FlaskClient) -> None:
    page = get(logged_in, ADDRESS)
    assert "Look-up of dossiers" in page.text
    assert f'href="{ADDRESS}/' not in page.text
    one = f"{ADDRESS}/look_up_dossier"
    assert (get(logged_in, one).status_code, post(logged_in, one).status_code) == (403, 403)


def test_two_people_at_the_same_button_do_not_switch_it_back(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], database: Database
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    for sentence in ("Tam ngung.", "Tam ngung hai."):
        act(logged_in, f"{ADDRESS}/look_up_dossier", sentence=sentence)
    assert off_of(database) == {"look_up_dossier": "Tam ngung."}


def test_try_it_shows_the_sentence_and_a_help_without_the_service(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None]
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    act(logged_in, f"{ADDRESS}/look_up_dossier", sentence=SENTENCE)
    assert SENT in act(logged_in, "/admin/try", text="DVC 000.00.12.H17-230815-0007").text
    helped = act(logged_in, "/admin/try", text="HD").text
    assert "TK, ho ten" in helped
    assert "DVC ma bien nhan" not in helped


def test_an_own_table_that_answers_has_a_switch_of_its_own(
    parts: WebDependencies, operator_id: int, make: Callable[[OperatorRole], None], database: Database, clock: Clock
) -> None:
    assert operator_id
    make(OperatorRole.ADMINISTRATOR)
    write(database, table(1), ("R16", "Chợ Cồn - Hội An"))
    settings = parts.settings.model_copy(update={"lookups": LookupsSettings(enabled=True)})
    tables = LiveTables(database, settings, GRAMMARS, HANDLERS, clock)
    assert tables().named("table_bus") is not None
    service = replace(parts.service, keywords=tables.keywords)
    given = replace(parts, settings=settings, tables=tables, handlers=tables.handlers, service=service)
    client = create_app(given).test_client()
    assert log_in(client).status_code == 303
    assert "BUS so tuyen" in act(client, "/admin/try", text="HD").text
    page = act(client, f"{ADDRESS}/table_bus", sentence=SENTENCE).text
    assert "Look-up table bus" in page
    assert SENT in page
    assert off_of(database) == {"table_bus": SENT}
    assert SENT in act(client, "/admin/try", text="BUS R16").text
    assert "BUS so tuyen" not in act(client, "/admin/try", text="HD").text
    with database.write() as connection:
        assert switch_table(connection, "bus", off=True)
    tables = LiveTables(database, settings, GRAMMARS, HANDLERS, clock)
    tables()
    gone = replace(given, handlers=tables.handlers, service=replace(service, keywords=tables.keywords))
    client = create_app(gone).test_client()
    assert log_in(client).status_code == 303
    assert f'href="{ADDRESS}/table_bus"' in get(client, ADDRESS).text  # Today leads here
    assert post(client, f"{ADDRESS}/table_bus", sentence="x").status_code == 404
    assert f'href="{ADDRESS}/table_bus"' not in confirm(client, f"{ADDRESS}/table_bus").text
    assert off_of(database) == {}
