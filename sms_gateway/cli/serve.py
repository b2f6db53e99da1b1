"""`sms-gateway serve`."""

from __future__ import annotations

from pathlib import Path

import click

from sms_gateway import wiring
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.opened import config_option, settings_from
from sms_gateway.cli.running import started_plainly


@click.command(cls=Manual)
@config_option
@click.pass_context
def serve(context: click.Context, config: Path | None) -> None:
    """Run the gateway.

    Binds every link of the settings, opens the HTTP doors and the operators' pages, and answers. Needs a database
    of the right revision: run `sms-gateway db upgrade` first, and `sms-gateway check` to try everything else.
    SIGTERM or Ctrl-C drains and stops; what is not settled by then is taken up at the next start.

    Example:
      sms-gateway db upgrade --config gateway.toml
      sms-gateway serve --config gateway.toml

    Exit codes:
      0  stopped by SIGTERM or Ctrl-C
      1  could not start (database, key file, port), or a part of it died
      2  the command line or the settings are wrong; every fault is told with its mend
    """
    settings = settings_from(config)
    with started_plainly(settings.database):
        code = wiring.serve(settings)
    context.exit(code)
