"""What handlers need around them, for tests: a context, commands, a long content of every field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import Connection

from db.citizens.dossiers import Dossier, canonical
from db.store.address import Address
from db.store.ids import IDS_A_DAY
from handlers.context import Context, FirstPassword, ServiceFacts
from handlers.wording.catalogues import CATALOGUES
from parsers.commands import (
    BirthDate,
    CanonicalCode,
    FullName,
    IdNumber,
    LookUpStatus,
    ReceiptCode,
    RegisterAccount,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CITIZEN = Address("84905123456")
STRANGER = Address("84905999999")
SERVICE = ServiceFacts()
LONGEST_SERVICE = ServiceFacts(
    short_code="+84905123456789"[:15],
    hotline="0236 3881888 11"[:15],
    password_days=30,
    keywords={"register_account": "TAIKHOAN", "look_up_dossier": "TRACUUHS", "help": "HUONGDAN"},
    password_place="Cong dich vu cong TP Da Nang xyz"[:31],
)
SERVICES: Mapping[str, ServiceFacts] = {
    f"{name}, {language}": replace(service, wording=wording)
    for language, wording in CATALOGUES.items()
    for name, service in (("usual", SERVICE), ("longest", LONGEST_SERVICE))
}
"""The usual service and the one with the longest values, in each language of answers."""
services = pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
CONVERSATION_KEYWORDS: Mapping[str, str] = {
    "question": "HOI",
    "report": "PA",
    "proposal": "KN",
    "suggestion": "GY",
    "urgent": "SOS",
    "ticket_status": "TT",
    "reply": "TL",
    "rating": "DG",
    "contacts": "LH",
    "withdrawal": "HUY",
    "privacy": "TTDL",
    "language": "EN",
    "acknowledge": "NHAN",
}
CONVERSING = replace(SERVICE, keywords={**SERVICE.keywords, **CONVERSATION_KEYWORDS})
"""The usual service with the conversation on."""
LONGEST_CONVERSING = replace(
    LONGEST_SERVICE, keywords={**LONGEST_SERVICE.keywords, **dict.fromkeys(CONVERSATION_KEYWORDS, "KEYWORDS")}
)
CONVERSING_SERVICES: Mapping[str, ServiceFacts] = {
    f"{name}, {language}": replace(service, wording=wording)
    for language, wording in CATALOGUES.items()
    for name, service in {
        "usual": CONVERSING,
        "keyed": replace(CONVERSING, bare_replies=False),
        "longest": LONGEST_CONVERSING,
        "longest, keyed": replace(LONGEST_CONVERSING, bare_replies=False),
        "all off": replace(SERVICE, keywords={"help": "HD"}),
        "all off, keyed": replace(LONGEST_SERVICE, keywords={"help": "HD"}, bare_replies=False),
    }.items()
}
"""The conversation in each language: as usual, with the longest values, with keywords, and with its services off."""
FIRST = FirstPassword(clear="abcde23456", hashed="$argon2id$made-up")
_ids = count(1)


def context(
    connection: Connection,
    *,
    sender: Address = CITIZEN,
    dossiers: Mapping[str, Sequence[Dossier]] | None = None,
    first_password: FirstPassword | None = FIRST,
    service: ServiceFacts = SERVICE,
    now: datetime = NOW,
) -> Context:
    return Context(
        connection=connection,
        now=now,
        new_id=_ids.__next__,
        ids_a_day=IDS_A_DAY,
        sender=sender,
        inbound_id=7,
        service=service,
        dossiers=dossiers or {},
        first_password=first_password,
    )


def tk(name: str = "Nguyễn Văn A", id_number: str = "201499999") -> RegisterAccount:
    return RegisterAccount(
        full_name=FullName(name), id_number=IdNumber(id_number), birth_date=BirthDate(year=1990, month=12, day=20)
    )


def dvc(*codes: str) -> LookUpStatus:
    return LookUpStatus(
        codes=tuple(ReceiptCode(written=code.upper(), canonical=CanonicalCode(canonical(code))) for code in codes)
    )
