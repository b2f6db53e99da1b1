"""Codes of dossiers that a text names: which dossier each finds and opens, and what of it is a guess."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection

from db.citizens.dossier_secrets import opened_by
from db.citizens.dossiers import Dossier, find_by_lookalike, lookalike_key
from handlers.context import ServiceFacts
from handlers.handler import Dossiers, Fetched, Guessable, SecretsTried, Tried
from parsers.commands import NamesDossiers, ReceiptCode

C = TypeVar("C", bound=NamesDossiers)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguous:
    """Several dossiers match the code, so none is shown."""


def choose_codes(command: C, found: Container[str]) -> C:
    """Decide which code is meant when the letters before it are a label or its beginning, by the dossiers that exist.

    The code as it was read goes first; the other is taken when only that one has a dossier. `found` holds the
    look-alike keys with a dossier. Call it before anything else is decided on a command.
    """
    if not any(code.instead for code in command.codes):
        return command
    return replace(command, codes=tuple(_chosen(code, found) for code in command.codes))


def _chosen(code: ReceiptCode, found: Container[str]) -> ReceiptCode:
    if code.instead is None or lookalike_key(code.canonical) in found or lookalike_key(code.instead) not in found:
        return code
    return replace(code, written=code.instead, canonical=code.instead, instead=None)


def try_key(code: ReceiptCode) -> str:
    """Return the key of the dossiers that a code, together with its secret, finds and opens."""
    key = lookalike_key(code.canonical)
    return key if code.secret is None else f"{key} {lookalike_key(code.secret)}"


def codes_asked(commands: Iterable[NamesDossiers]) -> set[str]:
    """Return the look-alike keys of all codes in a batch, for one db.citizens.dossiers.find_by_lookalike."""
    return {
        lookalike_key(one)
        for command in commands
        for code in command.codes
        for one in (code.canonical, code.instead)
        if one is not None
    }


def open_dossiers(connection: Connection, commands: Iterable[NamesDossiers], found: Dossiers) -> Dossiers:
    """Return the dossiers that the secrets of these look-ups open, by try_key; `found` has them by look-alike key.

    For a service that asks for secrets: a code without one opens nothing.
    """
    opened: dict[str, Sequence[Dossier]] = {}
    for code in (code for command in commands for code in command.codes):
        if code.secret:
            alike = found.get(lookalike_key(code.canonical), ())
            one_or_more = opened_by(connection, alike, code.canonical, code.secret)
            if one_or_more:
                opened[try_key(code)] = one_or_more
    return opened


def fetch(connection: Connection, commands: Sequence[NamesDossiers], service: ServiceFacts) -> Fetched:
    """Find the dossiers of a batch in one query, and open those whose secret was given."""
    found: Dossiers = find_by_lookalike(connection, codes_asked(commands))
    meant = [choose_codes(command, found) for command in commands]
    return Fetched(meant, open_dossiers(connection, meant, found) if service.asks_secret else found)


def match(code: ReceiptCode, alike: Sequence[Dossier]) -> Dossier | Ambiguous | None:
    """Choose among the dossiers that look like a code: as printed, else canonical, else the only similar one.

    When several dossiers pass a step, the search ends as Ambiguous: a guess would show a stranger's dossier.
    """
    if not alike:
        return None
    fitting = (
        [one for one in alike if one.code.upper() == code.written]
        or [one for one in alike if one.canonical == code.canonical]
        or alike
    )
    return fitting[0] if len(fitting) == 1 else Ambiguous()


def guessable(command: NamesDossiers) -> Guessable:
    """Return the codes that are tried. Where a secret is needed, each secret tried on a code is a guess.

    A code without its secret is no guess: its state is shown to nobody.
    """
    return Guessable(
        [Tried(try_key(code), lookalike_key(code.canonical)) for code in command.codes if code.secret != ""]
    )


def secrets_tried(connection: Connection, command: NamesDossiers, dossiers: Dossiers) -> SecretsTried:
    """Return which secrets of these codes are right."""
    given = [code for code in command.codes if code.secret]
    alike = find_by_lookalike(connection, {lookalike_key(code.canonical) for code in given}) if given else {}
    opened: list[int] = []
    wrong: list[int | None] = []
    for code in given:
        right = dossiers.get(try_key(code), ())
        opened += [one.id for one in right]
        if not right:
            wrong += [one.id for one in alike.get(lookalike_key(code.canonical), ())] or [None]
    return SecretsTried(opened, wrong)
