"""One message, whole: from the octets that came to the receipts of the answer, and what an operator can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from db import audit, events
from db.again import run_again as run_text_again
from db.again import send_again as send_answer_again
from db.audit import Action
from db.identity import Msisdn
from db.limits import Block, put_on_list, read_list, take_off_list
from db.log_walk import find_beside
from db.message_log import AnswerRow, TextRow, WholeMessage, read_message, sender_of
from db.schema import InboundState, OutboundState
from sms_gateway.settings.model import Alphabet
from sms_gateway.web.admin.live import is_renewal
from sms_gateway.web.admin.log import MAX_KEY, read_before
from sms_gateway.web.admin.log_choice import choice_of_address, place_of
from sms_gateway.web.admin.noted import note
from sms_gateway.web.admin.reading import ShownReading, shown_way
from sms_gateway.web.admin.received import units_of_text
from sms_gateway.web.admin.session import current_session
from sms_gateway.web.admin.shown import shown_answer, shown_outcome, shown_state, shown_text
from sms_gateway.web.admin.timeline import timeline
from sms_gateway.web.admin.wire import (
    SegmentOnWire,
    encoding_name,
    name_on_link,
    octets_of_text,
    segments_of_answer,
)
from sms_gateway.web.masking import mask_number, readable
from sms_gateway.web.parts import current_parts

BLOCK_DAYS = 30
_REFERENCES = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAnswer:
    """An answer and its text as operators see it."""

    row: AnswerRow
    text: str
    encoding: str
    segments: tuple[SegmentOnWire, ...]
    can_send_again: bool


def message(inbound_id: int) -> str:
    """Show everything that happened to one text, masked."""
    return _page(inbound_id, clear=False)


def reveal_message(inbound_id: int) -> str:
    """Show it unmasked, and write down who saw it. Secrets stay hidden from everybody."""
    with current_parts().database.write() as connection:
        if sender_of(connection, bounded(inbound_id)) is None:
            abort(404)
        note(connection, Action.REVEALED, f"inbound:{inbound_id}")
    return _page(inbound_id, clear=True)


def send_again(inbound_id: int, outbound_id: int) -> Response:
    """Queue an answer once more."""
    parts = current_parts()
    now, made = parts.now(), parts.new_id()
    validity = timedelta(minutes=parts.settings.road.validity_minutes)
    with parts.database.write() as connection:
        text = send_answer_again(
            connection,
            bounded(outbound_id),
            new_id=made,
            reference=made // 4096 % _REFERENCES,
            now=now,
            expires_at=now + validity,
        )
        if text != inbound_id:
            abort(409)
        events.add(
            connection,
            [
                events.NewEvent(
                    id=parts.new_id(), at=now, kind=events.EventKind.SENT_AGAIN, inbound_id=text, outbound_id=made
                )
            ],
        )
        note(connection, Action.SENT_AGAIN, f"inbound:{text}", f"outbound:{outbound_id}")
    parts.nudge()
    return _back(inbound_id)


def run_again(inbound_id: int) -> Response:
    """Have a text read and carried out once more."""
    parts = current_parts()
    with parts.database.write() as connection:
        if not run_text_again(connection, bounded(inbound_id)):
            abort(409)
        happened = events.NewEvent(
            id=parts.new_id(), at=parts.now(), kind=events.EventKind.RUN_AGAIN, inbound_id=inbound_id
        )
        events.add(connection, [happened])
        note(connection, Action.RUN_AGAIN, f"inbound:{inbound_id}")
    parts.nudge()
    return _back(inbound_id)


def block_sender(inbound_id: int) -> Response:
    """Answer this number no more for a month."""
    parts = current_parts()
    with parts.database.write() as connection:
        number = _sender(sender_of(connection, bounded(inbound_id)))
        entry = Block(
            number=number,
            reason="operator",
            made_by=current_session().operator.name,
            since=parts.now(),
            until=parts.now() + timedelta(days=BLOCK_DAYS),
        )
        put_on_list(connection, entry)
        note(connection, Action.BLOCKED, f"inbound:{inbound_id}", f"{BLOCK_DAYS} days")
    return _back(inbound_id)


def unblock_sender(inbound_id: int) -> Response:
    """Answer this number again."""
    with current_parts().database.write() as connection:
        take_off_list(connection, _sender(sender_of(connection, bounded(inbound_id))))
        note(connection, Action.UNBLOCKED, f"inbound:{inbound_id}")
    return _back(inbound_id)


def bounded(row_id: int) -> int:
    """Return an id of an address; 404 for one that no row can have."""
    return row_id if row_id <= MAX_KEY else abort(404)


def _page(inbound_id: int, *, clear: bool) -> str:
    parts = current_parts()
    choice, before = choice_of_address(), read_before()
    with parts.database.read() as connection:
        whole = read_message(connection, bounded(inbound_id))
        if whole is None:
            abort(404)
        blocked = {entry.number for entry in read_list(connection, now=parts.now())}
        beside = None if is_renewal() else find_beside(connection, choice.wanted(), inbound_id)
        done = audit.about(connection, f"inbound:{inbound_id}")
    text, shown = whole.text, shown_text(whole.text)
    return render_template(
        "message.html",
        whole=whole,
        place=place_of(choice, before),
        to_list=choice.address(before),
        beside=beside,
        clear=clear,
        sender=text.sender if clear else mask_number(text.sender),
        body=readable(text.body) if clear else shown.body,
        text=shown,
        state=shown_state(text, whole.answers),
        outcome=shown_outcome(text.outcome),
        by_http=text.link in parts.settings.channels,
        encoding=encoding_name(whole.data_coding),
        units=units_of_text(whole, parts.settings.channels.get(text.link), clear=clear),
        octets=octets_of_text(whole, clear=clear),
        way=None if is_renewal() else _way(text, clear=clear),  # it is the same as long as the page is open
        answers=[_shown(whole, answer, clear=clear) for answer in whole.answers],
        moments=timeline(whole),
        is_blocked=text.sender in blocked,
        can_run_again=text.state in {InboundState.HANDLED, InboundState.PARKED},
        done=done,
    )


def _way(text: TextRow, *, clear: bool) -> ShownReading:
    parts = current_parts()
    return shown_way(text, parts.settings.service.short_codes, clear=clear, with_secrets=parts.service.asks_secret)


def _shown(whole: WholeMessage, answer: AnswerRow, *, clear: bool) -> ShownAnswer:
    link = current_parts().settings.links.get(answer.link)
    alphabet = Alphabet.GSM if link is None else link.alphabet
    shown = readable(answer.shown) if clear and answer.shown is not None else shown_answer(whole.text, answer)
    return ShownAnswer(
        row=answer,
        text=shown,
        encoding=name_on_link(answer.data_coding, alphabet),
        segments=tuple(segments_of_answer(whole, answer, alphabet, clear=clear)),
        can_send_again=answer.shown is not None
        and not answer.is_secret
        and answer.state not in {OutboundState.QUEUED, OutboundState.CLAIMED},
    )


def _sender(found: Msisdn | None) -> Msisdn:
    return found if found is not None else abort(404)


def _back(inbound_id: int) -> Response:
    return redirect(url_for("admin.message", inbound_id=inbound_id), code=303)
