"""A condition: something that is wrong now and that a person must look into, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from parsers.localised_message import LocalisedMessage
from sms_gateway.web.translations import find_words


class AlarmName(StrEnum):
    """What can be wrong; the value is in rows, notices and metrics."""

    # Database and key file, as sms_gateway.metrics.Trouble names them.
    DATABASE_GONE = "database_gone"
    DATABASE_REPLACED = "database_replaced"
    NOTHING_TAKEN = "nothing_taken"
    STANDBY_AWAITED = "standby_awaited"
    KEYS_UNUSABLE = "keys_unusable"
    KEYS_REPLACED = "keys_replaced"
    ROUNDS_FAIL = "rounds_fail"  # of the alarms themselves: no other alarm is seen
    # Links and messages.
    LINK_DOWN = "link_down"
    LINK_STOPPED = "link_stopped"
    TEXTS_WAIT = "texts_wait"
    ANSWERS_WAIT = "answers_wait"
    PARKED = "parked"
    FAILED = "failed"
    MISREAD = "misread"
    NOT_FOUND = "not_found"
    # What the guards raise (db.messages.events.ALARMS).
    SCANNING = "scanning"
    MANY_ACCOUNTS = "many_accounts"
    ACCOUNTS_CLOSED = "accounts_closed"
    MANY_ANSWERS = "many_answers"
    ANSWERS_CLOSED = "answers_closed"
    CARRIER_LOOP = "carrier_loop"
    # Tickets and look-up tables.
    URGENT_UNTAKEN = "urgent_untaken"
    NO_FOCAL_UNIT = "no_focal_unit"
    NO_DUTY_CONTACT = "no_duty_contact"
    SERVICE_OFF = "service_off"
    TICKETS_OVERDUE = "tickets_overdue"
    YEAR_UNCONFIRMED = "year_unconfirmed"
    TABLE_LEFT_OUT = "table_left_out"
    TABLE_UNAPPROVED = "table_unapproved"
    TABLE_WAITS = "table_waits"
    # Other systems, and the machine.
    TOKEN_ENDS = "token_ends"  # noqa: S105 - an alarm, no secret
    WEBHOOK_FAILING = "webhook_failing"
    WAY_FAILING = "way_failing"
    HEARTBEAT_FAILING = "heartbeat_failing"
    CERTIFICATE_ENDS = "certificate_ends"
    BACKUP_OLD = "backup_old"
    DISK_LOW = "disk_low"


URGENT = frozenset(
    {
        *(AlarmName.DATABASE_GONE, AlarmName.DATABASE_REPLACED, AlarmName.NOTHING_TAKEN),
        *(AlarmName.KEYS_UNUSABLE, AlarmName.KEYS_REPLACED, AlarmName.ROUNDS_FAIL, AlarmName.STANDBY_AWAITED),
        *(AlarmName.LINK_DOWN, AlarmName.TEXTS_WAIT, AlarmName.ANSWERS_WAIT, AlarmName.FAILED),
        *(AlarmName.MANY_ACCOUNTS, AlarmName.ACCOUNTS_CLOSED, AlarmName.MANY_ANSWERS, AlarmName.ANSWERS_CLOSED),
        *(AlarmName.CARRIER_LOOP, AlarmName.URGENT_UNTAKEN, AlarmName.DISK_LOW),
    }
)
"""These are told in the quiet hours, too: citizens get no answer, or soon will get none."""

Value = str | int | LocalisedMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Something that is wrong now: what it is, what to do, and which page shows it."""

    name: AlarmName
    subject: str = ""  # which link, table or file; "": the whole service
    title: LocalisedMessage
    fix: LocalisedMessage
    page: str  # an endpoint of the pages
    page_values: Mapping[str, str | int] = field(default_factory=dict)
    repeats_after: timedelta = timedelta(0)  # at the earliest; longer than the settings say for what is past

    @property
    def key(self) -> str:
        """Return what identifies it, as `link_down-viettel`."""
        return f"{self.name.value}-{self.subject}" if self.subject else self.name.value

    @property
    def is_urgent(self) -> bool:
        """Return whether it is told in the quiet hours, too."""
        return self.name in URGENT


def said(key: str, /, **values: Value) -> LocalisedMessage:
    """Return a message of the catalogues. An unknown key is our mistake and raises KeyError."""
    count = values.get("count")
    words = find_words(key, "en", count if isinstance(count, int) else None)
    if words is None:
        raise KeyError(key)
    return LocalisedMessage(key=key, words=words, values=values)


def condition(
    name: AlarmName, page: str, /, *, what: str = "", fix: str = "", subject: str = "", **values: Value
) -> Condition:
    """Return a condition whose words are `alarm.WHAT` and `fix.FIX`.

    `what` is the name unless it is given, and `fix` is `what` unless it is given.
    """
    what = what or name.value
    title, todo = said(f"alarm.{what}", **values), said(f"fix.{fix or what}")
    return Condition(name=name, subject=subject, title=title, fix=todo, page=page)
