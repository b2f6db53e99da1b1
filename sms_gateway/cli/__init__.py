"""The command line: `sms-gateway COMMAND`, one command or command group a file.

Each command's module is imported when the command is called: SQLAlchemy, Alembic and Flask together take most of a
second, which `sms-gateway parse` in a pipe or a shell's completion should not wait for.
"""

from __future__ import annotations

import errno
import gc
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType

import click

from sms_gateway import __version__
from sms_gateway.cli.manual import ManualGroup

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("service.demo:demo", "Start everything on this machine, with a simulated carrier."),
    "init": ("init.command:init", "Make settings, secrets, keys, database and the first administrator."),
    "serve": ("service.serve:serve", "Run the gateway."),
    "check": ("service.check:check", "Try settings, key file, database and links; explain settings."),
    "check-link": ("service.check_link:check_link", "Try one link as a carrier's acceptance test does."),
    "parse": ("parse:parse", "Show what texts are taken for."),
    "file": ("file:file", "Show how texts are filed: to which ticket, by which rule."),
    "simulate": ("service.simulate:simulate", "Play a carrier (SMSC), or with --network an aggregator."),
    "db": ("data.database:db", "Manage the database: schema, backups, copies."),
    "messages": ("data.messages:messages", "Manage texts that could not be handled."),
    "dossiers": ("data.dossiers:dossiers", "Import dossiers."),
    "alarm": ("service.alarm:alarm", "Try the ways on which people on duty are told of alarms."),
    "counts": ("data.counts:counts", "Print the counts of a day, for the city's statistics."),
    "lookups": ("data.lookups:lookups", "Manage own look-up tables and own answers."),
    "operators": ("data.operators:operators", "Manage the people who may log in."),
    "service": ("data.services:service", "Switch services of citizens off for now, and on again."),
    "block": ("data.block:block", "Manage the numbers that get no answer."),
    "person": ("data.person:person", "Export or erase what is stored of one person."),
    "api-clients": ("data.api_clients:api_clients", "Manage the keys of systems that call the back office."),
    "tokens": ("data.tokens:tokens", "Manage the tokens that open the API of a provider."),
    "keys": ("data.keys:keys", "Manage the keys that encrypt personal data."),
    "audit": ("data.audit:audit", "Check the log of what operators did."),
}
"""Every command: where it is, and its line in the list; in the order in which a newcomer needs them."""


class Commands(ManualGroup):
    """Know the commands by name and load the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every name, in the table's order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is none of this name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(_loaded(f"sms_gateway.cli.{module}"), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name][0]} is no command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names; for an unknown one propose those that are written alike."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], COMMANDS)
            if not near:
                raise
            raise click.UsageError(f"No such command '{args[0]}'. Did you mean {' or '.join(near)}?", ctx) from error

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what no command expected ends with one readable line and exit code 1, without data."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has enough; click ends quietly
                raise
            from sms_gateway.cli.remedies import told_of_system  # noqa: PLC0415 - brings SQLAlchemy, which only a fault needs

            raise click.ClickException(told_of_system(error, "cannot be used")) from error
        except MemoryError as error:  # also while the command's modules are loaded
            from sms_gateway.cli.remedies import MEMORY  # noqa: PLC0415 - brings SQLAlchemy, which only a fault needs

            raise click.ClickException(f"there is too little memory; fix: {MEMORY}") from error
        except Exception as error:
            from sms_gateway.log import describe  # noqa: PLC0415 - brings pydantic, which only a fault needs

            fix = "report this line, which holds no personal data, to the maintainers"
            raise click.ClickException(f"this is a fault of the program: {describe(error)}; fix: {fix}") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _loaded(name: str) -> ModuleType:
    """Import a module without looking for cycles meanwhile: what it makes stays, and the search takes a seventh."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        if was_on:
            gc.enable()


@click.group(cls=Commands, context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sms-gateway")
def main() -> None:
    """Answer citizens who text commands to a short code, by SMPP or HTTP.

    Start with `demo`. `sms-gateway COMMAND --help` is the manual of each command.

    Example:
      sms-gateway demo
      sms-gateway parse "DVC 000.00.12.H17-230815-0007"
      sms-gateway serve --config gateway.toml

    Exit codes of every command:
      0  done
      1  could not be done; the reason is on standard error
      2  the command line or the settings are wrong; nothing was done
    """
