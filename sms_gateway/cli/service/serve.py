"""`sms-gateway serve`."""

from __future__ import annotations

from pathlib import Path

import click

from sms_gateway.cli.command_context import config_option, settings_from
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.start_failure import started_plainly
from sms_gateway.wiring import gateway, serving


def _read_roles(context: click.Context, parameter: click.Parameter, value: str | None) -> frozenset[gateway.Role]:
    """Read `links,web`; the empty choice is all of them."""
    del context, parameter
    if value is None:
        return gateway.ALL_ROLES
    known = {role.value for role in gateway.Role}
    names = [name.strip() for name in value.split(",")]
    wrong = [name for name in names if name not in known]
    if wrong:
        raise click.BadParameter(f"{', '.join(wrong) or 'nothing'}: choose among {', '.join(sorted(known))}")
    return frozenset(gateway.Role(name) for name in names)


@click.command(cls=Manual)
@click.option(
    "--roles",
    metavar="ROLE,…",
    callback=_read_roles,
    help="Duties of this process: links, dispatch, web, schedule.  [default: all]",
)
@config_option
@click.pass_context
def serve(context: click.Context, config: Path | None, roles: frozenset[gateway.Role]) -> None:
    """Run the gateway.

    Binds every link of the settings, opens the HTTP endpoints and the operators' pages, and answers. Needs a database
    of the right revision: run `sms-gateway db upgrade` first, and `sms-gateway check` to try everything else.
    SIGTERM, Ctrl-C or SIGHUP drains and stops; what is not settled by then is taken up at the next start. While
    PostgreSQL does not answer at the start, it waits and says so.

    On SQLite one process does everything. On PostgreSQL several may share the work: each link and the schedule is
    done by one of the processes with that role, and another takes over when it ends (see docs/scaling.md).

    Example:
      sms-gateway db upgrade --config gateway.toml
      sms-gateway serve --config gateway.toml
      sms-gateway serve --config gateway.toml --roles links,dispatch

    Exit codes:
      0  stopped by SIGTERM, Ctrl-C or SIGHUP, also when a carrier still owes responses
      1  could not start (database, key file, port), a part of it died, or its database was lost
      2  the command line or the settings are wrong; every fault is told with its fix
    """
    settings = settings_from(config)
    with started_plainly(settings.database):
        code = serving.serve(settings, roles)
    context.exit(code)
