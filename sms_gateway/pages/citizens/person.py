"""The rights of a person: show, export or erase what is stored of a telephone or identity number.

The number comes by POST, and forms pass it on encrypted. It is never in an address or a log.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.citizens import erasure, person_export
from db.citizens.erasure import Erased
from db.citizens.person_export import Stored
from db.staff.audit import Action
from db.store.address import Address
from db.store.phone_numbers import read_sender
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import open_for_operator, seal_for_operator, short_field
from sms_gateway.web.language import local_stamp, say
from sms_gateway.web.masking import mask_text

NUMBER, ID_NUMBER = "number", "id_number"
CONFIRMING_DIGITS = 4
"""The operator types these digits again before anything is erased, so that nobody is erased by mistake."""

_PERSON = "web.person"
_DONE = "web.person_erased"
_ID_LENGTHS = (9, 12)
_MOST_CHARACTERS = 40

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Who is asked for: a telephone number in its one form, or the digits of an identity number."""

    kind: str  # NUMBER or ID_NUMBER
    value: str

    @property
    def masked(self) -> str:
        """Return the number as pages show it."""
        return (
            dependencies().addresses.mask(self.value)
            if self.kind == NUMBER
            else mask_text(self.value, keeps_codes=False)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What the page shows of a person: how much there is of each kind, and since when."""

    counts: Sequence[tuple[str, int]]
    oldest: datetime | None
    newest: datetime | None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing at all is stored."""
        return not any(count for _, count in self.counts)


def person() -> Page:
    """Ask for a number; with a number, show what is stored of it and what can be done.

    It comes by POST. The address of the next page holds it encrypted.
    """
    if request.method == "GET":
        token = request.args.get("who", "")
        return _page(asked=_opened(token) if token else None, erased=_erased(request.args.get("done", "")))
    form = Filled()
    asked = _typed(form.text("kind", most=_MOST_CHARACTERS), form.text("who", most=_MOST_CHARACTERS))
    if asked is None:
        form.refuse("who", say("person.no_number"))
        return _page(form=form), 400
    with dependencies().database.write() as connection:
        note(connection, Action.NUMBER_SEARCHED, "person", f"by {asked.kind}")
    return redirect(url_for("admin.person", who=_seal(asked)), code=303)


def export_person() -> Response:
    """Return everything as a JSON file, unmasked; the audit log records it without the number."""
    asked = _sealed()
    stored = _stored(asked)
    parts = dependencies()
    with parts.database.write() as connection:
        note(connection, Action.EXPORTED, "person", f"person by {asked.kind}, {len(stored.texts)} texts and answers")
    content = json.dumps(asdict(stored), ensure_ascii=False, indent=2, default=_local)
    disposition = f'attachment; filename="person-{local_stamp(dependencies().now())}.json"'
    # Escaped by json.dumps: UTF-8 cannot hold a lone surrogate of a broken text.
    octets = content.encode("utf-8", "backslashreplace")
    return Response(octets, content_type="application/json", headers={"Content-Disposition": disposition})


def erase_person() -> Page:
    """Erase everything but what must stay, once the last digits were typed again."""
    asked = _sealed()
    form = Filled()
    if form.text("digits", most=_MOST_CHARACTERS) != asked.value[-CONFIRMING_DIGITS:]:
        form.refuse("digits", say("person.digits_differ", count=CONFIRMING_DIGITS))
        return _page(asked=asked, form=form), 400
    with dependencies().database.write() as connection:
        erased = _erase(connection, asked)
        note(connection, Action.PERSON_ERASED, "person", f"by {asked.kind}, {erased.texts} texts")
    return done(
        url_for("admin.person", done=seal_for_operator(json.dumps(asdict(erased)), _DONE)), "done.person_erased"
    )


def _local(moment: datetime) -> str:
    """Write a time in the service's zone, as programs read it (ISO 8601)."""
    return moment.astimezone(LOCAL_ZONE).isoformat()


def _typed(kind: str, who: str) -> Asked | None:
    if kind == NUMBER:
        number = dependencies().addresses.read(who)
        return None if number is None else Asked(kind=NUMBER, value=number)
    digits = "".join(sign for sign in who if sign not in " .-")
    if kind == ID_NUMBER and digits.isascii() and digits.isdecimal() and len(digits) in _ID_LENGTHS:
        return Asked(kind=ID_NUMBER, value=digits)
    return None


def _sealed() -> Asked:
    """Return who the page before was about."""
    return _opened(short_field("person"))


def _seal(asked: Asked) -> str:
    return seal_for_operator(f"{asked.kind} {asked.value}", _PERSON)


def _opened(token: str) -> Asked:
    kind, _, value = (open_for_operator(token, _PERSON) or abort(410)).partition(" ")
    return Asked(kind=kind, value=value)


def _stored(asked: Asked) -> Stored:
    with dependencies().database.read() as connection:
        if asked.kind == NUMBER:
            return person_export.find_by_number(connection, Address(asked.value), read_sender)
        return person_export.find_by_id_number(connection, asked.value)


def _erase(connection: Connection, asked: Asked) -> Erased:
    if asked.kind == NUMBER:
        return erasure.erase_number(connection, Address(asked.value), read_sender, now=dependencies().now())
    return erasure.erase_id_number(connection, asked.value, read_sender)


def _overview(asked: Asked) -> Overview:
    stored = _stored(asked)
    ended = sum(one.until is not None for one in stored.subscriptions)
    counts = (
        ("received", sum(one.way == "received" for one in stored.texts)),
        ("sent", sum(one.way == "sent" for one in stored.texts)),
        ("parts", len(stored.parts)),
        ("receipts", len(stored.receipts)),
        ("accounts", len(stored.accounts)),
        ("blocks", len(stored.blocks)),
        ("attempts", stored.attempts),
        *([("tickets", len(stored.tickets))] if stored.tickets else []),
        *([("kept_texts", len(stored.kept_texts))] if stored.kept_texts else []),
        *([("lookup_rows", len(stored.lookup_rows))] if stored.lookup_rows else []),
        *([("subscriptions", len(stored.subscriptions) - ended)] if stored.subscriptions else []),
        *([("ended_subscriptions", ended)] if ended else []),
        *([("consents", len(stored.consents))] if stored.consents else []),
    )
    times = [one.at for one in stored.texts]
    return Overview(counts=counts, oldest=min(times, default=None), newest=max(times, default=None))


def _erased(token: str) -> Erased | None:
    """Return what an erasure before this page did; it is encrypted, so that nobody can forge it."""
    told = open_for_operator(token, _DONE) if token else None
    return None if told is None else Erased(**json.loads(told))


def _page(*, asked: Asked | None = None, form: Filled | None = None, erased: Erased | None = None) -> str:
    return render_template(
        "citizens/person.html",
        asked=asked,
        sealed=None if asked is None else _seal(asked),
        overview=None if asked is None else _overview(asked),
        form=form or Filled(),
        done=erased,
        digits=CONFIRMING_DIGITS,
        days=lambda count: timedelta(days=count),
        retention=dependencies().settings.retention,
    )
