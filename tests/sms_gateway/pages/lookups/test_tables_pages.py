"""From a file to an answer by the pages alone: draft, preview, second person, switch; and nothing when it is off."""

from __future__ import annotations

import re
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import EnvironBuilder

import parsers
from db.back_office.api_clients import Scope, add_client, maker_of, rotate_key
from db.citizens.lookups import list_tables
from db.schema import OperatorRole, lookup
from db.staff.operators import add_operator, change_password
from db.store.engine import Database
from handlers.commands import HANDLERS
from parsers.commands.tables import command_of
from parsers.grammars import GRAMMARS
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.settings.model import LookupsSettings, WebSettings
from sms_gateway.settings.services import is_on
from sms_gateway.settings.switches import LOOKUPS
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.server import WebServer
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import HASHED, NOON, Clock, form_token, log_in
from tests.sms_gateway.pages.acting import ENGLISH, act, did, get, post
from tests.sms_gateway.pages.message_rows import message_rows

PLACE = "/admin/tables"
BUS = {
    "name": "bus",
    "title": "tuyen xe buyt",
    "keywords": "BUS",
    "shape": "code",
    "template": "Tuyen {tuyen}: {lo trinh}.",
    "key_label": "so tuyen",
}
CSV = "Tuyến;Lộ trình\nR16;Chợ Cồn - Hội An\nR16;Cảng\n"
WATER = {
    "name": "nuoc",
    "title": "tien nuoc",
    "keywords": "NUOC",
    "shape": "code",
    "template": "Khach hang {ma}: {so tien} dong.",
    "key_label": "ma khach hang",
    "secret_column": "mat khau",
}
WATER_CSV = "ma;so tien;mat khau\nDN123456;245.000;AB12CD\n"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


@pytest.fixture
def live(parts: WebDependencies) -> LiveTables:
    settings = parts.settings.model_copy(update={"lookups": LookupsSettings(enabled=True)})
    return LiveTables(parts.database, settings, GRAMMARS, HANDLERS, parts.now)


@pytest.fixture
def app(parts: WebDependencies, live: LiveTables) -> Flask:
    facts = replace(parts.service, keywords=live.keywords)
    return create_app(replace(parts, tables=live, handlers=live.handlers, service=facts))


@pytest.fixture
def second(app: Flask, database: Database, operator_id: int) -> FlaskClient:
    with database.write() as connection:
        add_operator(
            connection,
            operator_id=operator_id + 1,
            name="binh",
            password_hash=HASHED,
            role=OperatorRole.OPERATOR,
            now=NOON,
        )
        change_password(connection, operator_id + 1, HASHED)
    client = app.test_client()
    assert log_in(client, name="binh").status_code == 303
    return client


def make(client: FlaskClient, fields: dict[str, str], text: str) -> str:
    """Fill in the form with a file; return the address of the draft."""
    token = form_token(client.get(f"{PLACE}/new"))
    data = {"csrf": token, **fields, "file": (BytesIO(text.encode()), "file.csv")}
    answer = client.post(f"{PLACE}/new", data=data, headers=ENGLISH)
    assert answer.status_code == 303, re.findall(r'role="alert"[^>]*>([^<]*)', answer.text)
    return str(answer.location)


def test_a_file_answers_once_a_second_person_approved_it_and_no_longer_when_it_is_off(
    logged_in: FlaskClient, second: FlaskClient, live: LiveTables, database: Database
) -> None:
    draft = make(logged_in, BUS, CSV)
    page = get(logged_in, draft).text
    for shown in ("Tuyen R16: Cho Con - Hoi An.", "<dd>Tuyen {tuyen}: {lo", "<dd>so tuyen</dd>"):
        assert shown in page, shown
    assert "line 3: the key stands in line 2 too" in page
    assert "1 line of the file was left out" in page
    assert "Put forward" in page
    assert "Approve<" not in page
    assert post(second, f"{draft}/approve").status_code == 409, "a draft was not put forward"
    assert "is put forward" in act(logged_in, f"{draft}/submit").text
    assert post(logged_in, f"{draft}/approve").status_code == 409, "who made it may not approve it"
    assert "A second person must approve the look-up table bus" in get(logged_in, "/admin").text
    assert "Approve</button>" in get(second, draft).text
    assert "is approved and answers" in act(second, f"{draft}/approve").text
    assert isinstance(parsers.read("BUS R16", today=NOON.date(), vocabulary=live()), command_of("bus"))
    listed = get(logged_in, PLACE).text
    assert "answers now" in listed
    assert "BUS so tuyen" in act(logged_in, "/admin/try", text="HD").text
    assert "is switched off" in act(logged_in, f"{draft}/off").text
    assert not isinstance(parsers.read("BUS R16", today=NOON.date(), vocabulary=live()), command_of("bus"))
    assert "is switched on" in act(logged_in, f"{draft}/on").text
    assert post(logged_in, f"{draft}/remove").status_code == 409, "an approved version is replaced, not deleted"
    assert [action for action, _ in did(database) if action == "lookup_changed"] == ["lookup_changed"] * 5
    audit = get(second, "/admin/audit").text if get(second, "/admin/audit").status_code == 200 else ""
    assert "Hoi An" not in audit


def test_who_made_the_key_of_a_system_does_not_approve_its_tables(
    logged_in: FlaskClient, second: FlaskClient, live: LiveTables, database: Database
) -> None:
    draft = make(logged_in, BUS, CSV)
    act(logged_in, f"{draft}/submit")
    with database.write() as connection:
        connection.execute(update(lookup).values(made_by=maker_of("lgsp")))
        add_client(
            connection, client_id=1, name="lgsp", scopes={Scope.TABLES}, key="1", secret=None, now=NOON, made_by="binh"
        )
    for maker in ("binh", "somebody"):  # the key of before is still known to who saw it
        assert "Another person must approve it" in get(second, draft).text, maker
        assert post(second, f"{draft}/approve").status_code == 409, maker
        with database.write() as connection:
            rotate_key(connection, "lgsp", key=maker, secret=None, previous_until=NOON, now=NOON, made_by="somebody")
    assert "is approved and answers" in act(logged_in, f"{draft}/approve").text


def test_a_long_file_is_taken_by_the_server_from_an_operator_only(
    app: Flask, logged_in: FlaskClient, database: Database
) -> None:
    token, session = form_token(logged_in.get(f"{PLACE}/new")), logged_in.get_cookie("session")
    assert session is not None
    text = "Tuyến;Lộ trình\n" + "".join(f"R{number};Chợ Cồn - Hội An\n" for number in range(2500))
    given = EnvironBuilder(method="POST", data={"csrf": token, **BUS, "file": (BytesIO(text.encode()), "file.csv")})
    sent = given.get_request()
    body = sent.get_data()
    assert len(body) > 64 * 1024
    server = WebServer(app, WebSettings(port=0))
    server.start()
    try:
        for cookie, status in (("", 403), (f"session={session.value}", 303)):
            asking = HTTPConnection("127.0.0.1", server.port, timeout=20)
            headers = {"Cookie": cookie, "Content-Type": str(sent.content_type), **ENGLISH}
            with closing(asking), suppress(BrokenPipeError, ConnectionResetError):
                asking.request("POST", f"{PLACE}/new", body, headers)
                assert asking.getresponse().status == status, cookie
    finally:
        server.stop(5)
    with database.read() as connection:
        assert [one.row_count for one in list_tables(connection)] == [2500]


def test_who_approves_sees_the_links_and_numbers_of_every_row(
    logged_in: FlaskClient, second: FlaskClient, live: LiveTables
) -> None:
    rows = "".join(f"R{number};Cảng\n" for number in range(20, 40))
    text = f"Tuyến;Lộ trình\n{rows}R1;lua.dao.vn hoặc 0905 123 456\nR2;gọi 1022\n"
    page = get(second, make(logged_in, BUS, text)).text
    assert "lua.dao.vn" in page
    assert "0905 123 456" in page
    assert "Rows with links or telephone numbers: 1. Their first lines: 22." in page
    secret = "ma;so tien;mat khau\n" + "".join(f"DN{number};1;AB12CD\n" for number in range(100, 120))
    page = get(second, make(logged_in, WATER, f"{secret}DN7;goi 0905 123 456, lua.dao.vn;AB12CD\n")).text
    assert "0905 123 456" not in page, "it may be a person's"
    assert "lua.dao.vn" in page
    assert "Their first lines: 22." in page


def test_the_value_of_a_secret_row_is_on_no_page_and_its_secret_is_hidden_in_texts(
    logged_in: FlaskClient, second: FlaskClient, database: Database, new_id: object, clock: Clock
) -> None:
    draft = make(logged_in, WATER, WATER_CSV)
    act(logged_in, f"{draft}/submit")
    act(second, f"{draft}/approve")
    page = get(second, draft).text
    assert "Khach hang DN123456: **** dong." in page
    assert "245.000" not in page
    assert "AB12CD" not in page
    with message_rows(database, new_id, clock()) as rows:  # type: ignore[arg-type] # a maker of ids
        told = rows.text("NUOC DN123456 AB12CD", reading="table_nuoc", outcome="table_told")
        rows.text("NUOCC DN123456 AB12CD", reading="misread:unknown_keyword", outcome="corrected")
    detail = get(logged_in, f"/admin/messages/{told}")
    assert "look-up table nuoc" in detail.text
    assert "AB12CD" not in detail.text
    for _ in ("on", "off"):
        log = get(logged_in, "/admin/messages").text
        assert len(re.findall(r"NUOCC? [^<]*", log)) == 2
        assert "AB12CD" not in log
        assert "look-up table nuoc" in log
        act(logged_in, f"{draft}/off")


def test_each_fault_stands_at_its_field_and_what_was_typed_stays(logged_in: FlaskClient, database: Database) -> None:
    token = form_token(logged_in.get(f"{PLACE}/new"))
    fields = {**BUS, "keywords": "DVC", "title": ""}
    answer = logged_in.post(
        f"{PLACE}/new", data={"csrf": token, **fields, "file": (BytesIO(CSV.encode()), "bus.csv")}, headers=ENGLISH
    )
    assert answer.status_code == 400
    assert 'id="fault-title"' in answer.text
    assert 'id="fault-keywords"' in answer.text
    assert 'value="so tuyen"' in answer.text
    with database.read() as connection:
        assert list_tables(connection) == []


def test_links_that_answers_leave_out_are_refused_in_the_sentence_and_in_cells(logged_in: FlaskClient) -> None:
    for given, file, field in (
        ({"template": "Xem https://danang.gov.vn. {tuyen} {lo trinh}"}, CSV, "template"),
        ({"template": "Xem www.danang.gov.vn", "shape": "none", "key_label": ""}, "", "template"),
        ({"template": f"{'dai ' * 90}{{tuyen}}"}, CSV, "template"),
        ({}, "Tuyến;Lộ trình\nR16;https://danang.gov.vn\n", "file"),
    ):
        token = form_token(logged_in.get(f"{PLACE}/new"))
        file_fields = {"file": (BytesIO(file.encode()), "bus.csv")} if file else {}
        fields = {"csrf": token, **BUS, "name": "Bus!", "keywords": "DVC", **given, **file_fields}
        answer = logged_in.post(f"{PLACE}/new", data=fields, headers=ENGLISH)
        assert answer.status_code == 400
        for shown in (field, "name", "keywords"):  # every fault at once
            assert f'id="fault-{shown}"' in answer.text, (given, shown)
    draft = get(logged_in, make(logged_in, BUS, f"{CSV}R17;xem www.danang.gov.vn\n")).text
    assert "line 4: the answer would leave out a link" in draft
    assert "Switch the table off" not in draft, "it answers nobody yet"


def test_an_own_answer_is_made_on_the_same_page_and_answers_after_a_day_with_an_alarm(
    logged_in: FlaskClient, live: LiveTables, clock: Clock
) -> None:
    hours = {
        "name": "gio",
        "title": "gio lam viec",
        "keywords": "GIO",
        "shape": "none",
        "template": "Thu 2-6, 7h30-17h.",
    }
    token = form_token(logged_in.get(f"{PLACE}/new"))
    made = str(logged_in.post(f"{PLACE}/new", data={"csrf": token, **hours}, headers=ENGLISH).location)
    act(logged_in, f"{made}/submit")
    assert not isinstance(parsers.read("GIO", today=NOON.date(), vocabulary=live()), command_of("gio"))
    clock.now += timedelta(hours=24)
    live.renew()
    assert isinstance(parsers.read("GIO", today=NOON.date(), vocabulary=live()), command_of("gio"))


def test_there_is_no_page_and_no_menu_entry_while_it_is_off(parts: WebDependencies) -> None:
    offers = is_on(parts.settings, parts.vocabulary)
    assert not offers(LOOKUPS)
    app = create_app(replace(parts, is_on=offers))
    assert [rule.rule for rule in app.url_map.iter_rules() if "/tables" in rule.rule] == []


def test_a_file_that_is_longer_than_a_text_is_taken(logged_in: FlaskClient, database: Database) -> None:
    lines = "".join(f"R{number};Chợ Cồn - Hội An số {number}\n" for number in range(4_000))
    assert len(lines) > 100_000
    make(logged_in, BUS, f"Tuyến;Lộ trình\n{lines}")
    with database.read() as connection:
        assert [one.row_count for one in list_tables(connection)] == [4_000]
