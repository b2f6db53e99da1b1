"""Events for systems of the city: one row for each receiver, in the commit of the effect, and no personal data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Connection, insert, select

from db.citizens.accounts import open_account
from db.citizens.dossiers import DossierFacts, change_dossier, facts_of, import_dossiers
from db.messages import expiry, late_outcomes
from db.messages.outbox import Settlement, settle
from db.processes.webhook_deliveries import (
    DeliveryFilter,
    TryResult,
    count_deliveries,
    find_due,
    forget_deliveries,
    give_receivers,
    list_deliveries,
    read_endpoint,
    record_try,
    send_again,
    start_again,
)
from db.processes.webhook_dossiers import forget_asked, has_asked, note_asked, spread_asked
from db.processes.webhook_events import note_event
from db.schema import DossierStatus, OutboundState, WebhookState, WebhookType, outbound, webhook
from db.store.engine import Database
from db.tickets.merging import Merge, merge
from db.tickets.states import TicketEvent
from tests.db.citizens.dossier_rows import find_by_code
from tests.db.citizens.test_accounts import ACCOUNT, HASH
from tests.db.tickets.test_merging import NOTE, SMS
from tests.db.tickets.ticket_rows import Town

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
EVERYTHING = dict.fromkeys(WebhookType, ("lgsp",))
CANARIES = (ACCOUNT.id_number, ACCOUNT.full_name, ACCOUNT.user_name, ACCOUNT.phone, "84905123456", "tam tru")


def events(database: Database) -> list[tuple[str, dict[str, object]]]:
    with database.read() as connection:
        bodies = [json.loads(one) for one in connection.scalars(select(webhook.c.payload).order_by(webhook.c.made_at))]
    return [(one["type"], one["data"]) for one in bodies]


def answer(connection: Connection, row_id: int, state: OutboundState) -> None:
    times = dict.fromkeys(("created_at", "not_before"), NOW)
    connection.execute(
        insert(outbound).values(
            id=row_id,
            link="main",
            sender="8188",
            recipient="84905123456",
            recipient_mark="84905123456",
            body="xin chao",
            reference=1,
            state=state,
            expires_at=NOW,
            **times,
        )
    )


def test_each_effect_writes_its_event_with_ids_and_states_only(database: Database) -> None:
    give_receivers(database, EVERYTHING)
    town = Town(database)
    with database.write() as connection:
        assert open_account(connection, ACCOUNT, password_hash=HASH)
        assert not open_account(connection, replace(ACCOUNT, id=2), password_hash=HASH)  # taken: no event
    assert events(database) == [("account.opened", {"account": "1"})]
    new = DossierFacts(code="H17.12-1", status=DossierStatus.IN_PROGRESS)
    for at in (NOW, NOW + timedelta(seconds=1)):  # the second time nothing changed
        with database.write() as connection:
            import_dossiers(connection, [new], new_id=town.new_id, now=at)
    with database.write() as connection:
        known = find_by_code(connection, "H17.12-1")
        assert known is not None
        facts = replace(facts_of(known), status=DossierStatus.DONE)
        assert change_dossier(connection, known, facts, now=NOW + timedelta(seconds=2))
        assert not change_dossier(connection, known, facts, now=NOW + timedelta(seconds=3))  # overtaken
    assert events(database)[1:] == [
        ("dossier.changed", {"dossier": "H17.12-1", "status": "4"}),
        ("dossier.changed", {"dossier": "H17.12-1", "status": "9"}),
    ]
    with database.read() as connection:
        for payload in connection.scalars(select(webhook.c.payload)):
            assert not any(canary in payload for canary in CANARIES), payload


def test_tickets_report_their_state_and_version(database: Database) -> None:
    town = Town(database)
    give_receivers(database, EVERYTHING)
    with database.write() as connection:
        one, two = town.open(connection), town.open(connection)
        town.happen(connection, one.id, TicketEvent.TAKE)
        merge(
            connection,
            Merge(ticket_id=two.id, version=1, into_id=one.id, entry=SMS, note=NOTE),
            new_id=town.new_id,
        )
    found = [(kind, data["ticket"], data["state"], data["version"]) for kind, data in events(database)]
    assert sorted(found, key=str) == [
        ("ticket.changed", str(one.id), "open", 2),
        ("ticket.changed", str(one.id), "open", 3),
        ("ticket.changed", str(two.id), "closed", 2),
        ("ticket.opened", str(one.id), "new", 1),
        ("ticket.opened", str(two.id), "new", 1),
    ]


def test_an_answer_that_fails_is_one_event_however_it_fails(database: Database) -> None:
    give_receivers(database, EVERYTHING)
    refused = Settlement(
        outbound_id=1,
        state=OutboundState.FAILED,
        data_coding=None,
        segments=None,
        error="refused",
        unsure=False,
        not_before=NOW,
    )
    with database.write() as connection:
        for row_id, state in ((1, "claimed"), (2, "claimed"), (3, "queued"), (4, "queued"), (5, "claimed")):
            answer(connection, row_id, OutboundState(state))
    for _ in range(2):  # safe to repeat
        with database.write() as connection:
            settle(connection, [refused, replace(refused, outbound_id=2, state=OutboundState.QUEUED)], at=NOW)
    with database.write() as connection:
        assert late_outcomes.refuse(connection, 3, error="late", at=NOW + timedelta(seconds=1))
        assert expiry.expire(connection, now=NOW + timedelta(seconds=2))
        expiry.take_over(connection, link=None, lapsed_by=None, most_unanswered=1, now=NOW + timedelta(seconds=3))
    lost = sorted((data["message"], data["state"]) for _, data in events(database))
    assert lost == [("1", "failed"), ("2", "expired"), ("3", "failed"), ("4", "expired"), ("5", "failed")]


def test_no_commit_no_event_and_nothing_where_nobody_wants_it(database: Database) -> None:
    with database.write() as connection:
        note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": "1"}, at=NOW)
    give_receivers(database, {WebhookType.ACCOUNT_OPENED: ("lgsp", "app")})
    with database.write() as connection:
        note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": "1"}, at=NOW)
        connection.rollback()
    with database.write() as connection:
        note_event(connection, WebhookType.DOSSIER_ASKED, {"dossier": "1"}, at=NOW)
    assert events(database) == []
    with database.write() as connection:
        note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": "1"}, at=NOW)
        rows = list_deliveries(connection, DeliveryFilter())
    assert sorted(one.endpoint for one in rows) == ["app", "lgsp"]
    assert len({one.key for one in rows}) == 2


def test_a_delivery_is_due_tried_given_up_sent_again_and_forgotten(database: Database) -> None:
    give_receivers(database, {WebhookType.ACCOUNT_OPENED: ("lgsp",)})
    later = NOW + timedelta(seconds=5)
    with database.write() as connection:
        note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": "1"}, at=NOW)
        (one,) = find_due(connection, "lgsp", now=NOW, limit=9)
        failed = TryResult(delivered=False, at=NOW, next_try=later, status=500, not_before=later)
        assert record_try(connection, one, failed)
        assert not record_try(connection, one, failed), "the number of tries no longer holds"
        assert find_due(connection, "lgsp", now=NOW, limit=9) == []
        assert read_endpoint(connection, "lgsp").failures == 1
        (again,) = find_due(connection, "lgsp", now=later, limit=9)
        assert (again.key, again.tries) == (one.key, 1)
        assert record_try(connection, again, TryResult(delivered=False, at=later, status=410, stops=True))
        assert count_deliveries(connection)["lgsp"].given_up == 1
        assert start_again(connection, "lgsp")
        assert not start_again(connection, "lgsp")
        assert send_again(connection, one.key, now=later)
        assert not send_again(connection, one.key, now=later), "it waits already"
        (last,) = find_due(connection, "lgsp", now=later, limit=9)
        assert (last.key, last.tries, last.payload) == (one.key, 0, one.payload)
        assert record_try(connection, last, TryResult(delivered=True, at=later, status=204))
        (kept,) = list_deliveries(connection, DeliveryFilter(endpoint="lgsp", state=WebhookState.DELIVERED))
        assert (kept.last_status, read_endpoint(connection, "lgsp").failures) == (204, 0)
        assert forget_deliveries(connection, made_before=NOW, limit=9) == 0
        assert forget_deliveries(connection, made_before=later, limit=9) == 1


def test_dossiers_that_were_asked_for_are_one_row_a_round_until_each_receiver_has_its_event(
    database: Database,
) -> None:
    new_id = count(1).__next__
    asked = [("H17.12-1", DossierStatus.IN_PROGRESS), ("13557009", DossierStatus.DONE)]
    with database.write() as connection:
        note_asked(connection, asked, at=NOW, new_id=new_id)
        assert not has_asked(connection), "nobody wants it"
    give_receivers(database, {WebhookType.DOSSIER_ASKED: ("lgsp", "app")})
    with database.write() as connection:
        for minutes in range(3):
            note_asked(connection, asked[: 1 + minutes], at=NOW + timedelta(minutes=minutes), new_id=new_id)
    assert events(database) == [], "the commit of the answer writes one row"
    with database.write() as connection:
        assert spread_asked(connection, limit=2) == 2
        connection.rollback()
    assert events(database) == []
    for rounds in (2, 1, 0):
        with database.write() as connection:
            assert spread_asked(connection, limit=2) == rounds
    each = [
        ("dossier.asked", {"dossier": code, "status": status.value})
        for number in (1, 2, 2)
        for code, status in asked[:number]
        for _ in ("lgsp", "app")
    ]
    assert sorted(map(str, events(database))) == sorted(map(str, each))
    with database.read() as connection:
        rows = list_deliveries(connection, DeliveryFilter(endpoint="app"))
    assert {one.made_at for one in rows} == {NOW + timedelta(minutes=minutes) for minutes in range(3)}
    with database.write() as connection:
        note_asked(connection, asked, at=NOW, new_id=new_id)
        assert [forget_asked(connection, before=NOW + timedelta(seconds=one)) for one in (0, 1, 2)] == [0, 1, 0]
