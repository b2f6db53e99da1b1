"""`python -m bench.chaos`: kill the gateway, starve it, cut it off, and count every text. `make chaos` runs it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bench.chaos.rig import Home, PostgresHome, Rig, SqliteHome, raise_limits
from bench.chaos.run import Outcome, run
from sms_gateway.smpp.simulator import Faults

FAULTS = Faults(response_delay=0.02, receipt_delay=0.1, retry_delay=0.3, window=50, lose_share=0.002)
"""Of the simulated carrier: every five-hundredth answer is taken without a response."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def chaos() -> None:
    """Kill the gateway, starve it, cut it off, and count every text."""


@chaos.command("run")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--processes", type=click.IntRange(1, 4), default=1, show_default=True, help="more than one: PostgreSQL")
@click.option("--texts", default=2000, show_default=True, help="Texts of citizens, at least.")
@click.option("--rate", default=100.0, show_default=True, help="Texts a second.")
@click.option("--kills", default=20, show_default=True, help="Half at the steps' boundaries, half at random.")
@click.option("--window", default=10, show_default=True, help="The link's window.")
@click.option("--seed", default=1, show_default=True, help="Decides what happens when.")
@click.option("--keep", is_flag=True, help="Keep the logs and say where they are.")
@click.pass_context
def run_command(  # noqa: PLR0917 - one a option
    context: click.Context,
    database: str,
    processes: int,
    texts: int,
    rate: float,
    kills: int,
    window: int,
    seed: int,
    keep: bool,  # noqa: FBT001 - click gives a flag so
) -> None:
    """Run the gateway through everything and print the table; exit 1 when a text was lost or done twice."""
    raise_limits()
    with _directory(keep=keep) as name:
        home: Home = SqliteHome(name) if database == "sqlite" else PostgresHome()
        rig = Rig(name, home, roles=[None] * processes, window=window, faults=FAULTS)
        try:
            outcome = run(rig, texts=texts, rate=rate, kills=kills, seed=seed)
        finally:
            rig.close()
        show(f"{database}, {processes} process(es), window {window}, seed {seed}", outcome)
    context.exit(0 if outcome.tally.good else 1)


@contextmanager
def _directory(*, keep: bool) -> Iterator[Path]:
    name = Path(tempfile.mkdtemp(prefix="sms-chaos-"))
    yield name
    if keep:
        click.echo(f"kept: {name}")
    else:
        shutil.rmtree(name, ignore_errors=True)


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
