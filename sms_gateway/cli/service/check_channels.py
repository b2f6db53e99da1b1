"""Whether each SMPP link can be bound, and each provider of an HTTP channel be reached, for `sms-gateway check`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event

from sms_gateway.channels.http.network import Networks
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.sending.connection import NoResponse, NotSent, ProviderConnection
from sms_gateway.channels.http.sending.departure import AcceptedText, OutgoingRequest, ProviderResponse
from sms_gateway.channels.http.sending.probing import ask, holds
from sms_gateway.channels.http.sending.sender_terms import SenderTerms
from sms_gateway.channels.smpp.link import Link
from sms_gateway.channels.smpp.session.tls import REFUSED, STRICT_RULE
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.clock import monotonic, utc_now
from sms_gateway.pipeline.ports import Arrival, SendReport, SessionsEnded
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.channel_parts import sender_terms

LONGEST_BIND = 15.0
"""Seconds given to each link: ten for the connection, as the link itself allows, and five for the bind."""

LOOK_SECONDS = 0.05
UNBIND_SECONDS = 2.0


def channel_verdicts(settings: Settings, networks: Networks = NETWORKS, *, bind: bool) -> Iterator[Verdict]:
    """Try each; with `bind = False` none."""
    logger = logging.getLogger("sms_gateway.channels.smpp")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # the verdict says it
    try:
        for name, link in settings.links.items():
            yield (try_link(name, link) if bind else _left_out(f"link {name}"))
    finally:
        logger.setLevel(level)
    for name, channel in settings.channels.items():
        terms = sender_terms(name, channel, networks[channel.network])
        if terms is not None:
            subject = f"channel {name}"
            yield try_sender(subject, terms, terms.departure.probe) if bind else _left_out(subject)
            tokens = terms.departure.tokens
            if tokens is not None and bind:
                to_tokens = replace(terms, connection=replace(terms.connection, url=tokens.url))
                yield try_sender(f"{subject}, tokens", to_tokens, None)


def try_sender(subject: str, terms: SenderTerms, probe: OutgoingRequest | None) -> Verdict:
    """Connect to a provider, by TLS where its address says so, and make the call that costs nothing, if it has one."""
    place = terms.connection.place
    if probe is None:
        connection = ProviderConnection(terms.connection)
        cause = connection.connect()
        connection.close()
        return _not_connected(subject, cause) if cause else _connected(subject, place)
    response = ask(terms.connection, probe)
    match response:
        case NotSent():
            return _not_connected(subject, response.error)
        case NoResponse():
            said = response.error
        case ProviderResponse():
            read = (terms.departure.read_probe or holds())(response)
            if isinstance(read, AcceptedText):
                return _connected(subject, f"{place}, which knows us")
            said = read.error
    text = f"{place} refused a call that costs nothing: {said}; fix: compare user, password and options with it"
    return Verdict(mark=Mark.FAULT, subject=subject, text=text)


def _left_out(subject: str) -> Verdict:
    return Verdict(mark=Mark.LEFT_OUT, subject=subject, text="not tried")


def _connected(subject: str, to: str) -> Verdict:
    return Verdict(mark=Mark.OK, subject=subject, text=f"connected to {to}")


def _not_connected(subject: str, cause: str) -> Verdict:
    fix = "compare send_url and send_ca_file with the provider's, and ask whether it lets this address in"
    return Verdict(mark=Mark.FAULT, subject=subject, text=f"not connected: {cause}; fix: {fix}")


class _NobodyHome:
    """A pipeline that takes nothing (sms_gateway.pipeline.ports.Intake); it only hears that the link is bound."""

    def __init__(self) -> None:
        self.news = Event()

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        """Leave them: a draining link offers none, and what is not acknowledged comes again."""

    def report(self, reports: Sequence[SendReport]) -> None:
        """Nothing is sent, so nothing is reported."""

    def fell(self, ended: SessionsEnded) -> None:
        """Nothing was taken, so nothing comes again."""

    def nudge(self) -> None:
        """Hear that a bind is up."""
        self.news.set()


def try_link(name: str, settings: LinkSettings) -> Verdict:
    """Bind a link once and unbind it again."""
    pipeline = _NobodyHome()
    link = Link(name, settings, pipeline, now=utc_now, session_number=lambda: 0)
    link.drain()
    started = monotonic()
    link.start()
    try:
        cause = _wait(link, pipeline.news, started + LONGEST_BIND)
    finally:
        link.stop(UNBIND_SECONDS)
    place = f"{settings.host} port {settings.port}"
    if cause is None:
        text = f"bound at {place} as {settings.mode.value} in {(monotonic() - started) * 1000:.0f} ms"
        return Verdict(mark=Mark.OK, subject=f"link {name}", text=text)
    return Verdict(mark=Mark.FAULT, subject=f"link {name}", text=f"not bound at {place}: {cause}; fix: {_mend(cause)}")


def _mend(cause: str) -> str:
    """Return what helps a link that does not bind: a refused certificate has nothing to do with passwords."""
    if cause.endswith(STRICT_RULE):
        return "ask the carrier for a certificate that keeps to RFC 5280, or write tls_strict = false for this link"
    if REFUSED in cause:
        return (
            "compare tls_name and tls_ca_file with the carrier's certificate, and its dates with this machine's clock"
        )
    return (
        "compare host, port, mode, system_id and password with the carrier's, and ask whether it lets this address in"
    )


def _wait(link: Link, news: Event, deadline: float) -> str | None:
    """Wait until the link is bound: None; or until it fell or time is over: the cause."""
    while monotonic() < deadline:
        state = link.state()
        if state.whole:
            return None
        if state.last_error:
            return state.last_error
        news.wait(LOOK_SECONDS)
        news.clear()
    return "no answer in time"
