"""The ways on which notices of alarms leave the service: e-mail, webhook, SMS; and the heartbeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sms_gateway.alarms.notice import Way
from sms_gateway.alarms.ways.mail import EmailWay
from sms_gateway.alarms.ways.sms import SmsParts, SmsWay
from sms_gateway.alarms.ways.webhook import WebhookWay
from sms_gateway.clock import Now, utc_now
from sms_gateway.settings.model import Settings


class ProbedWay(Way, Protocol):
    """A way that can be tried without a notice."""

    def probe(self) -> str:
        """Go as far as possible without sending anything; return how far. Raises NotDelivered."""


def ways_of(settings: Settings, sms: SmsParts | None = None, *, now: Now = utc_now) -> Sequence[ProbedWay]:
    """Return the ways that are set, in the order of preference.

    Without `sms`, where no database is at hand, there is no way by SMS.
    """
    alarms, service = settings.alarms, settings.service.short_codes[0]
    ways: list[ProbedWay] = []
    if alarms.email.host:
        ways.append(EmailWay(alarms.email, service=service, language=alarms.language))
    if alarms.webhook.url:
        ways.append(WebhookWay(alarms.webhook, service=service, now=now))
    if alarms.sms.numbers and sms is not None:
        ways.append(SmsWay(alarms.sms, sms, service=service, language=alarms.language, now=now))
    return ways
