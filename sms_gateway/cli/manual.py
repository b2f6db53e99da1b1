"""Help as a manual: paragraphs are wrapped, blocks with indented lines (examples, exit codes) are kept as written."""

from __future__ import annotations

import inspect

import click


def write_manual(text: str, formatter: click.HelpFormatter) -> None:
    """Write a docstring block by block."""
    for block in inspect.cleandoc(text).split("\n\n"):
        formatter.write_paragraph()
        with formatter.indentation():
            if "\n " in block:
                for line in block.splitlines():
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")
            else:
                formatter.write_text(block.replace("\n", " "))


class Manual(click.Command):
    """A command whose docstring is its manual."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the manual."""
        del ctx
        write_manual(self.help or "", formatter)


class ManualGroup(click.Group):
    """A group whose docstring is its manual, as those of its commands are."""

    command_class = Manual

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the manual."""
        del ctx
        write_manual(self.help or "", formatter)
