"""A row of one person in every table that can hold something of them, with every column filled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from db.schema import (
    AccountState,
    AskKind,
    AttemptKind,
    DossierStatus,
    EntryKind,
    InboundState,
    KeptReason,
    LookupState,
    NoticeKind,
    NoticeState,
    OutboundState,
    Priority,
    ReceiptState,
    TicketChannel,
    TicketKind,
    TicketState,
    calendar,
    unit,
)
from db.store.address import Address

NUMBER = Address("84905123456")
ID_NUMBER = "079090123456"
NAME = "Trần Thị Đào"
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return a row of this person in every table of `OF_PERSONS`, with every column filled."""
    text = f"TK, {NAME}, {ID_NUMBER}, 20/12/1990"
    octets = text.encode()
    yield (
        "inbound",
        {
            "id": 1,
            "link": "main",
            "once_key": "main\0" + text,
            "fingerprint": text,
            "sender": NUMBER,
            "sender_mark": NUMBER,
            "recipient": "8188",
            "reply_link": "main",
            "data_coding": 0,
            "octets": octets,
            "wire": NUMBER.encode() + octets,
            "body": text,
            "received_at": NOON,
            "state": InboundState.HANDLED,
            "told": "000.00.12.H17-230815-0007",
            "signature_mark": "main\0" + "0a1b" * 16,
        },
    )
    for row_id, inbound_id, words in ((2, 1, f"Tai khoan cua {NAME}"), (3, None, "Tai khoan daott, MK: ****")):
        yield (
            "outbound",
            {
                "id": row_id,
                "inbound_id": inbound_id,
                "link": "main",
                "sender": "8188",
                "recipient": NUMBER,
                "recipient_mark": NUMBER,
                "body": words,
                "masked": words,
                "reference": 1,
                "state": OutboundState.SENT,
                "created_at": NOON,
                "expires_at": NOON,
                "not_before": NOON,
            },
        )
    yield (
        "part",
        {
            "id": 4,
            "text_mark": f"main\0{NUMBER}",
            "number": 1,
            "total": 2,
            "content_mark": octets,
            "once_key": "main\0" + text,
            "signature_mark": "main\0" + "0a1b" * 16,
            "link": "main",
            "sender": "+84 905 123 456",
            "recipient": "8188",
            "octets": octets,
            "wire": NUMBER.encode() + octets,
            "reply_link": "main",
            "data_coding": 0,
            "received_at": NOON,
            "joined_at": NOON,
        },
    )
    yield (
        "stray_receipt",
        {
            "id": 5,
            "link": "main",
            "message_id": "1",
            "message_key": "1",
            "state": ReceiptState.DELIVERED,
            "sender_mark": NUMBER,
            "received_at": NOON,
        },
    )
    yield (
        "account",
        {
            "id": 6,
            "user_name": "daott",
            "id_number_mark": ID_NUMBER,
            "id_number": ID_NUMBER,
            "full_name": NAME,
            "birth_date": "1990-12-20",
            "phone": NUMBER,
            "phone_mark": NUMBER,
            "password_hash": "$argon2id$",
            "state": AccountState.ACTIVE,
            "created_at": NOON,
            "inbound_id": 1,
        },
    )
    yield (
        "attempt",
        {
            "id": 7,
            "kind": AttemptKind.REGISTER,
            "sender_mark": NUMBER,
            "subject_mark": ID_NUMBER,
            "area_mark": "000",
            "hit": True,
        },
    )
    yield (
        "block",
        {
            "number_mark": NUMBER,
            "number": NUMBER,
            "reason": f"{NAME} asked for it",
            "made_by": "lan",
            "since": NOON,
            "until": NOON + timedelta(days=1),
        },
    )

    yield from rows_of_a_matter(text)

    of_table = {"name": "hoc_phi", "state": LookupState.APPROVED, "row_count": 1, "faults": "[]", "made_by": "an"}
    yield ("lookup", {"id": 20, "definition": '{"columns": ["ten"]}', "made_at": NOON, **of_table})
    of_row = {"id": 21, "lookup_id": 20, "key_mark": "7", "phone_mark": NUMBER, "id_number_mark": ID_NUMBER}
    yield ("lookup_row", {**of_row, "cells": f'["{NAME}"]'})
    yield from rows_of_notices()


def rows_of_notices() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the rows of a dossier that this person follows."""
    code = "H17-261129-0001"
    codes = {"code": code, "canonical": "H172611290001", "lookalike": "H172611290001"}
    yield ("dossier", {"id": 30, **codes, "status": DossierStatus.DONE, "updated_at": NOON})
    agreed = {"purpose": "dossier_notices", "text_version": 1, "given": True, "inbound_id": 1, "at": NOON}
    yield ("consent", {"id": 31, "phone_mark": NUMBER, **agreed})
    yield (
        "subscription",
        {
            "id": 32,
            "dossier_id": 30,
            "phone": NUMBER,
            "phone_mark": NUMBER,
            "consent_id": 31,
            "with_secret": True,
            "since": NOON,
        },
    )
    told = {"kind": NoticeKind.DONE, "value": "9", "state": NoticeState.WAITING, "made_at": NOON, "not_before": NOON}
    yield ("notice", {"id": 33, "subscription_id": 32, **told})


def rows_of_a_matter(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the rows of a ticket, in the unit of `add_unit`."""
    yield (
        "citizen",
        {"id": 10, "phone": NUMBER, "phone_mark": NUMBER, "name": NAME, "created_at": NOON, "seen_at": NOON},
    )
    yield (
        "ticket",
        {
            "id": 11,
            "number": "YC482173051",
            "kind": TicketKind.QUESTION,
            "state": TicketState.PENDING_THIRD,
            "channel": TicketChannel.TEXT,
            "citizen_id": 10,
            "sender_mark": NUMBER,
            "short_code": "8188",
            "reply_link": "main",
            "subject": NAME,
            "language": "vi",
            "unit_id": 9,
            "priority": Priority.NORMAL,
            "routed_by": "focal",
            "inbound_id": 1,
            "created_at": NOON,
            "said_at": NOON,
            "first_due": NOON,
            "final_due": NOON,
            "promised_at": NOON,
            "public_reason": f"cho {NAME}",
        },
    )
    yield (
        "ticket_entry",
        {"id": 12, "ticket_id": 11, "kind": EntryKind.CITIZEN, "inbound_id": 1, "body": text, "at": NOON},
    )
    yield (
        "kept_text",
        {
            "id": 13,
            "inbound_id": 2,
            "first_id": 13,
            "citizen_id": 10,
            "sender_mark": NUMBER,
            "short_code": "8188",
            "reply_link": "main",
            "reason": KeptReason.SEND,
            "body": text,
            "candidates": "",
            "kept_at": NOON,
            "until": NOON,
        },
    )
    yield (
        "ask",
        {
            "sender_mark": NUMBER,
            "short_code": "8188",
            "kind": AskKind.SEND_KEPT,
            "subject_id": 13,
            "outbound_id": 2,
            "choices": "",
            "made_at": NOON,
            "until": NOON,
        },
    )
    yield ("rating", {"ticket_id": 11, "score": 2, "by_words": False, "words": NAME, "unit_id": 9, "at": NOON})


def add_unit(connection: Connection) -> None:
    """Add the unit of the ticket: no row of a person."""
    connection.execute(insert(calendar).values(id=8, name="offices"))
    of_unit = {"id": 9, "code": "H17", "name": "Hai Chau", "folded": "HAI CHAU", "calendar_id": 8}
    connection.execute(insert(unit).values(busy_capacity=20, **of_unit))
