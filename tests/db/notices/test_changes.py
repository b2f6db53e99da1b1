"""Changes of dossiers and what follows from them for those who follow the dossiers, on both databases."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from db.back_office.dossier_pushes import PushedDossier, push_dossiers
from db.citizens.dossiers import DossierFacts, change_dossier
from db.schema import NoticeState, notice
from db.store.engine import Database
from tests.db.citizens.dossier_rows import find_by_code
from tests.db.notices.followers import CODE, HOLD, S, at, follow, new_id, notices, store, terms_for

OTHER = "H17-261129-0002"


def test_a_change_makes_a_notice_in_its_own_commit_and_each_is_told_once(database: Database) -> None:
    store(database, S.REGISTERED)
    follow(database)
    store(database, S.ACCEPTED, minute=1)
    assert notices(database) == []  # notices are off
    terms_for(database)
    store(database, S.PAPERS_WANTED, minute=2, wanted="ban sao CCCD", fix="nop tai Mot cua")
    store(database, S.PAPERS_WANTED, minute=3, wanted="ban sao CCCD", fix="nop tai Mot cua")  # the same again
    store(database, S.PAPERS_WANTED, minute=3, code=OTHER)  # nobody follows it
    assert notices(database) == [("papers_wanted", "waiting")]
    with database.read() as connection:
        row = connection.execute(select(notice)).one()
    assert (row.made_at, row.not_before) == (at(2), at(2) + HOLD)


def test_of_two_changes_within_the_hold_only_the_last_is_told_and_not_later(database: Database) -> None:
    terms_for(database)
    store(database, S.ACCEPTED)
    follow(database)
    store(database, S.PAPERS_WANTED, minute=10, wanted="CCCD")
    store(database, S.IN_PROGRESS, minute=20)  # tells nothing
    assert notices(database) == [("papers_wanted", "replaced")]
    store(database, S.PAPERS_WANTED, minute=25, wanted="CCCD")  # it is true again
    store(database, S.DONE, minute=30, pick_up="Mot cua")
    assert notices(database) == [("papers_wanted", "replaced"), ("done", "waiting")]
    with database.read() as connection:
        held = connection.scalar(select(notice.c.not_before).where(notice.c.state == NoticeState.WAITING))
    assert held == at(25) + HOLD


def test_a_page_and_a_push_tell_it_as_an_import_does(database: Database) -> None:
    terms_for(database)
    store(database, S.REGISTERED)
    follow(database)
    with database.write() as connection:
        found = find_by_code(connection, CODE)
        assert found is not None
        after = DossierFacts(code=CODE, status=S.STOPPED)
        assert change_dossier(connection, found, after, now=at(1))
    with database.write() as connection:
        pushed = PushedDossier(facts=DossierFacts(code=CODE, status=S.RETURNED), at=at(3))
        push_dossiers(connection, [pushed], corrects=True, by="api:lgsp", new_id=new_id, now=at(4))
    assert notices(database) == [("stopped", "replaced"), ("returned", "waiting")]


def test_a_due_date_that_passed_and_is_replaced_is_apologised_for_once(database: Database) -> None:
    terms_for(database)
    store(database, S.IN_PROGRESS, due_on=date(2026, 11, 29))
    follow(database)
    for due_on in (date(2026, 12, 5), date(2026, 12, 8)):  # the second moves a date that has not passed
        store(database, S.IN_PROGRESS, minute=1, due_on=due_on)
    assert notices(database) == [("overdue", "waiting")]
