"""The page of commands: what `sms-gateway COMMAND --help` prints, for each command."""

from __future__ import annotations

from collections.abc import Iterator

import click

from sms_gateway.cli import main

WIDTH = 100
"""Of a line in a block of code; also the widest that the command line itself prints."""

_HEAD = """\
# Commands

This page is the reference of the command line: what `--help` prints for each command. The
[operating manual](../operating.md) shows them in use. `--config FILE` names the settings, as does the variable
`SMS_GATEWAY_CONFIG`.
"""


def page() -> str:
    """Return docs/reference/commands.md."""
    context = click.Context(main, info_name="sms-gateway", terminal_width=WIDTH, **main.context_settings)
    return "\n".join([_HEAD, *_sections(main, context)])


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    depth = context.command_path.count(" ")
    yield f"{'#' * min(depth + 2, 4)} {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _sections(inner, click.Context(inner, info_name=name, parent=context, terminal_width=WIDTH))
