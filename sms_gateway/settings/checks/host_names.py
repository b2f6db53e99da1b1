"""Names of hosts: whether a text can be an address or a name that a resolver takes (RFC 1123 §2.1, RFC 5890).

Also the addresses of HTTP requests, which hold one.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

LONGEST_NAME = 253
LONGEST_LABEL = 63
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?", re.ASCII)
_TARGET = re.compile(r"[!-~]*")
_SIGNS = re.compile(r"[\s/@\[\]]|:")


def host_fault(text: str) -> str | None:
    """Say what is wrong with a host, without quoting it; None for an address or a name that may exist.

    >>> host_fault("smsc.example"), host_fault("10.0.0.7"), host_fault("fe80::1%eth0"), host_fault("smsc.việt")
    (None, None, None, None)
    >>> host_fault("smsc..example")
    'has an empty part between two dots'
    """
    if _is_address(text):
        return None
    if not text:
        return "is empty"
    if _SIGNS.search(text):
        return "holds more than a name or an address: a blank, a port, a scheme or brackets"
    labels = text.removesuffix(".").split(".")
    if "" in labels:
        return "begins with a dot" if text.startswith(".") else "has an empty part between two dots"
    written = [_ascii(label) for label in labels]
    if any(label is not None and len(label) > LONGEST_LABEL for label in written):
        return f"has a part of more than {LONGEST_LABEL} characters"
    if any(label is None or not _LABEL.fullmatch(label) for label in written):
        return "holds a character that no name of a host has"
    if sum(len(label or "") + 1 for label in written) - 1 > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if labels[-1].isdecimal():
        return "is neither an address nor a name: it ends in a number"
    return None


def url_fault(url: str) -> str | None:
    """Say what is wrong with the address of an HTTP request, without quoting it; None for one that may exist.

    >>> url_fault("https://sms.example/send?v=1"), url_fault("https://sms.example:0/")
    (None, 'cannot be taken apart')
    >>> url_fault("https://sms.example/gửi")
    'holds a character that no request can carry in its path or query'
    """
    try:
        parts = urlsplit(url)
        is_whole = parts.port != 0
    except ValueError:  # brackets or a port that are none
        is_whole = False
    if not is_whole:
        return "cannot be taken apart"
    if _TARGET.fullmatch(parts.path + parts.query) is None:
        return "holds a character that no request can carry in its path or query"
    return host_fault(parts.hostname or "")


def as_asked(host: str) -> str:
    """Return a host as requests name it: lower case, no dot at its end, no brackets, letters of other scripts in ASCII.

    What is no host comes back as it is, in lower case, for `host_fault` to judge.

    >>> as_asked("SMS.Example."), as_asked("[::1]"), as_asked("0:0:0:0:0:0:0:1"), as_asked("sms.Việt.vn")
    ('sms.example', '::1', '::1', 'sms.xn--vit-5kz.vn')
    """
    inner = host.removeprefix("[").removesuffix("]")
    if host in {inner, f"[{inner}]"} and _is_address(inner):
        return str(ip_address(inner))
    name = host.lower()
    if len(name) > 1 and not name.endswith(".."):
        name = name.removesuffix(".")
    labels = [_ascii(label) if label else label for label in name.split(".")]
    return name if None in labels else ".".join(label for label in labels if label is not None)


def _ascii(label: str) -> str | None:
    """Return a label as it is asked for; None when it cannot be written so."""
    if label.isascii():
        return label
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError as error:
        return "x" * (LONGEST_LABEL + 1) if "too long" in str(error) else None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
