"""`sms-gateway alarm`: try the ways of alarms, and report a unit of systemd that failed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import click

from db.messages.outbox import states_of
from db.schema import OutboundState
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.alarms.condition import AlarmName
from sms_gateway.alarms.notice import AlarmNotice, NotDelivered
from sms_gateway.alarms.ways import ProbedWay, ways_of
from sms_gateway.alarms.ways.sms import SmsParts, SmsWay
from sms_gateway.alarms.ways.words import notice_of_failure, notice_of_test
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.cli.command_context import COMMAND_NODE, Stop, config_option, opened_database, settings_from
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import monotonic, utc_now
from sms_gateway.log import setup
from sms_gateway.pipeline.replies import Replies
from sms_gateway.settings.faults import SettingsFaultyError, did_you_mean
from sms_gateway.settings.load import config_path, environment, load_sections
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.conversation_parts import telephone_senders

SEND_SECONDS = 60.0
"""How long a test waits until the carrier took its texts: the service that sends them looks twice a second."""

LOOK_SECONDS = 0.25

WAYS = ("email", "webhook", "sms")
ALARM_NAMES = frozenset(one.value for one in AlarmName)
UNIT_NAME = re.compile(r"[A-Za-z0-9@:_.-]{1,120}")

_NO_WAY = "fix: set [alarms.email], [alarms.webhook] or [alarms.sms]"
_TAKEN = frozenset({OutboundState.SENT, OutboundState.DELIVERED})
_OVER = _TAKEN | {OutboundState.FAILED, OutboundState.EXPIRED}


@click.group(cls=ManualGroup)
def alarm() -> None:
    """Try the ways on which people on duty are told of alarms.

    Example:
      sms-gateway alarm test
      sms-gateway alarm test email

    Exit codes:
      0  done
      1  nobody accepted it
      2  the command line or the settings are wrong
    """


@alarm.command(name="test")
@click.argument("name", metavar="[NAME]", required=False, default="")
@config_option
@click.pass_context
def send_test(context: click.Context, name: str, config: Path | None) -> None:
    """Send a TEST notice, and wait until it is accepted.

    NAME is a way: email, webhook or sms. Or it is the name of an alarm: then the notice bears it, and goes by every
    way that is set. Without NAME it is a plain test by every way.

    A mail server or a receiver must accept it within 30 seconds. Texts are sent by the running service: the carrier
    must take them within 60 seconds.

    Example:
      sms-gateway alarm test
      sms-gateway alarm test email
      sms-gateway alarm test link_down --config gateway.toml

    Exit codes:
      0  every way accepted it
      1  a way did not, or none is set
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    wanted = _wanted(settings, name)
    alarm_name = "test" if name in {"", *WAYS} else name
    notice = notice_of_test(
        str(uuid4()), settings.service.short_codes[0], settings.alarms.language, now=utc_now(), alarm=alarm_name
    )
    failed = False
    with ExitStack() as stack:
        sms: SmsParts | None = None
        if "sms" in wanted:
            try:
                sms = _sms_parts(settings, stack.enter_context(opened_database(settings)))
            except Stop as stop:
                failed = True
                click.echo(f"sms: NOT DELIVERED: {stop.message}")
        for way in ways_of(settings, sms):
            if way.name in wanted:
                failed |= not _deliver(way, notice, sms)
    context.exit(int(failed))


@alarm.command(name="failed")
@click.argument("unit", metavar="UNIT")
@click.option("--result", envvar="MONITOR_SERVICE_RESULT", default="", help="Why it failed, as systemd says it.")
@click.option("--status", envvar="MONITOR_EXIT_STATUS", default="", help="Its exit code, as systemd says it.")
@click.option(
    "--stamps",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIRECTORY",
    help="Where it is noted when a unit was reported last.",
)
@click.option("--quiet-minutes", type=click.IntRange(min=0), default=30, help="Minutes between two reports of a unit.")
@config_option
def report_failure(  # noqa: PLR0917 - click gives each option by name
    unit: str, result: str, status: str, stamps: Path | None, quiet_minutes: int, config: Path | None
) -> None:
    """Tell people on duty that a UNIT of systemd failed, by e-mail and by webhook.

    `sms-gateway-failed@.service` runs this. It needs no database, and no other settings than [alarms]: it works when
    those are the fault. With --result, which systemd gives for a unit that it does not start again, it always reports.

    Example:
      sms-gateway alarm failed sms-gateway

    Exit codes:
      0  a way accepted it; or none is set, or it was reported a short time ago
      1  no way accepted it
      2  the command line is wrong, or the settings file cannot be read
    """
    if not UNIT_NAME.fullmatch(unit):
        raise click.BadParameter("it is no name of a unit", param_hint="UNIT")
    settings = _alarm_settings(config)
    stamp = None if stamps is None else stamps / f"{unit}.told"
    is_final = bool(result)  # by OnFailure= of systemd, which starts the unit no more: no later event says so
    if stamp is not None and not is_final and _is_recent(stamp, timedelta(minutes=quiet_minutes)):
        click.echo(f"{unit} was reported less than {quiet_minutes} minutes ago")
        return
    ways = ways_of(settings)
    if not ways:
        click.echo(f"nobody is told that {unit} failed: no way is set; {_NO_WAY}")
        return
    notice = notice_of_failure(
        str(uuid4()), unit, settings.alarms.language, now=utc_now(), is_settings=status == "2", result=result
    )
    accepted = [_deliver(way, notice, None) for way in ways]
    if not any(accepted):
        raise Stop(f"no way accepted that {unit} failed")
    if stamp is not None:
        with suppress(OSError):  # then the next failure is told, too
            stamp.touch()


def _wanted(settings: Settings, name: str) -> Collection[str]:
    ways = settings.alarms.ways
    if name in WAYS:
        if name not in ways:
            raise Stop(f"notices do not go by {name}; fix: set [alarms.{name}]")
        return (name,)
    if name and name not in ALARM_NAMES:
        near = did_you_mean(name, [*WAYS, *sorted(ALARM_NAMES)])
        hint = f"did you mean {near}?" if near else "docs/how-to/alarms.md names them all"
        raise click.BadParameter(f"it is neither a way nor the name of an alarm; {hint}", param_hint="NAME")
    if not ways:
        raise Stop(f"notices go out by no way; {_NO_WAY}")
    return ways


def _deliver(way: ProbedWay, notice: AlarmNotice, sms: SmsParts | None) -> bool:
    """Deliver a notice and say what came of it; return whether it was accepted."""
    try:
        if isinstance(way, SmsWay) and sms is not None:
            _await_sent(sms, way.queue(notice))
        else:
            way.deliver(notice)
    except NotDelivered as error:
        click.echo(f"{way.name}: NOT DELIVERED: {error.reason}")
        return False
    click.echo(f"{way.name}: accepted")
    return True


def _await_sent(sms: SmsParts, ids: Sequence[int]) -> None:
    """Wait until the carrier took every text; raises NotDelivered."""
    deadline, never = monotonic() + SEND_SECONDS, Event()
    while True:
        with sms.database.read() as connection:
            states = states_of(connection, ids)
        if _TAKEN.issuperset(states):
            return
        if _OVER.issuperset(states):
            raise NotDelivered("the carrier did not take it; the page Messages has its error")
        if monotonic() >= deadline:
            raise NotDelivered(
                f"the carrier has not taken it in {SEND_SECONDS:.0f} seconds; fix: is the service running?"
            )
        never.wait(LOOK_SECONDS)


def _sms_parts(settings: Settings, database: Database) -> SmsParts:
    ids = IdSource(node=COMMAND_NODE, now=utc_now)
    replies = Replies(new_id=ids.new, traits=traits_by_channel(settings, NETWORKS))
    return SmsParts(
        database=database, replies=replies, senders=telephone_senders(settings, NETWORKS), states=lambda: ()
    )


def _alarm_settings(config: Path | None) -> Settings:
    variables = environment()
    try:
        settings = load_sections(config or config_path(variables), variables, ("alarms", "log", "service"))
    except SettingsFaultyError as error:
        raise click.UsageError(str(error)) from error
    setup(settings.log)
    return settings


def _is_recent(stamp: Path, quiet: timedelta) -> bool:
    try:
        told_at = stamp.stat().st_mtime
    except OSError:
        return False
    return 0 <= utc_now().timestamp() - told_at < quiet.total_seconds()
