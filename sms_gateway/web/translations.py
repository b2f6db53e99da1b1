"""Every word on the pages, by gettext catalogues: one a language, keyed by where the words stand."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

LANGUAGES = ("vi", "en")

MANY = 2
"""The form of words that are asked for without a number."""

LOCALE = Path(__file__).parent / "locale"


def find_words(key: str, language: str, count: int | None = None) -> str | None:
    """Return the words for a key, those for so many things when it has several forms; None when there are none."""
    catalogue = _catalogue(language)
    found = catalogue.ngettext(key, key, MANY if count is None else count)
    if found == key:
        found = catalogue.gettext(key)
    return None if found == key else found


@cache
def _catalogue(language: str) -> GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / "web.mo").open("rb") as file:
        return GNUTranslations(file)
