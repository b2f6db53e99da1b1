"""What the provider brings to the gateway: requests that are sent until the gateway took or refused them."""

from __future__ import annotations

import heapq
import http.client
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from threading import Condition, Thread
from urllib.parse import quote, urlsplit

from sms_gateway.clock import monotonic
from sms_gateway.demo.provider.counterpart import GatewayResponse, PushedRequest, Verdict

RESPONSE_SECONDS = 15.0
"""How long the gateway may take; its own wait for an answer in the response is shorter."""

MAX_RESPONSE_OCTETS = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A request until it is done."""

    request: PushedRequest
    done: Callable[[Verdict, GatewayResponse], Verdict]
    """Told how the gateway responded; what it returns decides: taken and refused are the end."""


class Pusher:
    """Threads that bring requests to one channel of the gateway. Every method may be called from any thread."""

    def __init__(
        self,
        channel: str,
        verdict: Callable[[GatewayResponse], Verdict],
        retry_delay: Callable[[], float],
        *,
        connections: int,
    ) -> None:
        self._channel = channel
        self._verdict = verdict
        self._retry_delay = retry_delay
        self._changed = Condition()
        self._gateways: tuple[str, ...] = ()
        self._stopping = False
        self._queue: list[tuple[float, int, Delivery]] = []
        self._numbers = count()
        self._threads = [
            Thread(target=self._run, name=f"provider-push-{number}", daemon=True) for number in range(connections)
        ]
        self.responses: Counter[str] = Counter()  # by HTTP status; "none" where nothing came back

    def start(self) -> None:
        """Begin to bring what waits, once `aim` has said where to."""
        for thread in self._threads:
            thread.start()

    def aim(self, *gateways: str) -> None:
        """Bring requests to the gateway at these addresses; when one does not respond, to the next."""
        with self._changed:
            self._gateways = tuple(gateway.rstrip("/") for gateway in gateways)
            self._changed.notify_all()

    def push(self, delivery: Delivery, delay: float = 0.0) -> None:
        """Bring a request, after so many seconds."""
        with self._changed:
            heapq.heappush(self._queue, (monotonic() + delay, next(self._numbers), delivery))
            self._changed.notify()

    def stop(self, timeout: float) -> None:
        """End; what waits is forgotten."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        deadline = monotonic() + timeout
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - monotonic()))

    def _run(self) -> None:
        link, place = _Link(), 0
        while (delivery := self._next()) is not None:
            gateways = self._gateways
            response = link.send(gateways[place % len(gateways)], self._channel, delivery.request)
            place += response is None
            verdict = Verdict.AGAIN if response is None else self._verdict(response)
            with self._changed:
                self.responses["none" if response is None else str(response.status)] += 1
            if response is not None:
                verdict = delivery.done(verdict, response)
            if verdict is Verdict.AGAIN:
                self.push(delivery, self._retry_delay())
        link.close()

    def _next(self) -> Delivery | None:
        """Wait for a request that is due; None at the end."""
        with self._changed:
            while not self._stopping:
                wait = self._queue[0][0] - monotonic() if self._queue and self._gateways else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._queue)[2]
                self._changed.wait(wait)
        return None


class _Link:
    """A connection to the gateway that is kept for the next request."""

    def __init__(self) -> None:
        self._gateway = ""
        self._connection: http.client.HTTPConnection | None = None

    def send(self, gateway: str, channel: str, request: PushedRequest) -> GatewayResponse | None:
        """Send a request; None when no response came."""
        if gateway != self._gateway:
            self.close()
            self._gateway = gateway
        is_kept = self._connection is not None
        response = self._try(channel, request)
        # The gateway closes connections that were idle: one more try on a new one tells.
        return self._try(channel, request) if response is None and is_kept else response

    def _try(self, channel: str, request: PushedRequest) -> GatewayResponse | None:
        if self._connection is None:
            self._connection = _connection_to(self._gateway)
        way = _way(channel, request)
        headers = {**request.headers, **request.signed(way)}
        try:
            self._connection.request(request.method, urlsplit(self._gateway).path + way, request.body or None, headers)
            response = self._connection.getresponse()
            body = response.read(MAX_RESPONSE_OCTETS)
            if response.will_close or not response.isclosed():
                self.close()
            return GatewayResponse(status=response.status, body=body)
        except (OSError, http.client.HTTPException):
            self.close()
            return None

    def close(self) -> None:
        """Close it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _way(channel: str, request: PushedRequest) -> str:
    """Return the path and the query below the gateway's address."""
    path = f"/{request.way.value}/{quote(channel)}"
    if request.path_secret:
        path += f"/{quote(request.path_secret, safe='')}"
    return f"{path}?{request.query}" if request.query else path


def _connection_to(gateway: str) -> http.client.HTTPConnection:
    parts = urlsplit(gateway)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return make(parts.hostname or "127.0.0.1", parts.port, timeout=RESPONSE_SECONDS)
