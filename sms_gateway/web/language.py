"""The language of the pages: the reader's choice in a cookie, else what the browser asks for, else Vietnamese."""

from __future__ import annotations

from datetime import date, datetime

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from parsers.told import Told
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.web.forms import safe_return, set_cookie, short_field
from sms_gateway.web.words import LANGUAGES, find_words

COOKIE = "lang"
YEAR_SECONDS = 365 * 24 * 3600


def chosen_language() -> str:
    """Return `vi` or `en`."""
    wanted = request.cookies.get(COOKIE)
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def say(key: str, **values: object) -> str:
    """Return the words for a key in the reader's language; an unknown key is our mistake and raises KeyError."""
    words = find_words(key, chosen_language())
    if words is None:
        raise KeyError(key)
    return words.format(**values) if values else words


def say_or(key: str, otherwise: str) -> str:
    """Return the words for a key that rows name, or what stands in the row when this version has no words for it."""
    return find_words(key, chosen_language()) or otherwise


def say_told(prefix: str, told: Told) -> str:
    """Return a sentence of another room in the reader's language: the words for its key below a prefix."""
    values = {
        name: say_told(prefix, value) if isinstance(value, Told) else str(value) for name, value in told.values.items()
    }
    return say(f"{prefix}.{told.key}", **values)


def local_time(moment: datetime | None) -> str:
    """Write a time as people here read it: `22/11/2026 19:30:05`, Asia/Ho_Chi_Minh."""
    return "" if moment is None else moment.astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M:%S")


def short_day(day: date) -> str:
    """Write a day as people here read it: `22/11/2026`."""
    return f"{day:%d/%m/%Y}"


def choose_language() -> AnyResponse:
    """Take the choice and go back to the page it was made on."""
    wanted = short_field("language")
    response: Response | AnyResponse = redirect(safe_return(short_field("back")) or url_for("start"), code=303)
    if wanted in LANGUAGES:
        set_cookie(response, COOKIE, wanted, max_age=YEAR_SECONDS)
    return response
