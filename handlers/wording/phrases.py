"""The phrases that answers are made of, and the placeholders each may hold; free of any language."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Phrase(StrEnum):
    """One thing to say. The value is its key everywhere."""

    ACCOUNT_OPENED = "account_opened"  # user name and first password
    ACCOUNT_EXISTS = "account_exists"  # the same phone asked again
    ACCOUNT_EXPIRED = "account_expired"  # the same phone asked again, and the first password has expired
    ACCOUNT_DISABLED = "account_disabled"  # the same phone asked again, and the account is closed
    ACCOUNT_REFUSED = "account_refused"  # another phone; must not show that an account exists, nor whose
    ACCOUNTS_CLOSED = "accounts_closed"  # too many accounts are asked for; must not show that one exists either
    ACCOUNT_RELEASED = "account_released"  # to the phone of an account that ended, since its number was released
    PHONE_CHANGED = "phone_changed"  # to the phone that an account had until now

    DOSSIER = "dossier"  # code and state; for 5, 6 and 9 what follows from it
    DATES = "dates"  # both dates
    DATE_RECEIVED = "date_received"  # no date due is known
    DATE_DUE = "date_due"  # no date of receipt is known
    STATE_1 = "state_1"
    STATE_2 = "state_2"
    STATE_3 = "state_3"
    STATE_4 = "state_4"
    STATE_5 = "state_5"
    STATE_5_WANTED = "state_5_wanted"  # with the papers that are missing
    STATE_6 = "state_6"
    STATE_6_WANTED = "state_6_wanted"  # with what is owed
    STATE_7 = "state_7"
    STATE_8 = "state_8"
    STATE_9 = "state_9"
    STATE_10 = "state_10"
    ASK_WANTED = "ask_wanted"  # state 5 or 6, and the office did not say what it wants
    PICK_UP = "pick_up"  # where the result is
    PICK_UP_UNKNOWN = "pick_up_unknown"  # the office did not say where
    CUT = "cut"  # after a text that had to be cut, so that nobody takes it for whole
    ADVICE = "advice"  # courtesy after a state; the first to be left out
    ADVICE_PICK_UP = "advice_pick_up"  # the same, when the result is ready
    NOT_FOUND = "not_found"
    NOT_FOUND_ADVICE = "not_found_advice"
    NOT_OPENED = "not_opened"  # a secret is needed: no such code, a wrong secret or none; must not show which
    NOT_OPENED_ADVICE = "not_opened_advice"  # how to write it
    AMBIGUOUS = "ambiguous"  # several dossiers look like this code
    AMBIGUOUS_ADVICE = "ambiguous_advice"
    CODE_UNSAID = "code_unsaid"  # in place of a code that could be a link or a telephone number

    HELP = "help"  # the list of all commands
    LINE_TK = "line_tk"  # a command in the list
    LINE_DVC = "line_dvc"
    LINE_DVC_CLOSED = "line_dvc_closed"  # the same, where a look-up needs a secret
    HELP_TK = "help_tk"
    HELP_DVC = "help_dvc"
    HELP_PASSWORD = "help_password"  # where a lost password is replaced, and where one is changed  # noqa: S105
    HELP_DVC_CLOSED = "help_dvc_closed"

    SEND = "send"  # the text ready to copy
    COPY_TK = "copy_tk"
    COPY_DVC = "copy_dvc"
    COPY_DVC_CLOSED = "copy_dvc_closed"
    BLANK_FULL_NAME = "blank_full_name"  # in a text to copy, in place of the sender's own field
    BLANK_QUOTED_NAME = "blank_quoted_name"  # the same, where the name must be in quotes to be read whole
    BLANK_ID_NUMBER = "blank_id_number"
    BLANK_BIRTH_DATE = "blank_birth_date"
    BLANK_RECEIPT_CODE = "blank_receipt_code"
    FIELD_FULL_NAME = "field_full_name"  # a field's name inside a sentence
    FIELD_ID_NUMBER = "field_id_number"
    FIELD_BIRTH_DATE = "field_birth_date"
    FIELD_RECEIPT_CODE = "field_receipt_code"
    AND = "and"  # between the last two of several field names

    WRONG_FULL_NAME = "wrong_full_name"
    ONE_WORD_NAME = "one_word_name"
    TWO_NAMES = "two_names"
    TWO_SPELLINGS = "two_spellings"  # a word of the name can be keys of a typing method, or not
    LOST_LETTERS = "lost_letters"  # letters of the name were lost in transmission
    WRONG_ID_NUMBER = "wrong_id_number"
    ID_IS_PHONE = "id_is_phone"
    ID_LOST_ZERO = "id_lost_zero"
    ID_IS_PASSPORT = "id_is_passport"
    TWO_ID_NUMBERS = "two_id_numbers"
    WRONG_BIRTH_DATE = "wrong_birth_date"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_MONTH_FIRST = "date_month_first"
    DATE_FUTURE = "date_future"
    DATE_TOO_OLD = "date_too_old"
    DATE_IN_WORDS = "date_in_words"
    TWO_BIRTH_DATES = "two_birth_dates"
    ID_BIRTH_MISMATCH = "id_birth_mismatch"
    MISSING = "missing"
    ALSO = "also"  # after a wrong field: others that are wrong or missing too
    TOO_MANY_PEOPLE = "too_many_people"
    WRONG_RECEIPT_CODE = "wrong_receipt_code"
    CODE_IS_CARD = "code_is_card"  # an identity number where the code belongs; it is not repeated
    CODE_IS_PHONE = "code_is_phone"
    TOO_MANY_CODES = "too_many_codes"
    MEANT_TK = "meant_tk"  # near miss: probably TK
    MEANT_DVC = "meant_dvc"  # near miss: probably DVC
    TWO_COMMANDS = "two_commands"  # a dossier and an account in one text
    UNKNOWN = "unknown"  # no command at all
    EMPTY = "empty"
    TOO_LONG = "too_long"
    INCOMPLETE = "incomplete"  # a part of a long text never came

    APOLOGY = "apology"  # handling failed several times; an operator looks
    HOUR_LIMIT = "hour_limit"  # once, then texts get no answer for a while
    DAY_LIMIT = "day_limit"
    PHONE_NEEDED = "phone_needed"  # a command that needs a phone came from an address that is none
    REST = "rest"  # once to a number that is blocked as a machine's and then sends a command


_SERVICE = frozenset({"short_code", "hotline"})
_WRONG = frozenset({"wrong"})
_ACCOUNT = frozenset({"register_account"})
_LOOK_UP = frozenset({"look_up_dossier"})

PLACEHOLDERS: Mapping[Phrase, frozenset[str]] = MappingProxyType(
    {
        Phrase.ACCOUNT_OPENED: _SERVICE | {"user_name", "password", "days", "place"},
        Phrase.ACCOUNT_EXISTS: _SERVICE | {"user_name"},
        Phrase.ACCOUNT_EXPIRED: _SERVICE | {"user_name"},
        Phrase.ACCOUNT_DISABLED: _SERVICE | {"user_name"},
        Phrase.ACCOUNT_REFUSED: _SERVICE,
        Phrase.ACCOUNTS_CLOSED: _SERVICE,
        Phrase.ACCOUNT_RELEASED: _SERVICE | {"user_name"},
        Phrase.PHONE_CHANGED: _SERVICE | {"user_name"},
        Phrase.DOSSIER: frozenset({"code", "state"}),
        Phrase.DATES: frozenset({"received", "due"}),
        Phrase.DATE_RECEIVED: frozenset({"received"}),
        Phrase.DATE_DUE: frozenset({"due"}),
        Phrase.STATE_5_WANTED: frozenset({"wanted"}),
        Phrase.STATE_6_WANTED: frozenset({"wanted"}),
        Phrase.ASK_WANTED: _SERVICE,
        Phrase.PICK_UP: frozenset({"pick_up"}),
        Phrase.CUT: _SERVICE,
        Phrase.ADVICE: _SERVICE,
        Phrase.ADVICE_PICK_UP: _SERVICE,
        Phrase.NOT_FOUND: frozenset({"code"}),
        Phrase.NOT_FOUND_ADVICE: _SERVICE,
        Phrase.NOT_OPENED: frozenset({"code"}),
        Phrase.NOT_OPENED_ADVICE: _SERVICE | _LOOK_UP,
        Phrase.AMBIGUOUS: frozenset({"code"}),
        Phrase.AMBIGUOUS_ADVICE: _SERVICE,
        Phrase.HELP: _SERVICE | {"commands", "topics"},
        Phrase.LINE_TK: _ACCOUNT,
        Phrase.LINE_DVC: _LOOK_UP,
        Phrase.LINE_DVC_CLOSED: _LOOK_UP,
        Phrase.HELP_TK: _SERVICE | _ACCOUNT,
        Phrase.HELP_DVC: _SERVICE | _LOOK_UP,
        Phrase.HELP_PASSWORD: _SERVICE | {"place"},
        Phrase.HELP_DVC_CLOSED: _SERVICE | _LOOK_UP,
        Phrase.SEND: _SERVICE | {"copy"},
        Phrase.COPY_TK: _ACCOUNT | {"full_name", "id_number", "birth_date"},
        Phrase.COPY_DVC: _LOOK_UP | {"receipt_code"},
        Phrase.COPY_DVC_CLOSED: _LOOK_UP | {"receipt_code"},
        Phrase.TWO_SPELLINGS: frozenset({"typed", "meant"}),
        Phrase.WRONG_ID_NUMBER: _WRONG,
        Phrase.ID_LOST_ZERO: _WRONG,
        Phrase.ID_IS_PASSPORT: _WRONG,
        Phrase.WRONG_BIRTH_DATE: _WRONG,
        Phrase.DATE_IMPOSSIBLE: _WRONG,
        Phrase.DATE_MONTH_FIRST: _WRONG,
        Phrase.DATE_FUTURE: _WRONG,
        Phrase.DATE_TOO_OLD: _WRONG,
        Phrase.DATE_IN_WORDS: _WRONG,
        Phrase.MISSING: frozenset({"fields"}),
        Phrase.ALSO: frozenset({"fields"}),
        Phrase.WRONG_RECEIPT_CODE: _WRONG,
        Phrase.APOLOGY: _SERVICE,
        Phrase.HOUR_LIMIT: _SERVICE,
        Phrase.DAY_LIMIT: _SERVICE,
        Phrase.PHONE_NEEDED: _SERVICE,
        Phrase.REST: _SERVICE,
    }
)
"""The placeholders a phrase may hold; a phrase that is not here may hold none."""

NEEDED: Mapping[Phrase, frozenset[str]] = MappingProxyType(
    {
        Phrase.ACCOUNT_OPENED: frozenset({"user_name", "password", "days"}),
        Phrase.ACCOUNT_EXISTS: frozenset({"user_name", "hotline"}),
        Phrase.ACCOUNT_EXPIRED: frozenset({"user_name", "hotline"}),
        Phrase.ACCOUNT_DISABLED: frozenset({"hotline"}),
        Phrase.ACCOUNT_REFUSED: frozenset({"hotline"}),
        Phrase.ACCOUNTS_CLOSED: frozenset({"hotline"}),
        Phrase.ACCOUNT_RELEASED: frozenset({"user_name", "hotline"}),
        Phrase.PHONE_CHANGED: frozenset({"user_name", "hotline"}),
        Phrase.DOSSIER: frozenset({"code", "state"}),
        Phrase.DATES: frozenset({"received", "due"}),
        Phrase.DATE_RECEIVED: frozenset({"received"}),
        Phrase.DATE_DUE: frozenset({"due"}),
        Phrase.STATE_5_WANTED: frozenset({"wanted"}),
        Phrase.STATE_6_WANTED: frozenset({"wanted"}),
        Phrase.ASK_WANTED: frozenset({"hotline"}),
        Phrase.PICK_UP: frozenset({"pick_up"}),
        Phrase.CUT: frozenset({"hotline"}),
        Phrase.NOT_FOUND: frozenset({"code"}),
        Phrase.NOT_OPENED: frozenset({"code"}),
        Phrase.NOT_OPENED_ADVICE: frozenset({"short_code"}),
        Phrase.AMBIGUOUS: frozenset({"code"}),
        Phrase.HELP: frozenset({"short_code", "commands"}),
        Phrase.LINE_TK: _ACCOUNT,
        Phrase.LINE_DVC: _LOOK_UP,
        Phrase.LINE_DVC_CLOSED: _LOOK_UP,
        Phrase.HELP_TK: frozenset({"short_code"}),
        Phrase.HELP_DVC: frozenset({"short_code"}),
        Phrase.HELP_PASSWORD: frozenset({"hotline"}),
        Phrase.HELP_DVC_CLOSED: frozenset({"short_code"}),
        Phrase.SEND: frozenset({"copy", "short_code"}),
        Phrase.COPY_TK: _ACCOUNT | {"full_name", "id_number", "birth_date"},
        Phrase.COPY_DVC: _LOOK_UP | {"receipt_code"},
        Phrase.COPY_DVC_CLOSED: _LOOK_UP | {"receipt_code"},
        Phrase.TWO_SPELLINGS: frozenset({"typed", "meant"}),
        Phrase.MISSING: frozenset({"fields"}),
        Phrase.ALSO: frozenset({"fields"}),
        Phrase.APOLOGY: frozenset({"hotline"}),
        Phrase.HOUR_LIMIT: frozenset({"hotline"}),
        Phrase.DAY_LIMIT: frozenset({"hotline"}),
        Phrase.PHONE_NEEDED: frozenset({"short_code"}),
        Phrase.REST: frozenset({"hotline"}),
    }
)
"""The placeholders without which a phrase misleads; every form of it must hold them."""
