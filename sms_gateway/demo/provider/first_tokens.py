"""The first tokens of channels whose provider is simulated: it takes any refresh token that it has not seen."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.processes.access_tokens import TokenPair, put_tokens
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.settings.link_model import ChannelSettings


def authorise(connection: Connection, channels: Mapping[str, ChannelSettings], now: datetime) -> None:
    """Store a first refresh token for each channel that needs tokens."""
    for name, settings in channels.items():
        departure = NETWORKS[settings.network].departure
        tokens = None if departure is None or not settings.can.send else departure(settings).tokens
        if tokens is not None:
            refresh, until = secrets.token_urlsafe(24), now + timedelta(seconds=tokens.refresh_seconds)
            pair = TokenPair(access=None, refresh=refresh, access_until=None, refresh_until=until)
            put_tokens(connection, name, pair, now=now)
