"""The Vietnamese sentences, without accents: one segment instead of three, and every old phone shows them."""

from __future__ import annotations

from types import MappingProxyType

from handlers.wording.catalogue import Wording
from handlers.wording.catalogues.vietnamese.accounts_and_dossiers import ACCOUNTS_AND_DOSSIERS
from handlers.wording.catalogues.vietnamese.asks import ASKS
from handlers.wording.catalogues.vietnamese.notices import NOTICES
from handlers.wording.catalogues.vietnamese.tickets import TICKETS

VIETNAMESE = Wording(
    language="vi",
    name="Tiếng Việt",
    sentences=MappingProxyType({**ACCOUNTS_AND_DOSSIERS, **TICKETS, **ASKS, **NOTICES}),
)
