"""A PostgreSQL of the benchmark's own, with fsync on as in earnest."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Self

import psycopg

from tests.postgres import Postgres


class Cluster:
    """A running cluster; gone when the block ends."""

    def __init__(self) -> None:
        self._server = Postgres()
        self.pid = os.getpid()  # its processes descend from ours

    def __enter__(self) -> Self:
        try:
            self._server.start()
        except BaseException:
            self._server.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.remove()

    def database(self, name: str) -> str:
        """Make a database and return its address as the gateway's settings write it."""
        return self._server.create_database(name)

    def analyze(self, name: str) -> None:
        """Let the planner know how large the tables are."""
        with psycopg.connect(self.plain_url(name), autocommit=True) as connection:
            connection.execute("ANALYZE")

    def plain_url(self, name: str) -> str:
        """Return the address of a database for the driver itself."""
        return f"{self._server.url.replace('+psycopg', '')}/{name}"
