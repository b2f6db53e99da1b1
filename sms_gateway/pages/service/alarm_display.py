"""Alarms as pages show them: in the reader's language, with a link to the page that shows what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from db.processes.alarms import StoredAlarm
from sms_gateway.alarms.condition import Condition
from sms_gateway.alarms.finding import Watched
from sms_gateway.pages.site.access import may
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.language import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """Something that a person must look into: what it is, what to do, and where to look."""

    key: str
    title: str
    fix: str
    address: str
    known_by: str | None = None  # the operator who acknowledged it


def watched(parts: WebDependencies) -> Watched:
    """Return what a process of pages looks at."""
    tables = parts.tables
    return Watched(
        settings=parts.settings,
        is_on=parts.is_on,
        links=parts.links,
        troubles=parts.troubles,
        is_urgent_on=None if parts.conversation is None else parts.conversation.urgent,
        left_out=(lambda: ()) if tables is None else (lambda: tables.left_out),
        heartbeat=parts.heartbeat,
    )


def shown_alarms(conditions: Iterable[Condition], known: Mapping[str, str]) -> Sequence[Alarm]:
    """Return the alarms for a page; those that an operator acknowledged come last."""
    shown = [
        Alarm(
            key=one.key.replace(" ", "_"),
            title=say(one.title),
            fix=say(one.fix),
            address=_address(one),
            known_by=known.get(one.key),
        )
        for one in conditions
    ]
    return sorted(shown, key=lambda one: one.known_by is not None)


def acknowledged_keys(alarms: Iterable[StoredAlarm]) -> Mapping[str, str]:
    """Return by the key of its condition who acknowledged each open alarm."""
    return {
        f"{one.name}-{one.subject}" if one.subject else one.name: one.acknowledged_by
        for one in alarms
        if one.acknowledged_by is not None
    }


def _address(one: Condition) -> str:
    """Return the address of the page that shows it; that of Today when the operator may not open that page."""
    if not may(one.page):
        return url_for("admin.today")
    values: dict[str, Any] = dict(one.page_values)  # the types of url_for name its own options only
    return url_for(one.page, **values)
