"""`sms-gateway simulate`: the simulated carrier alone."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from sms_gateway.cli.command_context import Stop, config_option
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.service.simulate_network import NetworkPlay, play_network
from sms_gateway.cli.service.typed_texts import carry_typed_texts, listening, stop_asked
from sms_gateway.demo.provider.faults import Play
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.player import make_simulator, play
from sms_gateway.demo.simulator.scenario import Scenario, ScenarioFaultyError, read_scenario

DEFAULT_PORT = 2775
"""What IANA lists for SMPP."""


@click.command(cls=Manual)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.  [default: 2775; with --network the port of send_url]",
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
@click.option("--network", help="Play a provider of this network by HTTP, in place of an SMSC.")
@click.option("--channel", help="With --network: the channel of the settings.  [default: the only one of the network]")
@config_option
@click.option("--gateway", help="With --network: address of the gateway.  [default: http://127.0.0.1 and web.port]")
@click.option(
    "--play",
    type=click.Choice([play.value for play in Play]),
    default=Play.NORMAL.value,
    show_default=True,
    help="With --network: how the provider behaves.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="With --play: the share of requests to which it happens.",
)
@click.pass_context
def simulate(
    context: click.Context,
    /,
    *,
    host: str,
    port: int | None,
    system_id: str | None,
    password: str | None,
    subscriber: str,
    short_code: str,
    scenario_file: Path | None,
    **by_http: Any,
) -> None:
    """Play a carrier (SMSC), or with --network an aggregator.

    Speaks SMPP 3.4: takes binds, sends receipts, and sends again what the gateway did not take. Each line typed is
    sent as one text of a citizen, and each answer is printed with its segments, its encoding and its receipt.
    Nothing leaves the machine. At the end of the input it goes on until Ctrl-C or SIGTERM.

    With --scenario it waits for a bind, plays the file (docs/smpp.md), prints what came of it as JSON, and ends.

    With --network it plays a provider by HTTP, for example to reproduce a fault. The settings are those of the
    gateway: the channel names its fields and secrets, and the provider listens at its send_url, which must be on
    this machine. It sends each line as a text, takes answers, and sends delivery reports. A network that sends
    answers only, such as viettel, brings the texts of the channel whose reply_link names it. At the end it prints
    what it counted as JSON.

    What --play may be:
      normal     takes every answer and reports it as delivered
      slow       responds after 15 seconds
      cut        takes the answer, and closes the connection in place of a response
      500        responds with HTTP 500 and takes nothing
      portal     responds with HTTP 200 and a page of HTML, as a captive portal does; takes nothing
      duplicate  sends every text and every report a second time

    Example:
      sms-gateway simulate --port 2775
      sms-gateway simulate --scenario storm.toml > summary.json
      echo "HD" | sms-gateway simulate --from 84905000111
      sms-gateway simulate --network plain --config test.toml
      sms-gateway simulate --network plain --channel agg --play cut --share 0.2

    Exit codes:
      0  stopped by Ctrl-C or SIGTERM; with --scenario: every text was acknowledged and answered
      1  cannot listen on that port; with --scenario: nobody bound, or not every text was answered;
         with --network: no channel of the settings fits
      2  the command line or the scenario is wrong
    """
    if by_http["network"] is not None:
        if scenario_file or system_id or password:
            raise click.UsageError("--scenario, --system-id and --password are of SMPP; leave them out with --network")
        play_network(NetworkPlay(host=host, port=port, subscriber=subscriber, short_code=short_code, **by_http))
        return
    scenario = None if scenario_file is None else _read(scenario_file, system_id, password)
    wanted = DEFAULT_PORT if port is None else port
    with listening(host, wanted):
        if scenario is None:
            simulator = Simulator(host, wanted, system_id=system_id, password=password)
        else:
            simulator = make_simulator(scenario, host, wanted)
    with stop_asked() as asked, ExitStack() as at_end:
        simulator.start()
        at_end.callback(simulator.stop)
        if scenario is not None:
            context.exit(_play(scenario, simulator, asked))
        click.echo(f"The simulated SMSC listens on {host} port {simulator.port}; each line is sent as {subscriber}.")
        carry_typed_texts(simulator, subscriber, short_code, asked)


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
