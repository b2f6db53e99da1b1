"""Pushed dossiers on the real database: any order, any repetition, and a model beside it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from db.back_office.dossier_pushes import FINAL, PushedDossier, PushOutcome, push_dossiers
from db.citizens.dossier_history import changes_of
from db.citizens.dossiers import DossierFacts, import_dossiers, read_dossier
from db.schema import DossierStatus, dossier
from db.store.engine import Database

NOON = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)
CODE = "000.00.12.H17-261129-0001"
S = DossierStatus


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def push(
    database: Database, *pushed: tuple[str, DossierStatus, int], corrects: bool = False, now: int = 600
) -> Sequence[PushOutcome]:
    ids = count(now * 1000 + 1)
    given_ = [PushedDossier(facts=DossierFacts(code=code, status=status), at=at(then)) for code, status, then in pushed]
    with database.write() as connection:
        outcomes = push_dossiers(
            connection, given_, corrects=corrects, by="api:lgsp", new_id=lambda: next(ids), now=at(now)
        )
    return list(outcomes.values())


def statuses(database: Database) -> dict[str, DossierStatus]:
    with database.read() as connection:
        return {row.code: row.status for row in connection.execute(select(dossier))}


def test_an_older_change_never_undoes_a_newer_one(database: Database) -> None:
    assert push(database, (CODE, S.IN_PROGRESS, 10), now=20) == [PushOutcome.NEW]
    assert push(database, (CODE, S.ACCEPTED, 5), now=21) == [PushOutcome.OLDER]
    assert push(database, (CODE, S.IN_PROGRESS, 10), now=22) == [PushOutcome.SAME]
    assert push(database, (CODE, S.IN_PROGRESS, 15), now=23) == [PushOutcome.SAME]
    assert push(database, (CODE, S.PAPERS_WANTED, 12), now=24) == [PushOutcome.OLDER]  # it holds since minute 15
    assert push(database, (CODE, S.PAPERS_WANTED, 15), now=25) == [PushOutcome.CHANGED]  # of equal times the later
    assert statuses(database) == {CODE: S.PAPERS_WANTED}


def test_what_is_the_same_is_not_written_again(database: Database) -> None:
    push(database, (CODE, S.IN_PROGRESS, 10), now=20)
    with database.read() as connection:
        before = read_dossier(connection.execute(select(dossier)).one())
    push(database, (CODE, S.IN_PROGRESS, 10), now=30)
    with database.read() as connection:
        assert read_dossier(connection.execute(select(dossier)).one()) == before
        assert changes_of(connection, before.id) == []


def test_a_dossier_that_has_ended_is_changed_only_by_a_later_correction(database: Database) -> None:
    push(database, (CODE, S.DONE, 10), now=11)
    assert push(database, (CODE, S.IN_PROGRESS, 12), now=13) == [PushOutcome.FINAL]
    assert push(database, (CODE, S.RETURNED, 14), now=15) == [PushOutcome.CHANGED]  # that follows by itself
    assert push(database, (CODE, S.IN_PROGRESS, 14), corrects=True, now=16) == [PushOutcome.FINAL]  # not later
    assert push(database, (CODE, S.IN_PROGRESS, 15), corrects=True, now=17) == [PushOutcome.CHANGED]
    with database.read() as connection:
        found = read_dossier(connection.execute(select(dossier)).one())
        history = [(one.operator, one.before, one.after) for one in changes_of(connection, found.id)]
    assert history == [
        ("api:lgsp", S.RETURNED, S.IN_PROGRESS),
        ("api:lgsp", S.DONE, S.RETURNED),
    ]


def test_an_import_counts_at_its_own_time(database: Database) -> None:
    push(database, (CODE, S.ACCEPTED, 10), now=11)
    ids = count(1)
    with database.write() as connection:
        facts = [DossierFacts(code=CODE, status=S.IN_PROGRESS)]
        import_dossiers(connection, facts, new_id=lambda: next(ids), now=at(30))
    assert push(database, (CODE, S.PAPERS_WANTED, 29), now=31) == [PushOutcome.OLDER]
    assert push(database, (CODE, S.PAPERS_WANTED, 31), now=32) == [PushOutcome.CHANGED]


def test_many_dossiers_go_in_one_call(database: Database) -> None:
    many = [(f"H17-261129-{number:04}", S.ACCEPTED, 1) for number in range(700)]
    assert set(push(database, *many, now=2)) == {PushOutcome.NEW}
    assert set(push(database, *many, now=3)) == {PushOutcome.SAME}
    assert len(statuses(database)) == 700


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["H17-261129-0001", "H17-261129-0002", "h17 261129 0001"]),
        st.sampled_from(S),
        st.integers(0, 5),
        st.booleans(),
    ),
    max_size=8,
)


def expected(sequence: Sequence[tuple[str, DossierStatus, int, bool]]) -> dict[str, tuple[DossierStatus, int]]:
    """Return what must be on file: the rules of the interface, written another way than the product's."""
    held: dict[str, tuple[DossierStatus, int]] = {}
    for code, status, then, corrects in sequence:
        key = "".join(sign for sign in code.upper() if sign.isalnum())
        if key in held:
            before, since = held[key]
            leaves = before in FINAL and status != before and (before, status) != (S.DONE, S.RETURNED)
            if then < since or (leaves and not (corrects and then > since)):
                continue
        held[key] = (status, then)
    return held


@pytest.mark.long_on_postgresql
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=CHANGES, times=st.sampled_from([1, 2]))
def test_the_model_and_the_database_agree_on_any_sequence(
    database: Database, sequence: list[tuple[str, DossierStatus, int, bool]], times: int
) -> None:
    with database.write() as connection:
        connection.execute(delete(dossier))
    whole = [one for one in sequence for _ in range(times)]
    for number, (code, status, then, corrects) in enumerate(whole):
        push(database, (code, status, then), corrects=corrects, now=100 + number)
    with database.read() as connection:
        found = [read_dossier(row) for row in connection.execute(select(dossier))]
    assert {one.canonical: (one.status, one.changed_at) for one in found} == {
        key: (status, at(then)) for key, (status, then) in expected(whole).items()
    }


@pytest.mark.long_on_postgresql
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([(S.REGISTERED, 1), (S.ACCEPTED, 2), (S.IN_PROGRESS, 3), (S.DONE, 4)]))
def test_whatever_the_order_the_newest_status_holds_in_the_end(
    database: Database, order: list[tuple[DossierStatus, int]]
) -> None:
    with database.write() as connection:
        connection.execute(delete(dossier))
    for number, (status, then) in enumerate(order):
        push(database, (CODE, status, then), now=100 + number)
    assert statuses(database) == {CODE: S.DONE}


def test_pushes_at_the_same_time_end_with_the_newest_status(database: Database) -> None:
    codes = [f"H17-261129-{number:04}" for number in range(20)]
    order = [(S.IN_PROGRESS, 3), (S.REGISTERED, 1), (S.DONE, 4), (S.ACCEPTED, 2)]

    def one(number: int) -> None:
        status, then = order[number]
        push(database, *((code, status, then) for code in codes), now=100 + number)

    with ThreadPoolExecutor(len(order)) as pool:
        list(pool.map(one, range(len(order))))
    assert statuses(database) == dict.fromkeys(codes, S.DONE)
