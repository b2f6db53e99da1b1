"""The languages of answers, one file a language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.catalogue import Wording
from handlers.wording.catalogues.english import ENGLISH
from handlers.wording.catalogues.vietnamese import VIETNAMESE

DEFAULT_LANGUAGE = VIETNAMESE.language

CATALOGUES: Mapping[str, Wording] = MappingProxyType({one.language: one for one in (VIETNAMESE, ENGLISH)})
"""Every catalogue by its language (ISO 639-1), the default language first."""
