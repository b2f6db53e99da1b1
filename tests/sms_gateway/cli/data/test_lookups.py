"""`sms-gateway lookups`: a file and a sentence become a table that waits, and it is switched off and on."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.citizens.lookups import approve_table, list_tables
from sms_gateway.process.startup import opened
from sms_gateway.settings.load import load_settings
from tests.sms_gateway.cli.surroundings import run

CSV = "Tuyến;Lộ trình\nR16;Chợ Cồn - Hội An\nR16;Cảng\n"
ADD = ("--title", "tuyen xe buyt", "--keywords", "BUS", "--label", "so tuyen", "--answer", "Tuyen {tuyen}: {lo trinh}")


@pytest.fixture
def bus(tmp_path: Path) -> str:
    (tmp_path / "gateway.toml").write_text("[lookups]\nenabled = true\n", "utf-8")
    (tmp_path / "bus.csv").write_text(CSV, "utf-8")
    made = run("db", "upgrade")
    assert made.exit_code == 0, made.output
    return str(tmp_path / "bus.csv")


def test_a_table_is_added_waits_and_is_switched_off_and_on(bus: str) -> None:
    added = run("lookups", "add", "bus", bus, *ADD)
    assert added.exit_code == 0, added.output
    assert "bus: 1 row, 1 left out; waits for an operator's approval, or 24 hours" in added.stdout
    assert "line 3: the key stands in line 2 too" in added.stderr
    said = run("lookups", "answer", "gio", "--title", "gio lam viec", "--keywords", "GIO", "--answer", "7h30-17h")
    assert said.exit_code == 0, said.output
    assert [line.split("\t")[:4] for line in run("lookups", "list").stdout.splitlines()] == [
        ["bus", "waiting", "BUS", "1"],
        ["gio", "waiting", "GIO", "0"],
    ]
    assert run("lookups", "off", "bus").stdout == "switched off\n"
    assert run("lookups", "list").stdout.split("\t")[1] == "off"
    assert run("lookups", "on", "bus").stdout == "switched on\n"
    assert run("lookups", "on", "none").exit_code == 1


def test_what_is_refused_says_each_fault_and_writes_nothing(bus: str, tmp_path: Path) -> None:
    refused = run("lookups", "add", "bus", bus, *ADD[:3], "TK", *ADD[4:])
    assert refused.exit_code == 1
    assert "keywords: TK is a keyword of register_account too" in refused.stderr
    assert "there is no table" in run("lookups", "list").stderr
    (tmp_path / "gateway.toml").write_text("", "utf-8")
    off = run("lookups", "add", "bus", bus, *ADD)
    assert off.exit_code == 1
    assert "enabled = true into the section [lookups]" in off.stderr


def test_a_table_is_made_for_an_operator_who_then_may_not_approve_it(bus: str) -> None:
    unknown = run("lookups", "add", "bus", bus, *ADD, "--for", "an")
    assert unknown.exit_code == 1
    assert "there is no operator an" in unknown.stderr
    assert run("operators", "add", "an", "--role", "operator").exit_code == 0
    assert run("lookups", "add", "bus", bus, *ADD, "--for", "an").exit_code == 0
    with opened(load_settings(Path(bus).parent / "gateway.toml", {})) as database, database.write() as connection:
        (one,) = list_tables(connection)
        assert not approve_table(connection, one.id, by="an", now=one.made_at)
        assert approve_table(connection, one.id, by="binh", now=one.made_at)
