"""Whether the channels that need access tokens have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from db.processes.access_tokens import TokenState, read_token_states
from db.store.engine import open_database
from db.store.sealing import Keyring
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.clock import utc_now
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.channel_parts import sender_terms

ENDS_SOON = timedelta(days=14)


def token_verdicts(settings: Settings, keyring: Keyring) -> Iterator[Verdict]:
    """Say of each such channel how long it can still renew its access token. Nothing is sent to the provider."""
    names = [
        name
        for name, channel in settings.channels.items()
        if (terms := sender_terms(name, channel, NETWORKS[channel.network])) is not None and terms.departure.tokens
    ]
    if not names:
        return
    with closing(open_database(settings.database.address, keyring)) as database, database.read() as connection:
        states = {state.link: state for state in read_token_states(connection)}
    for name in names:
        yield _verdict(name, states.get(name), utc_now())


def _verdict(name: str, state: TokenState | None, now: datetime) -> Verdict:
    subject, fix = f"tokens of {name}", f"fix: `sms-gateway tokens authorise {name}`"
    if state is None:
        return Verdict(mark=Mark.CAUTION, subject=subject, text=f"there are none, so answers wait; {fix}")
    if state.refused_at is not None:
        return Verdict(mark=Mark.CAUTION, subject=subject, text=f"the provider refused the refresh token; {fix}")
    days = max(timedelta(0), state.refresh_until - now).days
    if state.refresh_until - now < ENDS_SOON:
        return Verdict(mark=Mark.CAUTION, subject=subject, text=f"the refresh token ends in {days} days; {fix}")
    return Verdict(mark=Mark.OK, subject=subject, text=f"the refresh token is valid for {days} days")
