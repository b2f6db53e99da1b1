"""How a service reports that it could not start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sms_gateway.cli.command_context import Stop, told_plainly
from sms_gateway.process.startup import CannotStartError
from sms_gateway.settings.model import DatabaseSettings


@contextmanager
def started_plainly(database: DatabaseSettings) -> Iterator[None]:
    """Turn what keeps a service from starting, and an operator can fix, into Stop."""
    try:
        with told_plainly(database):
            yield
    except CannotStartError as error:
        raise Stop(str(error)) from error
