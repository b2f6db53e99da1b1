"""The web server inside the gateway's process: waitress in a thread that can be stopped."""

from __future__ import annotations

import errno
import resource
import sys
from collections.abc import Sequence
from operator import attrgetter
from threading import Thread
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import BaseWSGIServer, TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher

from sms_gateway.clock import monotonic, utc_now
from sms_gateway.log import Words, event, logger_of
from sms_gateway.settings.model import WebSettings
from sms_gateway.settings.types import IpNetwork
from sms_gateway.web.proxies import BY_SOCKET, is_trusted, read_address
from sms_gateway.web.request_reader import LARGEST_BODY, Channel

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LARGEST_HEADERS = 32 * 1024
IDLE_SECONDS = 30
"""For a connection without data, and for a whole request; a file of dossiers has ten times as long."""

MOST_OF_ONE_ADDRESS = 50
"""Connections of one address: an office behind one address has some for each browser. Trusted proxies may have more."""

MOST_CONNECTIONS = 500
"""Further connections replace idle ones, or wait. Never more than half of the files that the process may open, since
the rest of the process needs some too."""

IDLE_AT_FIRST = 1.0
"""A connection is idle after so many seconds without data; only then it may be closed for another one."""

SOCKET_MODE = 0o660
"""For our user and the group of the socket's folder, in which the proxy is."""

PAUSE_SECONDS = 0.5
"""How long nothing is accepted after the system ran out of descriptors: to try again at once would use a whole core."""

_TOLD_AGAIN = 60.0  # a condition that lasts is logged again after so many seconds
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_LOG = logger_of(__name__)


class _Server(BaseWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Accepts at most so many connections, and pauses when the system has no room for one more."""

    channel_class = Channel
    trusted: Sequence[IpNetwork] = ()
    _came_from: str | None = None  # the address of a connection for which others may be closed
    _paused_until = 0.0
    _told_at = -_TOLD_AGAIN
    _closed = 0  # connections that were closed since the last log line
    _closed_told_at = -_TOLD_AGAIN

    def readable(self) -> bool:
        """Return whether a connection may be accepted now, and close idle ones to make room.

        They are closed here, between two rounds over all sockets: a descriptor that is used again within a round would
        get the events of the connection before. waitress's own limit would log at each connection.
        """
        super().readable()  # ends connections without data
        if not self.accepting or monotonic() < self._paused_until:
            return False
        if self._came_from is not None:
            self._bound_address(self._came_from)
            self._came_from = None
        if not self._is_full() or self._close_idle(self._channels(), 1):
            return True
        self._tell("too many connections")
        return False

    def accept(self) -> tuple[object, tuple[str, int]] | None:
        """Accept a connection; return None when there is none, or no room for it: then it waits, and we pause."""
        try:
            accepted: tuple[object, tuple[str, int]] | None = super().accept()
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            self._paused_until = monotonic() + PAUSE_SECONDS
            self._tell("no descriptors left" if error.errno in (errno.EMFILE, errno.ENFILE) else "no memory left")
            return None
        if accepted is not None and accepted[1]:  # on a UNIX socket there is no address
            self._came_from = str(accepted[1][0])
        return accepted

    def close(self) -> None:
        """Close the listening socket alone; the pipe that wakes the thread is closed after the thread has ended."""
        wasyncore.dispatcher.close(self)

    def maintenance(self, now: float) -> None:
        """Close the connections whose time is over."""
        super().maintenance(now)
        for channel in self._channels():
            channel.end_slow_response(now)

    def _bound_address(self, address: str) -> None:
        own = [one for one in self._channels() if one.address == address]
        if len(own) > MOST_OF_ONE_ADDRESS and not self._is_proxy(address):
            self._close_idle(own, len(own) - MOST_OF_ONE_ADDRESS)

    def _close_idle(self, channels: Sequence[Channel], most: int) -> bool:
        """Close the oldest idle ones of these; return whether there were any."""
        idle_since = utc_now().timestamp() - IDLE_AT_FIRST  # waitress counts in such seconds
        idle = sorted((one for one in channels if one.may_give_way(idle_since)), key=attrgetter("rank"))[:most]
        for one in idle:
            one.end()
        if idle:
            self._tell_closed(len(idle), idle[-1].address)
        return bool(idle)

    def _channels(self) -> list[Channel]:
        return [one for one in self._map.values() if isinstance(one, Channel)]

    def _is_full(self) -> bool:
        return len(self._map) >= _most_connections()

    def _is_proxy(self, address: str) -> bool:
        found = read_address(address)
        return found is not None and is_trusted(found, self.trusted)

    def _tell(self, reason: str) -> None:
        """Log once a minute that connections wait: there can be thousands."""
        now = monotonic()
        if now - self._told_at >= _TOLD_AGAIN:
            self._told_at = now
            event(_LOG, "accept_paused", level="error", reason=Words(reason), connections=len(self._map))

    def _tell_closed(self, count: int, address: str) -> None:
        """Log once a minute that idle connections were closed, how many, and the address of the last one."""
        now = monotonic()
        self._closed += count
        if now - self._closed_told_at >= _TOLD_AGAIN:
            event(_LOG, "connections_closed", level="warning", connections=self._closed, address=address)
            self._closed, self._closed_told_at = 0, now


class _PortServer(_Server, TcpWSGIServer):  # type: ignore[misc]  # as above
    """Listens on a port."""


class _SocketServer(_Server, UnixWSGIServer):  # type: ignore[misc]  # as above
    """Listens on a UNIX socket; every connection there is the proxy's."""

    def fix_addr(self, addr: object) -> tuple[str, int]:
        """Return what stands for an address."""
        del addr
        return BY_SOCKET, 0


def _most_connections() -> int:
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if allowed == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, max(1, allowed // 2))


class WebServer:
    """Serves one WSGI application; listens at once, so that a port in use is reported at once (OSError)."""

    def __init__(
        self, application: WSGIApplication, settings: WebSettings, *, idle_seconds: int = IDLE_SECONDS
    ) -> None:
        self._sockets: dict[int, wasyncore.dispatcher] = {}
        adjustments = _adjustments(settings, idle_seconds, host=settings.host, port=settings.port)
        self._tasks = ThreadedTaskDispatcher()
        try:
            servers: list[_Server] = [
                _PortServer(application, self._sockets, dispatcher=self._tasks, adj=adjustments, sockinfo=one)
                for one in adjustments.listen
            ]
            if settings.socket is not None:
                place = {"unix_socket": str(settings.socket), "unix_socket_perms": f"{SOCKET_MODE:o}"}
                bounds = _adjustments(settings, idle_seconds, **place)
                servers.append(_SocketServer(application, self._sockets, dispatcher=self._tasks, adj=bounds))
            for one in servers:
                one.trusted = settings.trusted_proxies
        except OSError:
            wasyncore.close_all(self._sockets, ignore_all=True)  # it leaves open what it has made so far
            raise
        self._tasks.set_thread_count(adjustments.threads)
        self._server: BaseWSGIServer = servers[0]  # its loop serves them all
        self._triggers = [one.trigger for one in servers]
        self.port = int(servers[0].effective_port)
        self._thread = Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def alive(self) -> bool:
        """Return whether the thread runs."""
        return self._thread.is_alive()

    def stop(self, seconds: float) -> None:
        """Finish the requests in hand, with a time limit, and close every connection."""
        self._tasks.shutdown(cancel_pending=True, timeout=seconds)
        # The thread waits on its sockets; only that thread can close them safely.
        self._server.trigger.pull_trigger(self._close_connections)
        self._thread.join(seconds)
        if not self._thread.is_alive() and not self._tasks.threads:
            for trigger in self._triggers:
                trigger.close()

    def _close_connections(self) -> None:
        """Close everything but the pipes that wake the thread: another thread may be about to write to one of them.

        Its number could already be that of another file.
        """
        for trigger in self._triggers:
            trigger.del_channel()
        wasyncore.close_all(self._sockets, ignore_all=True)


def _adjustments(settings: WebSettings, idle_seconds: int, **place: str | int) -> Adjustments:
    return Adjustments(
        **place,
        threads=settings.threads,
        channel_timeout=idle_seconds,
        cleanup_interval=max(1, idle_seconds // 6),
        connection_limit=sys.maxsize,  # the servers have limits of their own
        asyncore_use_poll=True,  # select() cannot watch a file number above 1,023
        max_request_body_size=LARGEST_BODY,
        max_request_header_size=LARGEST_HEADERS,
        ident=None,  # the name of the server is nobody's business
        clear_untrusted_proxy_headers=False,  # sms_gateway.web.proxies reads them, and trusts only named proxies
    )
