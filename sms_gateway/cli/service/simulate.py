"""`sms-gateway simulate`: the simulated carrier alone."""

from __future__ import annotations

import errno
import json
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import click

from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.manual import Manual
from sms_gateway.demo.simulator import Bubble, Conversation, Direction, Simulator
from sms_gateway.demo.simulator.player import make_simulator, play
from sms_gateway.demo.simulator.scenario import Scenario, ScenarioFaultyError, read_scenario
from sms_gateway.process.startup import stop_signals

LOOK_SECONDS = 0.3
"""How often the end of the command is looked for."""


@click.command(cls=Manual)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=2775,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--system-id", help="The only system_id that may bind.  [default: any]")
@click.option("--password", help="The only password that may bind; made up, since others can see it.  [default: any]")
@click.option("--from", "subscriber", default="84905123456", show_default=True, help="The citizen's number.")
@click.option("--to", "short_code", default="8188", show_default=True, help="The short code that is texted to.")
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(path_type=Path),
    help="TOML file that says what citizens send and what goes wrong; prints a summary as JSON, and ends.",
)
@click.pass_context
def simulate(
    context: click.Context,
    *,
    host: str,
    port: int,
    system_id: str | None,
    password: str | None,
    subscriber: str,
    short_code: str,
    scenario_file: Path | None,
) -> None:
    """Run the simulated carrier (SMSC) alone.

    Speaks SMPP 3.4: takes binds, sends receipts, and sends again what the gateway did not take. Each line typed is
    sent as one text of a citizen, and each answer is printed with its segments, its encoding and its receipt.
    Nothing leaves the machine. At the end of the input it goes on until Ctrl-C or SIGTERM.

    With --scenario it waits for a bind, plays the file (docs/smpp.md), prints what came of it as JSON, and ends.

    Example:
      sms-gateway simulate --port 2775
      sms-gateway simulate --scenario storm.toml > summary.json
      echo "HD" | sms-gateway simulate --from 84905000111

    Exit codes:
      0  stopped by Ctrl-C or SIGTERM; with --scenario: every text was acknowledged and answered
      1  cannot listen on that port; with --scenario: nobody bound, or not every text was answered
      2  the command line or the scenario is wrong
    """
    scenario = None if scenario_file is None else _read(scenario_file, system_id, password)
    try:
        if scenario is None:
            simulator = Simulator(host, port, system_id=system_id, password=password)
        else:
            simulator = make_simulator(scenario, host, port)
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "unknown")
        raise Stop(f"cannot listen on {host} port {port} ({code}); fix: name another --port") from error
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    with ExitStack() as at_end:
        for number in stop_signals():
            at_end.callback(signal.signal, number, signal.signal(number, ask))
        simulator.start()
        at_end.callback(simulator.stop)
        if scenario is not None:
            context.exit(_play(scenario, simulator, asked))
        click.echo(f"The simulated SMSC listens on {host} port {simulator.port}; each line is sent as {subscriber}.")
        threading.Thread(target=_send_lines, args=(simulator, subscriber, short_code), daemon=True).start()
        _show_answers(simulator, subscriber, asked)


def _read(file: Path, system_id: str | None, password: str | None) -> Scenario:
    try:
        scenario = read_scenario(file)
    except ScenarioFaultyError as error:
        raise click.UsageError(f"the scenario cannot be played: {error}") from error
    given = {"system_id": system_id, "password": password}
    return scenario.model_copy(update={name: value for name, value in given.items() if value is not None})


def _play(scenario: Scenario, simulator: Simulator, asked: threading.Event) -> int:
    click.echo(f"The simulated SMSC listens on port {simulator.port} and waits for a bind.", err=True)
    try:
        summary = play(scenario, simulator, asked)
    except TimeoutError as error:
        raise Stop(f"{error}; fix: let the gateway bind to port {simulator.port}") from error
    click.echo(json.dumps(summary.as_dict(), indent=2))
    return 0 if summary.complete or not scenario.expect_answers else 1


def _send_lines(simulator: Simulator, subscriber: str, short_code: str) -> None:
    # Unbuffered: a thread that waits inside the buffer would hold its lock and make the interpreter's end abort.
    stdin = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
    for line in stdin:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text:
            simulator.send_text(subscriber, short_code, text)


def _show_answers(simulator: Simulator, subscriber: str, asked: threading.Event) -> None:
    """Print each answer once it is there, and once more when its receipt is."""
    shown: dict[int, Bubble] = {}

    def has_news(conversation: Conversation) -> bool:
        return any(bubble.direction is Direction.MT and shown.get(bubble.id) != bubble for bubble in conversation)

    while not asked.is_set():
        try:
            conversation = simulator.wait_for(subscriber, has_news, LOOK_SECONDS)
        except TimeoutError:
            continue
        for bubble in conversation:
            if bubble.direction is Direction.MT and shown.get(bubble.id) != bubble:
                click.echo(_line(bubble, is_new=bubble.id not in shown))
                shown[bubble.id] = bubble


def _line(bubble: Bubble, *, is_new: bool) -> str:
    receipt = bubble.receipt.value if bubble.receipt else "no receipt yet"
    if not is_new:
        return f"  {bubble.short_code} #{bubble.id}: {receipt}"
    size = f"{bubble.segments} segment{'s' if bubble.segments > 1 else ''} {bubble.encoding.name}"
    return f"{bubble.short_code} #{bubble.id} [{size}, {receipt}]: {bubble.text}"
