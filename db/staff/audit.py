"""The audit log: who did what on the pages, as a chain in which nothing can be changed or left out unseen.

Each entry carries a keyed digest (HMAC-SHA-256, cut to 16 octets: db.store.sealing) of itself and of the entry before
it, so anyone who has the tables but not the key file can forge neither. What a chain cannot tell is that its end was
cut
off: for that, the service writes number and digest of the newest entry into its log, and `verify` compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, func, insert, or_, select, text

from db.schema import audit_entry
from db.store.column_types import EPOCH, keyring_of

PAGE_SIZE = 100
_ADVISORY_LOCK = 0x736D7361  # any number of our own; on PostgreSQL appending waits for it, so that the chain is one
_BEGINNING = b""
_SUBJECT = b"audit"
_MOST_DETAIL = 200
_MOST_SUBJECT = 80


class Action(StrEnum):
    """What is written down; each comment is what an operator is told."""

    LOGGED_IN = "logged_in"  # password, and second factor where there is one, were right
    LOG_IN_REFUSED = "log_in_refused"  # a name that exists, and something was wrong: the detail says what
    LOGGED_OUT = "logged_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - an action, no secret
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODE_USED = "recovery_code_used"
    SESSION_REVOKED = "session_revoked"
    NUMBER_SEARCHED = "number_searched"  # looked for a citizen by number
    REVEALED = "revealed"  # saw clear what pages mask
    CONVERSATION_SEEN = "conversation_seen"
    EXPORTED = "exported"
    SENT_AGAIN = "sent_again"
    RUN_AGAIN = "run_again"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    DOSSIER_CHANGED = "dossier_changed"
    DOSSIERS_IMPORTED = "dossiers_imported"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ACCOUNT_PASSWORD_SENT = "account_password_sent"  # noqa: S105 - an action, no secret
    ACCOUNT_CORRECTED = "account_corrected"  # the detail names the fields; `phone` is one of them
    ACCOUNT_PHONE_CONFIRMED = "account_phone_confirmed"  # by another person than the one who changed it
    ACCOUNT_RELEASED = "account_released"  # ended, after its holder's card was seen
    ACCOUNT_READ = "account_read"  # its profile, by a system of the city
    ACCOUNT_VERIFIED = "account_verified"  # its first password was right, at a system of the city
    ACCOUNT_ACTIVATED = "account_activated"  # a system of the city has a password of its own
    ACCOUNT_ERASED = "account_erased"
    PERSON_ERASED = "person_erased"  # everything of a telephone or identity number
    WORDING_CHANGED = "wording_changed"
    ALARM_ACKNOWLEDGED = "alarm_acknowledged"  # it is told no more until it ends; the detail names it
    ALARM_TESTED = "alarm_tested"  # a notice was sent by one way, to see whether it arrives
    LINK_STARTED = "link_started"
    LINK_STOPPED = "link_stopped"
    LINK_DRAINED = "link_drained"
    CHANNEL_AUTHORISED = "channel_authorised"  # given the tokens of its provider, by the command line
    TOKENS_REMOVED = "tokens_removed"
    WEBHOOK_SENT_AGAIN = "webhook_sent_again"  # an event to a system of the city
    WEBHOOK_STARTED = "webhook_started"  # a system of the city gets events again
    OPERATOR_ADDED = "operator_added"
    OPERATOR_RESET = "operator_reset"
    OPERATOR_DISABLED = "operator_disabled"
    OPERATOR_ENABLED = "operator_enabled"
    OPERATOR_ROLE_CHANGED = "operator_role_changed"
    TICKET_SEEN = "ticket_seen"  # once for each operator, ticket and day
    TICKET_ANSWERED = "ticket_answered"  # an SMS to its citizen; the detail says which
    TICKET_CHANGED = "ticket_changed"  # the detail says how
    TICKET_OPENED = "ticket_opened"  # for a caller or visitor
    TEXT_SORTED = "text_sorted"  # a text that nobody chose a ticket for
    CANNED_ANSWER_CHANGED = "canned_answer_changed"
    UNIT_CHANGED = "unit_changed"  # with its names, people and wards; the detail says what
    CALENDAR_CHANGED = "calendar_changed"
    ROUTING_CHANGED = "routing_changed"  # rules, topics and levels
    SERVICE_SWITCHED = (
        "service_switched"  # a service of citizens; the detail says on or off, and what citizens are told
    )
    LOOKUP_CHANGED = "lookup_changed"  # a look-up table or own answer; the detail says what
    UNITS_IMPORTED = "units_imported"
    TRIED = "tried"  # read a text on the page that tries texts
    SECRET_GUESSED = "secret_guessed"  # noqa: S105 - an action, no secret: tried a wrong one there; the dossier is named
    API_CLIENT_ADDED = "api_client_added"
    API_CLIENT_ROTATED = "api_client_rotated"  # has another key; the detail says for how long the previous one is taken
    API_CLIENT_DISABLED = "api_client_disabled"
    KEY_ADDED = "key_added"  # `keys rotate` put a new one into the key file, or let it seal
    KEY_DROPPED = "key_dropped"
    DATABASE_COPIED = "database_copied"  # every row, into another database


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the audit log. `subject` is `table:id`; neither it nor `detail` holds personal data."""

    number: int
    at: datetime
    operator: str
    action: str
    subject: str
    detail: str
    chain: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the check found: how many entries are sound, and the number of the first that is not, if any."""

    sound: int
    broken: int | None
    last: bytes  # the digest of the last sound entry
    unlike: int | None = None  # the first entry that was noted elsewhere and is gone or another one now


def append(
    connection: Connection, *, at: datetime, operator: str, action: Action, subject: str = "", detail: str = ""
) -> int:
    """Add an entry in the caller's transaction, so that what is told and what was done are one; return its number."""
    take_turn(connection)
    before = connection.execute(
        select(audit_entry.c.number, audit_entry.c.chain).order_by(audit_entry.c.number.desc()).limit(1)
    ).one_or_none()
    entry = Entry(
        number=1 if before is None else before.number + 1,
        at=at,
        operator=operator[:64],
        action=action.value,
        subject=subject[:_MOST_SUBJECT],
        detail=detail[:_MOST_DETAIL],
        chain=b"",
    )
    chain = _digest(connection, entry, _BEGINNING if before is None else before.chain)
    connection.execute(
        insert(audit_entry).values(
            number=entry.number,
            at=entry.at,
            operator=entry.operator,
            action=entry.action,
            subject=entry.subject,
            detail=entry.detail,
            chain=chain,
        )
    )
    return entry.number


def take_turn(connection: Connection) -> None:
    """Wait until nobody else appends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def read_page(
    connection: Connection,
    *,
    before: int | None = None,
    action: Action | None = None,
    operator: str = "",
    size: int = PAGE_SIZE,
) -> Sequence[Entry]:
    """Return entries, newest first; `before` is the number of the last one of the page above."""
    question = select(audit_entry).order_by(audit_entry.c.number.desc()).limit(size)
    if before is not None:
        question = question.where(audit_entry.c.number < before)
    if action is not None:
        question = question.where(audit_entry.c.action == action.value)
    if operator:
        question = question.where(audit_entry.c.operator == operator)
    return [_entry(row) for row in connection.execute(question)]


def about(connection: Connection, subject: str, *, limit: int = 50) -> Sequence[Entry]:
    """Return what was done to one thing, oldest first."""
    question = select(audit_entry).where(audit_entry.c.subject == subject).order_by(audit_entry.c.number).limit(limit)
    return [_entry(row) for row in connection.execute(question)]


def newest_about(connection: Connection, subject: str, actions: Collection[Action], *, since: datetime) -> Entry | None:
    """Return the last of these things that was done to one thing since a moment."""
    question = (
        select(audit_entry)
        .where(
            audit_entry.c.subject == subject,
            audit_entry.c.action.in_([action.value for action in actions]),
            audit_entry.c.at >= since,
        )
        .order_by(audit_entry.c.number.desc())
        .limit(1)
    )
    row = connection.execute(question).one_or_none()
    return None if row is None else _entry(row)


def latest_of(connection: Connection, operator: str, actions: Collection[Action], *, most: int) -> Sequence[Entry]:
    """Return the latest of what an operator did of these kinds, newest first."""
    question = select(audit_entry).where(
        audit_entry.c.operator == operator, audit_entry.c.action.in_([action.value for action in actions])
    )
    return [_entry(row) for row in connection.execute(question.order_by(audit_entry.c.at.desc()).limit(most))]


def has_done(connection: Connection, operator: str, action: Action, subject: str, *, since: datetime) -> bool:
    """Return whether an operator did this to one thing since a moment."""
    asked = select(audit_entry.c.number).where(
        audit_entry.c.operator == operator,
        audit_entry.c.action == action.value,
        audit_entry.c.at >= since,
        audit_entry.c.subject == subject,
    )
    return connection.execute(asked.limit(1)).first() is not None


def count_done(connection: Connection, operator: str, actions: Collection[Action], *, since: datetime) -> int:
    """Count what an operator did of these kinds since a moment; of corrections only those of a phone."""
    asked = select(func.count()).where(
        audit_entry.c.operator == operator,
        audit_entry.c.action.in_([action.value for action in actions]),
        audit_entry.c.at >= since,
        or_(audit_entry.c.action != Action.ACCOUNT_CORRECTED.value, audit_entry.c.detail.contains("phone")),
    )
    return connection.execute(asked).scalar_one()


def verify(connection: Connection, noted: Collection[tuple[int, bytes]] = ()) -> Verdict:
    """Follow the chain from its beginning; it ends at the first entry that was changed, moved or left out.

    `noted` holds numbers and digests that were written down elsewhere: each must still be in the chain.
    """
    last, sound = _BEGINNING, 0
    missing = set(noted)
    for entry in _all(connection):
        if entry.number != sound + 1 or _digest(connection, entry, last) != entry.chain:
            return Verdict(sound=sound, broken=sound + 1, last=last)
        sound, last = entry.number, entry.chain
        missing.discard((sound, last))
    return Verdict(sound=sound, broken=None, last=last, unlike=min((number for number, _ in missing), default=None))


def _all(connection: Connection) -> Iterator[Entry]:
    after = -(1 << 62)  # below every number, so that one slipped in before the first is met too
    while some := connection.execute(
        select(audit_entry).where(audit_entry.c.number > after).order_by(audit_entry.c.number).limit(1000)
    ).all():
        yield from map(_entry, some)
        after = some[-1].number


def _digest(connection: Connection, entry: Entry, before: bytes) -> bytes:
    # Each part with its length in front: no two entries can be written as the same octets.
    parts = (
        before,
        str(entry.number).encode(),
        str(round((entry.at - EPOCH).total_seconds() * 1_000_000)).encode(),
        entry.operator.encode(),
        entry.action.encode(),
        entry.subject.encode(),
        entry.detail.encode(),
    )
    whole = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return keyring_of(connection.dialect).mark(_SUBJECT, whole)


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        number=row.number,
        at=row.at,
        operator=row.operator,
        action=row.action,
        subject=row.subject,
        detail=row.detail,
        chain=bytes(row.chain),
    )
