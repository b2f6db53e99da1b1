"""Small files that unpack to much end with a fault before much of them is read.

`python -m pytest -s tests/sms_gateway/back_office/table_file/test_workbook_bombs.py` prints what each bomb cost.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import pytest

from sms_gateway.back_office.dossier_file import read_dossier_file
from sms_gateway.back_office.table_file import bounds
from tests.sms_gateway.back_office.table_file.workbooks import Pieces, text, write_bomb, write_book

pytestmark = pytest.mark.no_cover  # the same lines many times

M = 1_000_000
UNPACKS = "the workbook unpacks to more than 64 MiB"
CELLS = "00 cells: delete sheets and cells that are not needed"
NO_WORKBOOK = "the file is no readable .xlsx workbook"

BOMBS: dict[str, tuple[Pieces, Pieces, str]] = {
    "rows": ([("<sheetData>", 1), ("<row/>", 5 * M), ("</sheetData>", 1)], [], CELLS),
    "many more rows": ([("<sheetData>", 1), ("<row/>", 12 * M), ("</sheetData>", 1)], [], UNPACKS),
    "cells in one row": ([("<sheetData><row>", 1), ("<c><v>1</v></c>", 4 * M), ("</row></sheetData>", 1)], [], CELLS),
    "shared texts": ([], [("<si><t>a</t></si>", 3 * M)], CELLS),
    "empty shared texts": ([], [("<si/>", 8 * M)], CELLS),
    "merged cells": (
        [("<mergeCells>", 1), ('<mergeCell ref="A1:A9"/>', M), ("</mergeCells>", 1)],
        [],
        "100,000 merged",
    ),
    "other elements": ([("<a/>", 12 * M)], [], CELLS),
    "elements in elements": ([("<a>", M)], [], NO_WORKBOOK),
    "one long tag": ([('<a b="', 1), ("x", 60 * M), ('"/>', 1)], [], NO_WORKBOOK),
    "one long text": (
        [('<sheetData><row><c t="inlineStr"><is><t>', 1), ("x", 60 * M), ("</t></is></c></row></sheetData>", 1)],
        [],
        "no column named",
    ),
}
MOST_SECONDS = 60
"""Of processor, on a slow and busy machine; what the worst takes on an idle one is in docs/security.md."""


REVIEWED = frozenset({"rows", "many more rows", "cells in one row", "shared texts"})
"""Bombs that a review brought; the others end at lower bounds here, so that the test takes less time."""


SLOW = frozenset({"shared texts", "cells in one row", "rows"})


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.long] * (name in SLOW)) for name in BOMBS])
def test_a_bomb_ends_before_64_mebibytes_or_two_million_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name not in REVIEWED:
        monkeypatch.setattr(bounds, "CELLS", bounds.CELLS // 10)
        monkeypatch.setattr(bounds, "ELEMENTS", bounds.ELEMENTS // 10)
    sheet, strings, expected = BOMBS[name]
    path = write_bomb(tmp_path / "bomb.xlsx", sheet=sheet, strings=strings)
    assert path.stat().st_size < M
    begun = time.process_time()
    reading = read_dossier_file(path)
    seconds = time.process_time() - begun
    sys.stdout.write(
        f"\n{name}: {path.stat().st_size / 1024:.0f} KiB packed, read {reading.octets / 2**20:.1f} MiB and "
        f"{reading.cells:,} cells in {seconds:.1f} s: {reading.faults[0]}\n"
    )
    assert reading.rows == ()
    assert [fault.line for fault in reading.faults] == [None]
    assert expected in str(reading.faults[0])
    assert reading.octets <= bounds.UNPACKED_OCTETS
    assert reading.cells <= bounds.CELLS + 1
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("name", ["rows", "cells in one row", "one long tag", "one long text"])
def test_a_bomb_takes_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(bounds, "CELLS", 20_000)  # memory is counted slowly
    sheet, strings, _ = BOMBS[name]
    path = write_bomb(tmp_path / "bomb.xlsx", sheet=sheet, strings=strings)
    tracemalloc.start()
    read_dossier_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 2**20


def blank_lines(path: Path) -> None:
    path.write_bytes(b"\n" * (bounds.SCANNED_ROWS + 10))


def one_row(path: Path) -> None:
    path.write_bytes(b";" * (4 * M))


def one_row_over_many_lines(path: Path) -> None:
    path.write_bytes(b"code;status\n" + b'a;"\n";' * M)


def open_quotes(path: Path) -> None:
    path.write_bytes(b'"a;\n' * M)


def objects(path: Path) -> None:
    path.write_bytes(b"[" + b"{}," * (2 * M) + b"{}]")


def lists_in_lists(path: Path) -> None:
    path.write_bytes(b"[" * (3 * M))


@pytest.mark.parametrize(
    ("name", "write", "expected"),
    [
        ("a.csv", blank_lines, "more than 1,048,576 rows"),
        ("a.csv", one_row, "a line is longer than 64 thousand characters"),
        ("a.csv", one_row_over_many_lines, "quotation marks do not match"),
        ("a.csv", open_quotes, "quotation marks do not match"),
        ("a.json", objects, CELLS),
        ("a.json", lists_in_lists, CELLS),
    ],
)
def test_other_files_are_bounded_too(tmp_path: Path, name: str, write: Callable[[Path], None], expected: str) -> None:
    path = tmp_path / name
    write(path)
    reading = read_dossier_file(path)
    assert reading.rows == ()
    assert expected in str(reading.faults[0])


def test_parts_packed_in_a_way_that_unpacks_at_once_are_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx")
    with ZipFile(path, "a", ZIP_BZIP2) as parts:
        parts.writestr("x", "x" * M)
    (fault,) = read_dossier_file(path).faults
    assert NO_WORKBOOK in str(fault)


def test_a_long_list_of_parts_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx")
    with ZipFile(path, "a") as parts:
        for place in range(25_000):
            parts.writestr(f"{place:05}", "")
    (fault,) = read_dossier_file(path).faults
    assert NO_WORKBOOK in str(fault)


def test_what_a_large_office_hands_over_is_read(tmp_path: Path) -> None:
    lines = "".join(
        f"<row>{text(f'H17-{place:06}')}<c><v>4</v></c>{'<c><v>1</v></c>' * 7}</row>" for place in range(5_000)
    )
    names = f"<row>{text('code')}{text('status')}</row>"
    reading = read_dossier_file(write_book(tmp_path / "a.xlsx", names + lines))
    assert (len(reading.rows), reading.faults) == (5_000, [])
    assert reading.cells == 2 + 1 + 5_000 * 10 + 2
