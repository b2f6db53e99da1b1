"""The web server inside the gateway's process: waitress in a thread that can be stopped."""

from __future__ import annotations

import errno
import resource
import sys
from copy import copy
from threading import Thread
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from sms_gateway.clock import monotonic
from sms_gateway.log import Words, event, logger_of
from sms_gateway.settings.model import WebSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LARGEST_BODY = 64 * 1024
LARGEST_FILE = 9 * 1024 * 1024
"""Of a request that brings a file of dossiers: eight mebibytes and what goes round them."""

FILES_PATH = "/admin/dossiers/import"
"""The end of the path: a prefix may stand before it."""

LARGEST_HEADERS = 32 * 1024
IDLE_SECONDS = 30
"""For a connection that says nothing, and for a request to come in whole; a file of dossiers has ten times as long."""

MOST_CONNECTIONS = 500
"""More wait to be accepted. Never more than half of the files that the process may open: others need some, too."""

PAUSE_SECONDS = 0.5
"""How long nothing is accepted once the system has no descriptor left; trying at once again would take a whole core."""

_TOLD_AGAIN = 60.0  # seconds after which what goes on is logged once more
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_LOG = logger_of(__name__)
_TIMES_FOR_A_FILE = 10
_LONG_RESPONSE = 64 * 1024  # one that a socket may not take at once


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Takes a longer body at the one address that takes files; every other request is as short as a text."""

    adj: Adjustments
    path = ""  # until the header is read

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header, then choose the bound of the body."""
        super().parse_header(header_plus)
        if self.path.endswith(FILES_PATH):
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = LARGEST_FILE


class _Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """Lets no request take longer to come in than it may: a drop now and then would else hold a connection for good."""

    parser_class = _Parser
    last_activity: float  # seconds since 1970, as waitress keeps it
    _began = 0.0

    def writable(self) -> bool:
        """Tell whether there is something for the loop to send: not what the thread that answers is sending itself.

        The loop cannot take it from that thread, and would look again at once, over and over, in its way.
        """
        if self.requests and self.total_outbufs_len < _LONG_RESPONSE and not self.will_close:
            return False
        return bool(super().writable())

    def handle_read(self) -> None:
        """Read; while a request is half there, what counts as the last activity is its beginning."""
        before = self.request
        super().handle_read()
        request = self.request
        if request is None:
            return
        if request is not before:
            self._began = self.last_activity
        more = self.adj.channel_timeout * (_TIMES_FOR_A_FILE - 1) if request.path.endswith(FILES_PATH) else 0
        self.last_activity = min(self.last_activity, self._began + more)


class _Server(TcpWSGIServer):  # type: ignore[misc]  # as above
    """Accepts at most so many connections, and pauses when the system has no room for one more."""

    channel_class = _Channel
    _paused_until = 0.0
    _told_at = -_TOLD_AGAIN

    def readable(self) -> bool:
        """Tell whether a connection may be accepted now; waitress's own bound would log at each one."""
        super().readable()  # ends what says nothing
        if not self.accepting or monotonic() < self._paused_until:
            return False
        is_full = len(self._map) >= _most_connections()
        if is_full:
            self._tell("too many connections")
        return not is_full

    def accept(self) -> tuple[object, object] | None:
        """Accept a connection; None when there is none, or no room for it: then it waits, and so do we."""
        try:
            accepted: tuple[object, object] | None = super().accept()
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            self._paused_until = monotonic() + PAUSE_SECONDS
            self._tell("no descriptors left" if error.errno in (errno.EMFILE, errno.ENFILE) else "no memory left")
            return None
        return accepted

    def _tell(self, reason: str) -> None:
        """Log once a minute that connections wait: they come by the thousand when they do."""
        now = monotonic()
        if now - self._told_at >= _TOLD_AGAIN:
            self._told_at = now
            event(_LOG, "accept_paused", level="error", reason=Words(reason), connections=len(self._map))


def _most_connections() -> int:
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if allowed == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, max(1, allowed // 2))


class WebServer:
    """Serves one WSGI application; listens from the moment it is made, so a taken port is told at once (OSError)."""

    def __init__(
        self, application: WSGIApplication, settings: WebSettings, *, idle_seconds: int = IDLE_SECONDS
    ) -> None:
        self._sockets: dict[int, wasyncore.dispatcher] = {}
        adjustments = Adjustments(
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            channel_timeout=idle_seconds,
            cleanup_interval=max(1, idle_seconds // 6),
            connection_limit=sys.maxsize,  # the servers have a bound of their own
            asyncore_use_poll=True,  # select() cannot watch a file number above 1,023
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEADERS,
            ident=None,  # nobody needs to know what serves
            clear_untrusted_proxy_headers=False,  # sms_gateway.web.proxies does, and believes those it may
        )
        self._tasks = ThreadedTaskDispatcher()
        try:
            servers = [
                _Server(application, self._sockets, dispatcher=self._tasks, adj=adjustments, sockinfo=one)
                for one in adjustments.listen
            ]
        except OSError:
            wasyncore.close_all(self._sockets, ignore_all=True)  # it leaves open what it has made so far
            raise
        self._tasks.set_thread_count(adjustments.threads)
        self._server: BaseWSGIServer = servers[0]  # its loop carries them all
        self.port = int(servers[0].effective_port)
        self._thread = Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether the thread runs."""
        return self._thread.is_alive()

    def stop(self, seconds: float) -> None:
        """Finish the requests in hand, at most so long, and close every connection."""
        self._tasks.shutdown(cancel_pending=True, timeout=seconds)
        # The thread waits on its sockets; only from inside it can they be closed safely.
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._sockets, ignore_all=True))
        self._thread.join(seconds)
