"""What files change in the rows, on both databases: new, changed and the same; a second import changes nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection

from db.store.engine import Database
from db.units.contacts import list_contacts
from db.units.route_rules import count_hits, list_rules, list_topics
from db.units.unit_rows import list_aliases, list_units, list_wards
from sms_gateway.back_office.unit_file.contacts import read_contacts, read_wards
from sms_gateway.back_office.unit_file.importing import (
    Counts,
    import_contacts,
    import_rules,
    import_units,
    import_wards,
)
from sms_gateway.back_office.unit_file.rules import read_rules
from sms_gateway.back_office.unit_file.units import read_units
from tests.db.units.rows import calendar_row
from tests.sms_gateway.back_office.unit_file.files import csv_file

UNITS = ("code;name;calendar;parent;phone;focal;aliases", "B;Sở B;Office hours;A;1022;;SB", "A;Sở A;Office hours;;;x;")


@pytest.fixture
def new_id() -> count[int]:
    return count(100)


@pytest.fixture
def filled(database: Database, tmp_path: Path, new_id: count[int]) -> Database:
    with database.write() as connection:
        calendar_row(connection)
        assert units(connection, tmp_path, new_id, *UNITS) == Counts(new=2)
    return database


def units(connection: Connection, folder: Path, new_id: count[int], *lines: str) -> Counts:
    found = read_units(csv_file(folder, *lines), list_units(connection), ["Office hours"])
    assert found.faults == []
    return import_units(connection, found.rows, lambda: next(new_id))


def test_units_are_added_changed_and_left(filled: Database, tmp_path: Path, new_id: count[int]) -> None:
    with filled.write() as connection:
        a, b = list_units(connection)
        assert (b.parent_id, b.phone, b.folded, a.is_focal, a.busy_capacity) == (a.id, "1022", "SO B", True, 20)
        assert [(alias.folded, alias.unit_id) for alias in list_aliases(connection)] == [("SB", b.id)]
        assert units(connection, tmp_path, new_id, *UNITS) == Counts(same=2)
        assert units(connection, tmp_path, new_id, UNITS[0], "B;Sở B;Office hours;;;;") == Counts(same=1)  # blanks
        assert units(connection, tmp_path, new_id, UNITS[0], "B;Sở Bê;Office hours;;;;BE") == Counts(changed=1)
        changed = list_units(connection)[1]
        assert changed == replace(b, name="Sở Bê", folded="SO BE")
        assert {alias.folded for alias in list_aliases(connection)} == {"SB", "BE"}


def test_contacts_are_known_by_unit_and_phone(filled: Database, tmp_path: Path, new_id: count[int]) -> None:
    def imported(*lines: str) -> Counts:
        found = read_contacts(csv_file(tmp_path, "unit;place;name;phone;duty_from;duty_to", *lines), {"A", "B"})
        assert found.faults == []
        with filled.write() as connection:
            return import_contacts(connection, found.rows, lambda: next(new_id))

    lan, nam = "A;Trực;Lan;0905123456;0h;0h", "A;;Nam;0905123457;;"
    assert imported(lan, nam, "B;;Lan;0905123456;;") == Counts(new=3)
    assert imported(lan, nam) == Counts(same=2)
    assert imported("A;;Lan Anh;0905123456;;") == Counts(changed=1)
    with filled.read() as connection:
        found = [(one.name, one.place, one.position, one.duty_from) for one in list_contacts(connection)]
    assert sorted(found, key=lambda one: (one[2], one[0])) == [
        ("Lan", "", 1, None),
        ("Lan Anh", "Trực", 1, 0),
        ("Nam", "", 2, None),
    ]


def test_wards_are_added_once(filled: Database, tmp_path: Path, new_id: count[int]) -> None:
    lines = ("name;unit;until", "Hải Châu;A;", "Hải Châu;B;30/06/2025")
    found = read_wards(csv_file(tmp_path, *lines), {"A", "B"})
    with filled.write() as connection:
        assert import_wards(connection, found.rows, lambda: next(new_id)) == Counts(new=2)
        assert import_wards(connection, found.rows, lambda: next(new_id)) == Counts(same=2)
        assert len(list_wards(connection)) == 2


def test_the_file_of_rules_is_the_whole_list_and_a_rule_that_stays_keeps_its_hits(
    filled: Database, tmp_path: Path, new_id: count[int]
) -> None:
    def imported(*lines: str) -> Counts:
        found = read_rules(csv_file(tmp_path, "any_of;topic;unit", *lines), {"A", "B"})
        assert found.faults == []
        with filled.write() as connection:
            return import_rules(connection, found.rows, lambda: next(new_id))

    assert imported("đèn;lamps;", "rác;waste;A") == Counts(new=2)
    with filled.write() as connection:
        lamps, _ = list_rules(connection)
        count_hits(connection, [lamps.id] * 7)
    assert imported("nước;;B", "đèn;lamps;") == Counts(new=1, same=1, removed=1)
    with filled.read() as connection:
        found = [(rule.any_of, rule.position, rule.hits) for rule in list_rules(connection)]
        assert [topic.code for topic in list_topics(connection)] == ["lamps", "waste"]
    assert found == [(("NUOC",), 1, 0), (("DEN",), 2, 7)]
