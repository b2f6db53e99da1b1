"""The audit log in words: the subject of an entry, with its page, and its detail. Unknown values stay as they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from db.schema import OperatorRole
from db.staff.audit import Action, Entry
from db.staff.operators import COMMAND_LINE
from db.store.ids import IDS_A_MINUTE, minute_of
from handlers.wording.phrases import Phrase
from sms_gateway.pages.display.paging import MAX_KEY
from sms_gateway.pages.display.reading_names import shown_reading, shown_service
from sms_gateway.pages.site.access import may
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_day, local_time, say, say_or


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditLine:
    """An entry as the page shows it."""

    entry: Entry
    operator: str
    action: str
    subject: str
    address: str | None  # of the page of the entry's subject
    detail: str


def in_words(entry: Entry) -> AuditLine:
    """Put an entry into words."""
    subject, address = _subject(entry.subject)
    return AuditLine(
        entry=entry,
        operator=say("audit.command_line") if entry.operator == COMMAND_LINE else entry.operator,
        action=say_or(f"action.{entry.action}", entry.action),
        subject=subject,
        address=address,
        detail=_detail(entry),
    )


def _subject(subject: str) -> tuple[str, str | None]:
    kind, _, name = subject.partition(":")
    if not name:
        return (say_or(f"about.{kind}", kind) if kind else ""), None
    if kind in _ROWS and name.isdecimal() and int(name) <= MAX_KEY:
        made = local_time(minute_of(int(name) // IDS_A_MINUTE))
        page, address = _ROWS[kind]
        return say(f"about.one_{kind}", time=made), address(int(name)) if may(page) else None
    if kind == "wording" and name in set(Phrase):
        return say(f"phrase.{name}"), url_for("admin.wording", phrase=name)
    if kind == "link":
        return say("about.one_link", name=name), url_for("admin.links")
    if kind == "service":
        return shown_service(name), url_for("admin.services")
    if kind == "way":
        return say_or(f"alarms.way_{name}", name), url_for("admin.alarms")
    if kind == "operator":
        return say("about.one_operator", name=name), url_for("admin.operators")
    if kind in _NAMED and name.isdecimal() and int(name) <= MAX_KEY:
        page, address = _NAMED[kind]
        return say(f"about.one_{kind}", name=name), address(int(name)) if may(page) else None
    return (say("about.one_key", name=name) if kind == "key" else subject), None


_NAMED: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "unit": ("admin.unit", lambda row_id: url_for("admin.unit", unit_id=row_id)),
    "calendar": ("admin.calendar", lambda row_id: url_for("admin.calendar", calendar_id=row_id)),
    "rule": ("admin.rule", lambda row_id: url_for("admin.rule", rule_id=row_id)),
    "topic": ("admin.topic", lambda row_id: url_for("admin.topic", topic_id=row_id)),
}
"""Rows that have no time of their own in words: the page of each kind, and its argument."""


_ROWS: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "inbound": ("admin.message", lambda row_id: url_for("admin.message", inbound_id=row_id)),
    "account": ("admin.account", lambda row_id: url_for("admin.account", account_id=row_id)),
    "dossier": ("admin.dossier", lambda row_id: url_for("admin.dossier", dossier_id=row_id)),
    "lookup": ("admin.table_version", lambda row_id: url_for("admin.table_version", table_id=row_id)),
    "alarm": ("admin.alarms", lambda row_id: url_for("admin.alarms", _anchor=f"open-{row_id}")),
    "ticket": ("admin.ticket", lambda row_id: url_for("admin.ticket", ticket_id=row_id)),
}
"""The page of each kind of row, which exists only when its service is on."""


def _detail(entry: Entry) -> str:
    if entry.action == Action.TRIED:
        return shown_reading(entry.detail)
    if entry.action == Action.ALARM_ACKNOWLEDGED:
        return entry.detail.replace("_", " ")  # its name, as in docs/how-to/alarms.md
    if entry.action == Action.LOG_IN_REFUSED:
        return say_or(f"refused.{entry.detail}", entry.detail)
    if entry.action == Action.ACCOUNT_CORRECTED:
        return ", ".join(say_or(f"accounts.{name}", name) for name in entry.detail.split(", "))
    for pattern, write in _DETAILS.items():
        if found := pattern.fullmatch(entry.detail):
            return write(found.groupdict(default=""))
    return say_or(f"audited.{entry.detail.replace(' ', '_').replace(',', '')}", entry.detail)


def _days(found: Mapping[str, str]) -> str:
    return say("span.days", count=int(found["days"]))


def _answer(found: Mapping[str, str]) -> str:
    return say("audited.answer", time=local_time(minute_of(int(found["id"]) // IDS_A_MINUTE)))


def _export(found: Mapping[str, str]) -> str:
    rows = say("audited.rows", count=int(found["rows"]))
    return ", ".join([found["kind"].upper(), rows, say(f"audited.{found['how']}"), *_filter(found["filter"])])


def _filter(written: str) -> Iterator[str]:
    """Put the filter of an export into words; return nothing for one that was cut off."""
    try:
        chosen = ast.literal_eval(written) if written else {}
    except (SyntaxError, ValueError):
        return
    for name, value in chosen.items():
        if name in {"from", "to"}:
            yield f"{say(f'log.{name}')}: {local_day(date.fromisoformat(value))}"
        elif name == "unsure":
            yield say("log.unsure")
        else:
            shown = shown_reading(value) if name == "reading" else say_or(f"{name}.{value}", value)
            yield f"{say_or(f'log.{name}', name)}: {shown}"


def _person(found: Mapping[str, str]) -> str:
    texts = [say("audited.texts", count=int(found["texts"]))] if found["texts"] else []
    return ", ".join([say(f"audited.by_{found['kind']}"), *texts])


def _dossier(found: Mapping[str, str]) -> str:
    states = f"{say('dossier.' + found['before'])} → {say('dossier.' + found['after'])}"
    return ", ".join([states, *([say("audited.links_confirmed")] if found["links"] else [])])


def _import(found: Mapping[str, str]) -> str:
    counts = [f"{value} {say('import.' + name)}" for name, value in found.items() if value and name != "links"]
    return ", ".join([*counts, *([say("audited.links_confirmed")] if found.get("links") else [])])


def _unit_import(found: Mapping[str, str]) -> str:
    counts = {name: value for name, value in found.items() if name != "kind"}
    return f"{say('unit_import.' + found['kind'])}: {_import(counts)}"


def _roles(found: Mapping[str, str]) -> str:
    return " → ".join(say(f"role.{role}") for role in (found["before"], found["after"]) if role)


def _wording(found: Mapping[str, str]) -> str:
    words = say(f"audited.{found['how'].replace(' ', '_')}")
    code = found["language"]
    catalogue = dependencies().catalogues.get(code)
    language = [catalogue.name if catalogue else code] if code else []  # entries from before languages have none
    return ", ".join([words, *language, *([say("audited.links_confirmed")] if found["links"] else [])])


def _member(found: Mapping[str, str]) -> str:
    return say("audited.member_gone" if found["gone"] else "audited.member", name=found["name"])


def _calendar_day(found: Mapping[str, str]) -> str:
    how = say(f"audited.day_{found['how'].replace(' ', '_')}")
    return f"{local_day(date.fromisoformat(found['day']))}: {how}"


_ROLE = "|".join(OperatorRole)
_LANGUAGE = r"(?: language=(?P<language>[a-z]{2,3}))"
_STATE = r"[1-9]|10"
_IMPORTED = r"new=(?P<new>\d+) changed=(?P<changed>\d+) same=(?P<same>\d+)"
_DETAILS: Mapping[re.Pattern[str], Callable[[Mapping[str, str]], str]] = {
    re.compile(pattern): write
    for pattern, write in (
        (r"(?P<days>\d{1,4}) days", _days),
        (r"outbound:(?P<id>\d{1,18})", _answer),
        (r"(?P<kind>csv|xlsx) rows=(?P<rows>\d+) (?P<how>clear|masked) ?(?P<filter>.*)", _export),
        (r"(?:person )?by (?P<kind>number|id_number)(?:, (?P<texts>\d+) texts(?: and answers)?)?", _person),
        (rf"(?P<before>{_STATE}) -> (?P<after>{_STATE})(?P<links> links_confirmed=\d+)?", _dossier),
        (rf"{_IMPORTED}(?: left_out=(?P<left_out>\d+))?(?: links_confirmed=(?P<links>\d+))?", _import),
        (rf"(?P<kind>units|contacts|wards|rules) {_IMPORTED}", _unit_import),
        (r"(?P<new>\d+) new, (?P<changed>\d+) changed", _import),
        (r"begun: (?P<lines>\d+) lines", lambda found: say("audited.import_begun", count=int(found["lines"]))),
        (rf"(?P<before>{_ROLE})(?: -> (?P<after>{_ROLE}))?", _roles),
        (
            rf"(?P<how>changed|as delivered|brought back){_LANGUAGE}?(?P<links> links_confirmed=\d+)?",
            _wording,
        ),
        (r"off: (?P<words>.+)", lambda found: f"{say('audited.off')}: {found['words']}"),
        (r"(?P<gone>no )?member (?P<name>.+)", _member),
        (r"(?P<day>\d{4}-\d{2}-\d{2}) (?P<how>open|shut|as weekday)", _calendar_day),
        (
            r"(?P<year>\d{4}) (?P<how>proposed|confirmed)",
            lambda found: f"{found['year']} {say('audited.year_' + found['how'])}",
        ),
        (r"changed by (?P<name>.+)", lambda found: say("audited.changed_by", name=found["name"])),
        (r"(?P<count>\d+) parked", lambda found: say("audited.parked", count=int(found["count"]))),
    )
}
