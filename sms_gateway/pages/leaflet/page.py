"""The leaflet for citizens: what can be texted to this service, made from the settings, on one sheet to print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template, request
from sqlalchemy import Connection

from db.citizens.lookups import StoredTable, answering, first_rows, list_tables
from parsers.commands.conversation import RateTicket, ReplyToTicket
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.leaflet.texts import OwnTable, Taught, taught_texts
from sms_gateway.pages.leaflet.words import Words
from sms_gateway.settings.switches import LOOKUPS
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.translations import LANGUAGES

_NUMBER_OF_A_PERSON = re.compile(r"[0-9]{9}")
"""A telephone or an identity number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part below the table of texts."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaflet:
    """What the page shows, in one language."""

    words: Words
    office: str
    rows: Sequence[Taught]
    sections: Sequence[Section]


def leaflet() -> str:
    """Show the leaflet in Vietnamese, or in English when it is asked for."""
    wanted = request.args.get("language", "")
    return render_template(
        "leaflet/leaflet.html",
        leaflet=leaflet_in(wanted if wanted in LANGUAGES else LANGUAGES[0]),
        languages=(("vi", "Tiếng Việt"), ("en", "English")),
    )


def leaflet_in(language: str) -> Leaflet:
    """Make the leaflet of the service that serves this request."""
    parts = dependencies()
    words = Words(
        language=language,
        settings=parts.settings,
        service=parts.service,
        vocabulary=parts.vocabulary,
        handlers=parts.handlers,
        today=parts.now().astimezone(LOCAL_ZONE).date(),
    )
    return Leaflet(
        words=words,
        office=parts.settings.service.office or _focal_unit(),
        rows=taught_texts(words, _own_tables() if parts.is_on(LOOKUPS) else ()),
        sections=[one for one in _sections(words) if one.lines],
    )


def _focal_unit() -> str:
    """Return the name of the unit that gets what nothing else fits; empty without the conversation."""
    conversation = dependencies().conversation
    units = conversation.units() if conversation is not None else None
    return units.directory.focal.name if units is not None else ""


def _own_tables() -> Sequence[OwnTable]:
    parts = dependencies()
    with parts.database.read() as connection:
        return [
            OwnTable(name=one.name, definition=one.definition, key=_first_key(connection, one))
            for one in answering(list_tables(connection), parts.now())
        ]


def _first_key(connection: Connection, table: StoredTable) -> str | None:
    """Return the key of the first row; None where that may be about a person: a secret opens it, or it has a number."""
    about = table.definition
    if not about.has_rows or about.secret_column:
        return None
    for row in first_rows(connection, table, 1):
        if not any(_NUMBER_OF_A_PERSON.search(cell) for cell in row.cells.values()):
            return row.cells[about.key_column]
    return None


def _sections(words: Words) -> Iterator[Section]:
    parts = (("after", _after), ("cost", _cost), ("emergency", _emergency), ("safe", _safe), ("data", _data))
    for name, lines_of in parts:
        yield Section(title=words.say(f"leaflet.{name}.title"), lines=list(lines_of(words)))
    if words.converses:
        yield Section(title=words.say("leaflet.complaints.title"), lines=[words.say("leaflet.complaints.where")])


def _after(words: Words) -> Iterator[str]:
    if not words.converses:
        return
    keyed = "" if words.service.bare_replies else "_keyed"
    yield words.say("leaflet.after.number")
    if not keyed or words.vocabulary.offers(ReplyToTicket.name):
        yield words.say(f"leaflet.after.reply{keyed}")
    if words.vocabulary.offers(RateTicket.name):
        yield words.say(f"leaflet.after.rate{keyed}")
    yield words.say("leaflet.after.own")


def _cost(words: Words) -> Iterator[str]:
    yield words.say("leaflet.cost.price" if words.settings.service.price else "leaflet.cost.of_carrier")
    yield words.say("leaflet.cost.free")
    yield words.say("leaflet.cost.long")
    if words.has_notices:
        yield words.say("leaflet.cost.end")


def _emergency(words: Words) -> Iterator[str]:
    yield words.say("leaflet.emergency.call")
    yield words.say("leaflet.emergency.numbers")


def _safe(words: Words) -> Iterator[str]:
    yield words.say("leaflet.safe.secrets")
    if words.converses:
        yield words.say("leaflet.safe.identity")


def _data(words: Words) -> Iterator[str]:
    kept = words.settings.retention
    yield words.say("leaflet.data.texts", count=kept.text_days)
    yield words.say("leaflet.data.traces", count=kept.trace_days)
    if words.converses:
        yield words.say("leaflet.data.tickets", count=words.settings.conversation.ticket_days)
    yield words.say("leaflet.data.rights")
