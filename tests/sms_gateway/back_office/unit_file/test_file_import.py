"""Files of every kind: the preview says what the import does and writes nothing."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.store.engine import Database
from db.units.contacts import list_contacts
from db.units.route_rules import list_rules
from db.units.unit_rows import list_units, list_wards
from sms_gateway.back_office.unit_file.columns import NEEDED, Kind
from sms_gateway.back_office.unit_file.file_import import import_file, preview_file
from sms_gateway.back_office.unit_file.importing import Counts
from tests.db.units.rows import units
from tests.sms_gateway.back_office.unit_file.files import csv_file

FILES = {
    Kind.UNITS: ("code;name;calendar;parent", "A;Sở A;Office hours;H17.01", "B;Sở B;;", "C;Sở C;Office hours;A"),
    Kind.CONTACTS: ("unit;name;phone", "H17.01;Lan;0905123456", "H17.01;Nam;no", "H17.01;An;0905123457"),
    Kind.WARDS: ("name;unit", "Hải Châu;H17.01", "Sơn Trà;H99", "Thanh Khê;H17.02"),
    Kind.RULES: ("any_of;unit", "đèn;H17.01", "rác;H17.02"),
}


@pytest.mark.parametrize("kind", Kind)
def test_the_preview_says_what_the_import_does_and_writes_nothing(
    database: Database, tmp_path: Path, kind: Kind
) -> None:
    path, new_id = csv_file(tmp_path, *FILES[kind]), count(100)
    with database.write() as connection:
        units(connection, 1, 2)
        found = preview_file(connection, kind, path, lambda: next(new_id))
        assert found.counts == Counts(new=2)
        assert [fault.line for fault in found.faults] == ([] if kind is Kind.RULES else [3])
        rows = (list_contacts(connection), list_wards(connection), list_rules(connection))
        assert (len(list_units(connection)), *rows) == (2, [], [], [])
    with database.write() as connection:
        assert import_file(connection, kind, path, lambda: next(new_id)) == found
        assert preview_file(connection, kind, path, lambda: next(new_id)).counts == Counts(same=2)


def test_a_list_of_rules_with_a_fault_changes_nothing(database: Database, tmp_path: Path) -> None:
    new_id = count(100)
    with database.write() as connection:
        units(connection, 1, 2)
        import_file(connection, Kind.RULES, csv_file(tmp_path, *FILES[Kind.RULES]), lambda: next(new_id))
        wrong = csv_file(tmp_path, "any_of;unit", "nước;H17.01", ";H17.02")
        found = import_file(connection, Kind.RULES, wrong, lambda: next(new_id))
        assert (found.counts, [fault.line for fault in found.faults]) == (Counts(), [3])
        assert [rule.any_of for rule in list_rules(connection)] == [("DEN",), ("RAC",)]


def test_units_without_a_focal_unit_are_not_taken(database: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "code;name;calendar;focal", "H17.01;Sở A;Office hours;", "A;Sở A;Office hours;")
    with database.write() as connection:
        units(connection, 1)
        found = import_file(connection, Kind.UNITS, path, count(100).__next__)
        assert found.counts == Counts()
        assert len(list_units(connection)) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.sampled_from(Kind), st.lists(st.lists(st.text(max_size=12), max_size=8).map(";".join), max_size=5))
def test_any_content_of_any_kind_is_read(
    sqlite_database: Database, tmp_path: Path, kind: Kind, lines: list[str]
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("\n".join([";".join(NEEDED[kind]), *lines]).encode("utf-8", "surrogatepass"))
    with sqlite_database.write() as connection:
        found = preview_file(connection, kind, path, count(100).__next__)
    assert all(str(fault) for fault in found.faults)
