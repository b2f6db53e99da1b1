"""Files that are damaged, too large, or made to do harm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_gateway.back_office.dossier_file import FAULTS, Fault
from sms_gateway.back_office.dossier_file.fault_messages import wrong
from sms_gateway.back_office.table_file import bounds
from tests.sms_gateway.back_office.dossier_file.test_dossier_file import facts_and_faults, save, write


def test_stops_at_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "code,status\n" + "".join(f"H17-{number:06d},4\n" for number in range(50))
    monkeypatch.setattr(bounds, "ROWS", 49)
    assert facts_and_faults(write(tmp_path, lines)) == (
        [],
        [Fault(line=None, message=wrong("filled_rows", most="49"))],
    )
    monkeypatch.setattr(bounds, "FILE_OCTETS", 100)
    _, (fault,) = facts_and_faults(write(tmp_path, lines))
    assert "split it" in str(fault.message)


SHEET = "xl/worksheets/sheet1.xml"


def test_blank_rows_do_not_count_but_are_not_scanned_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.xlsx", [["code", "status"], *[[None]] * 30, ["H17-0001", 4]])
    monkeypatch.setattr(bounds, "ROWS", 1)
    rows, faults = facts_and_faults(path)
    assert (len(rows), faults) == (1, [])
    monkeypatch.setattr(bounds, "SCANNED_ROWS", 1000)
    _, (fault,) = facts_and_faults(repack(path, SHEET, b'r="32"', b'r="999999999"'))
    assert "delete the blank ones" in str(fault.message)


def test_a_workbook_that_lies_about_its_size_is_read_whole(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [["code", "status"], ["H17-0001", 4], ["H17-0002", 4]])
    rows, faults = facts_and_faults(repack(path, SHEET, b'"A1:B3"', b'"A1"'))
    assert (len(rows), faults) == (2, [])


def test_gives_up_on_the_wrong_file_after_a_thousand_faults(tmp_path: Path) -> None:
    lines = "code,status\n" + "x,y\n" * (FAULTS + 5)
    rows, (fault,) = facts_and_faults(write(tmp_path, lines))
    assert rows == []
    assert "more than 1000 lines are wrong, the first: line 2: code" in str(fault.message)


def repack(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """Copy a workbook, with `old` in one of its parts replaced by `new`."""
    made = path.with_name("made.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            assert part.filename != name or old in content
            target.writestr(part.filename, content.replace(old, new) if part.filename == name else content)
    return made


def test_refuses_bombs_and_damaged_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.xlsx", [["code", "status"], ["H17-0001", 4]])
    with zipfile.ZipFile(path) as parts:
        good = parts.read(SHEET)
    bomb = b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 100 + b'">]>' + good
    for damage in (bomb, good[: len(good) // 2], b"", b"<a/>", good.replace(b"<v>", b"<v>x")):
        rows, faults = facts_and_faults(repack(path, SHEET, good, damage))
        assert rows == []
        assert [fault.line for fault in faults] in ([None], [2])
    for name in ("xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"):
        with zipfile.ZipFile(path) as parts:
            whole = parts.read(name)
        for damage in (b"", b"<a/>", b"<a"):
            rows, faults = facts_and_faults(repack(path, name, whole, damage))
            assert bool(rows) != bool(faults)
    monkeypatch.setattr(bounds, "UNPACKED_OCTETS", 1000)
    _, (fault,) = facts_and_faults(path)
    assert "unpacks to more than" in str(fault.message)


LAUGHS = '<!DOCTYPE a [<!ENTITY b "cccccccc"><!ENTITY d "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize("before", ["", " " * 9000, f"<!-- {'x' * 9000} -->"], ids=["at once", "blanks", "a comment"])
def test_refuses_a_document_type_wherever_it_hides(tmp_path: Path, encoding: str, before: str) -> None:
    path = save(tmp_path / "a.xlsx", [["code", "status"], ["H17-0001", 4]])
    with zipfile.ZipFile(path) as parts:
        good = parts.read(SHEET)
    sheet = good.decode().partition("?>")[2] or good.decode()
    hidden = f'<?xml version="1.0" encoding="{encoding}"?>{before}{LAUGHS}{sheet}'.encode(encoding)
    rows, (fault,) = facts_and_faults(repack(path, SHEET, good, hidden))
    assert (rows, fault.line) == ([], None)


def test_an_empty_workbook_is_a_fault(tmp_path: Path) -> None:
    _, (fault,) = facts_and_faults(save(tmp_path / "a.xlsx", []))
    assert str(fault.message) == "the file, or its first visible sheet, is empty"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([".csv", ".json", ".xlsx"]))
def test_never_raises_for_what_is_in_a_file(tmp_path: Path, content: bytes, ending: str) -> None:
    facts_and_faults(write(tmp_path, content, f"a{ending}"))
    facts_and_faults(write(tmp_path, b"code,status,due\n" + content, f"b{ending}"))
