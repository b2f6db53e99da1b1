"""Every word on the pages, by gettext catalogues: one a language, keyed by where the words stand."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

LANGUAGES = ("vi", "en")

LOCALE = Path(__file__).parent / "locale"


def find_words(key: str, language: str) -> str | None:
    """Return the words for a key, None when there are none."""
    found = _catalogue(language).gettext(key)
    return None if found == key else found


@cache
def _catalogue(language: str) -> GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / "web.mo").open("rb") as file:
        return GNUTranslations(file)
