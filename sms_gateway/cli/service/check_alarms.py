"""Whether the ways on which notices of alarms go out work; no notice is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from db.processes.channel_states import read_states
from db.store.engine import open_database
from db.store.sealing import Keyring
from sms_gateway.alarms.notice import NotDelivered
from sms_gateway.alarms.ways import ways_of
from sms_gateway.alarms.ways.heartbeat import monitor_terms
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.sending.connection import ProviderConnection
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.clock import utc_now
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.conversation_parts import telephone_senders

_FIXES = {
    "email": "compare [alarms.email] with the mail server's settings, and ask whether it lets this machine in",
    "webhook": "compare [alarms.webhook] with the receiver's settings, and ask whether it lets this machine in",
}


def alarm_verdicts(settings: Settings, keyring: Keyring | None, *, connect: bool) -> Iterator[Verdict]:
    """Connect to each way and log in; with `connect = False` to none. Without a keyring SMS is left out."""
    for way in ways_of(settings):
        subject = f"alarms by {way.name}"
        if not connect:
            yield Verdict(mark=Mark.LEFT_OUT, subject=subject, text="not tried")
            continue
        try:
            yield Verdict(mark=Mark.OK, subject=subject, text=f"connected to {way.probe()}")
        except NotDelivered as error:
            text = f"not connected: {error.reason}; fix: {_FIXES[way.name]}"
            yield Verdict(mark=Mark.FAULT, subject=subject, text=text)
    if settings.alarms.sms.numbers:
        yield _sms(settings, keyring)
    if settings.heartbeat.url:
        yield _heartbeat(settings) if connect else Verdict(mark=Mark.LEFT_OUT, subject="heartbeat", text="not tried")


def _sms(settings: Settings, keyring: Keyring | None) -> Verdict:
    subject, senders = "alarms by sms", telephone_senders(settings, NETWORKS)
    if not senders:
        fix = "fix: add a link, or take [alarms.sms] out"
        return Verdict(mark=Mark.FAULT, subject=subject, text=f"no channel sends to telephones; {fix}")
    if keyring is None:
        return Verdict(mark=Mark.LEFT_OUT, subject=subject, text="not tried, since the database cannot be used")
    with closing(open_database(settings.database.address, keyring)) as database, database.read() as connection:
        up = [one.name for one in read_states(connection) if one.stands(utc_now()) and one.name in senders]
    told = f"numbers: {len(settings.alarms.sms.numbers)}"
    if up:
        return Verdict(mark=Mark.OK, subject=subject, text=f"{told}, by {up[0]}")
    return Verdict(mark=Mark.LEFT_OUT, subject=subject, text=f"{told}; no channel is up now")


def _heartbeat(settings: Settings) -> Verdict:
    """Connect to the monitor without a call: a call says that the service works."""
    terms = monitor_terms(settings.heartbeat)
    connection = ProviderConnection(terms)
    cause = connection.connect()
    connection.close()
    if cause is None:
        return Verdict(mark=Mark.OK, subject="heartbeat", text=f"connected to {terms.place}")
    text = f"not connected: {cause}; fix: compare [heartbeat] with the monitor's address"
    return Verdict(mark=Mark.FAULT, subject="heartbeat", text=text)
