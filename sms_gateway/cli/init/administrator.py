"""The first administrator, with a second factor from the start; what opens the log-in is shown once."""

from __future__ import annotations

from collections.abc import Mapping

import pyotp
from sqlalchemy import Connection

from db.schema import OperatorRole
from db.staff import operators as rows
from db.staff.audit import Action
from db.staff.second_factor import set_second_factor
from db.store.ids import IdSource
from handlers.first_passwords import prepare
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import COMMAND_NODE, Stop, opened_database
from sms_gateway.cli.init.setup import Setup
from sms_gateway.clock import utc_now
from sms_gateway.pages.staff.one_time_codes import matching_step, new_recovery_codes, new_secret
from sms_gateway.pages.staff.passwords import LEAST_CHARACTERS, MOST_CHARACTERS, Weak, hash_password, weakness
from sms_gateway.settings.model import Settings

_WEAK: Mapping[Weak, str] = {
    Weak.SHORT: f"is too short; fix: write {LEAST_CHARACTERS} characters or more",
    Weak.LONG: f"is too long; fix: write at most {MOST_CHARACTERS} characters",
    Weak.REPEATED: "repeats itself; fix: choose another one, or leave it empty for a random one",
    Weak.COMMON: "is made of common words; fix: choose another one, or leave it empty for a random one",
    Weak.OWN_WORDS: "is made of the name or of words of the service; fix: choose another one",
}


def administrators(settings: Settings) -> list[str]:
    """Return the names of the administrators; raises Stop."""
    with opened_database(settings) as database, database.read() as connection:
        found = rows.list_operators(connection)
    return [one.name for one in found if one.role is OperatorRole.ADMINISTRATOR and not one.disabled]


def add_administrator(setup: Setup, settings: Settings) -> None:
    """Ask for name and password, and add the administrator in one transaction. Raises Stop, BadParameter."""
    name = rows.normal_name(
        setup.asker.ask("administrator", "Name of the first administrator", default="admin", check=_name_fault)
    )
    chosen = setup.asker.ask_secret(
        "administrator_password_file",
        f"Password, {LEAST_CHARACTERS} characters or more (empty: make one)",
        check=lambda typed: _WEAK[weak] if typed and (weak := weakness(typed, name)) is not None else None,
    )
    first = None if chosen else prepare()
    hashed = hash_password(chosen) if first is None else first.hashed
    secret, codes = new_secret(), new_recovery_codes()
    step = _proved(setup, name, secret)
    setup.shown_once.append(f"Administrator:  {name}")
    if first is not None:
        setup.shown_once.append(f"One-time password, for 24 hours:  {first.clear}")
    if step == _NEVER:
        setup.shown_once.extend(_told(name, secret))
    setup.shown_once.append("Recovery codes, each opens once without the app:")
    setup.shown_once.extend(f"  {'  '.join(some)}" for some in (codes[:5], codes[5:]))
    with setup.owner.acting(), opened_database(settings) as database, database.write() as connection:
        _add(connection, name, hashed, is_own=first is None)
        found = rows.find_operator(connection, name)
        if found is None:
            raise AssertionError("the operator was added a moment ago")
        set_second_factor(connection, found.id, secret, codes, step=step)
        note(connection, Action.SECOND_FACTOR_SET, f"operator:{name}")
        setup.show_once()  # before the commit: nobody could log in as an administrator whose secrets were lost


_NEVER = 0
"""The time step of no code: no code was used yet."""


def _proved(setup: Setup, name: str, secret: str) -> int:
    """Show the second factor to a person and ask for a code, so that an app that does not fit is noticed now."""
    if not setup.asker.asks:
        return _NEVER
    for line in _told(name, secret):
        setup.asker.say(line)
    steps: list[int] = []

    def wrong(typed: str) -> str | None:
        step = matching_step(secret, typed, utc_now())
        if typed and step is None:
            return "is not the code of now; fix: enter the secret once more, and set the telephone's clock"
        steps[:] = [] if step is None else [step]
        return None

    setup.asker.ask("code", "Six digits that the app shows (empty: later)", default="", check=wrong)
    return steps[0] if steps else _NEVER


def _told(name: str, secret: str) -> list[str]:
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="SMS gateway")
    return [f"Second factor, for an authenticator app:  {secret}", f"  {uri}"]


def _name_fault(name: str) -> str | None:
    if rows.is_name(name):
        return None
    return "is no name; fix: write 1 to 64 letters of Vietnamese, digits, full stops, hyphens and underscores"


def _add(connection: Connection, name: str, hashed: str, *, is_own: bool) -> None:
    """Add the row; a password that the administrator chose need not be changed. Raises Stop."""
    role, now = OperatorRole.ADMINISTRATOR, utc_now()
    new_id = IdSource(node=COMMAND_NODE, now=utc_now).new()
    if not rows.add_operator(connection, operator_id=new_id, name=name, password_hash=hashed, role=role, now=now):
        alike = rows.find_alike(connection, name)
        raise Stop(f"there is an operator {alike} already, and {name} looks like it; fix: choose another name")
    if is_own:
        rows.change_password(connection, new_id, hashed)
    note(connection, Action.OPERATOR_ADDED, f"operator:{name}", role.value)
