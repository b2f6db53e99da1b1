"""TK: one account at a time for one identity number; only the phone that asked first gets the first password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from db.citizens.accounts import Account, find_by_id_number, find_every, find_taken, open_account
from db.schema import AccountState
from handlers.answer import Answer, Outcome
from handlers.context import Context, FirstPassword, Registration
from handlers.first_passwords import prepare
from handlers.handler import Guessable, Handler, Preparation
from handlers.user_names import candidates
from handlers.wording.echo import echo_field
from handlers.wording.fit import first_fit
from handlers.wording.phrases import Phrase
from parsers.commands import RegisterAccount
from parsers.misread import FieldName, MisreadKind

MASK = "****"

REFUSED_DAYS = 30
"""The time in which the phone of a released account opens none with its number, so that the holder, who showed the
card, comes first. It ends, since carriers give a phone's number to somebody else. A carrier repeats a text for two
days at most."""


class NotPreparedError(Exception):
    """TK was handled without a first password: call handlers.prepare before the transaction."""


class NoUserNameError(Exception):
    """Every user name tried was taken; the caller may handle the text again, with other random numbers."""


def register_account(command: RegisterAccount, context: Context) -> Answer:
    """Open an account, or report the one that exists.

    Safe to repeat: the same identity number never opens a second account, and the first one is not changed. The phone
    that opened it gets its user name. Any other phone gets a refusal that shows neither that an account exists nor
    whose it is. When staff released the number, the account has ended, and the next text opens another one. A text from
    before that is run again or repeated by a carrier opens none, and for a time the old phone opens none.
    """
    every = find_every(context.connection, command.id_number)
    known = next((one for one in every if not one.is_over), None)
    if known is not None and known.phone == context.phone:
        return _tell_known(known, context)
    if context.registration is Registration.CLOSED:
        # Also to anyone who asks for a number that has an account: a different answer would show that it has one.
        return _tell_closed(context)
    if known is not None or _is_refused_since_release(every, context):
        return Answer(text=_say(Phrase.ACCOUNT_REFUSED, context), outcome=Outcome.ACCOUNT_REFUSED)
    if context.registration is Registration.LIMITED:
        return Answer(text=_say(Phrase.ACCOUNT_REFUSED, context), outcome=Outcome.REGISTRATION_LIMITED)
    if context.first_password is None and context.was_refused:
        return _tell_closed(context)  # it could not be opened a moment ago, and now it could
    if context.first_password is None:
        raise NotPreparedError("a first password must be made before the transaction")
    return _open(command, context, context.first_password)


def _is_refused_since_release(ended: Sequence[Account], context: Context) -> bool:
    """Return whether this text came before the number was released, or soon after from the phone that had it."""
    return any(
        context.inbound_id
        < (one.released_id or 0) + (REFUSED_DAYS * context.ids_a_day if one.phone == context.phone else 0)
        for one in ended
    )


def _open(command: RegisterAccount, context: Context, first: FirstPassword) -> Answer:
    tried = list(dict.fromkeys(candidates(command.full_name)))
    taken = find_taken(context.connection, tried)
    for user_name in tried:
        if user_name in taken:
            continue
        new = _new_account(user_name, command, context)
        if open_account(context.connection, new, password_hash=first.hashed):
            return _tell_opened(new, context, first)
        # Another transaction was faster: with the same person, or only with the same user name.
        known = find_by_id_number(context.connection, command.id_number)
        if known is not None:
            return _tell_known(known, context)
    raise NoUserNameError("no free user name was found")


def _new_account(user_name: str, command: RegisterAccount, context: Context) -> Account:
    return Account(
        id=context.new_id(),
        user_name=user_name,
        id_number=command.id_number,
        full_name=command.full_name,
        birth_date=str(command.birth_date),
        phone=context.phone,
        password_expires_at=context.now + timedelta(days=context.service.password_days),
        state=AccountState.FIRST_PASSWORD,
        created_at=context.now,
        inbound_id=context.inbound_id,
    )


def _tell_opened(new: Account, context: Context, first: FirstPassword) -> Answer:
    text = _say(Phrase.ACCOUNT_OPENED, context, user_name=new.user_name, password=first.clear)
    return Answer(text=text, masked=text.replace(first.clear, MASK), outcome=Outcome.ACCOUNT_OPENED)


def _tell_closed(context: Context) -> Answer:
    return Answer(text=_say(Phrase.ACCOUNTS_CLOSED, context), outcome=Outcome.REGISTRATION_CLOSED)


def _tell_known(known: Account, context: Context) -> Answer:
    if known.phone != context.phone:
        return Answer(text=_say(Phrase.ACCOUNT_REFUSED, context), outcome=Outcome.ACCOUNT_REFUSED)
    return Answer(
        text=_say(_phrase_of(known, context), context, user_name=known.user_name), outcome=Outcome.ACCOUNT_EXISTS
    )


def _phrase_of(known: Account, context: Context) -> Phrase:
    match known.state:
        case AccountState.DISABLED:
            return Phrase.ACCOUNT_DISABLED
        case AccountState.FIRST_PASSWORD if (known.password_expires_at or context.now) <= context.now:
            return Phrase.ACCOUNT_EXPIRED
        case _:
            return Phrase.ACCOUNT_EXISTS


def _say(phrase: Phrase, context: Context, **values: str) -> str:
    service = context.service
    values |= service.values
    values |= {"days": str(service.password_days), "place": service.password_place}
    forms = service.wording.forms(phrase, values)
    return first_fit(forms) or forms[-1]


def _is_new(connection: Connection, command: RegisterAccount) -> bool:
    """Return whether the command will need a first password: there is no account of this person."""
    return find_by_id_number(connection, command.id_number) is None


def echo_content(content: str) -> str | None:
    """Repeat the fields of a suggested registration, if each of them may be repeated.

    >>> echo_content("Do Thi En, 201499999, 03/1950"), echo_content("vneid.top Nguyen, 201499999, 03/1950")
    ('Do Thi En, 201499999, 03/1950', None)
    """
    fields = content.split(", ")
    if len(fields) != len(_FIELDS):
        return None
    said = [echo_field(name, one) for name, one in zip(_FIELDS, fields, strict=True)]
    return None if None in said else ", ".join(map(str, said))


_FIELDS = (FieldName.FULL_NAME, FieldName.ID_NUMBER, FieldName.BIRTH_DATE)

HANDLER = Handler(
    command=RegisterAccount,
    service="register_account",
    handle=register_account,
    help=Phrase.HELP_TK,
    line=Phrase.LINE_TK,
    meant=Phrase.MEANT_TK,
    copyable=Phrase.COPY_TK,
    echo=echo_content,
    misreads=frozenset(
        {
            MisreadKind.FULL_NAME,
            MisreadKind.ID_NUMBER,
            MisreadKind.BIRTH_DATE,
            MisreadKind.ID_BIRTH_MISMATCH,
            MisreadKind.MISSING_FIELDS,
            MisreadKind.TOO_MANY_PEOPLE,
        }
    ),
    outcomes=frozenset(
        {
            Outcome.ACCOUNT_OPENED,
            Outcome.ACCOUNT_EXISTS,
            Outcome.ACCOUNT_REFUSED,
            Outcome.REGISTRATION_LIMITED,
            Outcome.REGISTRATION_CLOSED,
            Outcome.PHONE_NEEDED,
        }
    ),
    fruitful=frozenset({Outcome.ACCOUNT_OPENED, Outcome.ACCOUNT_EXISTS}),
    answered=lambda _: "depends on the accounts: a new one is opened, or the sender is told of the one there is.",
    prepare=Preparation(make=prepare, is_needed=_is_new),
    needs_phone=True,
    guard=lambda command: Guessable(person=command.id_number),
)
