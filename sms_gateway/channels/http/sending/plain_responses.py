"""A provider's response without a table of the network: what shows that it took the answer.

HTTP 200 alone shows nothing. A captive portal says it with a page of HTML, and some providers with an error.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from sms_gateway.channels.http.bodies.json_values import decode_json
from sms_gateway.channels.http.fields import Fields, read_any, value_at
from sms_gateway.channels.http.sending.departure import AcceptedText, DeclinedText, ProviderResponse
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.pipeline.ports import NO_RESPONSE, Refusal

TAKEN_PATTERN = r"\s*|[^=]+|[^=]+=.+"
"""What `read_taken` reads."""

_ERRORS = re.compile(r"errors?(?:[.\[].*)?", re.IGNORECASE | re.DOTALL)
_NO_ERROR = frozenset({"", "0", "00", "000", "false", "none", "null", "no", "ok", "success"})
_UNCLEAR = DeclinedText(refusal=Refusal.UNANSWERED, error=f"{NO_RESPONSE} that can be read")
_ERROR = DeclinedText(refusal=Refusal.UNANSWERED, error=f"{NO_RESPONSE} without an error")
_NOT_TAKEN = DeclinedText(refusal=Refusal.TEMPORARY, error="the response does not say that it was taken")


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenMark:
    """What a response holds when the answer was taken: a value at a path, or words at its beginning."""

    path: str  # empty: words
    values: frozenset[str]  # in small letters; empty: any value

    def fits(self, fields: Fields, words: str) -> bool | None:
        """Return whether a response holds it; None when it says nothing about it."""
        if not self.path:
            if any(words.casefold().startswith(value) for value in self.values):
                return True
            return False if words and not words.startswith("<") and _is_printable(words) else None
        found = (value_at(fields, self.path) or b"").decode("utf-8", "replace").strip().casefold()
        if not found:
            return None
        return not self.values or found in self.values


def read_taken(written: str) -> TakenMark | None:
    """Read `status=ok|sent`, `id=*`, or words with which the response begins; None for nothing.

    >>> read_taken("data.status=OK").path, read_taken("Accepted").path, read_taken(" ")
    ('data.status', '', None)
    """
    path, equals, values = written.strip().rpartition("=")
    mark = TakenMark(path=path.strip(), values=frozenset(value.strip().casefold() for value in values.split("|")))
    if not values:
        return None
    return TakenMark(path=mark.path, values=frozenset()) if equals and mark.values == {"*"} else mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainResponses:
    """Reads the responses of a provider that no table knows; a `ReadResponse`."""

    table: ResponseTable
    taken: TakenMark | None

    def __call__(self, response: ProviderResponse) -> AcceptedText | DeclinedText:
        """Read a response. Nobody knows what became of the answer when nothing in it can be read."""
        read = self.table(response)
        if isinstance(read, DeclinedText):
            return read
        fields, words = read_any(response.body), response.body.decode("utf-8", "replace").strip()
        if self.taken is not None:
            fits = self.taken.fits(fields, words)
            return read if fits else _UNCLEAR if fits is None else _NOT_TAKEN
        if read.ids:
            return read
        if not _is_clear(response.body, words):
            return _UNCLEAR
        return _ERROR if any(map(_is_error, fields.items())) else read


def _is_error(field: tuple[str, bytes]) -> bool:
    """Return whether a field is `error` or is inside one, and holds more than "none"."""
    name, octets = field
    return _ERRORS.fullmatch(name) is not None and octets.decode("utf-8", "replace").strip().casefold() not in _NO_ERROR


def _is_clear(body: bytes, words: str) -> bool:
    """Return whether a response without an id can be read: JSON, printable words, or nothing; no page of HTML."""
    if words.startswith(("{", "[")):
        try:
            json.loads(decode_json(body))
        except (ValueError, RecursionError):
            return False
        return True
    return not words.startswith("<") and _is_printable(words)


def _is_printable(words: str) -> bool:
    return "\ufffd" not in words and all(letter.isprintable() or letter.isspace() for letter in words)
