"""Answers of own tables: found, unknown, several, closed; each short enough and plain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest

import parsers
from db.citizens.lookups import NewRow, StoredTable, TableDefinition, add_rows, add_table
from db.schema import KeyShape, LookupState
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import IDS_A_DAY
from handlers import handle
from handlers.answer import Answer
from handlers.commands import HANDLERS
from handlers.commands.own_table import handler_of
from handlers.context import Context, ServiceFacts
from handlers.handler import Handlers
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.plain import is_plain
from parsers.commands.tables import AskTable
from parsers.grammars import GRAMMARS
from parsers.grammars.own_table import TableWriting, grammar_of
from parsers.grammars.own_table_keys import KeyShape as Shape
from parsers.vocabulary import vocabulary_of

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)


def table(table_id: int, name: str, definition: TableDefinition) -> StoredTable:
    return StoredTable(
        id=table_id, name=name, state=LookupState.APPROVED, definition=definition, made_by="an", made_at=NOW
    )


BUS = table(
    1,
    "bus",
    TableDefinition(
        title="tuyen xe buyt",
        keywords=("BUS",),
        shape=KeyShape.CODE,
        key_label="so tuyen",
        columns=("tuyen", "lo_trinh"),
        key_column="tuyen",
        template="Tuyến {tuyen}: {lo_trinh}.",
    ),
)
WATER = table(
    2,
    "nuoc",
    TableDefinition(
        title="tien nuoc",
        keywords=("NUOC",),
        shape=KeyShape.CODE,
        key_label="ma khach hang",
        columns=("ma", "mat_khau", "tien"),
        key_column="ma",
        secret_column="mat_khau",
        template="Khach hang {ma}: {tien} dong.",
    ),
)
HOURS = table(
    3,
    "gio",
    TableDefinition(
        title="gio lam viec", keywords=("LICHTIEP",), shape=KeyShape.NONE, template="Thứ 2 đến thứ 6, 7h30-17h."
    ),
)
TABLES = (BUS, WATER, HOURS)
OWN = Handlers((*HANDLERS.every, *map(handler_of, TABLES)))
VOCABULARY = vocabulary_of(
    (
        *GRAMMARS,
        *(
            grammar_of(
                TableWriting(
                    name=one.name,
                    keywords=one.definition.keywords,
                    shape=Shape(one.definition.shape.value),
                    needs_secret=bool(one.definition.secret_column),
                )
            )
            for one in TABLES
        ),
    )
)


@pytest.fixture
def rows(database: Database) -> Database:
    bus = [("R1O", "Chợ Cồn - Hội An"), ("R10", "Bến xe - Cảng"), ("OI", "A"), ("0I", "B"), ("7", "x" * 400)]
    water = [("DN123456", "AB12CD", "245.000"), ("DN777", "", "1")]
    with database.write() as connection:
        for one in TABLES:
            add_table(connection, one)
        new_id = count(1).__next__
        add_rows(connection, 1, [NewRow(cells=cells, key=cells[0]) for cells in bus], new_id=new_id)
        add_rows(connection, 2, [NewRow(cells=cells, key=cells[0]) for cells in water], new_id=new_id)
    return database


def service(language: str = "vi") -> ServiceFacts:
    keywords = {one.service: VOCABULARY.taught[one.name] for one in VOCABULARY.grammars if one.default_keywords}
    return replace(ServiceFacts(keywords=keywords), wording=CATALOGUES[language])


def answers(database: Database, texts: Sequence[str], language: str = "vi") -> Sequence[Answer]:
    read: Callable[[str], object] = lambda text: parsers.read(text, today=date(2026, 11, 29), vocabulary=VOCABULARY)  # noqa: E731 - short
    with database.read() as connection:
        meant, dossiers, found = OWN.prefetch(connection, [read(text) for text in texts], service(language))  # type: ignore[misc]
        return [
            handle(
                one,
                Context(
                    connection=connection,
                    now=NOW,
                    new_id=int,
                    ids_a_day=IDS_A_DAY,
                    sender=Address("84905123456"),
                    inbound_id=1,
                    service=service(language),
                    dossiers=dossiers,
                    rows=found,
                ),
                OWN,
            )
            for one in meant
        ]


def test_rows_are_told_in_the_offices_sentence(rows: Database) -> None:
    texts = ("BUS R1O", "bus tuyen r 10", "BUS RI0", "NUOC DN123456 abi2cd", "LICHTIEP lam viec", "BUS 7")
    told = answers(rows, texts)
    assert [one.text for one in told[:5]] == [
        "Tuyen R1O: Cho Con - Hoi An.",
        "Tuyen R10: Ben xe - Cang.",
        "R10 giong nhieu ma. Xin xem ky 0/O, 1/I/L roi gui lai. Ho tro: 1022".replace("R10", "RI0"),
        "Khach hang DN123456: 245.000 dong.",
        "Thu 2 den thu 6, 7h30-17h.",
    ]
    assert told[3].masked == "Khach hang DN123456: **** dong."
    assert len(told[5].text) <= 306, "an answer that grew is cut"
    assert [one.outcome for one in told] == [
        "table_told",
        "table_told",
        "table_several",
        "table_told",
        "own_answer_said",
        "table_told",
    ]


def test_a_wrong_key_a_wrong_secret_no_secret_and_a_row_without_one_are_answered_alike(rows: Database) -> None:
    for language in CATALOGUES:
        closed = answers(
            rows,
            ["NUOC DN1 1111", "NUOC DN123456 WXYZ", "NUOC DN123456 44", "NUOC DN123456", "NUOC DN777 1111"],
            language,
        )
        assert len({(one.text, one.outcome) for one in closed}) == 1, closed
        (unknown,) = answers(rows, ["BUS 99"], language)
        for one in (*closed, unknown):
            assert len(one.text) <= 160
            assert is_plain(one.text)
            assert one.outcome == "table_not_found"
    assert answers(rows, ["BUS 99"])[0].text.startswith("Khong tim thay 99. Xin xem lai va soan: BUS so tuyen gui 8188")


def test_a_key_with_its_secret_is_a_guess_and_an_open_row_is_none() -> None:
    for text, guessed in (("NUOC DN1 4444", 1), ("NUOC 4321 DN1234", 2), ("NUOC DN1", 0), ("BUS 5", 0)):
        reading = parsers.read(text, today=date(2026, 11, 29), vocabulary=VOCABULARY)
        assert len(OWN.guessable(reading).codes) == guessed, text


def test_a_wrong_secret_that_an_operator_tries_is_a_guess(rows: Database) -> None:
    with rows.read() as connection:
        for text, wrong in (
            ("NUOC DN123456 ABI2CD", 0),
            ("NUOC DN123456 WXYZ", 1),
            ("NUOC DN1 WXYZ", 1),
            ("NUOC DN1", 0),
        ):
            reading = parsers.read(text, today=date(2026, 11, 29), vocabulary=VOCABULARY)
            assert isinstance(reading, AskTable)
            tried = OWN.of(reading).secrets_tried
            assert tried is not None
            assert len(tried(connection, reading, {}).wrong) == wrong, text


def test_a_row_opens_to_everyday_spellings_of_its_secret(rows: Database) -> None:
    texts = (
        "xin NUOC DN123456 AB12CD nhe",
        "NUOC DN123456-AB12CD",
        "NUOC DN123456 mk la AB12CD",
        "NUOC DN123456 mat khau cua toi la AB 12 CD",
        "NUOC 4321 B1234",
        "NUOC B1234 4321",
        "NUOC 5555 A1234",
    )
    with rows.write() as connection:
        given = [("B1234", "4321", "1"), ("5555", "A1234", "2")]
        rows_given = [NewRow(cells=cells, key=cells[0]) for cells in given]
        add_rows(connection, 2, rows_given, new_id=count(100).__next__)
    told = [one.text for one in answers(rows, texts)]
    assert told == ["Khach hang DN123456: 245.000 dong."] * 4 + ["Khach hang B1234: 1 dong."] * 2 + [
        "Khach hang 5555: 2 dong."
    ]


def test_a_row_whose_key_begins_with_a_label_is_found(rows: Database) -> None:
    with rows.write() as connection:
        given = [("KH001234", "9876", "1"), ("SO12/QD", "AB12CD", "2")]
        add_rows(connection, 2, [NewRow(cells=one, key=one[0]) for one in given], new_id=count(100).__next__)
    texts = ["NUOC KH 001234 9876", "NUOC KH-001234 9876", "NUOC ma KH001234 9876", "NUOC so 12/QD AB12CD"]
    told = [one.text for one in answers(rows, texts)]
    assert told == ["Khach hang KH001234: 1 dong."] * 3 + ["Khach hang SO12/QD: 2 dong."]
    wrong = parsers.read("NUOC KH 001234 1111", today=date(2026, 11, 29), vocabulary=VOCABULARY)
    assert len(OWN.guessable(wrong).codes) == 1, "one try"


def test_two_numbers_with_a_slash_are_no_third_one(rows: Database) -> None:
    with rows.write() as connection:
        given = [("1617", "Cảng"), ("45/2023", "Chợ")]
        add_rows(connection, 1, [NewRow(cells=one, key=one[0]) for one in given], new_id=count(100).__next__)
    told = [one.text for one in answers(rows, ["BUS 1617", "BUS 45/2023", "BUS 452023", "BUS 16/17", "BUS 16 / 17"])]
    assert told[:3] == ["Tuyen 1617: Cang.", "Tuyen 45/2023: Cho.", "Tuyen 45/2023: Cho."]
    assert not any("Cang" in one for one in told[3:]), told


def test_help_lists_tables_and_answers_and_explains_one(rows: Database) -> None:
    every, bus, water, misread = (one.text for one in answers(rows, ["HD", "HD BUS", "NUOC HD", "BUS"]))
    assert all(word in every for word in ("BUS", "NUOC", "LICHTIEP"))
    assert bus == "tuyen xe buyt: soan BUS so tuyen gui 8188. Ho tro: 1022"
    assert water == "tien nuoc: soan NUOC ma khach hang, mat khau gui 8188. Ho tro: 1022"
    assert misread.startswith("Chua thay so tuyen.")
    assert "BUS so tuyen" in misread
    assert max(map(len, (every, bus, water, misread))) <= 160


def test_a_keyword_with_a_slip_gets_the_text_to_copy(rows: Database) -> None:
    told = answers(rows, ["BUSS 16", "NUOCC DN123456 4321"])
    assert "BUS 16" in told[0].text
    assert "4321" not in told[1].text
    assert "NUOC DN123456 ****" in told[1].text
