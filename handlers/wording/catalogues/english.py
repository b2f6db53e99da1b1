"""The English sentences: plain GSM 03.38, as short as the Vietnamese ones."""

from __future__ import annotations

from types import MappingProxyType

from handlers.wording.catalogue import Wording
from handlers.wording.catalogues.english_accounts import ACCOUNTS
from handlers.wording.catalogues.english_asks import ASKS
from handlers.wording.catalogues.english_notices import NOTICES
from handlers.wording.catalogues.english_subscriptions import SUBSCRIPTIONS
from handlers.wording.catalogues.english_tickets import TICKETS

ENGLISH = Wording(
    language="en",
    name="English",
    sentences=MappingProxyType({**ACCOUNTS, **SUBSCRIPTIONS, **TICKETS, **ASKS, **NOTICES}),
)
