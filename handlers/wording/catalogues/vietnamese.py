"""The Vietnamese sentences, without accents: one segment instead of three, and every old phone shows them."""

from __future__ import annotations

from types import MappingProxyType

from handlers.wording.catalogue import Wording
from handlers.wording.catalogues.vietnamese_accounts import ACCOUNTS
from handlers.wording.catalogues.vietnamese_asks import ASKS
from handlers.wording.catalogues.vietnamese_notices import NOTICES
from handlers.wording.catalogues.vietnamese_subscriptions import SUBSCRIPTIONS
from handlers.wording.catalogues.vietnamese_tickets import TICKETS

VIETNAMESE = Wording(
    language="vi",
    name="Tiếng Việt",
    sentences=MappingProxyType({**ACCOUNTS, **SUBSCRIPTIONS, **TICKETS, **ASKS, **NOTICES}),
)
