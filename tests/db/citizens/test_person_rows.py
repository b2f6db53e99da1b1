"""No column is forgotten when a person is told or erased: the schema is held against what the code names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, SmallInteger, Table, insert, select

from db.citizens.erasure import KEPT, erase_id_number, erase_number
from db.citizens.person_export import find_by_id_number, find_by_number
from db.citizens.person_rows import OF_OTHERS, OF_PERSONS
from db.schema import InboundState, NoticeKind, OutboundState, metadata
from db.store.address import Address
from db.store.column_types import Choice, Mark, RowId, SealedOctets, SealedText, Utc
from db.store.engine import Database
from tests.db.citizens.rows_of_person import ID_NUMBER, NAME, NUMBER, add_unit, rows

FREE_OF_PERSONS: Mapping[str, set[str]] = {
    "inbound": {"link", "recipient", "reply_link", "reading", "outcome"},
    "outbound": {"link", "sender", "provider", "perhaps_taken_by", "error"},
    "account": {"phone_changed_by", "phone_approved_by"},
    "segment": {"link", "message_id", "message_key", "receipt_error"},
    "stray_receipt": {"link", "message_id", "message_key", "error"},
    "receipt_rule": {"link", "rule"},
    "part": {"link", "reply_link"},
    "link_state": {"link", "last_error", "failed_for", "holder"},
    "event": {"kind", "detail"},
    "dossier": {"code", "canonical", "lookalike", "procedure", "wanted", "fix", "pick_up"},
    "emptied": {"kind"},
    "job_run": {"name"},
    "figure": {"name"},
    "day_count": {"kind", "key", "detail"},
    "month_count": {"kind", "key", "detail"},
    "block": {"made_by"},
    "operator": {"name"},
    "operator_session": {"csrf"},
    "duty": {"name", "owner"},
    "access_token": {"link"},
    "dossier_asked": {"dossiers"},
    "webhook": {"key", "endpoint", "payload", "last_error"},
    "webhook_endpoint": {"name"},
    "api_client": {"name", "scopes", "key_made_by", "previous_made_by"},
    "audit_entry": {"operator", "action", "subject", "detail"},
    "dossier_change": {"operator"},
    "switched_off": {"service", "operator", "sentence"},
    "wording_change": {"phrase", "language", "operator", "forms"},
    "calendar": {"name"},
    "calendar_day": {"name"},
    "unit": {"code", "name", "sms_name", "folded", "phone", "address"},
    "unit_alias": {"folded"},
    "ward": {"name", "folded"},
    "unit_contact": {"place"},
    "operator_unit": {"topics"},
    "topic": {"code", "name", "words"},
    "route_rule": {"kind", "any_of", "all_of", "area"},
    "level": {"code"},
    "canned_answer": {"language", "title", "body"},
    "citizen": {"language"},
    "ticket": {"number", "short_code", "reply_link", "language", "routed_by"},
    "ticket_entry": {"operator", "replaced"},
    "kept_text": {"short_code", "reply_link", "candidates", "sorted_by"},
    "ask": {"short_code", "choices"},
    "rating": {"operator"},
    "consent": {"purpose", "stated_by"},
    "subscription": {"link", "short_code", "ended_by"},
    "notice": {"value"},
    "lookup": {"name", "definition", "faults", "made_by", "approved_by"},
    "alarm": {"name", "subject", "words", "acknowledged_by", "note"},
    "alarm_notice": {"number", "way", "kind", "title", "fix", "last_error"},
}
"""Columns that could hold anything and must never speak of a citizen; the canary tests look whether that is so."""


def telling_columns(table: Table) -> set[str]:
    """Return the columns that could hold personal data by their type: all but numbers, times, dates and choices."""
    plain = (Utc, Choice, Integer, SmallInteger, Boolean, Date, type(RowId))
    return {column.name for column in table.columns if not isinstance(column.type, plain)}


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_is_thought_of(table: Table) -> None:
    """Fails for a new column until somebody has said whose it is, and told and erased it if it is a person's."""
    groups = [group.get(table.name, set()) for group in (OF_PERSONS, OF_OTHERS, FREE_OF_PERSONS)]
    assert set().union(*groups) == telling_columns(table)
    assert sum(map(len, groups)) == len(telling_columns(table)), "a column stands in two groups"


def test_what_is_sealed_or_marked_is_never_called_free() -> None:
    for table in metadata.sorted_tables:
        for name in FREE_OF_PERSONS.get(table.name, set()):
            assert not isinstance(table.c[name].type, SealedText | SealedOctets | Mark)


@pytest.fixture
def written(database: Database) -> Database:
    with database.write() as connection:
        add_unit(connection)
        for name, row in rows():
            assert OF_PERSONS.get(name, frozenset()) <= row.keys(), f"fill every column of {name} that is a person's"
            connection.execute(insert(metadata.tables[name]).values(row))
    return database


def read(raw: str) -> Address | None:
    digits = "".join(sign for sign in raw if sign.isdecimal())
    return Address(digits) if digits else None


def left(database: Database) -> set[str]:
    """Return the columns in which something of the person still stands, or a mark of it."""
    found = set()
    with database.read() as connection:
        for name, columns in OF_PERSONS.items():
            table = metadata.tables[name]
            for row in connection.execute(select(table)).mappings():
                found |= {f"{name}.{column}" for column in columns if tells(table.c[column], row[column], database)}
    return found


def tells(column: Column[Any], value: object, database: Database) -> bool:
    if isinstance(column.type, Mark):
        nobody = {database.keyring.mark(b"phone", b""), bytes(16), None}
        return value not in nobody
    return bool(value)


def test_the_rows_of_this_test_fill_every_table_and_column(written: Database) -> None:
    assert left(written) == {f"{name}.{column}" for name, columns in OF_PERSONS.items() for column in columns}


def test_a_number_is_told_from_every_table(written: Database) -> None:
    with written.read() as connection:
        stored = find_by_number(connection, NUMBER, read)
    assert [one.way for one in stored.texts] == ["received", "sent", "sent"]
    assert stored.texts[0].octets
    assert stored.texts[0].wire == (NUMBER.encode() + bytes.fromhex(stored.texts[0].octets)).hex()
    assert len(stored.accounts) == len(stored.blocks) == len(stored.parts) == len(stored.receipts) == 1
    assert stored.attempts == 1
    (told,) = stored.tickets
    assert (told.number, told.subject, told.public_reason, told.score) == ("YC482173051", NAME, f"cho {NAME}", 2)
    assert [(line.words, line.kind) for line in told.entries] == [(stored.texts[0].words, "citizen")]
    assert [one.words for one in stored.kept_texts] == [stored.texts[0].words]
    assert [(one.table, one.cells) for one in stored.lookup_rows] == [("hoc_phi", {"ten": NAME})]
    assert [(one.code, one.phone, [each.kind for each in one.notices]) for one in stored.subscriptions] == [
        ("H17-261129-0001", NUMBER, [NoticeKind.DONE])
    ]
    assert [(one.given, one.by_text) for one in stored.consents] == [(True, True)]
    assert [(one.phone, one.name, one.asked) for one in stored.senders] == [(NUMBER, NAME, ["send_kept"])]


def test_an_erased_number_stands_nowhere_but_where_it_is_said(written: Database) -> None:
    with written.write() as connection:
        erased = erase_number(connection, NUMBER, read, now=datetime(2026, 11, 29, tzinfo=UTC))
    assert (erased.texts, erased.answers, erased.parts, erased.receipts, erased.attempts) == (1, 2, 1, 1, 1)
    assert (erased.kept_accounts, erased.kept_blocks, erased.under_way, erased.tickets) == (1, 1, 0, 1)
    assert erased.subscriptions == 1
    assert left(written) == {
        *(f"account.{column}" for column in OF_PERSONS["account"]),
        *(f"block.{column}" for column in OF_PERSONS["block"]),
        "part.text_mark",
        "part.content_mark",
        "part.once_key",
        "part.signature_mark",
    }
    assert {place.partition(".")[0] for place in left(written)} == set(KEPT)


def test_an_erased_identity_number_takes_account_texts_and_what_was_sent_unasked(written: Database) -> None:
    with written.write() as connection:
        stored = find_by_id_number(connection, ID_NUMBER)
        waits = erase_id_number(connection, ID_NUMBER, read)
        assert (waits.accounts, waits.under_way) == (0, 1)  # a part of its phone may hold the number
        connection.execute(metadata.tables["part"].delete())
        erased = erase_id_number(connection, ID_NUMBER, read)
    assert len(stored.texts) == 3
    assert [(one.subject, len(one.entries)) for one in stored.tickets] == [(NAME, 1)]
    assert len(stored.kept_texts) == len(stored.lookup_rows) == erased.lookup_rows + waits.lookup_rows == 1
    assert (erased.accounts, erased.under_way, waits.tickets) == (1, 0, 1)
    found_by_number = {"citizen.phone", "citizen.phone_mark", "ticket.sender_mark", "ask.sender_mark"}
    found_by_number |= {"consent.phone_mark", "subscription.phone", "subscription.phone_mark"}
    assert {
        place for place in left(written) if place.partition(".")[0] not in {"stray_receipt", "block"}
    } == found_by_number


def test_a_text_with_the_name_goes_with_the_identity_number(written: Database) -> None:
    row = dict(
        next(rows())[1],
        id=9,
        once_key=None,
        signature_mark=None,
        body="tk.  TRAN THI DAO sinh 1990",
        state=InboundState.HANDLED,
    )
    other = dict(row, id=10, body="HD")
    with written.write() as connection:
        connection.execute(insert(metadata.tables["inbound"]), [row, other])
        stored = find_by_id_number(connection, ID_NUMBER)
    assert {one.words for one in stored.texts} >= {"tk.  TRAN THI DAO sinh 1990"}
    assert "HD" not in {one.words for one in stored.texts}


def test_an_account_stays_while_a_text_of_it_is_under_way(written: Database) -> None:
    with written.write() as connection:
        connection.execute(metadata.tables["part"].delete())
        connection.execute(metadata.tables["outbound"].update().values(state=OutboundState.QUEUED))
        erased = erase_id_number(connection, ID_NUMBER, read)
    assert (erased.accounts, erased.texts, erased.under_way) == (0, 0, 1)
