"""The English sentences: plain GSM 03.38, as short as the Vietnamese ones."""

from __future__ import annotations

from types import MappingProxyType

from handlers.wording.catalogue import Wording
from handlers.wording.catalogues.english.accounts_and_dossiers import ACCOUNTS_AND_DOSSIERS
from handlers.wording.catalogues.english.asks import ASKS
from handlers.wording.catalogues.english.notices import NOTICES
from handlers.wording.catalogues.english.tickets import TICKETS

ENGLISH = Wording(
    language="en",
    name="English",
    sentences=MappingProxyType({**ACCOUNTS_AND_DOSSIERS, **TICKETS, **ASKS, **NOTICES}),
)
