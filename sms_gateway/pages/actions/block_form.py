"""Blocking a number: for how many days and why, and the entry in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from db.citizens.block_list import Block, put_on_list
from db.staff.audit import Action
from db.store.address import Address
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

MOST_DAYS = 366
MOST_REASON = 200
USUAL_DAYS = "30"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """For how long a number is to be blocked, and why."""

    days: int
    reason: str


def wanted_block(form: Filled) -> Wanted | None:
    """Read days and reason; return None when one is missing or out of bounds."""
    days, reason = form.count("days", most=MOST_DAYS), form.text("reason", most=MOST_REASON)
    if not reason:
        form.refuse("reason", say("blocks.reason_fault"))
    return Wanted(days=days, reason=reason) if days is not None and form.is_sound else None


def usual_block() -> Filled:
    """Return the form as it is shown first."""
    return holding({"days": USUAL_DAYS})


def block_number(connection: Connection, number: Address, wanted: Wanted, subject: str) -> None:
    """Block a number in the caller's transaction, and record it."""
    now = dependencies().now()
    entry = Block(
        number=number,
        reason=wanted.reason,
        made_by=current_session().operator.name,
        since=now,
        until=now + timedelta(days=wanted.days),
    )
    put_on_list(connection, entry)
    note(connection, Action.BLOCKED, subject, f"{wanted.days} days")
