"""Consents: each yes and no is kept, a no stops what waits, and a file needs a statement."""

from __future__ import annotations

from sqlalchemy import select

from db.citizens.dossiers import DossierFacts, facts_of, import_dossiers
from db.notices.subscriptions import end_all, end_some, subscribed
from db.schema import consent, subscription
from db.store.address import Address, Msisdn
from db.store.engine import Database
from tests.db.citizens.dossier_rows import find_by_code
from tests.db.notices.followers import CODE, PHONE, S, at, follow, new_id, notices, store, terms_for

OTHER = "H17-261129-0002"


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


def test_a_no_of_a_phone_without_subscriptions_is_kept_once_and_holds_against_files(database: Database) -> None:
    terms_for(database)
    store(database, S.ACCEPTED)
    with database.write() as connection:
        for minute in (1, 2):
            end_all(connection, PHONE, inbound_id=9, new_id=new_id, now=at(minute))
        facts = [DossierFacts(code=CODE, status=S.ACCEPTED, phone=Msisdn(PHONE))]
        import_dossiers(connection, facts, new_id=new_id, now=at(3), consents_stated_by="lan")
        assert subscribed(connection, [PHONE]) == set()
        assert connection.scalars(select(consent.c.given)).all() == [False]
    assert follow(database, minute=4) == 1  # its owner may


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
