"""Try it: how a text would be read and answered, without effect: what the handler writes is rolled back."""

from __future__ import annotations

from flask import render_template, request

from db.audit import Action
from db.dossiers import find_by_lookalike
from db.identity import Msisdn
from db.message_log import TextRow
from db.schema import InboundState
from handlers import choose_codes, codes_asked, handle, open_dossiers
from handlers.answer import Answer
from handlers.context import Context, FirstPassword
from parsers.commands import Command
from parsers.explanation import explain
from parsers.misread import Misread
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.road.dispatch import name_reading
from sms_gateway.smpp.text import count_segments
from sms_gateway.web.admin.noted import note
from sms_gateway.web.admin.reading import shown_way
from sms_gateway.web.admin.shown import shown_outcome, shown_reading
from sms_gateway.web.admin.wire import encoding_name
from sms_gateway.web.forms import short_field
from sms_gateway.web.parts import current_parts

NOBODY = Msisdn("84900000000")
"""Who a tried text is from: a number that has no accounts."""


def try_text() -> str:
    """Show the form, or what would come of a text."""
    typed = short_field("text")
    if request.method == "GET" or not typed:
        return render_template("try.html", typed="", told=None)
    parts = current_parts()
    today = parts.now().astimezone(LOCAL_ZONE).date()
    short_codes, asks_secret = parts.settings.service.short_codes, parts.service.asks_secret
    command = explain(typed, today=today, short_codes=short_codes, with_secrets=asks_secret).reading
    answer = _answer(command)
    with parts.database.write() as connection:
        note(connection, Action.TRIED, detail=name_reading(command))
    text = _as_row(typed, name_reading(command))
    shown = answer.masked or answer.text
    encoding, segments = count_segments(shown)
    told = {
        "reading": shown_reading(text.reading),
        "outcome": shown_outcome(answer.outcome),
        "answer": shown,
        "encoding": encoding_name(encoding.value),
        "segments": segments,
        "way": shown_way(text, short_codes, clear=True, with_secrets=asks_secret),
    }
    return render_template("try.html", typed=typed, told=told)


def _answer(command: Command | Misread) -> Answer:
    parts = current_parts()
    with parts.database.write() as connection, connection.begin_nested() as trial:
        found = find_by_lookalike(connection, codes_asked([command]))
        command = choose_codes(command, found)
        if parts.service.asks_secret:
            found = open_dossiers(connection, [command], found)
        context = Context(
            connection=connection,
            now=parts.now(),
            new_id=parts.new_id,
            sender=NOBODY,
            inbound_id=parts.new_id(),  # a text of now: older ones open nothing where a number was released
            service=parts.service,
            dossiers=found,
            first_password=FirstPassword(clear="********", hashed="!"),
        )
        answer = handle(command, context)
        trial.rollback()
    return answer


def _as_row(typed: str, reading: str) -> TextRow:
    parts = current_parts()
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
