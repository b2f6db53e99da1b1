"""Changes of accounts that can give somebody else a password: another phone, a new password, a released number.

The previous phone gets a notice at once. After a change of phone, a new password needs a second person or a day of
waiting. Each operator can make only so many changes in 24 hours, and the audit log names the operator.
"""

from __future__ import annotations

from datetime import timedelta
from unicodedata import combining

from flask import abort, render_template, request, url_for
from sqlalchemy import Connection

from db.citizens import account_administration as rows
from db.citizens.account_administration import Corrected
from db.citizens.accounts import Account
from db.schema import AccountState
from db.staff import audit
from db.staff.audit import Action
from db.store.phone_numbers import mask_number
from handlers.context import FirstPassword
from handlers.first_passwords import prepare
from handlers.notices import MASK, tell_new_password, tell_phone_changed, tell_released
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.confirmation import Question, ask, sms_of
from sms_gateway.pages.citizens.accounts import Page, account_page, find_shown
from sms_gateway.pages.citizens.citizen_sms import channel_to, link_to, queue_notice, queue_sms
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import local_time, say

COUNTED = (Action.ACCOUNT_CORRECTED, Action.ACCOUNT_PASSWORD_SENT, Action.ACCOUNT_RELEASED)
"""What limits.changes_per_operator counts; of corrections only those of a phone."""

_COUNTED_FOR = timedelta(hours=24)
_NAME_CHARACTERS = 100
_IN_NAMES = frozenset(" '\u2019.-")


def correct_account(account_id: int) -> Page:
    """Store a corrected name, birth date or telephone number; the previous phone gets a notice at once."""
    found = find_shown(account_id)
    form = Filled()
    corrected = _typed(found, form)
    if not form.is_sound:
        return account_page(account_id, form=form), 400
    differs = rows.differences(found, corrected)
    changes_phone = "phone" in differs
    parts, operator = dependencies(), current_session().operator.name
    with parts.database.write() as connection:
        link = link_to(connection, found.phone)
        fault = _fault(connection, link) if changes_phone else None
        if differs and fault is None:
            if not rows.correct(connection, found, corrected, operator=operator, now=parts.now()):
                abort(409)
            if changes_phone and link is not None:
                text = tell_phone_changed(found.user_name, parts.facts_by(link))
                queue_notice(connection, found.phone, text, link=link)
            note(connection, Action.ACCOUNT_CORRECTED, f"account:{account_id}", ", ".join(differs))
    changed = "done.account_corrected" if differs else "done.nothing_changed"
    return _done(account_id, fault, "done.phone_corrected" if changes_phone else changed)


def confirm_phone(account_id: int) -> Page:
    """Store that a second person confirms the change of phone; from now on a password can be sent to it."""
    operator = current_session().operator.name
    with dependencies().database.write() as connection:
        found = rows.find_account(connection, bounded(account_id)) or abort(404)
        # The change that the page showed: somebody may have made another one since.
        if found.phone_changed_at is None or found.phone_changed_at.isoformat() != short_field("change"):
            abort(409)
        if not rows.confirm_phone(connection, account_id, changed_at=found.phone_changed_at, operator=operator):
            abort(409)
        note(
            connection, Action.ACCOUNT_PHONE_CONFIRMED, f"account:{account_id}", f"changed by {found.phone_changed_by}"
        )
    return done(url_for("admin.account", account_id=account_id), "done.account_phone_confirmed")


def send_password(account_id: int) -> Page:
    """Ask, with the SMS; then make a new first password and send it to the account's phone; nobody sees it."""
    found, parts = find_shown(account_id), dependencies()
    if request.method == "GET":
        return _ask_password(found)
    first = prepare()  # hashing is slow on purpose: before the transaction
    now = parts.now()
    with parts.database.write() as connection:
        found = rows.find_account(connection, account_id) or abort(404)
        link = link_to(connection, found.phone)
        waits_until = rows.password_waits_until(found, now)
        fault = _fault(connection, link)
        if waits_until is not None:
            fault = say("accounts.password_waits", until=local_time(waits_until))
        if fault is None and link is not None:
            expires = now + timedelta(days=parts.service.password_days)
            if not rows.give_password(connection, account_id, hashed=first.hashed, expires_at=expires):
                abort(409)
            answer = tell_new_password(found.user_name, first, parts.facts_by(link))
            queue_sms(connection, found.phone, answer.text, masked=answer.masked, link=link)
            note(connection, Action.ACCOUNT_PASSWORD_SENT, f"account:{account_id}")
    return _done(account_id, fault, "done.account_password_sent")


def release_account(account_id: int) -> Page:
    """Show what a release of the identity number does, and the SMS; do it once the operator has seen the card."""
    found = find_shown(account_id)
    parts = dependencies()
    if request.method == "GET":
        return _release_page(found, Filled())
    form = Filled()
    if short_field("card") != "seen":
        form.refuse("card", say("release.no_card"))
        return _release_page(found, form), 400
    with parts.database.write() as connection:
        link = link_to(connection, found.phone)
        fault = _fault(connection, link)
        if fault is None and link is not None:
            if not rows.release(connection, account_id, phone=found.phone, released_id=parts.new_id()):
                abort(409)
            queue_notice(connection, found.phone, tell_released(found.user_name, parts.facts_by(link)), link=link)
            note(connection, Action.ACCOUNT_RELEASED, f"account:{account_id}")
    return _done(account_id, fault, "done.account_released")


def _ask_password(found: Account) -> str:
    """Show the SMS with a mask for the password, which does not exist yet."""
    if found.is_over or found.state is AccountState.DISABLED:
        abort(409)
    by = channel_to(found.phone)
    masked = FirstPassword(clear=MASK, hashed="")
    text = tell_new_password(found.user_name, masked, dependencies().facts_by(by)).text
    return ask(
        Question(
            title=say("accounts.password_title", name=found.user_name),
            leads=[say("accounts.password_lead")],
            button=say("accounts.send_password"),
            back=url_for("admin.account", account_id=found.id),
            sms=sms_of(text, mask_number(found.phone), by=by),
        )
    )


def _typed(found: Account, form: Filled) -> Corrected:
    """Return the account's facts with the changes of the form; a blank field changes nothing."""
    name = form.text("full_name", most=_NAME_CHARACTERS)
    if not all(letter.isalpha() or combining(letter) or letter in _IN_NAMES for letter in name):
        form.refuse("full_name", say("accounts.name_letters"))
    born = form.birth_date("birth_date", found.id_number)
    phone = form.phone("phone")
    return Corrected(
        full_name=name or found.full_name,
        birth_date=found.birth_date if born is None else str(born),
        phone=phone or found.phone,
    )


def _fault(connection: Connection, link: str | None) -> str | None:
    """Return why this operator may change nothing now: no link reaches the citizen, or too many changes."""
    if link is None:
        return say("accounts.no_link")
    parts, operator = dependencies(), current_session().operator.name
    most = parts.settings.limits.changes_per_operator
    done = audit.count_done(connection, operator, COUNTED, since=parts.now() - _COUNTED_FOR)
    return say("accounts.too_many", count=most) if done >= most else None


def _done(account_id: int, fault: str | None, sentence: str) -> Page:
    if fault is not None:
        return account_page(account_id, fault=fault), 409
    return done(url_for("admin.account", account_id=account_id), sentence)


def _release_page(found: Account, form: Filled) -> str:
    if found.is_over:
        abort(409)
    by = channel_to(found.phone)
    text = tell_released(found.user_name, dependencies().facts_by(by))
    sms = sms_of(text, mask_number(found.phone), by=by)
    return render_template("citizens/release.html", account=found, sms=sms, form=form)
