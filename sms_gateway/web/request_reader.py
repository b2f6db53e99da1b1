"""Reading HTTP requests for the web server: their framing, and the limits of size and time.

A request with a file, dossiers or the rows of an own table may be long. Before the server reads such a body, it asks
the application with GET for a page: that from which a file is sent, the limits of a push, or the list of tables. A
caller who may not have that may not send a long body either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from enum import Enum
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple, cast

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask
from waitress.utilities import Error

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

LARGEST_BODY = 64 * 1024
FILES_PATH = "/admin/dossiers/import"
BACK_OFFICE = "/back-office"
PUSHES_PATH = f"{BACK_OFFICE}/dossiers"
TABLES_PATH = f"{BACK_OFFICE}/tables"
_MEBI = 1024 * 1024


class LongBody(NamedTuple):
    """Requests that may be long, by method and the end of their path; a prefix may be before it."""

    method: str
    path: re.Pattern[str]
    most: int
    """Octets of the body. One more than the application takes, so that it says itself what is too long."""
    asked: str
    """The path in place of this end that the application is asked for first."""


def _long(method: str, path: str, most: int, asked: str) -> LongBody:
    return LongBody(method, re.compile(rf"{path}\Z"), most, asked)


LONG_BODIES: Sequence[LongBody] = (
    _long("POST", FILES_PATH, 9 * _MEBI, FILES_PATH),
    _long("POST", "/admin/tables/new", 9 * _MEBI, "/admin/tables/new"),
    _long("POST", "/admin/units/import", 9 * _MEBI, "/admin/units/import"),
    _long("POST", PUSHES_PATH, 5 * _MEBI + 1, PUSHES_PATH),
    _long("PUT", rf"{TABLES_PATH}/[^/]+(?:/rows)?", 5 * _MEBI + 1, TABLES_PATH),
)
"""Of files, eight mebibytes and the form around them."""

ASKS_PERMIT = "sms_gateway.asks_permit"
"""In the environment of the question whether a long body may come."""

TIMES_FOR_A_FILE = 10
"""A file, and a response, may take so many times as long as a request."""

_CODINGS = re.compile(rb"\r\ntransfer-encoding:([^\r\n]*)", re.IGNORECASE)
_LONG_RESPONSE = 64 * 1024  # of one that a socket may not take at once


def find_long_body(method: str, path: str) -> LongBody | None:
    """Return what is known of a request that may be long; None for every other."""
    return next((one for one in LONG_BODIES if one.method == method and one.path.search(path)), None)


class Permit(Enum):
    """Whether a request may bring a file."""

    NOT_NEEDED = "not_needed"  # it brings none, or one as short as a text
    WANTED = "wanted"  # its body is not read until the application answers
    GIVEN = "given"


class LogInFirstError(Error):  # type: ignore[misc]  # waitress has no types
    """Answers a request whose long body is not read."""

    code = 403
    reason = "Forbidden"


_LOG_IN = "log in again, then send the file again"
_NAME_YOURSELF = "send the key as `Authorization: Bearer KEY`; without it, bodies are shorter than 64 KiB"


class Parser(HTTPRequestParser):  # type: ignore[misc]  # as above
    """Reads one request; refuses what two servers could read as different requests (RFC 9112 §6.1, §6.3)."""

    adj: Adjustments
    path = ""  # until the header is read
    permit = Permit.NOT_NEEDED

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header, then choose the limit of the body. A refusal here ends the connection."""
        super().parse_header(header_plus)
        codings = _CODINGS.findall(header_plus)
        if codings and not self._is_chunked_alone(codings):
            raise ParsingError("Transfer-Encoding must be chunked, once, of version 1.1, and without Content-Length")
        if "," in self.headers.get("HOST", ""):
            raise ParsingError("Host must stand once")
        is_long = self.chunked or self.content_length >= LARGEST_BODY
        long_body = find_long_body(self.command, self.path) if is_long else None
        if long_body is not None:
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = long_body.most
            self.permit = Permit.WANTED

    def _is_chunked_alone(self, codings: list[bytes]) -> bool:
        once = len(codings) == 1 and codings[0].strip(b" \t").lower() == b"chunked"
        return once and bool(self.chunked) and "CONTENT_LENGTH" not in self.headers


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """One connection. Each request has a time limit: a slow sender would otherwise hold the connection for ever."""

    parser_class = Parser
    request: Parser | None
    last_activity: float  # seconds since 1970, as waitress keeps it
    _began = 0.0
    _sending_since: float | None = None
    _is_asking = False
    _is_over = False

    @property
    def address(self) -> str:
        """Return the address of the other end; it may be a proxy."""
        return str(self.addr[0])

    def may_give_way(self, idle_since: float) -> bool:
        """Return whether it can be closed without loss: no request is being answered, and nothing is left to send."""
        is_at_work = self.requests or self.total_outbufs_len or self._is_asking
        return not is_at_work and self.last_activity < idle_since

    @property
    def rank(self) -> tuple[bool, float]:
        """Return the sort key of connections to close: the oldest goes first, and one that sends a file last."""
        return self.request is not None and self.request.permit is Permit.GIVEN, self.last_activity

    def readable(self) -> bool:
        """Return whether more is read: nothing of a file while the application is asked."""
        return not self._is_asking and bool(super().readable())

    def writable(self) -> bool:
        """Return whether the loop has something to send: not what the answering thread sends itself.

        The loop cannot take that from the thread, and would try again at once, without end. A closed connection is
        watched no more: its descriptor may already belong to a new one.
        """
        if self._is_over:
            return False
        if self.requests and self.total_outbufs_len < _LONG_RESPONSE and not self.will_close:
            return False
        return bool(super().writable())

    def handle_read(self) -> None:
        """Read; while a request is incomplete, its beginning counts as the last activity."""
        before = self.request
        super().handle_read()
        request = self.request
        if request is None:
            return
        if request is not before:
            self._began = self.last_activity
        if request.permit is Permit.WANTED:
            self._is_asking = True
            self.server.add_task(_Question(self, request))
        more = self.adj.channel_timeout * (TIMES_FOR_A_FILE - 1) if request.permit is Permit.GIVEN else 0
        self.last_activity = min(self.last_activity, self._began + more)

    def decide(self, request: Parser, *, is_permitted: bool) -> None:
        """Read the file, or refuse it and read no more; any thread calls it, after the application answered."""
        with self.requests_lock:
            if is_permitted:
                request.permit = Permit.GIVEN
            else:
                request.error = LogInFirstError(_NAME_YOURSELF if f"{BACK_OFFICE}/" in request.path else _LOG_IN)
                request.completed = True
                self.request = None
                self.requests.append(request)
                if len(self.requests) == 1:  # else the thread that answers the previous request takes it
                    self.server.add_task(self)
            self._is_asking = False
        self.server.pull_trigger()

    def end_slow_response(self, now: float) -> None:
        """Close when a response has waited for its reader for as long as a file may take."""
        if not self.total_outbufs_len:
            self._sending_since = None
        elif self._sending_since is None:
            self._sending_since = now
        elif now - self._sending_since > self.adj.channel_timeout * TIMES_FOR_A_FILE:
            self.end()

    def end(self) -> None:
        """Close at once; only for the thread of the loop. A mark alone would wait until there is room to send."""
        self.will_close = self._is_over = True
        self.handle_close()


class _Question:
    """A task for the answering threads: asks the application whether this request may bring a file."""

    def __init__(self, channel: Channel, request: Parser) -> None:
        self._channel = channel
        self._request = request

    def service(self) -> None:
        """Ask the application for the page, as the caller of this request."""
        is_permitted = False
        try:
            is_permitted = self._is_shown()
        finally:
            self._channel.decide(self._request, is_permitted=is_permitted)

    def cancel(self) -> None:
        """Do nothing: the server stops."""

    def _is_shown(self) -> bool:
        environ = WSGITask(self._channel, self._request).get_environment()
        asked = {name: value for name, value in environ.items() if name not in {"CONTENT_LENGTH", "CONTENT_TYPE"}}
        long_body = find_long_body(str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"]))
        if long_body is None:
            return False
        path = long_body.path.sub(long_body.asked, str(environ["PATH_INFO"]))
        asked |= {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": BytesIO(), ASKS_PERMIT: True}
        return _status(cast("WSGIApplication", self._channel.server.application), asked).startswith("200 ")


def _status(application: WSGIApplication, environ: Mapping[str, object]) -> str:
    """Return the status of the application's answer; its body is ignored."""
    told = ""

    def start(status: str, headers: object, trouble: object = None) -> object:
        nonlocal told
        del headers, trouble
        told = status
        return lambda _: None

    body = application(dict(environ), cast("StartResponse", start))
    try:
        for _ in body:
            pass
    finally:
        if (close := getattr(body, "close", None)) is not None:
            close()
    return told
