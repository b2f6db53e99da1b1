"""`python -m bench.chaos`: kill the gateway, starve it, cut it off, and count every text. `make chaos` runs it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from typing import Any

import click

from bench.chaos.agent import Agent
from bench.chaos.carriers import HttpCarrier, RigCarrier
from bench.chaos.crowd import Crowd
from bench.chaos.figures import doubles, outage, take_overs
from bench.chaos.rig import Home, PostgresHome, Rig, SqliteHome, raise_limits
from bench.chaos.run import Counted, Outcome, People, run
from bench.chaos.talkers import Talkers
from bench.chaos.tally import Tally, take_tally
from bench.chaos.ticket_tally import take_ticket_tally
from bench.city import CONVERSATION, add_city
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.demo.provider import ProviderFaults
from sms_gateway.demo.provider.networks import COUNTERPARTS
from sms_gateway.demo.simulator import Faults
from sms_gateway.pipeline.addresses import PHONES

FAULTS = Faults(response_delay=0.02, receipt_delay=0.1, retry_delay=0.3, window=50, lose_share=0.002)
"""Of the simulated carrier: every five-hundredth answer is taken without a response."""


HTTP_FAULTS = ProviderFaults(response_delay=0.02, receipt_delay=0.1, retry_delay=0.3, cut_share=0.002)
"""Of the simulated provider: the same."""


PLAYED = sorted(
    name
    for name in COUNTERPARTS
    if NETWORKS[name].departure is not None and NETWORKS[name].sender_kind is PHONES  # TK needs a telephone
)
"""Networks that a run can be with."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def chaos() -> None:
    """Kill the gateway, starve it, cut it off, and count every text."""


@chaos.command("run")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--processes", type=click.IntRange(1, 4), default=1, show_default=True, help="More than one: PostgreSQL.")
@click.option("--texts", default=2000, show_default=True, help="Texts of citizens, at least.")
@click.option("--rate", default=100.0, show_default=True, help="Texts a second.")
@click.option("--kills", default=20, show_default=True, help="Half at the steps' boundaries, half at random.")
@click.option("--window", default=10, show_default=True, help="The link's window.")
@click.option("--seed", default=1, show_default=True, help="Decides what happens when.")
@click.option("--carrier", type=click.Choice(["smpp", "http"]), default="smpp", show_default=True)
@click.option(
    "--network",
    type=click.Choice(PLAYED),
    default="plain",
    show_default=True,
    help="With --carrier http: the network of its channel.",
)
@click.option("--conversation", is_flag=True, help="Citizens open tickets and reply, and an agent asks and answers.")
@click.option("--keep", is_flag=True, help="Keep the logs and say where they are.")
@click.pass_context
def run_command(context: click.Context, /, **chosen: Any) -> None:
    """Do everything at once, in a random order.

    It kills the process (kill -9) at random moments and at every boundary of a step. It drops and freezes the
    connection, and takes the carrier away. It locks and removes the database, and fills its disk. It suspends the
    process, and sets the clock forward and back. Prints the table. The exit code is 1 when a text was lost, or when
    anything but an answer marked as unsure was done twice. With --conversation, also when a ticket or an entry was lost
    or came twice, or when a state went back. With --carrier http, texts and answers go by HTTP. In a network that knows
    our key of an answer, the exit code is also 1 when an answer came twice.
    """
    database, processes, window, seed = (chosen[name] for name in ("database", "processes", "window", "seed"))
    more = CONVERSATION if chosen["conversation"] else ""
    carrier = HttpCarrier(chosen["network"], HTTP_FAULTS) if chosen["carrier"] == "http" else None
    with _rig(database, processes=processes, window=window, keep=chosen["keep"], more=more, carrier=carrier) as rig:
        people, count = _talkers(rig, chosen["rate"]) if more else _crowd(rig, chosen["rate"])
        outcome = run(rig, people, count, texts=chosen["texts"], kills=chosen["kills"], seed=seed)
        way = "" if carrier is None else f"HTTP by {chosen['network']}, "
        show(f"{way}{database}, {processes} process(es), window {window}, seed {seed}", outcome)
    context.exit(0 if outcome.tally.good else 1)


@chaos.command("takeover")
@click.option("--rounds", default=5, show_default=True, help="Kills, and as many clean stops.")
@click.option("--rate", default=50.0, show_default=True, help="Texts a second.")
@click.pass_context
def takeover_command(context: click.Context, rounds: int, rate: float) -> None:
    """Measure how long until another process has the bind: two processes on PostgreSQL."""
    with _rig("postgresql", processes=2) as rig:
        found = take_overs(rig, rounds=rounds, rate=rate)
    click.echo("Take-over of a bind, seconds")
    click.echo(f"  after kill -9      {_spread(found.after_kill)}")
    click.echo(f"  after a clean stop {_spread(found.after_stop)}")
    _finish(context, found.tally)


@chaos.command("outage")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="postgresql", show_default=True)
@click.option("--processes", type=click.IntRange(1, 4), default=1, show_default=True, help="More than one: PostgreSQL.")
@click.option("--seconds", default=60.0, show_default=True, help="How long the database is away, or its disk full.")
@click.option("--rate", default=200.0, show_default=True, help="Texts a second.")
@click.pass_context
def outage_command(context: click.Context, database: str, processes: int, seconds: float, rate: float) -> None:
    """Count what becomes of texts while the database is away."""
    with _rig(database, processes=processes) as rig:
        found = outage(rig, seconds=seconds, rate=rate)
    click.echo(f"{database} away for {seconds:.0f} s at {rate:.0f} texts/s, {processes} process(es)")
    click.echo(f"  first answer {found.recovered_after:.1f} s after its return, all after {found.settled_after:.1f} s")
    click.echo(f"  starts of processes {found.starts}, most memory {found.peak_mib:.0f} MiB")
    _finish(context, found.tally)


@chaos.command("doubles")
@click.option("--window", default=10, show_default=True, help="The link's window.")
@click.option("--crashes", default=10, show_default=True)
@click.option(
    "--rate",
    default=100.0,
    show_default=True,
    help="Texts a second; the carrier answers so late that the window is full.",
)
@click.option("--seed", default=1, show_default=True)
@click.pass_context
def doubles_command(context: click.Context, window: int, crashes: int, rate: float, seed: int) -> None:
    """Count the answers that come twice after a crash: those that the carrier had and nobody had written down."""
    with _rig("sqlite", window=window) as rig:
        found = doubles(rig, window=window, crashes=crashes, rate=rate, seed=seed)
    click.echo(f"Doubled answers of each crash, window {window}: {_spread(found.crashes)}")
    _finish(context, found.tally)


def _crowd(rig: Rig, rate: float) -> tuple[People, Callable[[], Counted]]:
    crowd = Crowd(rig.carrier, rate=rate)
    has_key = isinstance(rig.carrier, HttpCarrier) and rig.carrier.has_key
    return crowd, lambda: take_tally(crowd, rig.database, has_key=has_key)


def _talkers(rig: Rig, rate: float) -> tuple[People, Callable[[], Counted]]:
    add_city(rig.database)
    talkers = Talkers(rig.carrier, Agent(rig), rate=rate)
    return talkers, lambda: take_ticket_tally(talkers, rig.database)


@contextmanager
def _rig(
    database: str,
    *,
    processes: int = 1,
    window: int = 10,
    keep: bool = False,
    more: str = "",
    carrier: RigCarrier | None = None,
) -> Iterator[Rig]:
    raise_limits()
    name = Path(tempfile.mkdtemp(prefix="sms-chaos-"))
    home: Home = SqliteHome(name) if database == "sqlite" else PostgresHome()
    rig = Rig(name, home, roles=[None] * processes, window=window, faults=FAULTS, carrier=carrier, more=more)
    try:
        yield rig
    finally:
        rig.close()
        if keep:
            click.echo(f"kept: {name}")
        else:
            shutil.rmtree(name, ignore_errors=True)


def _spread(values: Sequence[float]) -> str:
    return (
        f"mean {mean(values):.1f}, most {max(values):.1f} of {len(values)}: {', '.join(f'{one:.3g}' for one in values)}"
    )


def _finish(context: click.Context, tally: Tally) -> None:
    click.echo("\n".join(tally.lines()))
    click.echo("  GOOD" if tally.good else "  BAD")
    context.exit(0 if tally.good else 1)


def show(title: str, outcome: Outcome) -> None:
    """Print one run."""
    click.echo(f"{title}: {outcome.seconds:.0f} s, {outcome.record.kills} kills")
    for trouble, times in sorted(outcome.record.times.items()):
        click.echo(f"    {times:3} x {trouble}")
    click.echo(f"  settled after {outcome.settled_after:.1f} s; exit codes {outcome.stopped}")
    click.echo("\n".join(outcome.tally.lines()))
    click.echo("  GOOD" if outcome.tally.good else "  BAD")


if __name__ == "__main__":
    chaos()
