"""Dossiers: look-alike keys, import, search, and the index that makes a look-up cheap."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from itertools import count as numbers
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from db.citizens import dossier_search
from db.citizens.dossier_search import search
from db.citizens.dossiers import (
    Dossier,
    DossierFacts,
    ImportCounts,
    canonical,
    compare,
    count,
    find_by_id,
    find_by_lookalike,
    import_dossiers,
    lookalike_key,
)
from db.schema import DossierStatus
from db.store.engine import Database
from tests.db.citizens.dossier_rows import find_by_code
from tests.db.plans import explained

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CODE = "000.00.12.H17-230815-0007"
FACTS = DossierFacts(
    code=CODE,
    status=DossierStatus.PAPERS_WANTED,
    procedure="Đăng ký kết hôn",
    received_on=date(2023, 8, 15),
    due_on=date(2023, 8, 30),
    wanted="Ảnh 3x4",
    pick_up="Bộ phận một cửa",
)


def bring_in(connection: Connection, *facts: DossierFacts, now: datetime = NOW) -> ImportCounts:
    start = count(connection) + 1
    return import_dossiers(connection, facts, new_id=numbers(start).__next__, now=now)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(CODE, "0000012H172308150007", id="dots and hyphens"),
        pytest.param("h17 12 230815 0007", "H17122308150007", id="blanks and lower case"),
        pytest.param("04486.G/2019/08708", "04486G201908708", id="slashes"),
        pytest.param("TĐ-123", "TD123", id="Đ has no decomposition"),
        pytest.param("HỒ-123", "HO123", id="accents"),
        pytest.param("１２３", "123", id="full width"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_canonical_keeps_letters_and_digits(written: str, expected: str) -> None:
    assert canonical(written) == expected


@given(st.text())
def test_canonical_and_lookalike_key_are_idempotent_and_hold_plain_letters(written: str) -> None:
    plain = canonical(written)
    assert canonical(plain) == plain
    key = lookalike_key(plain)
    assert lookalike_key(key) == key
    assert key.isascii()
    assert not set(key) & set("OIL")
    assert all(letter.isdigit() or letter.isupper() for letter in key)


def test_letters_that_look_like_digits_have_one_key() -> None:
    assert lookalike_key("OIL01") == lookalike_key("0110I") == "01101"


def test_brings_in_and_finds_every_fact(database: Database) -> None:
    with database.write() as connection:
        assert bring_in(connection, FACTS) == ImportCounts(new=1)
    with database.read() as connection:
        found = find_by_code(connection, CODE)
        assert found is not None
        assert find_by_id(connection, found.id) == found
        assert find_by_lookalike(connection, {lookalike_key(canonical(CODE))}) == {found.lookalike: [found]}
        assert find_by_code(connection, "1") is None
        assert find_by_id(connection, 99) is None
    assert (found.code, found.canonical, found.lookalike) == (CODE, "0000012H172308150007", "0000012H172308150007")
    assert (found.status, found.procedure, found.wanted) == (FACTS.status, FACTS.procedure, FACTS.wanted)
    assert (found.received_on, found.due_on, found.pick_up) == (FACTS.received_on, FACTS.due_on, FACTS.pick_up)
    assert found.updated_at == NOW


def test_a_second_import_changes_nothing_and_a_third_what_differs(database: Database) -> None:
    other = replace(FACTS, code="H17.12-230815-0008")
    later = NOW.replace(hour=9)
    with database.write() as connection:
        bring_in(connection, FACTS, other)
        assert bring_in(connection, FACTS, other, now=later) == ImportCounts(same=2)
        assert [one.updated_at for one in search(connection).dossiers] == [NOW, NOW]
        done = replace(FACTS, status=DossierStatus.DONE, wanted=None)
        assert bring_in(connection, done, other, now=later) == ImportCounts(changed=1, same=1)
        found = find_by_code(connection, CODE)
        assert found is not None
        assert (found.status, found.wanted, found.updated_at) == (DossierStatus.DONE, None, later)
        assert count(connection) == 2


def test_of_a_code_given_twice_the_later_facts_hold(database: Database) -> None:
    with database.write() as connection:
        bring_in(connection, FACTS, replace(FACTS, status=DossierStatus.DONE))
        found = find_by_code(connection, CODE)
    assert found is not None
    assert found.status is DossierStatus.DONE


BLANK = DossierFacts(code=CODE, status=FACTS.status)
FILLED = replace(FACTS, identity="3456", password="7GHQK9QX")


def after(connection: Connection, *facts: DossierFacts) -> Dossier:
    """Import these one after the other; return what is on file then."""
    for one in facts:
        bring_in(connection, one)
    found = find_by_code(connection, CODE)
    assert found is not None
    return found


def test_a_blank_erases_nothing(database: Database) -> None:
    with database.write() as connection:
        before = after(connection, FILLED)
        assert bring_in(connection, BLANK) == ImportCounts(same=1)
        assert after(connection) == before
        other_state = replace(BLANK, status=DossierStatus.DONE)
        assert compare(connection, [other_state]).changed[0][1] == replace(
            FACTS, status=DossierStatus.DONE, wanted=None
        )
        left = after(connection, other_state)
    assert left == replace(before, status=DossierStatus.DONE, wanted=None)


def test_what_was_wanted_in_an_earlier_state_is_never_told_in_a_later_one(database: Database) -> None:
    money = replace(BLANK, status=DossierStatus.PAYMENT_WANTED)
    back = replace(BLANK, status=DossierStatus.IN_PROGRESS)
    with database.write() as connection:
        assert after(connection, FILLED, money).wanted is None
        assert after(connection, FILLED, back, BLANK).wanted is None
        assert after(connection, FILLED, replace(money, wanted="500000")).wanted == "500000"


@pytest.mark.parametrize("name", ["procedure", "received_on", "due_on", "wanted", "pick_up", "identity", "password"])
def test_a_file_takes_a_fact_away_when_it_says_so(database: Database, name: str) -> None:
    column = {"identity": "identity_mark", "password": "password_mark"}.get(name, name)
    with database.write() as connection:
        before = after(connection, FILLED)
        taken = replace(BLANK, cleared=frozenset({name}))
        assert bring_in(connection, taken) == ImportCounts(changed=1)
        changed = after(connection)
        assert {one.name for one in fields(Dossier) if getattr(changed, one.name) != getattr(before, one.name)} == {
            column
        }
        assert getattr(changed, column) is None
        assert bring_in(connection, taken) == ImportCounts(same=1)


def test_a_new_dossier_has_nothing_to_take_away(database: Database) -> None:
    with database.write() as connection:
        assert bring_in(connection, replace(BLANK, cleared=frozenset({"due_on", "identity"}))) == ImportCounts(new=1)


@pytest.mark.parametrize(
    "spelling", ["h17.12-230815-0001", "H17 12 230815 0001", "H17122308150001", "h17-12/230815.0001"]
)
def test_a_code_in_another_spelling_is_the_same_dossier(database: Database, spelling: str) -> None:
    first = DossierFacts(code="H17.12-230815-0001", status=DossierStatus.IN_PROGRESS)
    with database.write() as connection:
        bring_in(connection, first)
        assert bring_in(connection, replace(first, code=spelling)) == ImportCounts(same=1)
        done = replace(first, code=spelling, status=DossierStatus.DONE)
        assert bring_in(connection, done, done) == ImportCounts(changed=1)
        (found,) = search(connection).dossiers
    assert (found.code, found.status) == (first.code, DossierStatus.DONE)


def test_codes_that_only_look_alike_are_two_dossiers(database: Database) -> None:
    with database.write() as connection:
        assert bring_in(
            connection,
            DossierFacts(code="H17-O001", status=DossierStatus.DONE),
            DossierFacts(code="H17-0001", status=DossierStatus.DONE),
        ) == ImportCounts(new=2)


def test_imports_more_dossiers_than_one_statement_takes(database: Database) -> None:
    many = [replace(FACTS, code=f"H17-{number:06d}") for number in range(1234)]
    with database.write() as connection:
        assert bring_in(connection, *many) == ImportCounts(new=1234)
        keys = {lookalike_key(canonical(one.code)) for one in many}
        assert len(find_by_lookalike(connection, keys)) == 1234


def test_two_imports_of_one_code_at_once_both_succeed(database: Database) -> None:
    counts: list[ImportCounts] = []
    begun = Event()

    def second() -> None:
        begun.set()
        with database.write() as connection:
            facts = [replace(FACTS, status=DossierStatus.DONE)]
            counts.append(import_dossiers(connection, facts, new_id=numbers(100).__next__, now=NOW))

    thread = Thread(target=second)
    with database.write() as connection:
        bring_in(connection, FACTS)
        thread.start()
        begun.wait(5)
        thread.join(0.2)  # on PostgreSQL it now waits for our row, on SQLite for the writer
        assert thread.is_alive()
    thread.join(10)
    with database.read() as connection:
        found = find_by_code(connection, CODE)
        assert count(connection) == 1
    assert len(counts) == 1
    assert found is not None
    assert found.status is DossierStatus.DONE


def test_codes_that_look_alike_come_together_oldest_first(database: Database) -> None:
    codes = ["H17-100", "HI7-100", "H17-1OO", "H17-200"]
    with database.write() as connection:
        bring_in(connection, *(replace(FACTS, code=code) for code in codes))
        found = find_by_lookalike(connection, ["H17100", "H17200", "NONE"])
    assert {key: [one.code for one in some] for key, some in found.items()} == {
        "H17100": ["H17-100", "HI7-100", "H17-1OO"],
        "H17200": ["H17-200"],
    }


def test_asks_nothing_for_no_keys(database: Database) -> None:
    with database.read() as connection, explained(connection) as plans:
        assert find_by_lookalike(connection, set()) == {}
    assert plans == []


def test_searches_newest_first_by_beginning_state_and_page(database: Database) -> None:
    with database.write() as connection:
        for number in range(1, 8):
            status = DossierStatus.DONE if number % 2 else DossierStatus.STOPPED
            bring_in(connection, replace(FACTS, code=f"H17.1-{number:03d}", status=status))
        bring_in(connection, replace(FACTS, code="Z99-9999"))

        def codes(**wanted: Any) -> list[str]:
            return [one.code[-3:] for one in search(connection, **wanted).dossiers]

        assert codes(limit=3) == ["999", "007", "006"]
        assert codes(part="hi7.1", status=DossierStatus.DONE) == ["007", "005", "003", "001"]
        page = search(connection, part="H17", limit=2).dossiers
        assert [one.code[-3:] for one in page] == ["007", "006"]
        assert codes(status=DossierStatus.DONE, limit=3) == ["007", "005", "003"]
        last = search(connection, status=DossierStatus.DONE, limit=3).dossiers[-1]
        assert codes(status=DossierStatus.DONE, before=last.id) == ["001"]
        assert codes(part="H17", before=page[-1].id, limit=2) == ["005", "004"]
        assert codes(part="Z99") == ["999"]
        assert codes(part="no such") == []


def test_a_code_is_found_by_any_part_of_it_page_by_page(database: Database) -> None:
    with database.write() as connection:
        bring_in(connection, *(replace(FACTS, code=f"000.00.12.H17-230815-{number:04}") for number in range(1, 8)))
        bring_in(connection, replace(FACTS, code="Z99-9999", status=DossierStatus.DONE))
        first = search(connection, part="h17-23O8", limit=4)  # O for 0
        assert [one.code[-1] for one in first.dossiers] == ["7", "6", "5", "4"]
        second = search(connection, part="h17-2308", limit=4, before=first.older)
        assert ([one.code[-1] for one in second.dossiers], second.older) == (["3", "2", "1"], None)
        assert [one.code for one in search(connection, part="9999", status=DossierStatus.DONE).dossiers] == ["Z99-9999"]
        assert search(connection, part="0009").dossiers == []


def test_a_search_looks_at_so_many_codes_and_says_where_it_stopped(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier_search, "MOST_CODES", 3)
    with database.write() as connection:
        bring_in(connection, *(replace(FACTS, code=f"H17-{number:06}") for number in range(8)))
        found, before, pages = [], None, 0
        while pages == 0 or before is not None:
            page = search(connection, part="0001", before=before)
            found += [one.code for one in page.dossiers]
            assert page.stopped_short is (page.older is not None)
            before, pages = page.older, pages + 1
    assert (found, pages) == (["H17-000001"], 3)


def test_look_up_and_search_use_the_index(database: Database) -> None:
    with database.write() as connection:
        bring_in(connection, *(replace(FACTS, code=f"H17-{number:06d}") for number in range(20_000)))
        connection.execute(text("ANALYZE"))
    with database.read() as connection:
        for ask in (
            lambda: find_by_lookalike(connection, ["H17000007", "H17000008", "H17000009"]),
            lambda: search(connection, part="H17-00001"),
        ):
            with explained(connection) as plans:
                ask()
            assert "ix_dossier_lookalike" in "\n".join(plans), plans
        with explained(connection) as plans:
            search(connection, part="0001", limit=3)
        assert "ix_dossier_lookalike" in "\n".join(plans), plans
        with explained(connection) as plans:
            assert not search(connection, status=DossierStatus.DONE).dossiers
        assert "ix_dossier_status" in "\n".join(plans), plans
