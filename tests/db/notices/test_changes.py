"""Changes of dossiers and what follows from them for those who follow the dossiers, on both databases."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from db.back_office.dossier_pushes import PushedDossier, push_dossiers
from db.citizens.dossiers import DossierFacts, change_dossier, facts_of, import_dossiers
from db.notices.subscriptions import end_all, end_some, subscribed
from db.schema import NoticeState, consent, notice, subscription
from db.store.address import Address, Msisdn
from db.store.engine import Database
from tests.db.citizens.dossier_rows import find_by_code
from tests.db.notices.followers import CODE, HOLD, PHONE, S, at, follow, new_id, notices, store, terms_for

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


def test_a_consent_is_kept_with_each_yes_and_no_and_a_no_stops_what_waits(database: Database) -> None:
    terms_for(database)
    for code in (CODE, OTHER):
        store(database, S.ACCEPTED, code=code)
    assert [follow(database, code=one) for one in (CODE, CODE, OTHER)] == [1, 0, 1]
    for code in (CODE, OTHER):
        store(database, S.STOPPED, code=code, minute=5)
    with database.write() as connection:
        assert subscribed(connection, [PHONE, Address("84905999999")]) == {PHONE}
        some = end_some(connection, PHONE, ["H172611290002", "H1799"], inbound_id=8, new_id=new_id, now=at(6))
        assert some.codes == (OTHER,)
    assert notices(database) == [("stopped", "waiting"), ("stopped", "dropped")]
    with database.write() as connection:
        assert end_all(connection, PHONE, inbound_id=9, new_id=new_id, now=at(7)).codes == (CODE,)
        assert end_all(connection, PHONE, inbound_id=9, new_id=new_id, now=at(7)).codes == ()
        assert subscribed(connection, [PHONE]) == set()
        rows = connection.execute(select(consent.c.given, consent.c.inbound_id).order_by(consent.c.id)).all()
    assert [tuple(row) for row in rows] == [(True, 7), (True, 7), (False, 8), (False, 9)]
    assert follow(database, minute=8) == 1  # and again


def test_a_telephone_of_a_file_counts_only_when_its_consent_is_stated(database: Database) -> None:
    facts = [
        DossierFacts(code=CODE, status=S.ACCEPTED, phone=Msisdn(PHONE)),
        DossierFacts(code=OTHER, status=S.RETURNED, phone=Msisdn(Address("84905777777"))),
    ]

    def import_file(minute: int, stated_by: str | None) -> None:
        with database.write() as connection:
            import_dossiers(connection, facts, new_id=new_id, now=at(minute), consents_stated_by=stated_by)

    import_file(0, "lan")  # notices are off: no number is kept
    terms_for(database)
    import_file(1, None)
    with database.read() as connection:
        assert connection.execute(select(subscription)).all() == []
    import_file(2, "lan")
    import_file(3, "lan")
    with database.write() as connection:
        rows = connection.execute(select(consent.c.stated_by, consent.c.inbound_id)).all()
        assert [tuple(row) for row in rows] == [("lan", None)] * 2
        end_all(connection, PHONE, inbound_id=9, new_id=new_id, now=at(4))
    import_file(5, "lan")  # its owner said no: only a text of theirs begins it again
    with database.read() as connection:
        assert subscribed(connection, [PHONE]) == set()
        found = find_by_code(connection, CODE)
    assert found is not None
    assert facts_of(found).phone is None
    assert notices(database) == []  # both dossiers were there before
