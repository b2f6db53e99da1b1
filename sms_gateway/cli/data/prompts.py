"""What a command asks for instead of taking it from its arguments, which every user of the machine can see."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from db.store.address import Address
from sms_gateway.channels.address_kinds import ADDRESS_KINDS

FROM_INPUT = "-"
"""Stands for: ask for it, or read it from standard input."""

_ID_LENGTHS = (9, 12)


def read_address(given: str | None) -> Address:
    """Return a telephone number, or an address of another kind as it is stored, as given, or ask for it."""
    address = ADDRESS_KINDS.read(_given(given, "Telephone number"))
    if address is None:
        raise click.BadParameter("is no telephone number that texts could come from", param_hint="NUMBER")
    return address


def read_id_number(given: str | None) -> str:
    """Return an identity number as given, or ask for it."""
    digits = "".join(sign for sign in _given(given, "Identity number") if sign not in " .-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) in _ID_LENGTHS):
        raise click.BadParameter("must have 9 or 12 digits", param_hint="--id-number")
    return digits


def ask_secret(what: str, source: Path | None = None) -> str:
    """Return a secret: the first line of a file, or what is typed without being shown, or a line of standard input."""
    if source is not None:
        return source.read_text("utf-8", "replace").partition("\n")[0].strip()
    return _given(None, what).strip()


def _given(given: str | None, what: str) -> str:
    if given is not None and given != FROM_INPUT:
        return given
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True, err=True))
    return sys.stdin.readline().strip()
