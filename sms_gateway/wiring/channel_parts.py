"""Settings to the channels of one process: what makes each of them, and which takes over for which."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.parse import quote

from db.store.engine import Database
from sms_gateway.channels.http.network import Network, Networks, with_options
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.sending.connection import ConnectionTerms
from sms_gateway.channels.http.sending.departure import within
from sms_gateway.channels.http.sending.request_of_text import with_request
from sms_gateway.channels.http.sending.sender import HttpSender
from sms_gateway.channels.http.sending.sender_terms import SenderTerms
from sms_gateway.channels.http.sending.tokens import TokenKeeper
from sms_gateway.channels.ports import Channel
from sms_gateway.channels.smpp.link import Link
from sms_gateway.channels.watch import Fallback
from sms_gateway.clock import Now
from sms_gateway.pipeline.ports import Intake
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings


def channel_makers(
    settings: Settings,
    intake: Intake,
    *,
    now: Now,
    session_number: Callable[[], int],
    database: Database,
    networks: Networks = NETWORKS,
) -> Mapping[str, Callable[[], Channel]]:
    """Return what makes each channel that answers can go out by (`Settings.senders`), not started yet."""
    links = {
        name: partial(
            Link,
            name,
            link,
            intake,
            now=now,
            session_number=session_number,
            short_codes=settings.service.short_codes,
        )
        for name, link in settings.links.items()
    }
    return links | {
        name: partial(http_sender, name, terms, intake, database=database, now=now)
        for name, channel in settings.channels.items()
        if (terms := sender_terms(name, channel, networks[channel.network])) is not None
    }


def http_sender(name: str, terms: SenderTerms, intake: Intake, *, database: Database, now: Now) -> HttpSender:
    """Return a channel that sends by HTTP, not started yet; with its tokens where its network has them."""
    asked = terms.departure.tokens
    tokens = None if asked is None else TokenKeeper(name, asked, terms.connection, database, now=now)
    terms = replace(terms, departure=with_request(terms.departure, database))
    return HttpSender(name, terms, intake, now=now, tokens=tokens)


def providers_that_send_once(settings: Settings, networks: Networks) -> Mapping[str, str]:
    """Return the providers that send an answer once, however often it comes with our id, by channel.

    A provider is a network, an address and an account: another one does not know the ids that this one got.
    """
    found: dict[str, str] = {}
    for name, channel in settings.channels.items():
        terms = sender_terms(name, channel, networks[channel.network])
        if terms is not None and terms.departure.has_idempotency_key:
            account = json.dumps([channel.network, terms.departure.url, channel.user])
            found[name] = hashlib.sha256(account.encode()).hexdigest()[:16]
    return found


def sender_terms(name: str, settings: ChannelSettings, network: Network) -> SenderTerms | None:
    """Return how a channel sends; None when it does not."""
    if not settings.can.send or network.departure is None:
        return None
    departure = within(network.departure(with_options(settings, network)), network.longest_text)
    return SenderTerms(
        departure=departure,
        connection=ConnectionTerms(
            url=departure.url,
            connect_seconds=settings.connect_seconds,
            answer_seconds=settings.answer_seconds,
            ca_file=settings.send_ca_file,
        ),
        window=settings.window,
        rate=settings.rate,
        reconnect_seconds=settings.reconnect_seconds,
        address_kind=network.sender_kind.name,
        receipt_url=receipt_url(name, settings),
    )


def receipt_url(name: str, settings: ChannelSettings) -> str:
    """Return the URL to which the provider of a channel reports; empty without `public_url`."""
    if not settings.public_url:
        return ""
    path_secret = settings.path_secret.get_secret_value()
    return f"{settings.public_url}/dlr/{quote(name)}" + (f"/{quote(path_secret, safe='')}" if path_secret else "")


def fallbacks_of(settings: Settings) -> Mapping[str, Fallback]:
    """Return the channel that takes over for another, by the name of the one that is down."""
    return {
        name: Fallback(by=by, after=timedelta(minutes=minutes)) for name, (by, minutes) in settings.fallbacks.items()
    }
