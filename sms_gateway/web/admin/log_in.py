"""Logging in, in one step or two, and logging out.

A wrong name, a wrong password, a locked or disabled account and a locked address all end in the same words after about
the same time. A try is counted against the account before its password is looked at, and forgiven once all is right.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from db import address_tries, audit
from db.audit import Action
from db.operator_row import Operator
from db.operators import LONGEST_LOCK, count_try, find_operator, find_operator_by_id, may_try, record_success
from db.second_factor import take_recovery_code, take_step
from sms_gateway.log import event, logger_of
from sms_gateway.web.admin.done import done
from sms_gateway.web.admin.noted import note, note_of
from sms_gateway.web.admin.one_time_codes import matching_step, normal_recovery_code
from sms_gateway.web.admin.passwords import hashing_slot, password_fits
from sms_gateway.web.admin.session import end_session, forget, hand_over, start_session
from sms_gateway.web.forms import current_session_or_none, open_value, seal_value, short_field
from sms_gateway.web.language import say
from sms_gateway.web.parts import current_parts

_LOG = logger_of(__name__)

SECOND_STEP_TIME = timedelta(minutes=5)
"""A right password waits so long for its second factor."""

_PLACE = "web.second_step"

QUIET = LONGEST_LOCK
"""Tries that nobody looked at are written into the audit log once in so long, so every lock and address has a line."""

Page = Response | str | tuple[str, int]


class Refused(StrEnum):
    """Why a log-in failed; stands in the audit log as the detail."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason, no secret
    WRONG_CODE = "wrong_code"
    LOCKED = "locked"  # after too many wrong ones, or disabled by an administrator: not looked at
    ADDRESS_LOCKED = "address_locked"  # not looked at either
    TOO_LATE = "too_late"  # the second step came after its time, or was made up


_LOOKED_AT = frozenset({Refused.WRONG_PASSWORD, Refused.WRONG_CODE})


def log_in() -> Page:
    """Show the log-in form, or take it."""
    if current_session_or_none() is not None:
        return redirect(url_for("admin.today"), code=303)
    if request.method == "GET":
        return render_template("log_in.html", fault=None)
    name = short_field("name")
    if _address_waits():
        note_refused(_known(name), Refused.ADDRESS_LOCKED)
        return _refuse()
    with hashing_slot() as is_free:
        if not is_free:
            abort(503)
        operator = tried(name, request.form.get("password", ""))
    if operator is None:
        _count_address()
        return _refuse()
    if operator.totp_secret is not None:
        return render_template("second_step.html", pending=_pending(operator), fault=None)
    return _welcome(operator)


def second_step() -> Page:
    """Take the code that follows a right password: of the authenticator app, or a recovery code."""
    operator, is_in_time = _waiting()
    if operator is None or operator.totp_secret is None or not is_in_time:
        note_refused(operator, Refused.TOO_LATE)
        return _refuse()
    if _address_waits():
        note_refused(operator, Refused.ADDRESS_LOCKED)
        return _refuse()
    parts = current_parts()
    with parts.database.write() as connection:
        counted = count_try(connection, operator.name, parts.now())
    if counted is None:
        note_refused(operator, Refused.LOCKED)
        return _refuse()
    if not _takes_code(operator, operator.totp_secret, short_field("code")):
        _count_address()
        note_refused(operator, Refused.WRONG_CODE)
        page = render_template("second_step.html", pending=short_field("pending"), fault=say("second.wrong"))
        return page, 401
    return _welcome(operator)


def log_out() -> Page:
    """End the session, here and in the database."""
    with current_parts().database.write() as connection:
        note(connection, Action.LOGGED_OUT)
        end_session(connection)
    return forget(done(url_for("admin.log_in"), "done.logged_out"))


def tried(name: str, password: str) -> Operator | None:
    """Try a name and a password, counted against the account; return the operator when they fit, else note it."""
    parts = current_parts()
    operator = None
    known = _known(name)
    with parts.database.read() as connection:
        is_open = may_try(connection, name, parts.now())
    if is_open:
        with parts.database.write() as connection:
            operator = count_try(connection, name, parts.now())
    # Outside the transaction: hashing is slow on purpose, and the road waits for the same lock.
    if password_fits(operator.password_hash if operator else None, password):
        return operator
    note_refused(known, Refused.WRONG_PASSWORD if operator is not None else Refused.LOCKED)
    return None


def note_refused(known: Operator | None, why: Refused) -> None:
    """Write down a log-in that failed: in the log always, in the audit log when the name exists.

    A name that does not exist may be a mistyped secret, so it is written nowhere. A try that was looked at has a line
    of its own: the lock bounds them. Of those that were not, one in QUIET has: strangers must not fill the audit log.
    """
    parts = current_parts()
    number = None if known is None else known.id
    event(_LOG, "log_in_refused", level="warning", operator=number, address=request.remote_addr, reason=why)
    if known is None:
        return
    now = parts.now()
    with parts.database.write() as connection:
        lately = why not in _LOOKED_AT and audit.count_done(
            connection, known.name, (Action.LOG_IN_REFUSED,), since=now - QUIET
        )
        if not lately:
            note_of(connection, known.name, Action.LOG_IN_REFUSED, f"operator:{known.name}", why.value)


def counted_address() -> str | None:
    """Return the address that wrong log-ins count against.

    None for this machine itself: behind a proxy that web.trusted_proxies does not name everybody comes from there, and
    one guesser would lock all operators out.
    """
    address = request.remote_addr
    try:
        return None if address is None or ip_address(address).is_loopback else address
    except ValueError:
        return None  # a socket file has no address


def _welcome(operator: Operator) -> Response:
    parts = current_parts()
    address = counted_address()
    with parts.database.write() as connection:
        record_success(connection, operator.id)
        if address is not None:
            address_tries.forgive(connection, address)
        token = start_session(connection, operator.id, parts.now())
        note_of(connection, operator.name, Action.LOGGED_IN)
    event(_LOG, "logged_in", operator=operator.id)
    return hand_over(done(url_for("admin.today"), "done.logged_in", name=operator.name), token)


def _refuse() -> tuple[str, int]:
    return render_template("log_in.html", fault=say("log_in.fault")), 401


def _known(name: str) -> Operator | None:
    """Return the operator of a name as typed, whether or not they may log in."""
    with current_parts().database.read() as connection:
        return find_operator(connection, name)


def _count_address() -> None:
    """Count a wrong try against the address it came from."""
    parts = current_parts()
    address = counted_address()
    if address is None:
        return
    with parts.database.write() as connection:
        address_tries.count_wrong(connection, address, parts.now())


def _address_waits() -> bool:
    address = counted_address()
    if address is None:
        return False
    parts = current_parts()
    with parts.database.read() as connection:
        return address_tries.is_locked(connection, address, parts.now())


def _pending(operator: Operator) -> str:
    until = current_parts().now() + SECOND_STEP_TIME
    return seal_value(f"{operator.id} {until.isoformat()}", _PLACE)


def _waiting() -> tuple[Operator | None, bool]:
    """Return the operator whose password was right before, if any, and whether that was a moment ago."""
    opened = open_value(short_field("pending"), _PLACE)
    if opened is None:
        return None, False
    operator_id, until = opened.split(" ")
    parts = current_parts()
    with parts.database.read() as connection:
        return find_operator_by_id(connection, int(operator_id)), parts.now() < datetime.fromisoformat(until)


def _takes_code(operator: Operator, secret: str, typed: str) -> bool:
    """Take the code, once; a code of the app or a recovery code."""
    parts = current_parts()
    step = matching_step(secret, typed, parts.now())
    with parts.database.write() as connection:
        if step is not None:
            return take_step(connection, operator.id, step)
        used = take_recovery_code(connection, operator.id, normal_recovery_code(typed))
        if used:
            note_of(connection, operator.name, Action.RECOVERY_CODE_USED)
        return used
