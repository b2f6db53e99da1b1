"""`/back-office/accounts`: accounts of citizens, for the city's own system that they open. Off by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import Connection

from db.back_office.api_clients import Scope
from db.citizens.account_administration import find_account
from db.citizens.account_use import activate, is_still_valid
from db.citizens.accounts import Account
from db.schema import AccountState
from db.staff import audit
from db.staff.audit import Action
from sms_gateway.back_office.account_check import MOST_MISSES, AccountCheck, Busy, Right, TooSoon, Wrong
from sms_gateway.back_office_api.operation import ApiAnswer, ApiCall, Operation, Refusal, refuse
from sms_gateway.log import event, logger_of
from sms_gateway.web.dependencies import dependencies

MOST_OCTETS = 4096
"""Of a body that holds a name and a password."""

OWN_RATE = 2 * MOST_MISSES
"""Requests in a minute, at least: one client asks for a whole city, and misses have limits of their own."""

RETRY_SECONDS = 2
_LOG = logger_of(__name__)
_HIGHEST_ID = (1 << 63) - 1


class VerifyRequest(BaseModel):
    """What a citizen wrote at the first log-in."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    user_name: str = Field(min_length=1, max_length=32, description="as our SMS named it; small and capital letters")
    password: str = Field(min_length=1, max_length=128, repr=False, description="the first password of our SMS")
    client_address: str = Field(
        default="", max_length=45, description="the address that the citizen's browser came from: misses count by it"
    )


class VerifyAnswer(BaseModel):
    """The password is right. Have a new one set, keep its hash, then call `activated`."""

    valid: bool = True
    must_change: bool = True
    account: str = Field(description="the account's id")
    expires_at: datetime = Field(description="from then on the first password is wrong")


class AccountProfile(BaseModel):
    """An account. Personal data: each call is in the audit log."""

    account: str
    user_name: str
    full_name: str
    birth_date: str = Field(description="ISO 8601, as far as it is known: 1990-12-20, 1990")
    id_number: str
    phone: str = Field(description="in international form without plus")
    state: AccountState
    created_at: datetime


class ActivatedAnswer(BaseModel):
    """The first password has ended."""

    account: str
    active: bool = True


def verify(checks: AccountCheck, call: ApiCall) -> ApiAnswer:
    """Check a first password; nothing says whether the name or the password was wrong."""
    try:
        given = VerifyRequest.model_validate_json(call.body)
    except ValidationError:
        return refuse(400, "the body is no JSON object with user_name and password: send both as texts")
    parts = dependencies()
    found = checks.check(parts.database, given.user_name, given.password, address=given.client_address, now=call.now)
    match found:
        case Right():
            return _right(call, found)
        case Wrong():
            return _wrong(call)
        case TooSoon():
            event(_LOG, "account_slowed_down", level="warning", client=call.client.name, seconds=found.seconds)
            refused = refuse(429, "too many wrong passwords: try again later", Retry_After=str(found.seconds))
            return replace(refused, is_counted=False)
        case Busy():
            return refuse(503, "too many passwords are checked now: try again", Retry_After=str(RETRY_SECONDS))
        case _:
            assert_never(found)


def _right(call: ApiCall, found: Right) -> ApiAnswer:
    """Audit that a password was right. One that ended while it was compared is wrong."""
    with dependencies().database.write() as connection:
        if not is_still_valid(connection, found.account_id, found.password_hash):
            return _wrong(call)
        _note(connection, call, Action.ACCOUNT_VERIFIED, found.account_id)
    return ApiAnswer(body=VerifyAnswer(account=str(found.account_id), expires_at=found.expires_at))


def _wrong(call: ApiCall) -> ApiAnswer:
    event(_LOG, "account_not_verified", client=call.client.name)
    return refuse(403, "no account has this user name and this first password now")


def profile(call: ApiCall) -> ApiAnswer:
    """Return an account, and write into the audit log who read it."""
    parts = dependencies()
    with parts.database.write() as connection:
        found = _find(connection, call)
        if found is None:
            return _NO_ACCOUNT
        _note(connection, call, Action.ACCOUNT_READ, found.id)
    return ApiAnswer(
        body=AccountProfile(
            account=str(found.id),
            user_name=found.user_name,
            full_name=found.full_name,
            birth_date=found.birth_date,
            id_number=found.id_number,
            phone=found.phone,
            state=found.state,
            created_at=found.created_at,
        )
    )


def activated(call: ApiCall) -> ApiAnswer:
    """End the first password of an account that the city's system has taken over. Safe to repeat."""
    parts = dependencies()
    with parts.database.write() as connection:
        found = _find(connection, call)
        if found is None:
            return _NO_ACCOUNT
        if activate(connection, found.id, now=call.now):
            _note(connection, call, Action.ACCOUNT_ACTIVATED, found.id)
        elif found.state is not AccountState.ACTIVE:
            return refuse(409, "the account is closed: an operator opens it again on the page Accounts")
    return ApiAnswer(body=ActivatedAnswer(account=str(found.id)))


def _find(connection: Connection, call: ApiCall) -> Account | None:
    """Return the account that the path names; one that has ended is none."""
    written = call.path.get("account_id", "")
    if not (written.isascii() and written.isdigit() and len(written) < 20 and int(written) <= _HIGHEST_ID):  # noqa: PLR2004 - digits of 63 bits
        return None
    found = find_account(connection, int(written))
    return None if found is None or found.is_over else found


def _note(connection: Connection, call: ApiCall, action: Action, account_id: int) -> None:
    audit.append(
        connection, at=call.now, operator=f"api:{call.client.name}", action=action, subject=f"account:{account_id}"
    )


_REQUEST: TypeAdapter[object] = TypeAdapter(VerifyRequest)
_NO_ACCOUNT = refuse(404, "there is no such account, or it has ended")
_MISSING = {404: ("There is no such account, or it has ended.", Refusal)}


def verify_operation(checks: AccountCheck) -> Operation:
    """Return the operation that checks passwords; what it counts is in `checks`."""
    return Operation(
        method="POST",
        path="/accounts/verify",
        name="verify_account",
        summary="Check a first password",
        description=(
            "For the first log-in of a citizen in the city's own system. A right password has to be changed at once: "
            "have the citizen set a new one, keep its hash, then call `activated`. No hash and no password ever "
            "leaves this service. Misses slow down, by user name and by client_address, up to a minute; nothing is "
            "locked for good."
        ),
        scope=Scope.ACCOUNTS,
        view=partial(verify, checks),
        takes=_REQUEST,
        answers={
            200: ("The password is right.", VerifyAnswer),
            403: ("The name or the password is wrong or over, or the client lacks the scope.", Refusal),
            429: ("Too many misses or requests; Retry-After says when to try again.", Refusal),
            503: ("Too many checks at once, or no database; Retry-After says when.", Refusal),
        },
        most_octets=MOST_OCTETS,
        own_rate=OWN_RATE,
    )


PROFILE = Operation(
    method="GET",
    path="/accounts/<account_id>",
    name="read_account",
    summary="Read an account",
    description="The profile of an account, for example after the event account.opened. Each call is audited.",
    scope=Scope.ACCOUNTS,
    view=profile,
    answers={200: ("The account.", AccountProfile), **_MISSING},
)

ACTIVATED = Operation(
    method="POST",
    path="/accounts/<account_id>/activated",
    name="account_activated",
    summary="Report that an account is in use",
    description="The citizen has a password of the city's system. Our first password ends. Safe to repeat.",
    scope=Scope.ACCOUNTS,
    view=activated,
    answers={
        200: ("The first password has ended.", ActivatedAnswer),
        409: ("The account is closed.", Refusal),
        **_MISSING,
    },
)


def account_operations(checks: AccountCheck | None = None) -> Sequence[Operation]:
    """Return the operations on accounts, with a new count of wrong passwords unless one is given."""
    return verify_operation(checks or AccountCheck()), PROFILE, ACTIVATED
