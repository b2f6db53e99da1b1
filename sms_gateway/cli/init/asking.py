"""The questions of `init`: an answer is an option, what a person types, or the default; each is checked at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.remedies import told_of_system
from sms_gateway.settings.checks.secret_files import read_secret
from sms_gateway.settings.faults import Fault

Check = Callable[[str], str | None]
"""Says what is wrong with an answer and how to fix it; None for a good one."""

STANDARD_INPUT = "-"


def anything(answer: str) -> str | None:
    """Take every answer."""
    del answer
    return None


def text_fault(answer: str) -> str | None:
    """Say that an answer holds octets that are no UTF-8, which no settings file may hold."""
    try:
        answer.encode("utf-8")
    except UnicodeEncodeError:
        return "is no text of UTF-8; fix: write it again, with the encoding of the terminal set to UTF-8"
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Asks, or with `--yes` takes what the options say and else the defaults."""

    given: Mapping[str, str]  # by the option's name without its hyphens: `short_code`
    asks: bool

    def ask(self, option: str, question: str, *, default: str | None, check: Check = anything) -> str:
        """Return a good answer; a wrong one of a person is asked for again. Raises BadParameter."""
        hint = f"--{option.replace('_', '-')}"
        given = self.given.get(option)
        if given is not None or not self.asks:
            answer = default if given is None else given.strip()
            if answer is None:
                raise click.BadParameter(f"is needed with --yes: {question}", param_hint=hint)
            wrong = text_fault(answer) or check(answer)
            if wrong is not None:
                raise click.BadParameter(wrong, param_hint=hint)
            return answer
        while True:
            answer = str(click.prompt(question, default=default or "", show_default=bool(default), err=True)).strip()
            is_missing = not answer and default is None
            wrong = "is needed; fix: write it" if is_missing else text_fault(answer) or check(answer)
            if wrong is None:
                return answer
            click.echo(f"  {wrong}", err=True)

    def ask_secret(self, option: str, question: str, *, check: Check = anything) -> str:
        """Return a secret: the first line of a file that the option names, or what is typed without being shown.

        Empty where none was given. Raises BadParameter, Stop.
        """
        hint = f"--{option.replace('_', '-')}"
        given = self.given.get(option)
        if given is not None:
            secret = _from_file(given)
            wrong = text_fault(secret) or check(secret)
            if wrong is not None:
                raise click.BadParameter(wrong, param_hint=hint)
            return secret
        if not self.asks:
            return ""
        while True:
            secret = str(click.prompt(question, default="", show_default=False, hide_input=True, err=True)).strip()
            wrong = text_fault(secret) or check(secret)
            if wrong is None:
                return secret
            click.echo(f"  {wrong}", err=True)

    def say(self, line: str) -> None:
        """Show a line to the person who is asked."""
        click.echo(line, err=True)

    def agrees(self, question: str, *, default: bool) -> bool:
        """Return whether a person agrees; with --yes the default."""
        return click.confirm(question, default=default, err=True) if self.asks else default


def _from_file(name: str) -> str:
    if name == STANDARD_INPUT:
        return sys.stdin.readline().strip()
    try:
        secret = read_secret(Path(name), name)
    except OSError as error:
        raise Stop(told_of_system(error, "cannot be read")) from error
    if isinstance(secret, Fault):
        raise Stop(str(secret))
    return secret
