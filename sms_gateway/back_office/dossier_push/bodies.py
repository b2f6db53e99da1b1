"""The body of a push: the national portal's call, a bare list of its items, or a list in our own form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from pydantic_core import from_json

from db.back_office.dossier_pushes import MOST_PUSHED, PushedDossier
from db.citizens.dossiers import canonical
from sms_gateway.back_office.dossier_push.items import Service
from sms_gateway.back_office.dossier_push.reading import code_in, read_item

SERVICES: tuple[str, ...] = get_args(Service)

_TRUE = frozenset({"true", "1"})
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, kw_only=True, slots=True)
class WrongBody:
    """A body that cannot be used at all."""

    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadItem:
    """One item of a body: its code as it came, and its dossier or its fault."""

    code: str | None
    read: PushedDossier | str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadBody:
    """The items of a body, in its order. No two dossiers have one code."""

    items: Sequence[ReadItem]
    corrects: bool
    """Dossiers that have ended may leave that status."""


def read_body(body: bytes, *, query_corrects: str, at: datetime, allowed: Collection[str]) -> ReadBody | WrongBody:
    """Read the body of a push; `query_corrects` is the parameter isUpdating. Never raises for what it holds."""
    try:
        given: object = from_json(body.removeprefix(_BYTE_ORDER_MARK), allow_inf_nan=False, cache_strings="none")
    except ValueError:
        return WrongBody(words="the body is no JSON in UTF-8")
    corrects = is_true(query_corrects)
    if isinstance(given, dict):
        service = given.get("service")
        if service is not None and service not in SERVICES:
            return WrongBody(words=f"service: write {' or '.join(SERVICES)}, or leave it out")
        corrects = corrects or is_true(given.get("isUpdating"))
        given = given.get("data")
    if not isinstance(given, list):
        return WrongBody(words='the body must be a list of dossiers, or an object with the list as "data"')
    if len(given) > MOST_PUSHED:
        return WrongBody(words=f"{len(given)} items; send at most {MOST_PUSHED} in one request")
    items = [ReadItem(code=code_in(item), read=read_item(item, at=at, allowed=allowed)) for item in given]
    return ReadBody(items=_without_doubles(items), corrects=corrects)


def is_true(value: object) -> bool:
    """Return whether a flag is set, as JSON or a query writes it.

    >>> is_true(True), is_true("True"), is_true("1"), is_true("False"), is_true(None), is_true([1])
    (True, True, True, False, False, False)
    """
    return value is True or (isinstance(value, str | int) and str(value).strip().lower() in _TRUE)


def _without_doubles(items: Sequence[ReadItem]) -> Sequence[ReadItem]:
    """Keep of each code the latest change, and of equal times the first; the others become faults."""
    kept: dict[str, int] = {}
    for place, item in enumerate(items):
        if isinstance(item.read, PushedDossier):
            key = canonical(item.read.facts.code)
            before = _dossier(items, kept.get(key))
            if before is None or item.read.at > before.at:
                kept[key] = place
    return [_or_double(place, item, kept) for place, item in enumerate(items)]


def _dossier(items: Sequence[ReadItem], place: int | None) -> PushedDossier | None:
    found = None if place is None else items[place].read
    return found if isinstance(found, PushedDossier) else None


def _or_double(place: int, item: ReadItem, kept: Mapping[str, int]) -> ReadItem:
    if not isinstance(item.read, PushedDossier) or kept[canonical(item.read.facts.code)] == place:
        return item
    number = kept[canonical(item.read.facts.code)] + 1
    return ReadItem(code=item.code, read=f"the code is in item {number} too, which is taken: send each code once")
