"""To sort: texts that nobody chose a ticket for, and tickets whose unit is not sure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import abort, render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.schema import TicketKind
from db.staff.audit import Action
from db.store.address import Address
from db.tickets.inbox import read_inbox
from db.tickets.inbox.filters import InboxFilter, View
from db.tickets.kept_texts import KeptText, lock_kept, read_to_sort
from db.tickets.whole_ticket import OfferedTicket, newest_of
from db.units.unit_rows import UnitRow, list_units
from sms_gateway.back_office.tickets import moving
from sms_gateway.back_office.tickets.moving import Sorting
from sms_gateway.back_office.tickets.results import Acted, Office, Result
from sms_gateway.pages.actions.action_result import report
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import addresses_of, bounded
from sms_gateway.pages.site.withheld import Reader, reader
from sms_gateway.pages.tickets.acting import office, status_of, why_not
from sms_gateway.pages.tickets.detail.conversation_lines import shown_routing
from sms_gateway.pages.tickets.detail.refiling import Offered, offered
from sms_gateway.pages.tickets.scope import sight
from sms_gateway.pages.tickets.shown_words import shown_phone, shown_words
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

MOST_SHOWN = 50
"""Texts and tickets of a page, those that wait longest."""
MOST_OFFERED = 5

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Texts of one phone that one choice files."""

    first_id: int
    words: Sequence[str]
    phone: str
    reason: str
    kept_at: datetime
    tickets: Sequence[Offered]
    is_withheld: bool  # an accusation, and the operator does not lead the focal unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsure:
    """A ticket whose unit is not sure."""

    id: int
    version: int
    number: str
    subject: str
    unit_id: int
    routed: str
    created_at: datetime


def to_sort() -> str:
    """Show what has to be sorted, longest waiting first."""
    return _page()


def file_text(first_id: int) -> Page:
    """File texts in a ticket of their phone, or in a new one."""
    target = short_field("target")
    kind = target.removeprefix("new:")
    chosen = TicketKind(kind) if kind in set(TicketKind) else target
    if not chosen:
        abort(400)
    return _sorted(first_id, "file", lambda c, parts, who: moving.file_kept(c, parts, who, first_id, chosen))


def set_text_aside(first_id: int) -> Page:
    """Decide that texts need no ticket."""
    return _sorted(first_id, "aside", lambda c, parts, who: moving.set_aside(c, parts, who, first_id))


def _sorted(first_id: int, name: str, act: Callable[[Connection, Office, Sorting], Result]) -> Page:
    bounded(first_id)
    with dependencies().database.write() as connection:
        seen = sight(connection)
        if not seen.sorts:
            abort(404)  # as a text that does not exist
        if not _may_read(lock_kept(connection, first_id), reader(connection)):
            abort(403)
        who = Sorting(operator_id=seen.operator.id, operator=seen.operator.name, scope=seen.scope)
        result = act(connection, office(), who)
        if isinstance(result, Acted):
            note(connection, Action.TEXT_SORTED, f"kept:{first_id}", f"ticket {name}")
    if isinstance(result, Acted):
        return report(url_for("admin.to_sort"), result.message)
    return _page(fault=why_not(result)), status_of(result)


def _page(*, fault: str | None = None) -> str:
    now = dependencies().now()
    with dependencies().database.read() as connection:
        seen = sight(connection)
        kept = read_to_sort(connection, now=now, size=MOST_SHOWN) if seen.sorts else []
        who = reader(connection)
        own = newest_of(connection, {one.sender for one in kept}, seen.scope, most=MOST_OFFERED)
        groups = [list(group) for _, group in groupby(kept, key=lambda one: one.first_id)]
        waiting = [_waiting(group, own, is_withheld=not _may_read(group, who)) for group in groups]
        page = read_inbox(connection, InboxFilter(view=View.TO_SORT), seen.scope, now=now, size=MOST_SHOWN)
        units = seen.units if seen.scope.units is None else list_units(connection)
    return render_template(
        "tickets/sort.html",
        waiting=waiting,
        unsure=[
            Unsure(
                id=one.id,
                version=one.version,
                number=one.number,
                subject=shown_words(one.subject),
                unit_id=one.unit_id,
                routed=shown_routing(one.routed_by),
                created_at=one.created_at,
            )
            for one in page.tickets
        ],
        sorts=seen.sorts,
        kinds=list(TicketKind),
        units=_by_name([one for one in units if not one.disabled]),
        fault=fault,
        file_text=addresses_of("admin.file_text", "first_id"),
        set_text_aside=addresses_of("admin.set_text_aside", "first_id"),
        ticket=addresses_of("admin.ticket", "ticket_id"),
        transfer_ticket=addresses_of("admin.transfer_ticket", "ticket_id"),
        confirm_route=addresses_of("admin.confirm_route", "ticket_id"),
    )


def _by_name(units: Sequence[UnitRow]) -> Sequence[UnitRow]:
    return sorted(units, key=lambda one: one.folded)


def _may_read(kept: Sequence[KeptText], who: Reader) -> bool:
    """Return whether the operator may read texts that one choice files: an accusation closes all of them."""
    return who.may_read(" ".join(one.body for one in kept))


def _waiting(kept: Sequence[KeptText], own: Mapping[Address, Sequence[OfferedTicket]], *, is_withheld: bool) -> Waiting:
    first = kept[0]
    return Waiting(
        first_id=first.first_id,
        words=[say("message.withheld")] if is_withheld else [shown_words(one.body) for one in kept],
        is_withheld=is_withheld,
        phone=shown_phone(first.sender),
        reason=first.reason,
        kept_at=first.kept_at,
        tickets=[offered(one) for one in own.get(first.sender, ())],
    )
