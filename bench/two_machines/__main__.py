"""`python -m bench.two_machines`: let machines, processes and the network fail. `make test-two-machines` runs it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from bench.chaos.rig import raise_limits
from bench.two_machines.network import Network
from bench.two_machines.run import Outcome, run
from bench.two_machines.troubles import ASYNCHRONOUS, TROUBLES

_HEAD = (
    "| commits | what fails | texts | longest pause between answers, s | lost | doubled, not marked | doubled, marked |"
)
_LINE = "|---|---|---:|---:|---:|---:|---:|"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rate", default=50.0, show_default=True, help="Texts a second.")
@click.option("--trouble", "names", type=click.Choice(list(TROUBLES)), multiple=True, help="Only this one; repeatable.")
@click.option("--commits", type=click.Choice(["wait", "do not wait", "both"]), default="both", show_default=True)
@click.option("--keep", is_flag=True, help="Keep the logs and say where they are.")
def two_machines(rate: float, names: Sequence[str], commits: str, *, keep: bool) -> None:
    """Run a gateway and a PostgreSQL on each of two machines, and let things fail under load.

    The machines are network namespaces, so it needs root and iproute2. Everything that it starts ends with it. Prints
    the table. The exit code is 1 when a text was lost or done twice without a mark although commits wait for the
    standby.
    """
    if os.geteuid() != 0 or shutil.which("bridge") is None:
        raise click.ClickException("network namespaces need root and iproute2 (apt-get install iproute2)")
    signal.signal(signal.SIGTERM, _end)
    raise_limits()
    wanted = names or tuple(TROUBLES)
    turns = [(True, name) for name in wanted if commits != "do not wait"]
    turns += [(False, name) for name in wanted if commits != "wait" and (name in ASYNCHRONOUS or names)]
    click.echo(f"{_HEAD}\n{_LINE}")
    outcomes = [_turn(name, rate, waits=waits, keep=keep) for waits, name in turns]
    good = all(outcome.good for (waits, _), outcome in zip(turns, outcomes, strict=True) if waits)
    sys.exit(0 if good else 1)


def _turn(name: str, rate: float, *, waits: bool, keep: bool) -> Outcome:
    directory = Path(tempfile.mkdtemp(prefix="sms-two-machines-"))
    directory.chmod(0o755)
    try:
        with Network() as network:
            outcome = run(network, directory, TROUBLES[name].happen, rate=rate, waits=waits)
    finally:
        if keep:
            click.echo(f"kept: {directory}", err=True)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    tally = outcome.tally
    cells = [
        "wait for the standby" if waits else "do not wait",
        TROUBLES[name].words,
        f"{tally.sent:,}",
        f"{outcome.pause:.1f}",
        f"{outcome.lost:,}",
        f"{tally.doubled_unmarked + tally.effects_doubled:,}",
        f"{tally.doubled_marked:,}",
    ]
    click.echo(f"| {' | '.join(cells)} |")
    if not outcome.good:
        click.echo("\n".join(tally.lines()), err=True)
    return outcome


def _end(number: int, frame: FrameType | None) -> None:
    """End as after Ctrl-C, so that everything is removed."""
    del number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    two_machines()
