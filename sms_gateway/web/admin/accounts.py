"""Accounts: search, disable, a new password by SMS, correct, erase."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db import account_desk as rows
from db import outbox
from db.account_desk import PAGE_SIZE, Corrected
from db.accounts import Account
from db.audit import Action
from db.erasure import erase_id_number
from handlers import prepare
from handlers.new_password import tell_new_password
from sms_gateway.road.senders import read_sender
from sms_gateway.web.admin.log import read_before
from sms_gateway.web.admin.message import bounded
from sms_gateway.web.admin.noted import note
from sms_gateway.web.forms import open_value, seal_value, short_field
from sms_gateway.web.language import say
from sms_gateway.web.parts import current_parts

SEALED = "web.account_search"
_REFERENCES = 256
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NAME_CHARACTERS = 100

Page = Response | str | tuple[str, int]


def accounts() -> str:
    """Show the accounts that were looked for, else the newest."""
    token = request.args.get("who", "")
    typed = open_value(token, SEALED) if token else None
    if token and typed is None:
        abort(404)
    before = read_before()
    with current_parts().database.read() as connection:
        if typed is not None:
            found = rows.search_accounts(
                connection,
                user_name=typed.casefold(),
                id_number=re.sub(r"[ .\-]", "", typed),
                phone=read_sender(typed),
            )
        else:
            found = rows.newest_accounts(connection, before=before)
    older = found[-1].id if typed is None and len(found) == PAGE_SIZE else None
    return render_template("accounts.html", accounts=found, searched=typed is not None, older=older)


def search_accounts() -> Response:
    """Take a user name, an identity number or a telephone number; it comes by POST and is sealed in the address."""
    typed = short_field("who")[:64]
    if not typed:
        return redirect(url_for("admin.accounts"), code=303)
    with current_parts().database.write() as connection:
        note(connection, Action.NUMBER_SEARCHED, "account")
    return redirect(url_for("admin.accounts", who=seal_value(typed, SEALED)), code=303)


def account(account_id: int) -> str:
    """Show one account, masked."""
    return _page(account_id)


def reveal_account(account_id: int) -> str:
    """Show it unmasked, and write down who saw it."""
    found = _find(account_id)
    with current_parts().database.write() as connection:
        note(connection, Action.REVEALED, f"account:{found.id}")
    return _page(account_id, clear=True)


def disable_account(account_id: int) -> Response:
    """Close an account."""
    return _changed(account_id, Action.ACCOUNT_DISABLED, lambda connection: rows.disable(connection, account_id))


def enable_account(account_id: int) -> Response:
    """Open a closed account again."""
    now = current_parts().now()
    return _changed(account_id, Action.ACCOUNT_ENABLED, lambda connection: rows.enable(connection, account_id, now))


def erase_account(account_id: int) -> Page:
    """Delete an account, and the words of the texts that hold its identity number.

    The user name is typed again, so that a slip of the mouse erases nobody.
    """
    found = _find(account_id)
    if short_field("user_name").casefold() != found.user_name:
        return _page(account_id, fault=say("accounts.name_differs")), 400
    _changed(
        account_id,
        Action.ACCOUNT_ERASED,
        lambda connection: erase_id_number(connection, found.id_number, read_sender).accounts == 1,
    )
    return redirect(url_for("admin.accounts"), code=303)


def correct_account(account_id: int) -> Page:
    """Take a corrected name, birth date or telephone number."""
    found = _find(account_id)
    name = short_field("full_name") or found.full_name
    birth_date = short_field("birth_date") or found.birth_date
    phone = read_sender(short_field("phone")) if short_field("phone") else found.phone
    if len(name) > _NAME_CHARACTERS or not name.isprintable() or not _DATE.fullmatch(birth_date) or phone is None:
        return _page(account_id, fault=say("accounts.correct_fault")), 400
    corrected = Corrected(full_name=name, birth_date=birth_date, phone=phone)
    return _changed(
        account_id, Action.ACCOUNT_CORRECTED, lambda connection: rows.correct(connection, account_id, corrected)
    )


def send_password(account_id: int) -> Page:
    """Make a new first password and send it to the account's telephone; nobody here sees it."""
    found = _find(account_id)
    parts = current_parts()
    first = prepare()  # hashing is slow on purpose: before the transaction
    answer = tell_new_password(found.user_name, first, parts.service)
    now, made = parts.now(), parts.new_id()
    with parts.database.write() as connection:
        link = rows.last_reply_link(connection, found.phone)
        if link not in parts.settings.links:
            link = next(iter(parts.settings.links), None)
        expires = now + timedelta(days=parts.service.password_days)
        if link is None or not rows.give_password(connection, account_id, hashed=first.hashed, expires_at=expires):
            abort(409)
        new = outbox.NewOutbound(
            id=made,
            inbound_id=None,
            link=link,
            sender=parts.service.short_code,
            recipient=found.phone,
            body=answer.text,
            masked=answer.masked,
            reference=made // 4096 % _REFERENCES,
            created_at=now,
            expires_at=now + timedelta(minutes=parts.settings.road.validity_minutes),
        )
        outbox.add(connection, [new])
        note(connection, Action.ACCOUNT_PASSWORD_SENT, f"account:{account_id}")
    parts.nudge()
    return redirect(url_for("admin.account", account_id=account_id), code=303)


def _changed(account_id: int, action: Action, change: Callable[[Connection], bool]) -> Response:
    _find(account_id)
    with current_parts().database.write() as connection:
        if not change(connection):
            abort(409)
        note(connection, action, f"account:{account_id}")
    return redirect(url_for("admin.account", account_id=account_id), code=303)


def _find(account_id: int) -> Account:
    with current_parts().database.read() as connection:
        found = rows.find_account(connection, bounded(account_id))
    return found if found is not None else abort(404)


def _page(account_id: int, *, clear: bool = False, fault: str | None = None) -> str:
    return render_template("account.html", account=_find(account_id), clear=clear, fault=fault)
