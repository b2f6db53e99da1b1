"""What no single setting shows: settings that do not go together (faults), and some that are unwise (cautions)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from ipaddress import ip_address
from itertools import combinations
from math import ceil
from pathlib import Path
from urllib.parse import quote, urlsplit

from db.store.postgresql import is_understood
from handlers.wording.catalogues import CATALOGUES
from sms_gateway.settings.back_office_model import AccountMode, BackOfficeSettings
from sms_gateway.settings.catalogue import variable_of
from sms_gateway.settings.checks.alarms import alarm_faults, unwise_alarms
from sms_gateway.settings.checks.host_names import host_fault, url_fault
from sms_gateway.settings.checks.secret_files import certificates_fault, readable_by_others
from sms_gateway.settings.checks.shared_secrets import shared_secrets
from sms_gateway.settings.checks.unsafe import unsafe
from sms_gateway.settings.checks.webhooks import webhook_faults
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.link_model import DEFAULT_URL, ChannelSettings, LinkSettings
from sms_gateway.settings.model import LANGUAGES, Settings
from sms_gateway.settings.services import keyword_faults, near_keywords

SHORTEST_SECRET = 16
"""Characters of a channel's secret: shorter ones can be guessed over the network."""

SHORTEST_OF_ALL = 12
"""Of a channel's secret in any network: where the provider makes it, it may have fewer than 16."""

STANDARD_PASSWORD = 8
"""Characters of a link's password (SMPP 3.4 §5.2.2: C-Octet String of at most 9 octets, its NUL included)."""

_SECRET_IN_QUERY = re.compile(r"&[^=&]*(?:pass|pwd|secret|token|key|sign)[^=&]*=[^&]", re.IGNORECASE)
_HEADER_VALUE = re.compile(r"[\t -~\x80-\xff]*")
MOST_SEGMENTS = 3
"""Segments of an answer, whatever `most_segments` says: three dossiers may take so many."""

LONGEST_PASSWORD = 64
"""Characters that are sent all the same: some carriers give longer passwords than the standard has room for."""


def conflicts(settings: Settings, links: Collection[str] | None = None) -> list[Fault]:
    """Return every fault between settings; `links` names those that exist when some have faults of their own."""
    senders = settings.senders if links is None else tuple(dict.fromkeys([*links, *settings.senders]))
    return [
        *_hosts(settings),
        *_database(settings),
        *_links(settings, senders),
        *_channels(settings, senders),
        *_names(settings),
        *webhook_faults(settings.webhooks),
        *alarm_faults(settings),
        *_accounts(settings.back_office),
        *_language(settings),
        *keyword_faults(settings),
    ]


def cautions(settings: Settings) -> list[Fault]:
    """Return what works and should still be fixed; shown at the start and by `check`."""
    return [
        *_open_files(settings),
        *_unwise(settings),
        *near_keywords(settings),
        *unsafe(settings),
        *unwise_alarms(settings),
    ]


def _language(settings: Settings) -> Iterator[Fault]:
    if settings.service.language not in CATALOGUES:
        yield Fault(where="service.language", wrong="there are no answers in it", fix=f"write one of {LANGUAGES}")


def _hosts(settings: Settings) -> Iterator[Fault]:
    """Find names that no resolver takes: a link would try them for ever."""
    hosts = {"web.host": settings.web.host}
    for name, link in settings.links.items():
        hosts[f"links.{name}.host"] = link.host
        if link.tls and link.tls_name:
            hosts[f"links.{name}.tls_name"] = link.tls_name
    for where, host in hosts.items():
        wrong = host_fault(host)
        if wrong is not None:
            fix = "write a name such as smsc.example, or an address such as 192.0.2.7, and nothing else"
            yield Fault(where=where, wrong=wrong, fix=fix)
    for number, host in enumerate(settings.web.hosts, start=1):
        wrong = host_fault(host)
        if wrong is not None:
            fix = "write a name such as sms.example, or an address such as 192.0.2.7, without scheme, port, path and *"
            yield Fault(where="web.hosts", wrong=f"entry {number} {wrong}", fix=fix)


def _database(settings: Settings) -> Iterator[Fault]:
    url = settings.database.url
    user, at, _ = url.partition("://")[2].rpartition("@")
    if url.startswith("postgresql") and ((at and ":" in user) or "password=" in url):
        variable = variable_of(("database", "password"))
        fix = f"take it out, change it, and set {variable} or password_file"
        yield Fault(where="database.url", wrong="a password stands in it", fix=fix)
    elif not _is_url(url):
        fix = (
            'write "sqlite:///PATH" or "postgresql+psycopg://USER@HOST:PORT/NAME"; for several hosts '
            '"postgresql+psycopg://USER@/NAME?host=A,B&port=5432,5432"; behind "?" only words of libpq'
        )
        yield Fault(where="database.url", wrong="cannot be taken apart", fix=fix)
    elif settings.database.password.get_secret_value() and not user:
        fix = 'write url = "postgresql+psycopg://USER@HOST/NAME"'
        yield Fault(where="database.url", wrong="there is a password but no user in the URL", fix=fix)


def _links(settings: Settings, senders: Collection[str]) -> Iterator[Fault]:
    for name, link in settings.links.items():
        password = link.password.get_secret_value()
        if len(password) > LONGEST_PASSWORD or not password.isascii() or "\x00" in password:
            fix = f"ask the carrier for one of at most {STANDARD_PASSWORD} ASCII characters"
            yield Fault(where=f"links.{name}.password", wrong="does not fit into SMPP's field", fix=fix)
        if link.port == settings.web.port and _is_loopback(link.host) and _is_loopback(settings.web.host):
            fix = "give one of the two another port"
            yield Fault(where=f"links.{name}.port", wrong="is web.port: the link would call ourselves", fix=fix)
        yield from _link_files(name, link)
        left = settings.pipeline.lease_seconds - link.response_seconds
        yield from _rate(f"links.{name}", link.rate, left, segments=MOST_SEGMENTS)
        if link.response_seconds >= settings.pipeline.lease_seconds:
            wrong = "is not below pipeline.lease_seconds: answers would be sent again while their response is awaited"
            fix = f"lower it, or write lease_seconds = {_fitting_lease(link)}"
            yield Fault(where=f"links.{name}.response_seconds", wrong=wrong, fix=fix)
        yield from _fallback(settings, f"links.{name}", name, senders)
    for (one, first), (other, second) in combinations(settings.links.items(), 2):
        if (first.host, first.port, first.system_id) == (second.host, second.port, second.system_id):
            wrong = f"binds as the same system_id at the same SMSC as links.{one}; receipts would go astray"
            yield Fault(where=f"links.{other}", wrong=wrong, fix="remove one, or give it the system_id meant for it")


def _fallback(settings: Settings, place: str, name: str, senders: Collection[str]) -> Iterator[Fault]:
    """Find a channel that nothing can take over for."""
    fallback = settings.every_channel[name].fallback
    if fallback is None:
        return
    if not settings.every_channel[name].can.send:
        fix = "remove it, or write send_url"
        yield Fault(where=f"{place}.fallback", wrong="is given, and the channel sends nothing", fix=fix)
    elif fallback == name or fallback not in senders:
        others = sorted(set(senders) - {name})
        fix = f"name one of {', '.join(others)}" if others else "remove it"
        wrong = _cannot_send(settings, fallback) or "there is no other link of this name"
        yield Fault(where=f"{place}.fallback", wrong=wrong, fix=fix)


def _link_files(name: str, link: LinkSettings) -> Iterator[Fault]:
    files = {"tls_ca_file": link.tls_ca_file, "tls_cert_file": link.tls_cert_file, "tls_key_file": link.tls_key_file}
    for setting, path in files.items():
        if path is not None and not link.tls:
            yield Fault(where=f"links.{name}.{setting}", wrong="is not used", fix="write tls = true, or remove it")
        elif path is not None and not path.is_file():
            yield Fault(
                where=f"links.{name}.{setting}", wrong="there is no such file", fix="write the path of a PEM file"
            )
    if link.tls_key_file is not None and link.tls_cert_file is None:
        yield Fault(where=f"links.{name}.tls_cert_file", wrong="is missing beside tls_key_file", fix="name both")


def _channels(settings: Settings, senders: Collection[str]) -> Iterator[Fault]:
    for name, channel in settings.channels.items():
        place = f"channels.{name}"
        secret = channel.secret.get_secret_value()
        if secret and len(secret) < SHORTEST_OF_ALL:  # networks say whether they need one, and of which length
            variable = variable_of(("channels", name, "secret"))
            fix = f"put 16 random characters or more into {variable} or into the file that secret_file names"
            yield Fault(where=f"{place}.secret", wrong="is shorter than 16 characters", fix=fix)
        path_secret = channel.path_secret.get_secret_value()
        if path_secret and (len(path_secret) < SHORTEST_SECRET or path_secret != quote(path_secret, safe="")):
            wrong = f"is shorter than {SHORTEST_SECRET} characters, or holds one that an address cannot hold"
            fix = "make a random one: openssl rand -hex 24"
            yield Fault(where=f"{place}.path_secret", wrong=wrong, fix=fix)
        yield from _reply(settings, place, channel, senders)
        yield from _fallback(settings, place, name, senders)
        yield from _sending(settings, place, channel)
        fields = (channel.sender_field, channel.recipient_field, channel.text_field, channel.id_field)
        if len(set(fields)) < len(fields):
            fix = "give sender_field, recipient_field, text_field and id_field a name each"
            yield Fault(where=place, wrong="two fields have the same name", fix=fix)
        for other in ("receipt_state_field", "receipt_error_field"):
            if channel.receipt_id_field == getattr(channel, other):
                wrong = "is receipt_id_field too"
                yield Fault(where=f"{place}.{other}", wrong=wrong, fix="give each a name of its own")
    yield from shared_secrets(settings.channels)


def _reply(settings: Settings, place: str, channel: ChannelSettings, senders: Collection[str]) -> Iterator[Fault]:
    if channel.can.answer_in_response or channel.reply_link in senders:
        return
    if channel.reply_link is None and channel.can.send:
        return
    if channel.reply_link is None:
        wrong = "is missing, and reply is mt"
    else:
        wrong = _cannot_send(settings, channel.reply_link) or "there is no link of this name"
    known = ", ".join(sorted(senders))
    other = f"name one of {known}" if known else "add a [links.NAME]"
    own = f'set {place}.send_url ("default" where the network has an address), or '
    fix = f'{own if channel.reply_link is None else ""}{other}, or write reply = "body"'
    yield Fault(where=f"{place}.reply_link", wrong=wrong, fix=fix)


def _sending(settings: Settings, place: str, channel: ChannelSettings) -> Iterator[Fault]:
    """Find what keeps a channel from sending."""
    if not channel.can.send:
        return
    wrong_url = None if channel.send_url == DEFAULT_URL else url_fault(channel.send_url)
    if wrong_url is not None:
        fix = 'write an address such as "https://sms.example/send", in ASCII; other characters percent-encoded'
        yield Fault(where=f"{place}.send_url", wrong=wrong_url, fix=fix)
    if _SECRET_IN_QUERY.search("&" + channel.send_url.partition("?")[2]):
        fix = "take it out, change it at its owner, and give it by password_file or the variable of password"
        yield Fault(where=f"{place}.send_url", wrong="a secret stands in it", fix=fix)
    yield from _sent_proof(place, channel)
    if channel.can.answer_in_response:
        wrong = "is body, and send_url is given: every answer would come twice"
        yield Fault(where=f"{place}.reply", wrong=wrong, fix='write reply = "mt", or remove send_url')
    fields = [channel.send_from_field, channel.send_to_field, channel.send_text_field, channel.send_id_field]
    if len(set(fields)) < len(fields):
        fix = "give send_from_field, send_to_field, send_text_field and send_id_field a name each"
        yield Fault(where=place, wrong="two fields that are sent have the same name", fix=fix)
    wrong_file = certificates_fault(channel.send_ca_file) if channel.send_ca_file is not None else None
    if wrong_file is not None:
        yield Fault(where=f"{place}.send_ca_file", wrong=wrong_file, fix="write the path of a PEM file")
    if _longest_try(channel) >= settings.pipeline.lease_seconds:
        wrong = "with connect_seconds is not below half of pipeline.lease_seconds: answers would be sent twice"
        fix = f"lower it, or write lease_seconds = {ceil(_longest_try(channel)) + 1}"
        yield Fault(where=f"{place}.answer_seconds", wrong=wrong, fix=fix)
    left = settings.pipeline.lease_seconds - _longest_try(channel) / 2
    yield from _rate(place, channel.rate, left, segments=1)


def _sent_proof(place: str, channel: ChannelSettings) -> Iterator[Fault]:
    """Find what keeps a channel from proving who it is."""
    if ":" in channel.user:
        wrong = "holds a colon, at which HTTP Basic ends a name (RFC 7617)"
        yield Fault(where=f"{place}.user", wrong=wrong, fix="ask the provider for a name without one")
    if not channel.user and not _HEADER_VALUE.fullmatch(channel.password.get_secret_value()):
        wrong = "holds a character that no header can carry"
        yield Fault(where=f"{place}.password", wrong=wrong, fix="ask the provider for one of ASCII characters")


def _rate(place: str, rate: float, left: float, *, segments: int) -> Iterator[Fault]:
    """Find a rate at which one answer waits for so long that its lease ends; `left` are the seconds it may wait."""
    if rate > 0 and left > 0 and segments / rate >= left:
        wrong = "is so low that an answer outlasts pipeline.lease_seconds and is sent twice"
        fix = f"write {ceil(segments * 100 / left + 1) / 100} or more, or 0 for no limit"
        yield Fault(where=f"{place}.rate", wrong=wrong, fix=fix)


def _longest_try(channel: ChannelSettings) -> float:
    """Return the seconds until an answer has its outcome: it may wait for the outcome of another one first."""
    return 2 * (channel.connect_seconds + channel.answer_seconds)


def _cannot_send(settings: Settings, name: str) -> str | None:
    """Return what is wrong with a channel that is there and sends nothing; None when there is no such channel."""
    return "this channel takes texts and cannot send" if name in settings.channels else None


def _names(settings: Settings) -> Iterator[Fault]:
    for name in sorted(settings.links.keys() & settings.channels.keys()):
        wrong = f"links.{name} has the same name; rows and logs could not tell them apart"
        yield Fault(where=f"channels.{name}", wrong=wrong, fix="rename one of the two")


def _accounts(given: BackOfficeSettings) -> Iterator[Fault]:
    reported = given.enabled and given.accounts is AccountMode.VERIFY
    if given.release_unused_after_days and not reported:
        wrong = "needs reports of the accounts that are in use: without them all of them would be released"
        fix = 'write 0, or accounts = "verify" with enabled = true'
        yield Fault(where="back_office.release_unused_after_days", wrong=wrong, fix=fix)


def _open_files(settings: Settings) -> Iterator[Fault]:
    files: list[tuple[str, Path | None]] = [
        ("database.password_file", settings.database.password_file),
        ("web.metrics_token_file", settings.web.metrics_token_file),
    ]
    files += [(f"links.{name}.password_file", link.password_file) for name, link in settings.links.items()]
    files += [(f"links.{name}.tls_key_file", link.tls_key_file) for name, link in settings.links.items()]
    files += [(f"channels.{name}.secret_file", channel.secret_file) for name, channel in settings.channels.items()]
    files += [
        (f"channels.{name}.path_secret_file", channel.path_secret_file) for name, channel in settings.channels.items()
    ]
    files += [(f"channels.{name}.password_file", channel.password_file) for name, channel in settings.channels.items()]
    for name, hook in settings.webhooks.items():
        files.append((f"webhooks.{name}.secret_file", hook.secret_file))
        files.append((f"webhooks.{name}.previous_secret_file", hook.previous_secret_file))
    for where, path in files:
        if path is not None and readable_by_others(path):
            yield Fault(where=where, wrong="every user of this machine can read the file", fix=f"chmod 600 {path}")


def _fitting_lease(link: LinkSettings) -> int:
    """Return the shortest good lease: a link holds two windows, so an answer may wait for another's response first."""
    return ceil(2 * link.response_seconds)


def _unwise(settings: Settings) -> Iterator[Fault]:
    for name, link in settings.links.items():
        if link.response_seconds < settings.pipeline.lease_seconds < _fitting_lease(link):
            wrong = "is more than half of pipeline.lease_seconds: an answer that has to wait for room may be sent again"
            fix = f"write lease_seconds = {_fitting_lease(link)}, or lower it"
            yield Fault(where=f"links.{name}.response_seconds", wrong=wrong, fix=fix)
        if STANDARD_PASSWORD < len(link.password.get_secret_value()) <= LONGEST_PASSWORD:
            wrong = f"is longer than the {STANDARD_PASSWORD} characters of SMPP 3.4; it is sent whole"
            fix = "nothing, if the carrier gave it so; if the bind is refused, ask for a shorter one"
            yield Fault(where=f"links.{name}.password", wrong=wrong, fix=fix)
        if not link.password.get_secret_value():
            fix = f"set {variable_of(('links', name, 'password'))} or password_file, unless the carrier wants none"
            yield Fault(where=f"links.{name}.password", wrong="is empty", fix=fix)
    for name, channel in settings.channels.items():
        if channel.can.answer_in_response and channel.reply_link is not None:
            fix = 'remove it, or write reply = "mt"'
            yield Fault(where=f"channels.{name}.reply_link", wrong="is not used, since reply is body", fix=fix)
        if not channel.can.send and (channel.user or channel.password.get_secret_value()):
            fix = "write send_url, or remove user and password"
            yield Fault(where=f"channels.{name}.password", wrong="is not used without send_url", fix=fix)
    token = settings.web.metrics_token.get_secret_value()
    if token and len(token) < SHORTEST_SECRET:
        fix = "make it of 16 random characters or more"
        yield Fault(where="web.metrics_token", wrong="is so short that it can be guessed", fix=fix)
    if not settings.web.secure_cookie and not _is_loopback(settings.web.host):
        fix = "write secure_cookie = true once a TLS proxy stands before it"
        yield Fault(where="web.host", wrong="operators' passwords may cross the network in clear", fix=fix)


def _is_url(url: str) -> bool:
    try:
        urlsplit(url).port  # noqa: B018 - asked for its ValueError: brackets or a port that are none
    except ValueError:
        return False
    return is_understood(url)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
