"""One message: from the octets that came in to the receipts of the answer, and what an operator can do with it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort, render_template, url_for
from werkzeug.wrappers import Response

from db.citizens.block_list import is_on_list
from db.messages.events import EventKind
from db.reports.message_log import AnswerRow, TextRow, WholeMessage, read_message
from db.reports.message_log_filter import find_beside
from db.staff import audit
from db.staff.audit import Action
from sms_gateway.pages.actions.action_result import reveal, reveals
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.encodings import encoding_name, name_on_link
from sms_gateway.pages.display.paging import bounded, read_before
from sms_gateway.pages.display.reading_names import shown_outcome
from sms_gateway.pages.display.refusal_names import shown_refusal
from sms_gateway.pages.display.ways_out import WayOut, provider_of, way_out
from sms_gateway.pages.live import is_renewal
from sms_gateway.pages.messages.detail.octets import SegmentOnWire, octets_of_text, segments_of_answer
from sms_gateway.pages.messages.detail.reading import ShownReading, shown_way
from sms_gateway.pages.messages.detail.received_data import units_of_text
from sms_gateway.pages.messages.detail.timeline import timeline
from sms_gateway.pages.messages.message_log_filter import choice_of_address, place_of
from sms_gateway.pages.messages.no_answer_reasons import why_no_answer
from sms_gateway.pages.messages.repeat_actions import is_on_again, may_run_again, may_send_again
from sms_gateway.pages.messages.row_display import shown_answer, shown_state, shown_text
from sms_gateway.pages.site.withheld import is_open, opened
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.masking import readable


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAnswer:
    """An answer and its text as operators see it."""

    row: AnswerRow
    text: str
    way: WayOut
    provider: str  # empty for an SMPP link
    encoding: str  # as the segments have it; empty when they are not ours to make
    segments: tuple[SegmentOnWire, ...]
    error: str
    can_send_again: bool


def message(inbound_id: int) -> str:
    """Show everything that happened to one text, masked; unmasked on the page after a reveal."""
    return _page(inbound_id, clear=reveals(f"inbound:{inbound_id}"))


def reveal_message(inbound_id: int) -> Response:
    """Let the next page show it unmasked, once, and record who sees it. Secrets stay hidden from everybody."""
    with dependencies().database.write() as connection:
        if not is_open(connection, read_message(connection, bounded(inbound_id)) or abort(404)):
            abort(403)
        note(connection, Action.REVEALED, f"inbound:{inbound_id}")
    place = urlencode(place_of(choice_of_address(), read_before()))
    return reveal(
        f"{url_for('admin.message', inbound_id=inbound_id)}{'?' * bool(place)}{place}", f"inbound:{inbound_id}"
    )


def _page(inbound_id: int, *, clear: bool) -> str:
    parts = dependencies()
    choice, before = choice_of_address(), read_before()
    with parts.database.read() as connection:
        stored = read_message(connection, bounded(inbound_id)) or abort(404)
        whole = opened(connection, stored)
        is_blocked = is_on_list(connection, whole.text.sender, now=parts.now())
        beside = None if is_renewal() else find_beside(connection, choice.wanted(), inbound_id)
        done = audit.about(connection, f"inbound:{inbound_id}")
    text, shown, is_withheld = whole.text, shown_text(whole.text), whole.text is not stored.text
    return render_template(
        "messages/message.html",
        whole=whole,
        place=place_of(choice, before),
        to_list=choice.address(before),
        beside=beside,
        clear=clear,
        sender=text.sender if clear else parts.addresses.mask(text.sender),
        body=readable(text.body) if clear else shown.body,
        text=shown,
        state=shown_state(text, whole.answers),
        outcome=shown_outcome(text.outcome),
        by_http=text.link in parts.settings.channels,
        encoding=encoding_name(whole.data_coding),
        units=units_of_text(whole, parts.text_fields_of(text.link), clear=clear),
        octets=octets_of_text(whole, clear=clear),
        is_withheld=is_withheld,
        way=None  # it is the same as long as the page is open
        if is_withheld or is_renewal()
        else _way(text, clear=clear),
        answers=[
            _shown(whole, answer, clear=clear, is_withheld=answer is not own)
            for answer, own in zip(whole.answers, stored.answers, strict=True)
        ],
        moments=timeline(whole, way_out),
        is_blocked=is_blocked,
        can_run_again=may_run_again(text, whole.answers, is_open=is_on_again(text)),
        failures=sum(one.kind == EventKind.HANDLING_FAILED for one in whole.events),
        why_none=why_no_answer(text),
        done=done,
    )


def _way(text: TextRow, *, clear: bool) -> ShownReading:
    parts = dependencies()
    return shown_way(
        text,
        parts.settings.short_codes,
        clear=clear,
        with_secrets=parts.service.asks_secret,
        vocabulary=parts.vocabulary,
    )


def _shown(whole: WholeMessage, answer: AnswerRow, *, clear: bool, is_withheld: bool) -> ShownAnswer:
    way = way_out(answer.link)
    alphabet = dependencies().traits_of(answer.link).alphabet
    shown = readable(answer.shown) if clear and answer.shown is not None else shown_answer(whole.text, answer)
    return ShownAnswer(
        row=answer,
        text=shown,
        way=way,
        provider=provider_of(answer.link),
        encoding="" if way.is_http else name_on_link(answer.data_coding, alphabet),
        segments=() if is_withheld or way.is_http else tuple(segments_of_answer(whole, answer, alphabet, clear=clear)),
        error=shown_refusal(answer.error or ""),
        can_send_again=may_send_again(answer, whole.answers),
    )
