"""Tries at an operator's password and second factor: counted first, then checked, and recorded when they fail.

A try is counted before it is checked, and the count is taken back when all is right, or when a right password waits for
its code. It counts against operator and place (db.staff.log_in_attempts), and against the address alone, since one
place may guess with every name. A name that does not exist, or is locked, costs the same statements and commits
(db.staff.stand_ins), so the time of a refusal does not show which names exist.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request
from werkzeug.wrappers import Response

from db.staff import address_lockout, audit
from db.staff.audit import Action
from db.staff.log_in_attempts import LONGEST_LOCK, Place, count_try, record_success, take_back
from db.staff.operator_row import Operator
from db.staff.operators import find_operator
from db.staff.second_factor import take_recovery_code, take_step
from db.staff.stand_ins import write_instead_of_entry, write_instead_of_try
from sms_gateway.log import event, logger_of
from sms_gateway.pages.actions.audit_entry import note_of
from sms_gateway.pages.staff.one_time_codes import matching_step, normal_recovery_code
from sms_gateway.pages.staff.passwords import password_fits
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import open_value, read_cookie, seal_value, set_cookie, short_field
from sms_gateway.web.language import say

_LOG = logger_of(__name__)

QUIET = LONGEST_LOCK
"""Tries that were not checked are recorded once in so long, so every lock and address has a line."""

BROWSER_KNOWN = timedelta(days=180)
"""A browser stays known for so long after a log-in."""

ONE_HOST_IPV6 = 64
"""A subscriber has at least a whole /64 (RFC 6177), so all addresses in it count as one."""

_PLACE = "web.known_browser"


class Refused(StrEnum):
    """Why a log-in failed; the detail in the audit log."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason, no secret
    WRONG_CODE = "wrong_code"
    EXPIRED = "expired"  # a right one-time password, too late
    LOCKED = "locked"  # after too many wrong ones, or disabled by an administrator: not checked
    ADDRESS_LOCKED = "address_locked"  # not checked either
    TOO_LATE = "too_late"  # the second step came too late, or was forged


_LOOKED_AT = frozenset({Refused.WRONG_PASSWORD, Refused.WRONG_CODE, Refused.EXPIRED})


def tried(name: str, password: str) -> Operator | Refused:
    """Check a name and a password, counted against both; return the operator when they match, else record why not."""
    parts = dependencies()
    known = find_by_name(name)
    place = place_of(known)
    with parts.database.write() as connection:
        operator = count_try(connection, name, place, parts.now())
        if operator is None:
            write_instead_of_try(connection, parts.now())
    # Outside the transaction: hashing is slow on purpose, and the pipeline waits for the same lock.
    fits = password_fits(operator.password_hash if operator else None, password)
    if operator is not None and fits and not _is_over(operator):
        return operator
    why = Refused.LOCKED if operator is None else Refused.EXPIRED if fits else Refused.WRONG_PASSWORD
    note_refused(known, why)
    return why


def take_back_try(operator: Operator) -> None:
    """Take back the count of a right password that waits for its code: the second step counts itself."""
    parts = dependencies()
    with parts.database.write() as connection:
        take_back(connection, operator.id, place_of(operator), parts.now())


def count_second_step(operator: Operator) -> bool:
    """Count a try at the second factor; False when the name or the place is locked."""
    parts = dependencies()
    with parts.database.write() as connection:
        return count_try(connection, operator.name, place_of(operator), parts.now()) is not None


def takes_code(operator: Operator, secret: str, typed: str) -> bool:
    """Accept a code once; a code of the app or a recovery code."""
    parts = dependencies()
    step = matching_step(secret, typed, parts.now())
    with parts.database.write() as connection:
        if step is not None:
            return take_step(connection, operator.id, step)
        used = take_recovery_code(connection, operator.id, normal_recovery_code(typed))
        if used:
            note_of(connection, operator.name, Action.RECOVERY_CODE_USED)
        return used


def prove(operator: Operator, form: Filled) -> bool:
    """Ask again for the password, and the second factor where there is one; a fault is shown at its field.

    Counted like a log-in: an unattended browser must not allow unlimited guesses.
    """
    found = tried(operator.name, form.secret("current"))
    if isinstance(found, Refused):
        form.refuse("current", say("log_in.expired") if found is Refused.EXPIRED else say("password.wrong"))
        return False
    if found.totp_secret is not None and not takes_code(found, found.totp_secret, short_field("code")):
        note_refused(found, Refused.WRONG_CODE)
        form.refuse("code", say("second.wrong"))
        return False
    with dependencies().database.write() as connection:
        record_success(connection, found.id, place_of(found))
    return True


def note_refused(known: Operator | None, why: Refused) -> None:
    """Record a log-in that failed: always in the log, in the audit log when the name exists.

    A name that does not exist may be a mistyped secret, so it is recorded nowhere; a stand-in is. Each checked try has
    a line of its own: the locks limit their number. Of the others, one in QUIET has a line with its name, and the rest
    a line of a stand-in: strangers must not fill the audit log.
    """
    parts = dependencies()
    number = None if known is None else known.id
    event(_LOG, "log_in_refused", level="warning", operator=number, address=request.remote_addr, reason=why)
    if known is None and why is Refused.TOO_LATE:
        return  # a forged second step names nobody
    name, now = "" if known is None else known.name, parts.now()
    with parts.database.write() as connection:
        lately = audit.count_done(connection, name, (Action.LOG_IN_REFUSED,), since=now - QUIET)
        if known is None or (lately and why not in _LOOKED_AT):
            write_instead_of_entry(connection, now)
        else:
            note_of(connection, name, Action.LOG_IN_REFUSED, f"operator:{name}", why.value)


def find_by_name(name: str) -> Operator | None:
    """Return the operator of a name as typed, whether or not they may log in."""
    with dependencies().database.read() as connection:
        return find_operator(connection, name)


def place_of(known: Operator | None) -> Place:
    """Return where this request comes from, for the counts of this operator's log-in."""
    browser = None if known is None else _known_browser(known)
    if browser is not None:
        return Place(key=f"browser {browser}", is_known=True)
    return Place(key=f"address {counted_address() or ''}", is_known=False)


def remember_browser(response: Response, operator: Operator) -> Response:
    """Return the browser the cookie that makes it known at this operator's next log-in; each log-in makes a new one."""
    until = dependencies().now() + BROWSER_KNOWN
    value = seal_value(f"{operator.id} {until.isoformat()} {secrets.token_hex(16)}", _PLACE)
    set_cookie(response, _cookie_of(operator), value, max_age=int(BROWSER_KNOWN.total_seconds()))
    return response


def counted_address() -> str | None:
    """Return the address that wrong log-ins count against; of IPv6 the network of one subscriber.

    None for this machine itself: everybody behind a proxy that web.trusted_proxies does not name comes from there, and
    one person who guesses would lock all operators out.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return None  # a socket file has no address
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return None if address.is_loopback else str(ip_network((address, ONE_HOST_IPV6), strict=False))
        address = address.ipv4_mapped
    return None if address.is_loopback else str(address)


def count_address(known: Operator | None) -> None:
    """Count a wrong try against its address; not from a browser that has a count of its own."""
    parts = dependencies()
    address = counted_address()
    if address is None or place_of(known).is_known:
        return
    with parts.database.write() as connection:
        address_lockout.count_wrong(connection, address, parts.now())


def address_waits(known: Operator | None) -> bool:
    """Return whether this address has guessed too often; a known browser behind it need not wait."""
    address = counted_address()
    if address is None or place_of(known).is_known:
        return False
    parts = dependencies()
    with parts.database.read() as connection:
        return address_lockout.is_locked(connection, address, parts.now())


def _known_browser(operator: Operator) -> str | None:
    """Return the random name of this browser, when this operator logged in with it before."""
    opened = open_value(read_cookie(_cookie_of(operator)) or "", _PLACE)
    number, until, browser = (opened or "0 0 0").split(" ")
    if number != str(operator.id) or datetime.fromisoformat(until) <= dependencies().now():
        return None
    return browser


def _cookie_of(operator: Operator) -> str:
    """Return the cookie's name: several operators may share a browser."""
    return f"known-{operator.id}"


def _is_over(operator: Operator) -> bool:
    """Return whether this is a one-time password whose time is over."""
    return operator.password_until is not None and operator.password_until <= dependencies().now()
