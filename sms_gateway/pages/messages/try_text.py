"""Try it: how a text would be read and answered; everything that the handler writes is rolled back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.reports.message_log import TextRow
from db.schema import InboundState
from db.staff import audit
from db.staff.audit import Action
from db.staff.service_switches import off_sentences
from db.store.address import Address
from db.store.ids import IDS_A_DAY
from handlers import handle, tell_switched_off
from handlers.answer import Answer
from handlers.context import Context, FirstPassword
from handlers.conversation.filing import needs_situation
from handlers.handler import SecretsTried
from parsers.commands import Command
from parsers.explanation import Explanation, explain
from parsers.misread import Misread
from sms_gateway.channels.smpp.coding.text import count_segments
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.encodings import encoding_name
from sms_gateway.pages.display.filing_trial import SITUATIONS, try_filing
from sms_gateway.pages.display.reading_names import shown_outcome, shown_reading
from sms_gateway.pages.messages.detail.reading import shown_way
from sms_gateway.pages.session import current_session
from sms_gateway.pipeline.dispatch.handling import name_reading
from sms_gateway.pipeline.dispatch.switched_off import Switches, without_services
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import open_for_operator, seal_for_operator, short_field
from sms_gateway.web.language import say

MOST_CHARACTERS = 1600
"""So that the encrypted text fits into an address (8 KiB at most proxies)."""

_SEALED = "web.tried_text"

_STRANGER = "none"
"""The situation of a sender without tickets."""

NOBODY = Address("84900000000")
"""The sender of a tried text: a number without accounts."""

GUESSES_COUNT = timedelta(days=1)
"""Wrong secrets of dossiers are counted so long, as those of a citizen are (limits.misses_per_day)."""

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """The result of a tried text, and the dossiers whose secrets it tried."""

    answer: Answer
    secrets: SecretsTried


def try_text() -> Page:
    """Show the form, or the result of a text. It comes by POST, and the next address holds it encrypted."""
    if request.method == "POST":
        return _take(short_field("text"), short_field("situation") or _STRANGER)
    token = request.args.get("text", "")
    typed = (open_for_operator(token, _SEALED) or abort(410)) if token else ""
    situation = request.args.get("situation", _STRANGER)
    if situation not in SITUATIONS:
        abort(404)
    return _page(typed, situation, told=_told(typed, situation) if typed else None)


def _page(typed: str, situation: str, *, told: Mapping[str, object] | None = None, fault: str | None = None) -> str:
    return render_template(
        "messages/try.html",
        typed=typed,
        told=told,
        fault=fault,
        situation=situation,
        situations=list(SITUATIONS) if dependencies().vocabulary.conversation else (),
    )


def _take(typed: str, situation: str) -> Page:
    """Count and record what was tried; the next page only shows it, however often it is loaded."""
    if not typed:
        return redirect(url_for("admin.try_text"), code=303)
    if len(typed) > MOST_CHARACTERS or situation not in SITUATIONS:
        abort(400)
    command = _explained(typed).reading
    if _is_filed(command, typed):
        with dependencies().database.write() as connection:
            note(connection, Action.TRIED, detail=name_reading(command))
        return _show(typed, situation)
    with dependencies().database.write() as connection:
        trial = _trial(connection, command)
        if (trial.secrets.opened or trial.secrets.wrong) and _has_guessed(connection):
            return _page(typed, situation, fault=say("try.too_many")), 429
        _note(connection, trial, name_reading(command))
    return _show(typed, situation)


def _show(typed: str, situation: str) -> Response:
    shown = None if situation == _STRANGER else situation  # None is not written into the address
    address = url_for("admin.try_text", text=seal_for_operator(typed, _SEALED), situation=shown)
    return redirect(address, code=303)


def _is_filed(command: Command | Misread, typed: str) -> bool:
    """Return whether the answer depends on the sender's tickets: then the text alone has none."""
    return needs_situation(command, typed, dependencies().vocabulary)


def _explained(typed: str) -> Explanation:
    parts = dependencies()
    today = parts.now().astimezone(LOCAL_ZONE).date()
    short_codes = parts.settings.short_codes
    return explain(
        typed, today=today, short_codes=short_codes, with_secrets=parts.service.asks_secret, vocabulary=parts.vocabulary
    )


def _told(typed: str, situation: str) -> Mapping[str, object]:
    parts = dependencies()
    short_codes, asks_secret = parts.settings.short_codes, parts.service.asks_secret
    command = _explained(typed).reading
    with parts.database.write() as connection:
        answer = None if _is_filed(command, typed) else _trial(connection, command).answer
        filing = try_filing(connection, typed, command, situation)
    text = _as_row(typed, name_reading(command))
    shown = "" if answer is None else answer.masked or answer.text
    encoding, _ = count_segments(shown)
    return {
        "reading": shown_reading(text.reading),
        "outcome": "" if answer is None else shown_outcome(answer.outcome),
        "answer": shown,
        "encoding": encoding_name(encoding.value),
        "segments": parts.traits.others.segments_of(shown),
        "filing": filing,
        "has_answer": answer is not None,
        "way": shown_way(text, short_codes, clear=True, with_secrets=asks_secret, vocabulary=parts.vocabulary),
    }


def _trial(connection: Connection, command: Command | Misread) -> Trial:
    parts = dependencies()
    handlers = parts.handlers
    off = off_sentences(connection)
    closed = Switches(off=off, handlers=handlers, keywords=parts.service.keywords).closed(command)
    if closed is not None:
        answer = tell_switched_off(closed.outcome, closed.keyword, closed.sentence, parts.service)
        return Trial(answer=answer, secrets=SecretsTried())
    service = without_services(parts.service, off) if off else parts.service
    with connection.begin_nested() as nested:
        [command], found, rows = handlers.prefetch(connection, [command], parts.service)
        context = Context(
            connection=connection,
            now=parts.now(),
            new_id=parts.new_id,
            ids_a_day=IDS_A_DAY,
            sender=NOBODY,
            inbound_id=parts.new_id(),  # a text of now: older ones open nothing after a number was released
            service=service,
            dossiers=found,
            first_password=FirstPassword(clear="********", hashed="!"),
            rows=rows,
        )
        answer = handle(command, context, handlers)
        nested.rollback()
    handler = None if isinstance(command, Misread) else handlers.find(command)
    tried = None if handler is None or isinstance(command, Misread) else handlers.of(command).secrets_tried
    secrets = SecretsTried() if tried is None or isinstance(command, Misread) else tried(connection, command, found)
    return Trial(answer=answer, secrets=secrets)


def _has_guessed(connection: Connection) -> bool:
    """Return whether this operator tried as many wrong secrets in a day as one phone may."""
    since = dependencies().now() - GUESSES_COUNT
    name = current_session().operator.name
    guesses = audit.count_done(connection, name, (Action.SECRET_GUESSED,), since=since)
    return guesses >= dependencies().settings.limits.misses_per_day


def _note(connection: Connection, trial: Trial, reading: str) -> None:
    for dossier_id in trial.secrets.opened:
        note(connection, Action.TRIED, f"dossier:{dossier_id}", reading)
    for missed in trial.secrets.wrong:
        note(connection, Action.SECRET_GUESSED, "" if missed is None else f"dossier:{missed}", reading)
    if not trial.secrets.opened and not trial.secrets.wrong:
        note(connection, Action.TRIED, detail=reading)


def _as_row(typed: str, reading: str) -> TextRow:
    parts = dependencies()
    return TextRow(
        id=0,
        link="",
        sender=NOBODY,
        recipient=parts.service.short_code,
        body=typed,
        received_at=parts.now(),
        state=InboundState.HANDLED,
        reading=reading,
        outcome=None,
    )
