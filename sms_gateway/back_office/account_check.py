"""Checks first passwords for a system of the city: in equal time for every name, bounded, and slower with each miss.

Misses are counted in this process and in memory: by user name, by the caller's address, and in all. Nothing is locked
for good, since user names can be guessed, and anyone could keep a citizen out.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import BoundedSemaphore, Lock

from db.citizens.account_use import find_first_credential
from db.store.engine import Database
from handlers.first_passwords import fits

AT_ONCE = 2
"""Passwords that are checked at the same time: each takes tens of milliseconds of a core and 19 MiB."""

MOST_WAITING = 8
"""Checks that wait for their turn; the next one is sent away (503) before it costs anything."""

TURN_SECONDS = 2.0
"""How long a check waits for its turn."""

FREE_OF_NAME, FREE_OF_ADDRESS = 5, 20
"""Misses without a wait. From then on each miss doubles the wait."""

LONGEST_WAIT = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(minutes=15)
"""Misses are forgotten after this time without another one."""

MOST_MISSES = 300
"""Misses in a minute, of all names together: more is an attack on many names, and everybody waits for its end."""

MOST_REMEMBERED = 10_000
"""Names and addresses whose misses are remembered; beyond it the oldest are forgotten, and MOST_MISSES holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """The password is right. The city's system has its own set, and reports that: `activated`."""

    account_id: int
    expires_at: datetime
    password_hash: str = field(repr=False)  # that it fits


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """No account has this name and this password now. Nothing says which of them is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TooSoon:
    """Too many misses: nothing was checked."""

    seconds: int  # until the next try


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """Too many checks at once: nothing was checked."""


Checked = Right | Wrong | TooSoon | Busy


class _Of(StrEnum):
    NAME = "name"
    ADDRESS = "address"


_FREE = {_Of.NAME: FREE_OF_NAME, _Of.ADDRESS: FREE_OF_ADDRESS}
_Key = tuple[_Of, str]


@dataclass(slots=True)
class _Misses:
    count: int
    last: datetime


class Misses:
    """Counts misses; every method may be called from any thread. A name that no account has is counted like any."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_key: OrderedDict[_Key, _Misses] = OrderedDict()
        self._minute = 0
        self._in_minute = 0

    def begin(self, user_name: str, address: str, now: datetime) -> int:
        """Count a try as a miss beforehand, so that tries at once count too; return the seconds to wait, 0 for none."""
        keys = _keys(user_name, address)
        with self._lock:
            minute, second = divmod(int(now.timestamp()), 60)
            if minute != self._minute:
                self._minute, self._in_minute = minute, 0
            wait = max(_seconds_left(self._by_key.get(key), key[0], now) for key in keys)
            if self._in_minute >= MOST_MISSES:
                wait = max(wait, 60 - second)
            if wait > 0:
                return wait
            self._in_minute += 1
            for key in keys:
                self._add(key, now)
        return 0

    def was_right(self, user_name: str, address: str) -> None:
        """Take the miss back that was counted beforehand; the name begins anew."""
        with self._lock:
            self._in_minute = max(0, self._in_minute - 1)
            for key in _keys(user_name, address):
                self._by_key.pop(key, None) if key[0] is _Of.NAME else self._less(key)

    def was_not_checked(self, user_name: str, address: str) -> None:
        """Take the miss back that was counted beforehand, and nothing else."""
        with self._lock:
            self._in_minute = max(0, self._in_minute - 1)
            for key in _keys(user_name, address):
                self._less(key)

    def _add(self, key: _Key, now: datetime) -> None:
        known = self._by_key.pop(key, None)
        count = 0 if known is None or now - known.last > FORGOTTEN_AFTER else known.count
        self._by_key[key] = _Misses(count=count + 1, last=now)
        if len(self._by_key) > MOST_REMEMBERED:
            self._by_key.popitem(last=False)

    def _less(self, key: _Key) -> None:
        known = self._by_key.get(key)
        if known is not None:
            known.count = max(0, known.count - 1)


class AccountCheck:
    """Checks user names and first passwords. One for each process; called from any thread."""

    def __init__(self, misses: Misses | None = None) -> None:
        self._misses = misses or Misses()
        self._turns = BoundedSemaphore(AT_ONCE)
        self._places = BoundedSemaphore(AT_ONCE + MOST_WAITING)

    def check(self, database: Database, user_name: str, password: str, *, address: str, now: datetime) -> Checked:
        """Check a password. Whatever the name is, one hash is computed."""
        name = user_name.strip().lower()
        seconds = self._misses.begin(name, address, now)
        if seconds:
            return TooSoon(seconds=seconds)
        if not self._places.acquire(blocking=False):
            self._misses.was_not_checked(name, address)
            return Busy()
        try:
            if not self._turns.acquire(timeout=TURN_SECONDS):
                self._misses.was_not_checked(name, address)
                return Busy()
            try:
                return self._compare(database, name, password, address, now)
            finally:
                self._turns.release()
        finally:
            self._places.release()

    def _compare(self, database: Database, name: str, password: str, address: str, now: datetime) -> Checked:
        with database.read() as connection:
            # No account is called so; and PostgreSQL refuses a NUL. The hash is computed all the same.
            known = find_first_credential(connection, name, now=now) if name.isprintable() else None
        is_right = fits(password, None if known is None else known.password_hash)
        if known is None or not is_right:
            return Wrong()
        self._misses.was_right(name, address)
        return Right(account_id=known.account_id, expires_at=known.expires_at, password_hash=known.password_hash)


def _keys(user_name: str, address: str) -> list[_Key]:
    return [(_Of.NAME, user_name), *([(_Of.ADDRESS, address)] if address else [])]


def _seconds_left(known: _Misses | None, kind: _Of, now: datetime) -> int:
    if known is None or now - known.last > FORGOTTEN_AFTER or known.count < _FREE[kind]:
        return 0
    wait = min(LONGEST_WAIT, timedelta(seconds=1 << min(known.count - _FREE[kind], 6)))
    left = (known.last + wait - now).total_seconds()
    return 0 if left <= 0 else int(left) + 1 if left % 1 else int(left)
