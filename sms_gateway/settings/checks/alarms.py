"""What is wrong with the ways on which notices of alarms go out, and what an attacker is glad of there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from db.store.phone_numbers import read_sender
from sms_gateway.settings.alarm_model import AlarmEmailSettings, AlarmWebhookSettings, MailSecurity
from sms_gateway.settings.checks.host_names import host_fault, url_fault
from sms_gateway.settings.checks.secret_files import certificates_fault
from sms_gateway.settings.checks.webhooks import HOW_TO_MAKE_ONE, WRONG_SECRET, is_webhook_secret
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.model import Settings

_EMAIL, _WEBHOOK, _SMS, _HEARTBEAT = "alarms.email", "alarms.webhook", "alarms.sms", "heartbeat"
_LIMITS = "alarms.limits"


def alarm_faults(settings: Settings) -> Iterator[Fault]:
    """Return each fault of the ways and of the heartbeat."""
    yield from _email(settings.alarms.email)
    yield from _webhook(settings.alarms.webhook)
    yield from _sms(settings)
    yield from _url(f"{_HEARTBEAT}.url", settings.heartbeat.url)
    yield from _certificates(_HEARTBEAT, settings.heartbeat.ca_file)


def unwise_alarms(settings: Settings) -> Iterator[Fault]:
    """Return what works and should still be changed."""
    for place, url in ((f"{_WEBHOOK}.url", settings.alarms.webhook.url), (f"{_HEARTBEAT}.url", settings.heartbeat.url)):
        parts = urlsplit(url)
        if parts.scheme == "http" and not _is_here(parts.hostname or ""):
            fix = "write https://"
            yield Fault(where=place, wrong="crosses the net in clear", fix=fix)
    limits = settings.alarms.limits
    for name, path in [*(("disks", one) for one in limits.disks), ("backup_directory", limits.backup_directory)]:
        if path is not None and not os.access(path, os.R_OK | os.X_OK):
            wrong = f"{path} is no directory that this user can read, so it is not watched"
            yield Fault(where=f"{_LIMITS}.{name}", wrong=wrong, fix="correct it, or let the service's user read it")
    if settings.alarms.ways == ("sms",):
        wrong = "is the only way: nobody is told when no channel can send"
        yield Fault(where=f"{_SMS}.numbers", wrong=wrong, fix="set [alarms.email] or [alarms.webhook] too")


def _email(given: AlarmEmailSettings) -> Iterator[Fault]:
    password = given.password.get_secret_value()
    if not given.host:
        if given.sender or given.recipients or given.user or password:
            wrong = "is missing, so no notice goes by e-mail"
            yield Fault(where=f"{_EMAIL}.host", wrong=wrong, fix="name the mail server, or take the section out")
        return
    wrong_host = host_fault(given.host)
    if wrong_host is not None:
        yield Fault(where=f"{_EMAIL}.host", wrong=wrong_host, fix='write a name such as "mail.city.example"')
    elif given.security is MailSecurity.NONE and not _is_here(given.host):
        wrong = "is none, and the mail server is another machine: notices would cross the net in clear"
        yield Fault(where=f"{_EMAIL}.security", wrong=wrong, fix='write "tls" or "starttls"')
    if not given.sender:
        fix = 'write an address that the mail server lets you use, such as "sms@city.example"'
        yield Fault(where=f"{_EMAIL}.sender", wrong="is missing", fix=fix)
    if not given.recipients:
        yield Fault(where=f"{_EMAIL}.recipients", wrong="names nobody", fix='write a list: ["duty@city.example"]')
    if len({one.casefold() for one in given.recipients}) < len(given.recipients):
        yield Fault(where=f"{_EMAIL}.recipients", wrong="names an address twice", fix="name each once")
    yield from _log_in(given, password)
    yield from _certificates(_EMAIL, given.ca_file)


def _log_in(given: AlarmEmailSettings, password: str) -> Iterator[Fault]:
    if given.user and not password:
        yield Fault(where=f"{_EMAIL}.password", wrong="is missing, and user is set", fix=_WRITE_PASSWORD)
    if not password.isascii():
        yield Fault(where=f"{_EMAIL}.password", wrong="holds a letter that SMTP cannot carry", fix="choose another one")
    if password and not given.user:
        fix = "write the name to log in with, or take password_file out"
        yield Fault(where=f"{_EMAIL}.user", wrong="is missing, and the password is set", fix=fix)


def _webhook(given: AlarmWebhookSettings) -> Iterator[Fault]:
    secret = given.secret.get_secret_value()
    if not given.url:
        if secret:
            fix = "write where notices are sent, or take the section out"
            yield Fault(where=f"{_WEBHOOK}.url", wrong="is missing, and the secret is set", fix=fix)
        return
    yield from _url(f"{_WEBHOOK}.url", given.url)
    if not is_webhook_secret(secret):
        yield Fault(where=f"{_WEBHOOK}.secret", wrong=WRONG_SECRET, fix=HOW_TO_MAKE_ONE)
    yield from _certificates(_WEBHOOK, given.ca_file)


def _sms(settings: Settings) -> Iterator[Fault]:
    place, numbers = f"{_SMS}.numbers", settings.alarms.sms.numbers
    read = [read_sender(number) for number in numbers]
    for position, number in enumerate(read, start=1):
        if number is None:
            fix = "write it as citizens do: 0905123456"
            yield Fault(where=f"{place} item {position}", wrong="is no telephone number", fix=fix)
    if len(set(read)) < len(read):
        yield Fault(where=place, wrong="names a telephone twice", fix="name each once")
    if numbers and not settings.senders:
        fix = "add a [links.NAME], or take [alarms.sms] out"
        yield Fault(where=place, wrong="no channel sends texts", fix=fix)


def _url(where: str, url: str) -> Iterator[Fault]:
    wrong = url_fault(url) if url else None
    if wrong is not None:
        yield Fault(where=where, wrong=wrong, fix='write an address such as "https://monitor.example/sms"')


def _certificates(place: str, ca_file: Path | None) -> Iterator[Fault]:
    wrong = certificates_fault(ca_file) if ca_file is not None else None
    if wrong is not None:
        yield Fault(where=f"{place}.ca_file", wrong=wrong, fix="write the path of a PEM file")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_WRITE_PASSWORD = "write it on the first line of a file (mode 0600), and name that file in password_file"  # noqa: S105 - advice
