"""A filled form: reads each field as people write it, keeps what was typed, and shows a fault at its field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import abort, request

from db.store.address import Address, Msisdn
from db.store.phone_numbers import read_sender
from parsers.commands import BirthDate
from parsers.fields.birth_dates import DateFault
from parsers.fields.identity_numbers import birth_year_of
from parsers.grammars.registration import read_birth_date_alone
from parsers.reasons import REASONS
from sms_gateway.back_office.table_file.days import read_day
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import local_day, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """The values of a form's fields, and the fault of each. A page shows both (`_fields.html`).

    Readers return the value of a field. They return None when nothing was typed or a fault was found, so code that acts
    on the form asks `is_sound` first.
    """

    values: dict[str, str] = field(default_factory=dict, repr=False)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Return whether no field has a fault."""
        return not self.faults

    def value(self, name: str) -> str:
        """Return the value of a field."""
        return self.values.get(name, "")

    def fault(self, name: str) -> str | None:
        """Return the fault of a field."""
        return self.faults.get(name)

    def refuse(self, name: str, words: str) -> None:
        """Note a fault of a field; the first fault of a field stays."""
        self.faults.setdefault(name, words)

    def text(self, name: str, *, most: int, otherwise: str = "") -> str:
        """Read a line of text; return `otherwise` when the form has no such field."""
        typed = self._take(name, otherwise)
        if len(typed) > most:
            self.refuse(name, say("form.too_long", most=most, count=len(typed)))
        elif not typed.isprintable():
            self.refuse(name, say("form.control"))
        return typed

    @staticmethod
    def secret(name: str) -> str:
        """Read a password as typed. It is not kept, so no page shows it again."""
        return request.form.get(name, "")

    def choice(self, name: str, offered: Collection[str], otherwise: str = "") -> str:
        """Read a choice from a list; raise 400 for a value that is not in the list: no page of ours sends it."""
        chosen = self._take(name, otherwise)
        return chosen if chosen in offered else abort(400)

    def count(self, name: str, *, most: int) -> int | None:
        """Read a whole number from 1 on."""
        typed = self._take(name)
        if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(most)) and 1 <= int(typed) <= most:
            return int(typed)
        self.refuse(name, say("form.count", most=most))
        return None

    def phone(self, name: str) -> Msisdn | None:
        """Read a whole telephone number in any notation."""
        typed = self._take(name)
        number = read_sender(typed) if typed else None
        if typed and number is None:
            self.refuse(name, say("form.phone"))
        return number

    def address(self, name: str) -> Address | None:
        """Read a telephone number in any writing, or an address of another kind as it is stored."""
        typed = self._take(name)
        address = dependencies().addresses.read(typed) if typed else None
        if typed and address is None:
            self.refuse(name, say("form.phone"))
        return address

    def day(self, name: str, otherwise: str = "") -> date | None:
        """Read a day: 20/12/2026, 20-12-2026, 2026-12-20 and the like."""
        typed = self._take(name, otherwise)
        day = read_day(typed) if typed else None
        if typed and day is None:
            self.refuse(name, say("form.day", example=local_day(_today())))
        return day

    def birth_date(self, name: str, id_number: str | None = None) -> BirthDate | None:
        """Read a birth date as citizens write it; the identity number tells the century of a short year."""
        typed = self._take(name)
        if not typed:
            return None
        read = read_birth_date_alone(typed, today=_today(), id_year=birth_year_of(id_number))
        if isinstance(read, BirthDate):
            return read
        because = read.hint if isinstance(read, DateFault) else None
        why = say("form.because", why=say(REASONS.message(f"hint.{because.value}"))) if because is not None else ""
        self.refuse(name, f"{say('form.birth_date')} {why}".rstrip())
        return None

    def _take(self, name: str, otherwise: str = "") -> str:
        typed = short_field(name) if name in request.form else otherwise
        self.values[name] = typed
        return typed


def holding(values: Mapping[str, str]) -> Filled:
    """Return a form that shows these values."""
    return Filled(values=dict(values))


def _today() -> date:
    return dependencies().now().astimezone(LOCAL_ZONE).date()
