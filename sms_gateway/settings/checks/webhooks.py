"""What is wrong with the sections [webhooks.NAME], and what an attacker is glad of there."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from sms_gateway.settings.checks.host_names import host_fault
from sms_gateway.settings.checks.secret_files import certificates_fault
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.webhook_model import WebhookSettings

PREFIX = "whsec_"
LEAST_OCTETS, MOST_OCTETS = 24, 64
"""Octets of a secret (Standard Webhooks, version 1)."""

WRONG_SECRET = f"is no secret of Standard Webhooks: {PREFIX} and {LEAST_OCTETS} to {MOST_OCTETS} octets"
HOW_TO_MAKE_ONE = 'put one into the file that it names: echo "whsec_$(openssl rand -base64 32)"'


def webhook_faults(webhooks: Mapping[str, WebhookSettings]) -> Iterator[Fault]:
    """Return each fault of the receivers of events."""
    for name, one in webhooks.items():
        place = f"webhooks.{name}"
        if not one.url:
            continue
        parts = urlsplit(one.url)
        wrong = host_fault(parts.hostname or "") if _has_port(one.url) else "has a port that is no number up to 65535"
        if wrong is not None:
            fix = 'write an address such as "https://lgsp.example/hooks/sms"'
            yield Fault(where=f"{place}.url", wrong=wrong, fix=fix)
        secrets = {"secret": one.secret, "previous_secret": one.previous_secret}
        for setting, given in secrets.items():
            secret = given.get_secret_value()
            if (secret or setting == "secret") and not is_webhook_secret(secret):
                yield Fault(where=f"{place}.{setting}", wrong=WRONG_SECRET, fix=HOW_TO_MAKE_ONE)
        if not one.events:
            yield Fault(where=f"{place}.events", wrong="names no event", fix="name those that it is to get")
        if len(set(one.events)) < len(one.events):
            yield Fault(where=f"{place}.events", wrong="names an event twice", fix="name each event once")
        wrong_file = certificates_fault(one.ca_file) if one.ca_file is not None else None
        if wrong_file is not None:
            yield Fault(where=f"{place}.ca_file", wrong=wrong_file, fix="write the path of a PEM file")


def is_webhook_secret(secret: str) -> bool:
    """Return whether a secret has the form of Standard Webhooks.

    >>> is_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), is_webhook_secret("changeme")
    (True, False)
    """
    try:
        octets = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return secret.startswith(PREFIX) and LEAST_OCTETS <= len(octets) <= MOST_OCTETS


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
