"""The placeholders that each phrase may hold, and those that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.conversation_placeholders import CONVERSATION_PLACEHOLDERS
from handlers.wording.notice_placeholders import NOTICE_PLACEHOLDERS
from handlers.wording.phrases import Phrase

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
        Phrase.HELP_PRICE: _SERVICE | {"price", "withdrawal"},
        Phrase.HELP_PRICE_OF_CARRIER: _SERVICE | {"withdrawal"},
        Phrase.HELP_PRICE_FREE: _SERVICE | {"withdrawal"},
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
        Phrase.WORDS_NEEDED: _SERVICE,
        Phrase.SERVICE_OFF: _SERVICE | {"keyword"},
        Phrase.REST: _SERVICE,
        **{phrase: names.allowed for phrase, names in CONVERSATION_PLACEHOLDERS.items()},
        **{phrase: names.allowed for phrase, names in NOTICE_PLACEHOLDERS.items()},
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
        Phrase.HELP_PRICE: frozenset({"price"}),
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
        Phrase.SERVICE_OFF: frozenset({"hotline"}),
        Phrase.REST: frozenset({"hotline"}),
        **{phrase: names.needed for phrase, names in CONVERSATION_PLACEHOLDERS.items()},
        **{phrase: names.needed for phrase, names in NOTICE_PLACEHOLDERS.items()},
    }
)
"""The placeholders without which a phrase misleads; every form of it must hold them."""
