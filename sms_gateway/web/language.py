"""The language of the pages: the reader's choice in a cookie, else the browser's, else Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from parsers.localised_message import LocalisedMessage
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.clock import local_time as local_time  # noqa: PLC0414 - pages take it from here
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import read_cookie, safe_return, set_cookie, short_field
from sms_gateway.web.translations import LANGUAGES, find_words, with_keywords, words_of

COOKIE = "lang"
YEAR_SECONDS = 365 * 24 * 3600

_CHOSEN = "sms_gateway.language"
"""Where the language of a request is noted: a page asks for it with each of its words."""


def chosen_language() -> str:
    """Return `vi` or `en`."""
    known: str | None = request.environ.get(_CHOSEN)
    if known is None:
        known = request.environ[_CHOSEN] = _choose_language()
    return known


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let what is said meanwhile be in one language, whatever the reader chose."""
    chosen = chosen_language()
    request.environ[_CHOSEN] = language
    try:
        yield
    finally:
        request.environ[_CHOSEN] = chosen


def _choose_language() -> str:
    wanted = read_cookie(COOKIE)
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def say(what: str | LocalisedMessage, /, **values: object) -> str:
    """Return a message, or the words for a key, in the reader's language.

    The value `count` selects the singular or the plural. A service's name in braces, as `{register_account}`, stands
    for its keyword, which the settings may rename. An unknown key is our mistake and raises KeyError. A message
    without a translation is shown in its English words.
    """
    if isinstance(what, LocalisedMessage):
        return words_of(what, chosen_language(), dependencies().vocabulary)
    words = _find(what, values)
    if words is None:
        raise KeyError(what)
    return words.format(**values) if values else words


def page_message(key: str, /, **values: str | int) -> LocalisedMessage:
    """Return a message of the pages, which the next page shows in its reader's language."""
    words = _find(key, values, "en")
    if words is None:
        raise KeyError(key)
    return LocalisedMessage(key=key, words=words, values=values)


def say_in(language: str, key: str, /, **values: object) -> str | None:
    """Return the words for a key in this language, whichever the reader's is; None when there are none."""
    words = _find(key, values, language)
    return words.format(**values) if words is not None and values else words


def say_or(key: str, otherwise: str) -> str:
    """Return the words for a key that a row holds, or the value of the row when this version has no words for it."""
    return _find(key, {}) or otherwise


def _find(key: str, values: Mapping[str, object], language: str | None = None) -> str | None:
    count = values.get("count")
    words = find_words(key, language or chosen_language(), count if isinstance(count, int) else None)
    return with_keywords(words, values, dependencies().vocabulary) if words is not None and "{" in words else words


def local_moment(moment: datetime | None) -> str:
    """Write a time to the millisecond, for events of the same minute: `22/11/2026 19:30:05.120`."""
    if moment is None:
        return ""
    return f"{local_time(moment)}:{moment.astimezone(LOCAL_ZONE):%S}.{moment.microsecond // 1000:03d}"


def local_day(day: date | None) -> str:
    """Write a day as people here read it: `22/11/2026`; of a time, its day in Asia/Ho_Chi_Minh."""
    if isinstance(day, datetime):
        day = day.astimezone(LOCAL_ZONE)
    return "" if day is None else f"{day:%d/%m/%Y}"


def local_birth_date(stored: str) -> str:
    """Write a birth date as people here read it; some people know only the month or the year.

    >>> local_birth_date("1990-12-20"), local_birth_date("1990-12"), local_birth_date("1990")
    ('20/12/1990', '12/1990', '1990')
    """
    return "/".join(reversed(stored.split("-")))


def say_span(span: timedelta) -> str:
    """Write a length of time in its largest whole unit: `5 minutes`, `1 day`."""
    seconds = int(span.total_seconds())
    for unit, length in (("days", 24 * 3600), ("hours", 3600), ("minutes", 60)):
        if seconds >= length and (seconds % length == 0 or seconds >= 2 * length):
            return say(f"span.{unit}", count=seconds // length)
    return say("span.seconds", count=seconds)


def local_stamp(moment: datetime) -> str:
    """Write a time as in the name of a file: `20261122-193005`, Asia/Ho_Chi_Minh."""
    return f"{moment.astimezone(LOCAL_ZONE):%Y%m%d-%H%M%S}"


def choose_language() -> AnyResponse:
    """Store the choice and go back to the page on which it was made."""
    wanted = short_field("language")
    response: Response | AnyResponse = redirect(safe_return(short_field("back")) or url_for("start"), code=303)
    if wanted in LANGUAGES:
        set_cookie(response, COOKIE, wanted, max_age=YEAR_SECONDS)
    return response
