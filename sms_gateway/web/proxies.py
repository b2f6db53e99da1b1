"""Who really asks: the address and the scheme that trusted reverse proxies tell of, and nobody else's word for them.

X-Forwarded-For grows at its end, so only its end can be believed: it is read from the right, for as long as the address
that wrote an entry is a proxy named in the settings. What stands further left is what a stranger may have sent.
werkzeug's ProxyFix counts hops instead: it believes whoever connects, and with one hop too many it believes strangers.
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
"""Proxies in a row that are followed; a longer list was written by somebody who wants it read."""

MOST_UNNAMED = 8
"""Addresses of which the log says that they speak as proxies and are not named."""

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
"""Headers that claim to know better; none of them goes further in."""

FROM_HERE = "sms_gateway.from_here"
"""In the environ: whether a program of this machine asks, by itself and not as a proxy for somebody else."""


class BehindProxies:
    """A WSGI application that sees the caller as trusted proxies tell of them.

    `sees_all`: the server hands every header over. One that does not makes a proxy look like a program of this machine.
    """

    def __init__(self, application: WSGIApplication, trusted: Sequence[IpNetwork], *, sees_all: bool = True) -> None:
        self._application = application
        self._trusted = trusted
        self._sees_all = sees_all
        self._unnamed: set[Address] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Put the caller's address and scheme where applications look for them, and take the claims away."""
        told = {name: str(environ.pop(name, "")) for name in _FOREIGN}
        peer = read_address(str(environ.get("REMOTE_ADDR", "")))
        environ[FROM_HERE] = self._sees_all and peer is not None and peer.is_loopback and not any(told.values())
        if peer is not None and is_trusted(peer, self._trusted):
            environ["REMOTE_ADDR"] = str(caller(peer, told[FORWARDED_FOR], self._trusted))
            if told[FORWARDED_PROTO].rpartition(",")[2].strip().lower() == "https":
                environ["wsgi.url_scheme"] = "https"
        elif peer is not None and told[FORWARDED_FOR]:
            self._note_unnamed(peer)
        return self._application(environ, start_response)

    def _note_unnamed(self, peer: Address) -> None:
        """Say once of each address that it speaks as a proxy that `web.trusted_proxies` does not name.

        If it is one, everybody behind it has its address, and one guesser there locks all of them out. It may be a
        stranger who makes the header up, so only a few are told.
        """
        if peer not in self._unnamed and len(self._unnamed) < MOST_UNNAMED:
            self._unnamed.add(peer)
            why = Words("X-Forwarded-For is not believed; name this address in web.trusted_proxies if it is your proxy")
            event(_LOG, "proxy_not_named", level="warning", address=str(peer), reason=why)


def caller(peer: Address, forwarded_for: str, trusted: Sequence[IpNetwork]) -> Address:
    """Return who asks: the last address that no trusted proxy vouches beyond.

    An entry that is no address ends the walk: what stands left of it was not written by a proxy that we know.

    >>> from ipaddress import ip_network
    >>> proxies = [ip_network("127.0.0.1"), ip_network("10.0.0.0/30")]
    >>> str(caller(ip_address("127.0.0.1"), "1.2.3.4, 203.0.113.9, 10.0.0.2", proxies))
    '203.0.113.9'
    """
    found = peer
    for entry in reversed(forwarded_for.split(",")[-MOST_HOPS:]):
        if not is_trusted(found, trusted):
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
