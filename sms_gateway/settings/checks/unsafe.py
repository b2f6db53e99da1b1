"""Settings that work and that an attacker is glad of: what crosses a net in clear, what can be guessed or read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from db.schema import OperatorRole
from sms_gateway.settings.checks.secret_files import readable_by_others
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.model import LimitsSettings, Settings, WebSettings

FEWEST_SIGNS = 6
"""Different characters of a secret: one with fewer was typed, not made."""

MOST_PROXIES = 256
"""Addresses of a network of trusted proxies: a larger one holds people too."""

MOST_MISSES = 20
MOST_CODES = 20
LEAST_TRACE_DAYS = 365

_PASSABLE = 0o001
_KNOWN = ("password", "secret", "changeme", "change-me", "12345678", "smppclient", "demo8188", "admin", "test")
_SURE = ("verify-full", "verify-ca")


def unsafe(settings: Settings) -> Iterator[Fault]:
    """Return each unsafe setting with its fix."""
    yield from _links(settings)
    yield from _channels(settings)
    yield from _webhooks(settings)
    yield from _database(settings)
    yield from _proxies(settings.web)
    if OperatorRole.ADMINISTRATOR not in settings.web.second_factor:
        wrong = "the password alone opens the pages to an administrator"
        yield Fault(where="web.second_factor", wrong=wrong, fix='write ["administrator"], or leave the line out')
    yield from _limits(settings.limits)
    if settings.retention.trace_days < LEAST_TRACE_DAYS:
        wrong = "is less than the 12 months for which the law wants logs that serve an investigation"
        yield Fault(where="retention.trace_days", wrong=wrong, fix=f"write {LEAST_TRACE_DAYS} or more")


def is_guessable(secret: str, *others: str) -> bool:
    """Return whether a secret is one that everybody tries first.

    >>> is_guessable("changeme-changeme"), is_guessable("aaaaaaaaaaaaaaaa"), is_guessable("k3h9xmq2")
    (True, True, False)
    """
    lower = secret.casefold()
    return (
        len(set(lower)) < FEWEST_SIGNS
        or lower in {other.casefold() for other in others}
        or any(lower.startswith(known) for known in _KNOWN)
    )


def _links(settings: Settings) -> Iterator[Fault]:
    for name, link in settings.links.items():
        password = link.password.get_secret_value()
        if password and not _is_inside(link.host) and is_guessable(password, link.system_id, name):
            fix = "ask the carrier for a random one"
            yield Fault(where=f"links.{name}.password", wrong="can be guessed", fix=fix)
        if not link.tls and not _is_inside(link.host):
            wrong = "the bind's password and every text cross an open net in clear"
            fix = "reach the carrier by a VPN and give its inner address, or write tls = true"
            yield Fault(where=f"links.{name}.host", wrong=wrong, fix=fix)


def _channels(settings: Settings) -> Iterator[Fault]:
    for name, channel in settings.channels.items():
        for setting, given in (("secret", channel.secret), ("path_secret", channel.path_secret)):
            secret = given.get_secret_value()
            if secret and is_guessable(secret, name):
                fix = "make a random one: openssl rand -hex 24"
                yield Fault(where=f"channels.{name}.{setting}", wrong="can be guessed", fix=fix)
        if channel.proof == "watch":
            wrong = "is watch, so whoever reads path_secret in a log can write texts"
            fix = "remove it once sms_http_signature_watched_total stays at 0"
            yield Fault(where=f"channels.{name}.proof", wrong=wrong, fix=fix)
        parts = urlsplit(channel.send_url)
        if parts.scheme == "http" and not _is_inside(parts.hostname or ""):
            wrong = "the password and every answer cross an open net in clear"
            fix = "write https://, or reach the provider by a VPN and give its inner address"
            yield Fault(where=f"channels.{name}.send_url", wrong=wrong, fix=fix)


def _webhooks(settings: Settings) -> Iterator[Fault]:
    for name, one in settings.webhooks.items():
        parts = urlsplit(one.url)
        if parts.scheme == "http" and not _is_inside(parts.hostname or ""):
            fix = "write https://, or reach the receiver by a VPN and give its inner address"
            yield Fault(where=f"webhooks.{name}.url", wrong="every event crosses an open net in clear", fix=fix)


def _database(settings: Settings) -> Iterator[Fault]:
    url = settings.database.url
    password = settings.database.password.get_secret_value()
    if password and is_guessable(password, "postgres", urlsplit(url).username or ""):
        fix = "make a random one: openssl rand -hex 24"
        yield Fault(where="database.password", wrong="can be guessed", fix=fix)
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        for path in (file, file.with_name(f"{file.name}-wal")):
            if readable_by_others(path) and _reachable_by_others(path):
                wrong = f"every user of this machine can read {path.name}"
                yield Fault(where="database.url", wrong=wrong, fix=f"chmod 600 {path}")
        return
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    mode = query.get("sslmode", [""])[0]
    if not all(map(_is_here, _hosts(parts.hostname, query.get("host", [])))) and mode not in _SURE:
        wrong = "receipt codes and marks cross the network to the database in clear, or to whoever answers there"
        yield Fault(where="database.url", wrong=wrong, fix="add ?sslmode=verify-full to the URL")


def _hosts(named: str | None, listed: Sequence[str]) -> list[str]:
    """Return the hosts of a URL: one before the path, or any number as `?host=`, with a port or without.

    >>> _hosts(None, ["db1:5432", "db2,[::1]:5432", "/run/postgresql"])
    ['db1', 'db2', '::1', '/run/postgresql']
    """
    hosts = [host for entry in listed for host in entry.split(",")] or ([named] if named else [])
    bare = [host.removeprefix("[").partition("]")[0] if host.startswith("[") else host for host in hosts]
    return [host.partition(":")[0] if host.count(":") == 1 else host for host in bare]


def _proxies(web: WebSettings) -> Iterator[Fault]:
    if web.secure_cookie and not web.trusted_proxies and web.socket is None:
        wrong = (
            "is empty although operators come by https: behind a proxy that is not named everybody has one address, "
        )
        wrong += "and five wrong passwords of a stranger keep every unknown browser of that operator out"
        fix = 'let the proxy connect to web.socket, or name the address of its machine, such as ["10.0.0.2"]'
        yield Fault(where="web.trusted_proxies", wrong=wrong, fix=fix)
    if web.secure_cookie and not web.hosts:
        wrong = "is empty: the pages open under any name that leads to this machine"
        fix = 'name every name and address that the service is asked for by, such as ["sms.example"]'
        yield Fault(where="web.hosts", wrong=wrong, fix=fix)
    for network in web.trusted_proxies:
        if network.is_loopback:
            wrong = f"names {network.network_address}: each program of this machine may claim any address"
            yield Fault(where="web.trusted_proxies", wrong=wrong, fix="let the proxy connect to web.socket instead")
        if network.num_addresses > MOST_PROXIES:
            wrong = f"everybody in {network} may claim any address, and so never be locked out for guessing passwords"
            yield Fault(where="web.trusted_proxies", wrong=wrong, fix="name the proxies' own addresses")


def _limits(limits: LimitsSettings) -> Iterator[Fault]:
    for name, value, most in (
        ("misses_per_day", limits.misses_per_day, MOST_MISSES),
        ("codes_per_day", limits.codes_per_day, MOST_CODES),
    ):
        if value > most:
            wrong = "lets one phone try so many receipt codes that running numbers can be guessed"
            yield Fault(where=f"limits.{name}", wrong=wrong, fix=f"write {most} or less")


def _reachable_by_others(path: Path) -> bool:
    """Return whether other users can pass every directory above a file."""
    try:
        return all(parent.stat().st_mode & _PASSABLE for parent in path.resolve().parents)
    except OSError:
        return False


def _is_inside(host: str) -> bool:
    """Return whether an address is this machine's or of a private net, such as a VPN's; a name with dots is neither."""
    if _is_here(host) or ("." not in host and ":" not in host):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


def _is_here(host: str) -> bool:
    if host == "localhost" or host.startswith("/"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
