"""A provider's response read by a table: its HTTP status, its own result code, the ids it gave."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from db.messages import message_ids
from sms_gateway.channels.http.fields import Fields, is_id, names_of, read_any, values_at
from sms_gateway.channels.http.sending.departure import AcceptedText, DeclinedText, ProviderResponse
from sms_gateway.pipeline.ports import NO_RESPONSE, Refusal

LONGEST_WAIT = 300.0
"""Seconds that the provider may make us wait; an answer is not valid for much longer."""

_TAKEN = range(200, 300)
_ELSEWHERE = range(300, 400)
_WRONG_ADDRESS = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE}
_NOT_LET_IN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,12}")
_NO_WORDS = re.compile(r"[^A-Za-z_:=. -]+")
_SECONDS = re.compile(r"[0-9]{1,6}")


class RefusedFor(StrEnum):
    """What a provider's code complains of, in one word that is the same for every network."""

    ACCOUNT = "account"  # our key, password or address, or a right that the account lacks
    MONEY = "money"  # the account has no money or no messages left
    TOKEN = "token"  # the access token is not valid  # noqa: S105 - a word, no secret
    SENDER = "sender"  # the brand name or number that sends
    NUMBER = "number"  # the citizen's number
    STOPPED = "stopped"  # the citizen wants nothing, or does not follow the account
    WINDOW = "window"  # the citizen wrote too long ago
    TEMPLATE = "template"  # the text matches no registered template
    WORDS = "words"  # a word of the text is forbidden
    LENGTH = "length"
    TOO_FAST = "too fast"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseTable:
    """What a network's responses mean; a `ReadResponse`. A refusal of None means: taken."""

    ids: str | None = None  # the path of the message id, with `[]` where there are several; None: it gives none
    needs_id: bool = False  # True: a success without an id is none, since every success has one
    code: str | None = (
        None  # path of the provider's own result code; `[]`: each segment has one; `a|b`: it is at either
    )
    codes: Mapping[str, Refusal | None] = field(default_factory=dict)  # "exists already" is taken
    refused_for: Mapping[str, RefusedFor] = field(default_factory=dict)  # what codes mean, where their papers say it
    other_code: Refusal = Refusal.PERMANENT  # of a code that the table lacks, in a response with status 2xx
    declines_all: Collection[str] = ()  # codes by which the provider refuses every text
    token_codes: Collection[str] = ()  # codes that say that the access token is no longer valid
    statuses: Mapping[int, Refusal | None] = field(default_factory=dict)  # HTTP statuses with a meaning of their own
    reason: str | None = None  # the path of the provider's words about a refusal; shown without numbers
    reasons_for_all: re.Pattern[str] | None = None  # words in it by which the provider refuses every text
    wait: re.Pattern[str] | None = None  # how a response that throttles writes the milliseconds to wait
    plain_text: re.Pattern[str] | None = None  # how a response in plain text begins: its named groups are the fields

    def __call__(self, response: ProviderResponse) -> AcceptedText | DeclinedText:
        """Read a response."""
        fields = self._fields(response.body)
        codes = _words_at(fields, self.code) if self.code else []
        refused = [code for code in codes if self.codes.get(code, self.other_code) is not None]
        code = next(iter(refused or codes), None)
        # Of some segments taken and some refused nobody knows what the citizen reads.
        in_part = bool(refused) and len(refused) < len(codes)
        refusal = Refusal.UNANSWERED if in_part else self._refusal(response.status, code)
        if refusal is not None:
            reason = next(iter(_words_at(fields, self.reason)), "") if self.reason else ""
            for_all = self.reasons_for_all is not None and self.reasons_for_all.search(reason) is not None
            return DeclinedText(
                refusal=Refusal.TEMPORARY if for_all and refusal is Refusal.PERMANENT else refusal,
                error=_shown(reason) or self._error(response.status, code),
                wait_seconds=self._wait(response, refusal),
                declines_all=for_all or self._declines_all(response.status, code),
                token_refused=code is not None and code in self.token_codes,
            )
        return self._accepted(fields)

    def _fields(self, body: bytes) -> Fields:
        if self.plain_text is None:
            return read_any(body)
        found = self.plain_text.match(body.decode("utf-8", "replace").strip())
        groups = {} if found is None else found.groupdict()
        return {name: value.encode() for name, value in groups.items() if value is not None}

    def _error(self, status: int, code: str | None) -> str:
        shown = code if code is not None and (code in self.codes or _CODE.fullmatch(code)) else None
        meaning = f" ({self.refused_for[code]})" if code is not None and code in self.refused_for else ""
        return f"HTTP {status}" + (f" code {shown}"[:40] + meaning if shown else "")

    def _wait(self, response: ProviderResponse, refusal: Refusal) -> float | None:
        if refusal not in {Refusal.THROTTLED, Refusal.TEMPORARY}:
            return None
        found = self.wait.search(response.body.decode("utf-8", "replace")) if self.wait else None
        if found is None or refusal is not Refusal.THROTTLED:
            return _wait_of(response)
        return min(int(found[1]) / 1000, LONGEST_WAIT)

    def _accepted(self, fields: Fields) -> AcceptedText | DeclinedText:
        found = values_at(fields, self.ids) if self.ids else ()
        ids = tuple(octets.decode("utf-8", "replace").strip()[: message_ids.MAX_LENGTH] for octets in found)
        if self.needs_id and not (ids and all(map(is_id, ids))):
            return DeclinedText(refusal=Refusal.UNANSWERED, error=f"{NO_RESPONSE} with an id")
        return AcceptedText(ids=tuple(filter(is_id, ids)))

    def _declines_all(self, status: int, code: str | None) -> bool:
        if code is not None and code in self.codes:
            return code in self.declines_all
        return status not in self.statuses and declines_all(status)

    def _refusal(self, status: int, code: str | None) -> Refusal | None:
        if code is not None and code in self.codes:
            return self.codes[code]
        if status in self.statuses:
            return self.statuses[status]
        if self.code and status in _TAKEN:
            return self.other_code if code is not None else Refusal.UNANSWERED
        return refusal_of(status)


def refusal_of(status: int) -> Refusal | None:
    """Return what an HTTP status means where a network says nothing else; None when the text was taken.

    >>> [refusal_of(status) for status in (202, 400, 101)]
    [None, <Refusal.PERMANENT: 'permanent'>, <Refusal.UNANSWERED: 'unanswered'>]
    """
    if status in _TAKEN:
        return None
    if status < HTTPStatus.OK:
        return Refusal.UNANSWERED  # it is no response to the request
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Refusal.THROTTLED
    is_ours = declines_all(status) or status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Refusal.TEMPORARY if is_ours else Refusal.PERMANENT


def declines_all(status: int) -> bool:
    """Return whether a status refuses every text: a wrong password, no money, or an address that is no API.

    >>> [declines_all(status) for status in (401, 403, 404, 302, 200, 400, 503)]
    [True, True, True, True, False, False, False]
    """
    return status in _NOT_LET_IN or status in _WRONG_ADDRESS or status in _ELSEWHERE


def _words_at(fields: Fields, path: str) -> list[str]:
    return [octets.decode("utf-8", "replace") for name in names_of(path) for octets in values_at(fields, name)]


def _shown(reason: str) -> str:
    """Return a provider's words without numbers, one of which may be a citizen's."""
    return _NO_WORDS.sub("#", reason)[:60].strip()


def _wait_of(response: ProviderResponse) -> float | None:
    """Return the seconds of Retry-After (RFC 9110 §10.2.3); None when it holds a date or nothing."""
    written = response.headers.get("retry-after", "").strip()
    return min(float(written), LONGEST_WAIT) if _SECONDS.fullmatch(written) else None
