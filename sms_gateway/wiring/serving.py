"""Serving: run the service until a signal stops it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from threading import Event

from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.process.startup import await_server, demand_sqlite_alone, listen_for_stop, opened
from sms_gateway.process.tuning.cpu_affinity import on_one_core
from sms_gateway.process.tuning.interpreter import calm_collector, share_fairly
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.gateway import ALL_ROLES, Gateway, Role

_LOG = logger_of(__name__)

_LOOK_SECONDS = 0.5


def watch(gateway: Gateway, asked: Event) -> int:
    """Run until the event is set, then stop in order and return 0; return 1 when a part died.

    Unfinished work stays as rows, and the next start goes on with it. This is no failure.
    """
    dead: list[str] = []
    while not dead and not asked.wait(_LOOK_SECONDS):
        dead = gateway.dead_parts()
    for name in dead:
        event(_LOG, "part_failed", level="error", part=name)
    started = monotonic()
    finished = gateway.stop()
    event(_LOG, "stopped", seconds=monotonic() - started, finished=finished)
    return int(bool(dead))


def _stays_together(settings: Settings, roles: Collection[Role]) -> bool:
    """Return whether all threads use one core. Several processes do not: they would all choose the same core."""
    return settings.process.tuning and frozenset(roles) == ALL_ROLES


def serve(settings: Settings, roles: Collection[Role] = ALL_ROLES) -> int:
    """Run the service until SIGTERM or Ctrl-C; return the exit code.

    Waits until PostgreSQL answers. Raises CannotStartError, KeyFileError or WrongRevisionError before anything is
    started.
    """
    asked = listen_for_stop()
    if not await_server(settings.database.address, asked):
        return 0
    with opened(settings) as database:
        demand_sqlite_alone(database, every_role=frozenset(roles) == ALL_ROLES)
        with on_one_core() if _stays_together(settings, roles) else nullcontext():
            gateway = Gateway(settings, database, roles=roles)
            if settings.process.tuning:
                calm_collector()  # before the first text can come, which would wait for it
                share_fairly()
            gateway.start()
        port = gateway.web.port if gateway.web else None
        event(_LOG, "serving", links=len(settings.links), channels=len(settings.channels), port=port)
        return watch(gateway, asked)
