"""The questions behind the operators' pages, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from db.citizens import account_administration
from db.citizens.dossier_uploads import (
    Upload,
    UploadPreview,
    find_preview,
    find_upload,
    finish_upload,
    forget_uploads,
    keep_reading,
    keep_upload,
)
from db.citizens.dossiers import DossierFacts, change_dossier, compare, facts_of, import_dossiers
from db.messages import resend
from db.reports.misreads import read_misreadings
from db.reports.rollups import find_waiting
from db.schema import DossierStatus, InboundState, OperatorRole, OutboundState, UploadKind
from db.staff import address_lockout
from db.staff.operators import add_operator
from db.staff.second_factor import set_second_factor, take_recovery_code, take_step
from db.staff.wordings import WordingChange, add_wording_change, present_wordings, wording_history
from db.store.engine import Database
from tests.db.citizens.dossier_rows import find_by_code
from tests.sms_gateway.pages.message_rows import MessageRows

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.fixture
def new_id() -> Callable[[], int]:
    numbers = count(1000)
    return lambda: next(numbers)


def test_what_waits_is_found_with_its_age(database: Database, new_id: Callable[[], int]) -> None:
    with database.write() as connection:
        assert find_waiting(connection).oldest_text is None
        rows = MessageRows(connection=connection, new_id=new_id, now=NOW)
        rows.text("a", state=InboundState.RECEIVED)
        rows.now += timedelta(minutes=1)
        rows.answer(rows.text("b", state=InboundState.RECEIVED), "x", state=OutboundState.QUEUED)
        rows.text("c", state=InboundState.PARKED)
        waiting = find_waiting(connection)
    assert (waiting.texts, waiting.answers, waiting.parked, waiting.oldest_text) == (2, 1, 1, NOW)
    assert waiting.oldest_answer is not None
    assert waiting.oldest_answer > NOW


def test_a_queued_answer_is_not_sent_again_and_a_received_text_not_run_again(
    database: Database, new_id: Callable[[], int]
) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOW)
        made = rows.text("HD", state=InboundState.RECEIVED)
        queued = rows.answer(made, "x", state=OutboundState.QUEUED)
        sent = rows.answer(made, "x")

        found = resend.find_to_send_again(connection, sent)
        assert found is not None
        assert (found.inbound_id, found.body) == (made, "x")
        assert resend.find_to_send_again(connection, queued) is None
        assert resend.find_to_send_again(connection, 1) is None
        assert resend.run_again(connection, made) is False
        assert resend.run_again(connection, 1) is False


def test_an_address_is_locked_and_forgotten(database: Database) -> None:
    with database.write() as connection:
        for _ in range(address_lockout.FREE_TRIES - 1):
            address_lockout.count_wrong(connection, "203.0.113.7", NOW)
        assert not address_lockout.is_locked(connection, "203.0.113.7", NOW)
        for wait in (1, 2, 4):
            address_lockout.count_wrong(connection, "203.0.113.7", NOW)
            assert address_lockout.is_locked(connection, "203.0.113.7", NOW + timedelta(minutes=wait, seconds=-1))
            assert not address_lockout.is_locked(connection, "203.0.113.7", NOW + timedelta(minutes=wait))
        for _ in range(30):
            address_lockout.count_wrong(connection, "203.0.113.7", NOW)
        assert not address_lockout.is_locked(connection, "203.0.113.7", NOW + address_lockout.LONGEST_LOCK)
        address_lockout.forgive(connection, "203.0.113.7")
        assert not address_lockout.is_locked(connection, "203.0.113.7", NOW)
        assert address_lockout.forget_old(connection, NOW + timedelta(hours=23)) == 0
        assert address_lockout.forget_old(connection, NOW + timedelta(days=1)) == 1


def test_codes_serve_once(database: Database) -> None:
    with database.write() as connection:
        add_operator(connection, operator_id=1, name="lan", password_hash="-", role=OperatorRole.VIEWER, now=NOW)
        set_second_factor(connection, 1, "SECRET", ["AAAA", "BBBB"], step=6)
        assert [take_step(connection, 1, step) for step in (7, 7, 6, 8)] == [True, False, False, True]
        assert [take_recovery_code(connection, 1, code) for code in ("AAAA", "AAAA", "CCCC")] == [True, False, False]
        assert take_recovery_code(connection, 2, "BBBB") is False


def test_a_dossier_that_was_changed_meanwhile_is_left_alone(database: Database, new_id: Callable[[], int]) -> None:
    one = DossierFacts(code="H17-1", status=DossierStatus.ACCEPTED)
    with database.write() as connection:
        import_dossiers(connection, [one], new_id=new_id, now=NOW)
        found = find_by_code(connection, "H17-1")
        assert found is not None
        done = DossierFacts(code="H17-1", status=DossierStatus.DONE)
        assert change_dossier(connection, found, done, now=NOW + timedelta(seconds=1))
        assert not change_dossier(connection, found, facts_of(found), now=NOW + timedelta(seconds=2))
        comparison = compare(connection, [done, one, DossierFacts(code="H17-2", status=DossierStatus.DONE)])
    assert (len(comparison.new), len(comparison.changed), comparison.same) == (1, 1, 0)


def test_a_file_is_its_operators_alone(database: Database, new_id: Callable[[], int]) -> None:
    with database.write() as connection:
        for operator in (1, 2):
            add_operator(
                connection,
                operator_id=operator,
                name=f"o{operator}",
                password_hash="-",
                role=OperatorRole.VIEWER,
                now=NOW,
            )
        first = Upload(id=new_id(), name="a.csv", octets=b"x", preview="{}", facts=b"f")
        keep_upload(connection, first, operator_id=1, now=NOW)
        assert find_upload(connection, first.id, operator_id=2, now=NOW) is None
        assert find_preview(connection, first.id, operator_id=2, now=NOW) is None
        keep_reading(connection, first.id, preview="[]", facts=b"h")
        read = replace(first, preview="[]", facts=b"h")
        assert find_upload(connection, first.id, operator_id=1, now=NOW) == read
        assert finish_upload(connection, first.id, preview="[1]")
        assert not finish_upload(connection, first.id, preview="[2]")
        assert find_upload(connection, first.id, operator_id=1, now=NOW) is None
        shown = UploadPreview(id=first.id, name="a.csv", preview="[1]")
        assert find_preview(connection, first.id, operator_id=1, now=NOW) == shown
        second = Upload(id=new_id(), name="b.csv", octets=b"y", preview="{}", facts=b"g")
        keep_upload(connection, second, operator_id=1, now=NOW)
        assert find_upload(connection, first.id, operator_id=1, now=NOW) is None
        units = Upload(id=new_id(), name="c.csv", octets=b"z", preview="{}", facts=b"", kind=UploadKind.UNITS)
        keep_upload(connection, units, operator_id=1, now=NOW)
        assert find_upload(connection, second.id, operator_id=1, now=NOW) == second, "a file of another kind"
        assert find_upload(connection, units.id, operator_id=1, now=NOW) == units
        assert forget_uploads(connection, NOW + timedelta(hours=1)) == 2


def test_the_newest_wording_of_a_phrase_holds(database: Database, new_id: Callable[[], int]) -> None:
    with database.write() as connection:
        for phrase, forms in (("help", ("a",)), ("help", ("b", "c")), ("sorry", ("d",)), ("sorry", None)):
            change = WordingChange(id=new_id(), phrase=phrase, language="vi", at=NOW, operator="lan", forms=forms)
            add_wording_change(connection, change)
        assert present_wordings(connection, "vi") == {"help": ("b", "c")}
        assert present_wordings(connection, "en") == {}
        assert [change.forms for change in wording_history(connection, "sorry", "vi")] == [None, ("d",)]


def test_misreadings_are_the_newest_and_no_more_than_asked(database: Database, new_id: Callable[[], int]) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOW)
        made = [rows.text(f"t{number}", reading="misread:empty") for number in range(4)]
        rows.text("HD")
        found = list(read_misreadings(connection, ["misread:empty"], since=made[1], most=2))
    assert [(one.id, one.body) for one in found] == [(made[3], "t3"), (made[2], "t2")]
    assert found[0].who == found[1].who
    assert "t3" not in repr(found)


def test_of_no_account_nothing_is_changed(database: Database) -> None:
    with database.write() as connection:
        assert account_administration.find_account(connection, 1) is None
        assert not account_administration.disable(connection, 1)
        assert list(account_administration.newest_accounts(connection, before=5)) == []
        assert list(account_administration.search_accounts(connection, user_name="x", id_number="y")) == []
