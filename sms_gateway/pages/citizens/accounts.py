"""Accounts: search, show, disable, erase. Changes that can give somebody a password are in account_changes."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.citizens import account_administration as rows
from db.citizens.account_administration import PAGE_SIZE
from db.citizens.accounts import Account
from db.citizens.erasure import erase_account as erase_rows
from db.schema import AccountState
from db.staff.audit import Action
from db.store.phone_numbers import mask_number, read_sender
from handlers.notices import tell_phone_changed
from sms_gateway.pages.actions.action_result import done, reveal, reveals
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.confirmation import Question, ask, sms_of
from sms_gateway.pages.citizens.citizen_sms import channel_to
from sms_gateway.pages.display.paging import bounded, read_before
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import open_for_operator, seal_for_operator, short_field
from sms_gateway.web.language import say

SEALED = "web.account_search"
_LONGEST = 64
"""The longest user name or number that somebody types."""

Page = Response | str | tuple[str, int]


def accounts() -> str:
    """Show the accounts that match the search, else the newest."""
    token = request.args.get("who", "")
    typed = open_for_operator(token, SEALED) if token else None
    if token and typed is None:
        abort(410)
    before = read_before()
    with dependencies().database.read() as connection:
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
    return render_template("citizens/accounts.html", accounts=found, searched=typed is not None, older=older)


def search_accounts() -> Response:
    """Search by user name, identity or telephone number; it comes by POST, and the next address holds it encrypted."""
    typed = short_field("who")[:_LONGEST]
    if not typed:
        return redirect(url_for("admin.accounts"), code=303)
    with dependencies().database.write() as connection:
        note(connection, Action.NUMBER_SEARCHED, "account")
    return redirect(url_for("admin.accounts", who=seal_for_operator(typed, SEALED)), code=303)


def account(account_id: int) -> str:
    """Show one account, masked; unmasked on the page after a reveal."""
    return account_page(account_id, clear=reveals(f"account:{account_id}"))


def reveal_account(account_id: int) -> Response:
    """Let the next page show it unmasked, once, and record who sees it."""
    found = find_shown(account_id)
    with dependencies().database.write() as connection:
        note(connection, Action.REVEALED, f"account:{found.id}")
    return reveal(url_for("admin.account", account_id=account_id), f"account:{found.id}")


def disable_account(account_id: int) -> Page:
    """Ask; then disable an account."""
    if request.method == "GET":
        found = find_shown(account_id)
        if found.is_over or found.state is AccountState.DISABLED:
            abort(409)
        return ask(
            Question(
                title=say("accounts.disable_title", name=found.user_name),
                leads=[say("accounts.disable_lead")],
                button=say("accounts.disable"),
                back=url_for("admin.account", account_id=account_id),
            )
        )
    return _changed(account_id, Action.ACCOUNT_DISABLED, lambda connection: rows.disable(connection, account_id))


def enable_account(account_id: int) -> Response:
    """Enable a disabled account again."""
    now = dependencies().now()
    return _changed(account_id, Action.ACCOUNT_ENABLED, lambda connection: rows.enable(connection, account_id, now))


def erase_account(account_id: int) -> Page:
    """Delete an account, and the words of the texts that hold its identity number.

    The operator types the user name again, so that no account is erased by mistake.
    """
    found = find_shown(account_id)
    form = Filled()
    if form.text("user_name", most=_LONGEST).casefold() != found.user_name:
        form.refuse("user_name", say("accounts.name_differs"))
        return account_page(account_id, form=form), 400
    return _changed(
        account_id,
        Action.ACCOUNT_ERASED,
        lambda connection: erase_rows(connection, found.id, read_sender).accounts == 1,
    )


def _changed(account_id: int, action: Action, change: Callable[[Connection], bool]) -> Response:
    found = find_shown(account_id)
    with dependencies().database.write() as connection:
        if not change(connection):
            abort(409)
        note(connection, action, f"account:{account_id}")
    is_gone = action is Action.ACCOUNT_ERASED
    address = url_for("admin.accounts") if is_gone else url_for("admin.account", account_id=account_id)
    return done(address, f"done.{action}", name=found.user_name)


def find_shown(account_id: int) -> Account:
    """Return the account of an address; raise 404 when there is none."""
    with dependencies().database.read() as connection:
        found = rows.find_account(connection, bounded(account_id))
    return found if found is not None else abort(404)


def account_page(account_id: int, *, clear: bool = False, fault: str | None = None, form: Filled | None = None) -> str:
    """Render the page of an account; `form` is one that comes back with a fault."""
    found, parts = find_shown(account_id), dependencies()
    by = channel_to(found.phone)
    return render_template(
        "citizens/account.html",
        account=found,
        clear=clear,
        fault=fault,
        form=form or Filled(),
        waits_until=rows.password_waits_until(found, parts.now()),
        notice=sms_of(tell_phone_changed(found.user_name, parts.facts_by(by)), mask_number(found.phone), by=by),
        can_confirm=found.phone_changed_by != current_session().operator.name,
    )
