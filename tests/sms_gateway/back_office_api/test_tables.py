"""Own tables by API: made, looked at before, filled again; and a second person all the same."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from http.client import HTTPConnection

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from db.citizens.lookups import StoredTable, answering, approve_table, find_rows, list_tables
from db.schema import LookupState
from db.staff.audit import Action, latest_of
from db.store.engine import Database
from sms_gateway.back_office_api.operations import operations_of
from sms_gateway.back_office_api.tables import MOST_ROWS
from sms_gateway.settings.back_office_model import BackOfficeSettings
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.server import WebServer
from tests.sms_gateway.back_office_api.conftest import BEARER, WITHOUT_SCOPE, Api, examples_of_the_manual
from tests.sms_gateway.conftest import NOON

PLACE = "/back-office/tables/bus"
BUS = {
    "title": "tuyen xe buyt",
    "keywords": ["BUS"],
    "shape": "code",
    "key_label": "so tuyen",
    "key_column": "Tuyến",
    "answer": "Tuyen {tuyen}: {Lộ trình}.",
    "rows": [{"Tuyến": "R16", "Lộ trình": "Chợ Cồn - Hội An"}, {"tuyen": 5, "Lộ trình": "Cảng"}, {"tuyen": "R16"}],
}
OTHER = {"rows": [{"tuyen": "R17", "lo_trinh": "Cảng - Chợ Cồn"}]}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def put(api: Api, body: object, path: str = PLACE, key: str = BEARER["Authorization"]) -> TestResponse:
    return api.client.put(path, json=body, headers={"Authorization": key})


def tables(database: Database) -> list[StoredTable]:
    with database.read() as connection:
        return list(list_tables(connection))


def approve(database: Database) -> None:
    with database.write() as connection:
        for one in list_tables(connection):
            approve_table(connection, one.id, by="binh", now=NOON)


def test_a_table_is_looked_at_made_and_waits_for_a_second_person(api: Api, database: Database) -> None:
    fault = {"row": 3, "fault": "line 3: the key stands in line 1 too"}
    for path, stored in ((f"{PLACE}?preview=True", False), (PLACE, True)):
        made = put(api, BUS, path)
        assert made.status_code == 200, made.text
        assert made.json == {
            "error_code": 0,
            "stored": stored,
            "state": "waiting",
            "rows": 2,
            "left_out": 1,
            "longest": 28,
            "faults": [fault],
        }
        assert len(tables(database)) == stored
    (made_table,) = tables(database)
    assert (made_table.made_by, made_table.state) == ("api:lgsp", LookupState.WAITING)
    listed = api.client.get("/back-office/tables", headers=dict(BEARER)).json
    assert listed is not None
    (shown,) = listed["result"]
    assert (shown["name"], shown["answers"], shown["columns"]) == ("bus", False, ["tuyen", "lo_trinh"])
    assert answering(tables(database), NOON) == []
    approve(database)
    assert [one.name for one in answering(tables(database), NOON)] == ["bus"]
    with database.read() as connection:
        (entry,) = latest_of(connection, "api:lgsp", [Action.LOOKUP_CHANGED], most=9)
    assert entry.detail == "lookup made bus"


def test_a_long_table_is_taken_by_the_server_from_a_client_with_its_key_only(
    back_office_app: Flask, database: Database
) -> None:
    long_rows = [{"tuyen": f"R{number}", "lo_trinh": "Cho Con - Hoi An"} for number in range(1500)]
    body = json.dumps({**BUS, "rows": long_rows}).encode()
    assert len(body) > 64 * 1024
    server = WebServer(back_office_app, WebSettings(port=0))
    server.start()
    try:
        for key, path, method, status in (
            ("Bearer none", PLACE, "PUT", 403),
            (f"Bearer {WITHOUT_SCOPE}", PLACE, "PUT", 403),
            (BEARER["Authorization"], PLACE, "PUT", 200),
            (BEARER["Authorization"], f"{PLACE}/rows", "PUT", 400),
            (BEARER["Authorization"], PLACE, "POST", 413),
        ):
            connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
            headers = {"Authorization": key, "Content-Type": "application/json"}
            with closing(connection), suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, headers)
                assert connection.getresponse().status == status, (key, path, method)
    finally:
        server.stop(5)
    assert [one.row_count for one in tables(database)] == [1500]


def test_a_preview_stores_nothing_however_it_is_written_and_any_other_word_is_refused(
    api: Api, database: Database
) -> None:
    put(api, BUS)
    approve(database)
    before = tables(database)
    for path in (f"{PLACE}/rows", PLACE):
        for word in ("True", "true", "1"):
            answer = put(api, OTHER if path != PLACE else BUS, f"{path}?preview={word}")
            assert (answer.status_code, answer.json["stored"]) == (200, False), (path, word)  # type: ignore[index] # an object
        for word in ("yes", "TRUE ", "preview", "%00"):
            assert put(api, OTHER, f"{path}?preview={word}").status_code == 400, (path, word)
    assert api.push([], query="?isUpdating=maybe").status_code == 400
    assert tables(database) == before
    assert put(api, OTHER, f"{PLACE}/rows?preview=false").json["stored"] is True  # type: ignore[index] # as above


def test_other_rows_of_an_approved_table_answer_at_once_and_those_of_another_wait(api: Api, database: Database) -> None:
    rows = f"{PLACE}/rows"
    assert put(api, OTHER, rows).status_code == 404, "there is no such table"
    put(api, BUS)
    waits = put(api, OTHER, rows).json
    assert waits is not None
    assert waits["state"] == "waiting", "nobody approved the definition"
    approve(database)
    before = answering(tables(database), NOON)
    preview = put(api, OTHER, f"{rows}?preview=True").json
    assert preview is not None
    assert (preview["stored"], preview["state"]) == (False, "approved")
    assert answering(tables(database), NOON) == before
    done = put(api, OTHER, rows).json
    assert done is not None
    assert (done["stored"], done["state"], done["rows"]) == (True, "approved", 1)
    (now,) = answering(tables(database), NOON)
    assert (now.approved_by, now.made_by, now.definition.template) == (
        "binh",
        "api:lgsp",
        before[0].definition.template,
    )
    with database.read() as connection:
        assert set(find_rows(connection, now, {"R17", "R16"})) == {"R17"}
    link = {"rows": [{"tuyen": "R18", "lo_trinh": "xem tai vi-du.top/abc"}]}
    linked = put(api, link, rows).json
    assert linked is not None
    assert linked["state"] == "waiting", "a link that nobody has approved"
    assert answering(tables(database), NOON) == [now]


def test_what_waits_is_replaced_by_the_next_of_its_system_and_keeps_its_maker(api: Api, database: Database) -> None:
    for body, path in ((BUS, PLACE), (OTHER, f"{PLACE}/rows"), (BUS, PLACE), (OTHER, f"{PLACE}/rows")):
        assert put(api, body, path).status_code == 200
        (one,) = tables(database)
        assert (one.state, one.made_by, one.row_count) == (LookupState.WAITING, "api:lgsp", 2 if body is BUS else 1)
    approve(database)
    changed = {**BUS, "answer": "Tuyen so {tuyen}: {Lộ trình}."}
    assert put(api, changed).status_code == 200
    link = {"rows": [{"tuyen": "R18", "lo_trinh": "xem tai vi-du.top/abc"}]}
    for _ in range(3):
        assert put(api, link, f"{PLACE}/rows").status_code == 200
    waiting = [one.definition.template for one in tables(database) if one.state is LookupState.WAITING]
    assert sorted(waiting) == ["Tuyen so {tuyen}: {lo_trinh}.", "Tuyen {tuyen}: {lo_trinh}."]


def test_what_is_wrong_is_refused_with_its_field_and_stores_nothing(api: Api, database: Database) -> None:
    secret = "canary-value"
    for label, status, body, said in (
        ("keyword", 409, BUS | {"keywords": ["DVC"]}, "keywords: DVC is a keyword of look_up_dossier too"),
        ("column", 409, BUS | {"answer": "{gia}"}, "answer: the answer names gia, which is no column"),
        (
            "money",
            409,
            BUS | {"answer": "{tuyen} {no}", "rows": [{"tuyen": "R1", "no": "5"}]},
            "secret_column: personal",
        ),
        ("no key", 409, BUS | {"key_column": ""}, "key_column: name the column of the key"),
        ("no shape", 409, {name: BUS[name] for name in BUS if name != "shape"}, "shape: it is missing; with rows"),
        ("no rows", 409, BUS | {"rows": []}, "key_column: the file has no column"),
        ("a list in a cell", 400, BUS | {"rows": [{"tuyen": [secret]}]}, "rows.0.tuyen"),
        ("an unknown field", 400, BUS | {secret: 1}, "Extra inputs are not permitted"),
        ("too many", 400, BUS | {"rows": [{}] * (MOST_ROWS + 1)}, "at most 50000 items"),
        ("no object", 400, [BUS], "the body"),
    ):
        refused = put(api, body)
        assert refused.status_code == status, label
        assert said in str(refused.json), (label, refused.json)
        assert secret not in str(refused.json) or label == "an unknown field", label
    assert put(api, BUS, "/back-office/tables/A").status_code == 409
    assert put(api, BUS, key=f"Bearer {WITHOUT_SCOPE}").status_code == 403
    assert tables(database) == []


def test_rows_of_an_own_answer_are_refused(api: Api, database: Database) -> None:
    answer = put(api, {**BUS, "shape": "none", "answer": "12 Le Loi.", "rows": [{"a": 1}]})
    assert answer.status_code == 409
    assert "rows: an own answer has no rows" in answer.text
    assert tables(database) == []


def test_the_example_of_the_manual_makes_a_table(api: Api) -> None:
    asked, answered = (example for example in examples_of_the_manual() if "title" in example or "stored" in example)
    assert put(api, asked).json == answered


def test_an_own_answer_needs_no_rows_and_without_own_tables_there_is_no_operation(api: Api) -> None:
    hours = {"title": "gio lam viec", "keywords": ["GIO"], "answer": "Thu 2 den thu 6, 7h30 den 17h."}
    made = put(api, hours, "/back-office/tables/gio").json
    assert made is not None
    assert (made["state"], made["rows"], made["longest"]) == ("waiting", 0, 30)
    assert put(api, OTHER, "/back-office/tables/gio/rows").status_code == 404
    on = BackOfficeSettings(enabled=True)
    assert {one.name for one in operations_of(on, has_tables=False)} == {"push_dossiers", "push_limits"}
