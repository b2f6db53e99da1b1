"""A file and a form become a draft, or every fault is named; lines that cannot be taken are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from openpyxl import Workbook

from db.citizens.lookups import (
    LineFault,
    TableDefinition,
    end_loading,
    erase_rows,
    find_rows,
    first_rows,
    list_tables,
    lookups_of,
    remove_table,
)
from db.schema import KeyShape
from db.store.engine import Database
from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from sms_gateway.back_office.own_tables.making import Asked, RefusedTableError, Surroundings, make_table
from sms_gateway.back_office.own_tables.table_rows import lines_of, take_rows
from sms_gateway.settings.model import Settings

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
AROUND = Surroundings(settings=Settings(), service=ServiceFacts(), handlers=HANDLERS)
BUS = Asked(
    name="bus",
    title="tuyến xe buýt",
    keywords="bus, xebuyt",
    template="Tuyến {Tuyến}: {Lộ trình}.",
    shape=KeyShape.CODE,
    key_label="số tuyến",
)
WATER = Asked(
    name="nuoc",
    title="tiền nước",
    keywords="NUOC",
    template="Khách hàng {ma}: {so tien} đồng, SĐT {sdt}.",
    shape=KeyShape.CODE,
    key_label="mã khách hàng",
    secret_column="Mã tra cứu",
)
HOURS = Asked(name="gio", title="gio lam viec", keywords="GIO", template="Thu 2 den thu 6, 7h30 den 17h.")
BUS_CSV = "Tuyến;Lộ trình;Ghi chú\nR16;Chợ Cồn - Hội An;x\n5;Cảng - Sân bay;y\n"
WATER_CSV = "ma,Mã tra cứu,so tien,sdt,dia chi\nDN1,AB12CD,245.000,0905 123 456,12 Le Loi\n"


def make(database: Database, asked: Asked, text: str | None, tmp_path: Path, ending: str = "csv") -> object:
    path = tmp_path / f"file.{ending}"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    made = make_table(
        database, asked, None if text is None else path, AROUND, made_by="an", new_id=count(1).__next__, now=NOW
    )
    with database.write() as connection:
        assert end_loading(connection, made.id)
    return made


def faults(database: Database, asked: Asked, text: str | None, tmp_path: Path) -> Sequence[tuple[str, str]]:
    with pytest.raises(RefusedTableError) as refused:
        make(database, asked, text, tmp_path)
    with database.read() as connection:
        assert list_tables(connection) == [], "nothing is written"
    return [(fault.field, str(fault.message)) for fault in refused.value.faults]


def test_a_file_becomes_a_draft_with_the_columns_of_its_answer_alone(sqlite_database: Database, tmp_path: Path) -> None:
    make(sqlite_database, BUS, BUS_CSV, tmp_path)
    with sqlite_database.read() as connection:
        (draft,) = list_tables(connection)
        rows = first_rows(connection, draft, 9)
    about = draft.definition
    assert (about.columns, about.key_column, about.keywords) == (("tuyen", "lo_trinh"), "tuyen", ("BUS", "XEBUYT"))
    assert (about.title, about.key_label, about.longest) == (
        "tuyen xe buyt",
        "so tuyen",
        len("Tuyen R16: Cho Con - Hoi An."),
    )
    assert (draft.row_count, draft.faults) == (2, [])
    assert [dict(row.cells) for row in rows] == [
        {"tuyen": "R16", "lo_trinh": "Chợ Cồn - Hội An"},
        {"tuyen": "5", "lo_trinh": "Cảng - Sân bay"},
    ]


def test_a_workbook_is_read_too_and_its_numbers_stay_whole(sqlite_database: Database, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("first", 0)
    for row in (["Tuyến", "Lộ trình"], [16, "Chợ Cồn"], [5, "Cảng"]):
        sheet.append(row)
    book.save(tmp_path / "bus.xlsx")
    draft = make_table(
        sqlite_database, BUS, tmp_path / "bus.xlsx", AROUND, made_by="an", new_id=count(1).__next__, now=NOW
    )
    with sqlite_database.read() as connection:
        assert set(find_rows(connection, draft, {"16", "5"})) == {"16", "5"}


def test_lines_with_a_fault_are_left_out_and_named_and_the_rest_is_taken(
    sqlite_database: Database, tmp_path: Path
) -> None:
    lines = ["ma,lo_trinh", "R16,a", ",b", "r 16,c", "abc,d", f"R17,{'x' * 310}", f"{'A1' * 21},e", "R18,=1+1", "R19,z"]
    asked = replace(BUS, template="{ma}: {lo_trinh}")
    make(sqlite_database, asked, "\n".join(lines), tmp_path)
    with sqlite_database.read() as connection:
        (draft,) = list_tables(connection)
    assert draft.row_count == 2
    assert draft.faults == [
        LineFault(line=3, key="no_key"),
        LineFault(line=4, key="doubled", other=2),
        LineFault(line=5, key="key"),
        LineFault(line=6, key="answer_long"),
        LineFault(line=7, key="key"),
        LineFault(line=8, key="cell"),
    ]


def test_a_secret_is_compulsory_for_personal_data_and_money_by_name_or_by_cells(
    sqlite_database: Database, tmp_path: Path
) -> None:
    for heading, cell in (
        ("so tien", "1"),
        ("Họ và tên", "x"),
        ("SĐT", "x"),
        ("CCCD", "x"),
        ("cot", "Nguyễn Văn A"),
        ("cot", "0905 123 456"),
        ("cot", "048090123456"),
        ("cot", "1.245.000"),
    ):
        asked = replace(BUS, template=f"{{ma}}: {{{heading}}}")
        found = faults(sqlite_database, asked, f"ma;{heading}\nR1;{cell}\n", tmp_path)
        assert [field for field, _ in found] == ["secret_column"], (heading, cell, found)
        assert "personal data or money" in found[0][1]


def test_personal_data_far_down_in_a_file_make_the_secret_compulsory(sqlite_database: Database, tmp_path: Path) -> None:
    lines = [f"R{number};x" for number in range(250)] + [f"S{number};Nguyễn Văn A" for number in range(3000)]
    asked = replace(BUS, template="{ma}: {cot}")
    found = faults(sqlite_database, asked, "ma;cot\n" + "\n".join(lines), tmp_path)
    assert [field for field, _ in found] == ["secret_column"]


def test_columns_of_one_name_and_rows_of_an_own_answer_are_refused(sqlite_database: Database, tmp_path: Path) -> None:
    alike = replace(BUS, template="{Tuyến}: {Số}")
    (found,) = faults(sqlite_database, alike, "Tuyến;Số;so\nR1;mot;hai\n", tmp_path)
    assert found == (
        "file",
        "several columns have the name so without accents and marks; give them different names",
    )
    make(sqlite_database, alike, "Tuyến;Số;Ghi chú;ghi chu\nR1;mot;x;y\n", tmp_path)
    with sqlite_database.write() as connection:
        assert remove_table(connection, 1), "columns that no answer needs may be alike"
    assert lines_of([{"Số": "1", "so": "2"}]).doubled == {"so"}
    assert not lines_of([{"Số": "1"}, {"so": "2"}]).doubled
    ((field, words),) = faults(sqlite_database, HOURS, BUS_CSV, tmp_path)
    assert (field, "has no rows" in words) == ("file", True)


def test_people_are_found_whose_number_is_the_secret(sqlite_database: Database, tmp_path: Path) -> None:
    for column, number in (("cccd", {"id_number": "048077001234"}), ("sdt", {"phone": "84905123456"})):
        asked = replace(WATER, name=column, keywords=f"X{column}", template="{ma}: {viec}", secret_column=column)
        make(sqlite_database, asked, "ma,cccd,sdt,viec\nHS1,048077001234,0905123456,da duyet\n", tmp_path)
        with sqlite_database.write() as connection:
            assert [one.table for one in lookups_of(connection, **number)] == [column]
            assert erase_rows(connection, **number) == 1
            assert remove_table(connection, 1)


def test_a_table_with_a_secret_finds_its_people_again(sqlite_database: Database, tmp_path: Path) -> None:
    make(sqlite_database, WATER, WATER_CSV + "DN2,x,1,2,3\n", tmp_path)
    with sqlite_database.read() as connection:
        (draft,) = list_tables(connection)
        (mine,) = lookups_of(connection, phone="84905123456")
    assert draft.faults == [LineFault(line=3, key="no_secret")]
    assert mine.cells == {"ma": "DN1", "ma_tra_cuu": "AB12CD", "so_tien": "245.000", "sdt": "0905 123 456"}


@pytest.mark.parametrize(
    ("asked", "file", "field", "words"),
    [
        (replace(BUS, name="Bus 1"), BUS_CSV, "name", "2 to 20 small letters"),
        (replace(BUS, title=""), BUS_CSV, "title", "1 to 40"),
        (replace(BUS, title="vneid.top"), BUS_CSV, "title", "links"),
        (replace(BUS, keywords="B"), BUS_CSV, "keywords", "2 to 10 capital letters"),
        (replace(BUS, keywords="DVC"), BUS_CSV, "keywords", "look_up_dossier"),
        (replace(BUS, keywords="HOI"), BUS_CSV, "keywords", "HOI"),
        (replace(BUS, key_label="{x}"), BUS_CSV, "key_label", "behind the keyword"),
        (replace(BUS, template=""), BUS_CSV, "template", "1 to 600"),
        (replace(BUS, template="{tuyen"), BUS_CSV, "template", "brace"),
        (replace(BUS, template="{}"), BUS_CSV, "template", "brace"),
        (replace(BUS, template="{gia}"), BUS_CSV, "template", "tuyen, lo_trinh, ghi_chu"),
        (replace(BUS, key_column="ma"), BUS_CSV, "key_column", "no column ma"),
        (replace(BUS, secret_column="mk"), BUS_CSV, "secret_column", "no column mk"),
        (replace(WATER, template="{ma} {ma tra cuu}"), WATER_CSV, "template", "tells the secret"),
        (BUS, "", "file", ""),
        (BUS, "Tuyến;Lộ trình\n;x\n", "file", "the key is missing"),
        (BUS, None, "file", "CSV or XLSX"),
        (replace(HOURS, template="{tuyen}"), None, "template", "no column"),
        (replace(HOURS, template="x" * 307), None, "template", "its length is 307, and the most is 306"),
    ],
)
def test_each_fault_is_named_with_its_field_and_nothing_is_written(  # noqa: PLR0917 - a table
    asked: Asked, file: str | None, field: str, words: str, sqlite_database: Database, tmp_path: Path
) -> None:
    found = faults(sqlite_database, asked, file, tmp_path)
    assert any(where == field and words in told for where, told in found), found


def test_an_own_answer_needs_no_file(sqlite_database: Database, tmp_path: Path) -> None:
    make(sqlite_database, HOURS, None, tmp_path)
    with sqlite_database.read() as connection:
        (draft,) = list_tables(connection)
    assert (draft.definition.has_rows, draft.row_count, draft.definition.keywords) == (False, 0, ("GIO",))


def test_a_key_that_no_text_can_give_is_left_out_and_one_that_begins_with_a_label_is_taken() -> None:
    for shape, key, is_taken in (
        (KeyShape.CODE, "12A KIM", False),
        (KeyShape.CODE, "A1B (cu)", False),
        (KeyShape.CODE, "R16 luot ve", False),
        (KeyShape.CODE, "R16, R17", False),
        (KeyShape.CODE, "Ω12", False),
        (KeyShape.CODE, "日本1", False),
        (KeyShape.WORDS, "a b c d e f g h i k", False),
        (KeyShape.CODE, "KH 001234", True),
        (KeyShape.CODE, "Số 12/QĐ", True),
        (KeyShape.CODE, "Trạm 15", True),
        (KeyShape.WORDS, "Chợ Hàn", True),
        (KeyShape.WORDS, "ĐÀ NẴNG", True),
        (KeyShape.DIGITS, "0301.234", True),
    ):
        about = TableDefinition(
            title="x", keywords=("X",), shape=shape, template="{k}: {v}", columns=("k", "v"), key_column="k"
        )
        taken = take_rows(lines_of([{"k": key, "v": "y"}]), about, {})
        assert bool(taken.rows) is is_taken, (key, taken.faults)
