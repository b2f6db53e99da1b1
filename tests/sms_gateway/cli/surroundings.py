"""What the tests of commands share: the process's logging put back, and a run of the command line."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from functools import cache
from pathlib import Path

import click
from click.testing import CliRunner, Result

from sms_gateway.cli import main


@contextmanager
def logging_kept() -> Iterator[None]:
    """Put back what sms_gateway.log.setup changes in the process."""
    names = ["", "sms_gateway", "handlers", "parsers", "db", "wsgi"]
    levels = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    handlers = list(logging.getLogger().handlers)
    hooks = sys.excepthook, threading.excepthook, logging.raiseExceptions
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        logging.getLogger().handlers[:] = handlers
        sys.excepthook, threading.excepthook, logging.raiseExceptions = hooks
        for logger, level in levels:
            logger.setLevel(level)


def run(*arguments: str, given: str | bytes = "") -> Result:
    """Run `sms-gateway` in this process."""
    return CliRunner().invoke(main, list(arguments), input=given)


def begin() -> None:
    """Have what `db upgrade` makes in an empty directory: the database and its keys, made once in a process."""
    if any(name.startswith("SMS_GATEWAY_DATABASE") for name in os.environ) or Path("gateway.toml").exists():
        assert run("db", "upgrade").exit_code == 0
    else:
        shutil.copytree(_made(), "var")


@cache
def _made() -> Path:
    kept = Path(tempfile.mkdtemp(prefix="sms-gateway-var-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    with chdir(kept):
        assert run("db", "upgrade").exit_code == 0
    return kept / "var"


def every_command() -> Iterator[tuple[str, ...]]:
    """Return the words of every command and group."""
    yield ()
    context = click.Context(main)
    for name in main.list_commands(context):
        yield (name,)
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)
