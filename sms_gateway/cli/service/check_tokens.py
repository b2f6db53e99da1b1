"""Whether the channels that need access tokens have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from db.processes.access_tokens import StoredTokens, TokenState, read_tokens
from db.store.engine import open_database
from db.store.sealing import Keyring
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.cli.service.check_channels import try_sender
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.clock import utc_now
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.channel_parts import sender_terms

ENDS_SOON = timedelta(days=14)


def token_verdicts(settings: Settings, keyring: Keyring, *, ask: bool) -> Iterator[Verdict]:
    """Say of each such channel how long it can still renew its access token.

    With `ask` the provider is asked for something that costs nothing, by an access token that is still valid.
    """
    every = {name: sender_terms(name, one, NETWORKS[one.network]) for name, one in settings.channels.items()}
    asked = {name: terms for name, terms in every.items() if terms is not None and terms.departure.tokens}
    if not asked:
        return
    with closing(open_database(settings.database.address, keyring)) as database, database.read() as connection:
        stored = {name: read_tokens(connection, name) for name in asked}
    now = utc_now()
    for name, terms in asked.items():
        tokens = stored[name]
        yield _verdict(name, None if tokens is None else tokens.state, now)
        probe = terms.departure.token_probe
        if ask and probe is not None and tokens is not None and (access := _valid(tokens, now)):
            yield try_sender(f"access to {name}", terms, probe(access))


def _valid(tokens: StoredTokens, now: datetime) -> str | None:
    """Return the access token while it is valid; a check renews none."""
    pair = tokens.pair
    return pair.access if pair.access_until is not None and pair.access_until > now else None


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
