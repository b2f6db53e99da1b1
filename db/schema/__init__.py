"""The tables, by subject, and the states of their rows; every other module takes them from here."""

from __future__ import annotations

from db.schema.citizens import account, account_day, attempt, block, dossier, dossier_change, dossier_upload
from db.schema.messages import NOT_FOUND, event, inbound, outbound, part, receipt_rule, segment, stray_receipt
from db.schema.metadata import metadata
from db.schema.service import duty, emptied, figure, job_run, link_state, minute_count
from db.schema.staff import (
    address_try,
    audit_entry,
    log_in_try,
    operator,
    operator_session,
    recovery_code,
    wording_change,
)
from db.schema.states import (
    AccountState,
    AttemptKind,
    DossierStatus,
    InboundState,
    OperatorRole,
    OutboundState,
    ReceiptState,
)

__all__ = [
    "NOT_FOUND",
    "AccountState",
    "AttemptKind",
    "DossierStatus",
    "InboundState",
    "OperatorRole",
    "OutboundState",
    "ReceiptState",
    "account",
    "account_day",
    "address_try",
    "attempt",
    "audit_entry",
    "block",
    "dossier",
    "dossier_change",
    "dossier_upload",
    "duty",
    "emptied",
    "event",
    "figure",
    "inbound",
    "job_run",
    "link_state",
    "log_in_try",
    "metadata",
    "minute_count",
    "operator",
    "operator_session",
    "outbound",
    "part",
    "receipt_rule",
    "recovery_code",
    "segment",
    "stray_receipt",
    "wording_change",
]
