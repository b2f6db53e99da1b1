"""The caller's address and scheme, as trusted reverse proxies report them.

X-Forwarded-For grows at its end, so only its end can be trusted. It is read from the right, as long as the address that
wrote an entry is a proxy named in the settings. A stranger may have written everything further left. werkzeug's
ProxyFix counts hops instead: with one hop too many it trusts a stranger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from sms_gateway.log import Words, event, logger_of
from sms_gateway.settings.types import IpNetwork

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOG = logger_of(__name__)

Address = IPv4Address | IPv6Address

MOST_HOPS = 16
"""The longest chain of proxies that is followed; a longer one is forged."""

MOST_UNNAMED = 8
"""How many addresses the log names that act as proxies and are not in the settings."""

_ADDRESSES_REMEMBERED = 256  # a service has few callers, and each calls again
_LONGEST_ADDRESS = 64  # IPv6 with an IPv4 in it, a zone and a port

FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
FORWARDED_PROTO = "HTTP_X_FORWARDED_PROTO"
_FOREIGN = (
    FORWARDED_FOR,
    FORWARDED_PROTO,
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_REAL_IP",
)
"""Headers with a caller or a scheme; none of them is passed on."""

BY_SOCKET = "unix-socket"
"""REMOTE_ADDR of a request on `web.socket`. Only the proxy can open that, so it is trusted."""

FROM_HERE = "sms_gateway.from_here"
"""In the environ: whether a program of this machine asks itself, and not as a proxy."""


class BehindProxies:
    """A WSGI application that sees the caller as trusted proxies report it.

    `sees_all`: the server passes every header on. With a server that does not, a proxy looks like a program of this
    machine.
    """

    def __init__(self, application: WSGIApplication, trusted: Sequence[IpNetwork], *, sees_all: bool = True) -> None:
        self._application = application
        self._trusted = trusted
        self._sees_all = sees_all
        self._unnamed: set[Address] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Put the caller's address and scheme where applications look for them, and remove the headers."""
        told = {name: str(environ.pop(name, "")) for name in _FOREIGN}
        by_socket = environ.get("REMOTE_ADDR") == BY_SOCKET
        peer = read_address(str(environ.get("REMOTE_ADDR", "")))
        environ[FROM_HERE] = self._sees_all and peer is not None and peer.is_loopback and not any(told.values())
        if by_socket or (peer is not None and is_trusted(peer, self._trusted)):
            environ["REMOTE_ADDR"] = str(caller(peer, told[FORWARDED_FOR], self._trusted) or BY_SOCKET)
            if told[FORWARDED_PROTO].rpartition(",")[2].strip().lower() == "https":
                environ["wsgi.url_scheme"] = "https"
        elif peer is not None and told[FORWARDED_FOR]:
            self._note_unnamed(peer)
        return self._application(environ, start_response)

    def _note_unnamed(self, peer: Address) -> None:
        """Log once for each address that it acts as a proxy that `web.trusted_proxies` does not name.

        If it is a proxy, everybody behind it has its address, and one person who guesses passwords locks all of them
        out. It may also be a stranger who forges the header, so the number of log lines is limited.
        """
        if peer not in self._unnamed and len(self._unnamed) < MOST_UNNAMED:
            self._unnamed.add(peer)
            why = Words("X-Forwarded-For is not believed; name this address in web.trusted_proxies if it is your proxy")
            event(_LOG, "proxy_not_named", level="warning", address=str(peer), reason=why)


def caller(peer: Address | None, forwarded_for: str, trusted: Sequence[IpNetwork]) -> Address | None:
    """Return the caller: the last address that was not written by a trusted proxy about another one.

    No peer is the proxy that has no address, on `web.socket`; None is returned when it names no caller. An entry that
    is no address ends the search: a proxy that we know did not write what is left of it.

    >>> from ipaddress import ip_network
    >>> proxies = [ip_network("127.0.0.1"), ip_network("10.0.0.0/30")]
    >>> str(caller(ip_address("127.0.0.1"), "1.2.3.4, 203.0.113.9, 10.0.0.2", proxies))
    '203.0.113.9'
    """
    found = peer
    for entry in reversed(forwarded_for.split(",")[-MOST_HOPS:]):
        if found is not None and not is_trusted(found, trusted):
            break
        address = read_address(entry)
        if address is None:
            break
        found = address
    return found


def is_trusted(address: Address, trusted: Sequence[IpNetwork]) -> bool:
    """Return whether an address is a proxy of ours."""
    return any(address in network for network in trusted)


def read_address(raw: str) -> Address | None:
    """Read an address as proxies write it, with a port or without; None for anything else.

    >>> [str(read_address(raw)) for raw in (" 203.0.113.9", "203.0.113.9:4711", "[2001:db8::1]:4711", "2001:db8::1")]
    ['203.0.113.9', '203.0.113.9', '2001:db8::1', '2001:db8::1']
    >>> str(read_address("::ffff:203.0.113.9")), read_address("unknown"), read_address("")
    ('203.0.113.9', None, None)
    """
    text = raw.strip()
    return None if len(text) > _LONGEST_ADDRESS else _address(text)


@lru_cache(_ADDRESSES_REMEMBERED)
def _address(text: str) -> Address | None:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return inner or address
