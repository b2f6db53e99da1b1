"""Every word on the pages, by gettext catalogues: one for each language, with keys that name the place of the words."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

LANGUAGES = ("vi", "en")

MANY = 2
"""The plural, for words that are asked for without a number."""

LOCALE = Path(__file__).parent / "locale"


def find_words(key: str, language: str, count: int | None = None) -> str | None:
    """Return the words for a key, in the form for this number when it has several; None when there are none."""
    catalogue = _catalogue(language)
    found = catalogue.ngettext(key, key, MANY if count is None else count)
    if found == key:
        found = catalogue.gettext(key)
    return None if found == key else found


@cache
def _catalogue(language: str) -> GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / "web.mo").open("rb") as file:
        return GNUTranslations(file)
