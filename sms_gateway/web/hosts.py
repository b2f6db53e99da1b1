"""The host names of the server (`web.hosts`): another name could let its owner's pages read what ours show.

Names are compared without case (RFC 9110 §4.2.3) and without port. A program of this machine may always ask for health
and metrics by one of the machine's own names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from sms_gateway.settings.checks.host_names import as_asked
from sms_gateway.web.proxies import read_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOR_THIS_MACHINE = frozenset({"/healthz", "/metrics"})
"""Addresses that show nothing to a browser, and that programs of this machine watch."""

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[^\[\]:\s/@]{1,253})(?::[0-9]{0,5})?", re.ASCII)
_REFUSAL = b"This is not the server that was asked for (web.hosts).\n"


class OnlyForHosts:
    """A WSGI application that answers to known names only; without any, to every name."""

    def __init__(self, application: WSGIApplication, hosts: Collection[str]) -> None:
        self._application = application
        self._hosts = frozenset(hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Refuse a request for another host in plain text: a page would link to that host."""
        if not self._hosts or self._is_for_us(environ):
            return self._application(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_REFUSAL)))]
        start_response("400 BAD REQUEST", headers)
        return [_REFUSAL]

    def _is_for_us(self, environ: WSGIEnvironment) -> bool:
        host = read_host(str(environ.get("HTTP_HOST", "")))
        if host in self._hosts:
            return True
        if environ.get("PATH_INFO") not in FOR_THIS_MACHINE or not (host == "" or names_this_machine(host)):
            return False
        caller = read_address(str(environ.get("REMOTE_ADDR", "")))
        return caller is not None and caller.is_loopback


def read_host(header: str) -> str | None:
    """Return the name or address in a Host header as settings hold it; empty for none, None when it is invalid.

    >>> read_host("SMS.Example.:8188"), read_host("[::1]:8397"), read_host(""), read_host("a@b"), read_host("[::1")
    ('sms.example', '::1', '', None, None)
    """
    if not header:
        return ""
    found = _HOST.fullmatch(header)
    return None if found is None else as_asked(found[1])


def names_this_machine(host: str | None) -> bool:
    """Return whether a name or an address always means the machine that asks."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
