"""Dossiers pushed in by a double of the one-stop system: what is stored, what is not, and what each item is told."""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from db.citizens.dossier_history import changes_of
from db.citizens.dossiers import canonical
from db.schema import DossierStatus, audit_entry, dossier, metadata
from db.store.engine import Database
from tests.sms_gateway.back_office_api.conftest import BEARER, KEY, Api, examples_of_the_manual
from tests.sms_gateway.back_office_api.one_stop import PERSON, Json, call, packed, step
from tests.sms_gateway.back_office_api.one_stop import dossier as item
from tests.sms_gateway.canaries import Search
from tests.sms_gateway.conftest import NOON, Clock

CODE = "000.00.12.H17-261129-0001"


def statuses(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.canonical: row.status.value for row in connection.execute(select(dossier))}


def test_a_sync_sets_status_and_wanted_papers_and_leaves_every_person_out(
    api: Api, database: Database, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    wanted = f"Bản vẽ; gọi {PERSON['phone']}, CCCD {PERSON['identity']}"
    body = call("DongBoHoSoMC", [item(CODE, "5", received=NOON, wanted=wanted), {"MaHoSo": "x", "Email": "e@x.vn"}])
    response = api.push(body)
    assert response.status_code == 200
    assert response.json is not None
    good, bad = response.json["result"]
    assert (response.json["error_code"], good) == (0, {"MaHoSo": CODE, "taken": True, "fault": None})
    assert (bad["MaHoSo"], bad["taken"]) == ("x", False)
    with database.read() as connection:
        found = connection.execute(select(dossier)).one()
        everything = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert (found.status, found.wanted) == (DossierStatus.PAPERS_WANTED, "Bản vẽ; gọi ***, CCCD ***")
    canaries: dict[str, tuple[str, ...]] = {name: (value,) for name, value in PERSON.items()}
    search = Search(canaries=canaries | {"key": (KEY,)})
    search.look("rows", repr(everything))
    search.look("log", caplog.text + repr([record.__dict__ for record in caplog.records]))
    search.look("answer", response.get_data())
    for path in tmp_path.rglob("gateway.db*"):
        search.look("file", path.read_bytes())
    assert {name: search.places_with(name) for name in search.canaries} == {name: set() for name in search.canaries}
    assert search.octets["rows"] > 1000


def test_the_examples_of_the_manual_are_taken(api: Api, database: Database) -> None:
    pushes = [example for example in examples_of_the_manual() if isinstance(example, list) or "data" in example]
    assert len(pushes) == 2
    for example in pushes:
        answer = api.push(example).json
        assert answer is not None
        assert [one["fault"] for one in answer["result"]] == [None] * len(answer["result"]), answer
    assert list(statuses(database).values()) == ["5", "9", "5"]
    with database.read() as connection:
        rows = connection.execute(select(dossier.c.wanted, dossier.c.due_on)).all()
    assert rows[0] == rows[2], "both forms bring the same"


def test_each_item_is_judged_alone(api: Api, database: Database) -> None:
    response = api.push(
        [
            item(CODE, "4", received=NOON),
            item("H17-261129-0002", "11", received=NOON),
            {"TrangThaiHoSo": "4"},
            "no object",
            item(CODE, "4", received=NOON),
            {"code": "H17-261129-0003", "status": "9", "pick_up": "Quầy 3"},
        ]
    )
    assert response.json is not None
    assert [one["taken"] for one in response.json["result"]] == [True, False, False, False, False, True]
    assert [bool(one["fault"]) for one in response.json["result"]] == [False, True, True, True, True, False]
    assert statuses(database) == {canonical(CODE): "4", "H172611290003": "9"}


def test_an_older_step_and_a_dossier_that_has_ended_are_told(api: Api, database: Database, clock: Clock) -> None:
    at = NOON - timedelta(hours=1)
    api.push(call("CapNhatTienDoHoSoMC", [step(CODE, "9", at)]))
    older = api.push(call("CapNhatTienDoHoSoMC", [step(CODE, "4", at - timedelta(minutes=1))]))
    ended = api.push(call("CapNhatTienDoHoSoMC", [step(CODE, "4", at + timedelta(minutes=1))]))
    assert older.json is not None
    assert ended.json is not None
    assert "later change" in older.json["result"][0]["fault"]
    assert "has ended" in ended.json["result"][0]["fault"]
    clock.advance(timedelta(minutes=5))
    again = api.push([item(CODE, "4", received=NOON)], query="?isUpdating=True&MaDinhDanhDV=000.00.01.H22")
    assert again.json == {"error_code": 0, "result": [{"MaHoSo": CODE, "taken": True, "fault": None}]}
    with database.read() as connection:
        found = connection.execute(select(dossier)).one()
        assert [one.operator for one in changes_of(connection, found.id)] == ["api:lgsp"]
        assert connection.execute(select(audit_entry)).all() == []  # the history of each dossier names the client


def test_shuffled_and_repeated_pushes_end_with_the_newest_status(api: Api, database: Database) -> None:
    draw = random.Random(27)
    history = {f"H17-261129-{number:04}": [*draw.sample("123456", 4), "9", "10"] for number in range(15)}
    steps: list[Json] = [
        step(code, status, NOON - timedelta(days=1) + timedelta(minutes=place))
        for code, states in history.items()
        for place, status in enumerate(states)
    ]
    sent = steps + draw.sample(steps, 40)
    draw.shuffle(sent)
    while sent:
        some: list[Json] = []
        while sent and sent[-1]["MaHoSo"] not in {one["MaHoSo"] for one in some}:
            some.append(sent.pop())
        response = api.push(call("CapNhatTienDoHoSoMC", some))
        assert response.status_code == 200
    assert statuses(database) == {canonical(code): "10" for code in history}


def test_a_request_that_cannot_be_used_changes_nothing_and_says_why(api: Api, database: Database) -> None:
    cases = [
        ("no JSON", b"{", 400, "JSON"),
        ("too many items", b"[" + b",".join([b"{}"] * 1001) + b"]", 400, "1001 items"),
        ("no list", b"{}", 400, "list"),
        ("too long", b" " * (5 * 1024 * 1024 + 1), 413, "5120 KiB"),
    ]
    for label, body, status, words in cases:
        response = api.client.post("/back-office/dossiers", data=body, headers=dict(BEARER))
        assert response.status_code == status, label
        assert response.json is not None, label
        assert response.json["error_code"] == status, label
        assert words in response.json["message"], label
    longest = b"[" + b" " * (5 * 1024 * 1024 - 2) + b"]"
    assert api.client.post("/back-office/dossiers", data=longest, headers=dict(BEARER)).status_code == 200
    assert statuses(database) == {}


def test_the_double_sends_what_the_portal_sends() -> None:
    assert packed(NOON) == "20261122120000"
    assert len(item(CODE, "4", received=NOON)) == 26
