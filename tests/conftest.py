"""Fixtures for every test: a migrated database, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from db.schema import metadata
from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from db.upkeep.revision import upgrade
from sms_gateway.demo.service import started
from tests.alike import make_alike, share_statements
from tests.migrated import template
from tests.postgres import Databases, Postgres, running_postgres
from tests.tables import pytest_pycollect_makeitem

__all__ = ["pytest_pycollect_makeitem"]  # a hook

UNCOUNTED = {"bench", "browser"}
"""Folders of tests that repeat the same lines many times: counting lines there would double their time."""

ON_SQLITE_FIRST = {
    ("sms_gateway", "alarms"),
    ("handlers", "conversation"),
    ("sms_gateway", "back_office"),
    ("sms_gateway", "back_office_api"),
    ("sms_gateway", "channels"),
    ("sms_gateway", "pages"),
    ("sms_gateway", "pipeline", "dispatch"),
    ("sms_gateway", "web"),
}
"""Folders whose tests run on PostgreSQL in the long run only: their queries are in `db`, whose tests run on both."""

CONNECT_SECONDS = 60
"""A busy test machine may let a new connection wait for seconds; that is no fault of what is tested."""


RARELY = (20_000, 10, 50)
"""When the collector looks for cycles; as often as Python does by itself, that takes an eighth of the time."""


EXAMPLES = 40
"""Of each law in the short run, where its test names no number; the long run draws a hundred, as hypothesis does."""

LONGEST = {"test_docs_tutorial.py", "test_sms_gateway_canaries.py", "test_docs_install.py", "test_docs_first_answer.py"}
"""Files of one long test, which begin first: begun last, one process would work alone while it lasts."""

MEMORY = "/dev/shm"
LEAST_ROOM = 2 * 2**30
"""Octets: the databases of the tests that run at a time, and those that are kept until the end, take a tenth."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep temporary files in memory, and compiled modules where the environment forbids to keep them.

    Each commit on SQLite waits until the disk has it. In memory nothing waits. Programs that tests start share their
    compiled modules. Nothing that is made while tests are collected goes away: looking for cycles takes a third there.
    """
    make_alike()
    if config.getoption("dist", "no") == "no":  # the process that hands tests to others collects none
        gc.disable()
    if "SMS_GATEWAY_TEST_LONG" not in os.environ:
        hypothesis.settings.register_profile("short", max_examples=EXAMPLES)
        hypothesis.settings.load_profile("short")
    if has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept = tempfile.TemporaryDirectory(prefix="sms-gateway-bytecode-", dir="/tmp")
        os.environ["PYTHONPYCACHEPREFIX"] = kept.name
        config.add_cleanup(kept.cleanup)


def has_room(directory: str) -> bool:
    """Return whether files of tests may be there: it is large enough, and programs may be started from it."""
    try:
        found = os.statvfs(directory)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize >= LEAST_ROOM and not found.f_flag & (os.ST_NOEXEC | os.ST_RDONLY)


def pytest_collection_finish() -> None:
    """Let the collector leave out what lives until the end: modules and hundreds of thousands of tests' values."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave long tests to `make test-long`, and count covered lines only where a test may be the first to run them.

    A test that is `long_on_postgresql` runs on SQLite only, but in the long run on both. So do those of the folders
    in `ON_SQLITE_FIRST`, unless they are marked `database_matters`.

    Counting doubles a test's time. A test that runs on both databases is counted on SQLite; the tests of `db` on both.
    """
    kept, left_out = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        folders = item.path.relative_to(item.config.rootpath).parts[1:-1]
        is_on_postgresql = isinstance(item, pytest.Function) and "postgresql" in item.name
        on_sqlite_first = item.get_closest_marker("long_on_postgresql") is not None
        matters = item.get_closest_marker("database_matters") is not None
        on_sqlite_first |= (
            any(folders[: len(one)] == one for one in ON_SQLITE_FIRST)
            and "database" in getattr(item, "fixturenames", ())
            and not matters
        )
        is_long = item.get_closest_marker("long") is not None or (on_sqlite_first and is_on_postgresql)
        if is_long and "SMS_GATEWAY_TEST_LONG" not in os.environ:
            left_out.append(item)
            continue
        kept.append(item)
        twice = is_on_postgresql and folders[:1] != ("db",)
        if twice or UNCOUNTED & set(folders):
            item.add_marker(pytest.mark.no_cover)
    items[:] = sorted(kept, key=lambda item: item.path.name not in LONGEST)
    if left_out:
        left_out[0].config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    return template()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, keyring: Keyring) -> str:
    url = postgres.create_database("template_gateway")
    database = open_database(url, keyring, connect_seconds=CONNECT_SECONDS)
    upgrade(database)
    database.close()
    return "template_gateway"


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite file of the test's own."""
    path = tmp_path / "gateway.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_database(sqlite_url: str, keyring: Keyring) -> Iterator[Database]:
    database = open_database(sqlite_url, keyring)
    share_statements(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_databases(postgres: Postgres, postgres_template: str) -> Databases:
    return Databases(postgres, postgres_template, metadata.tables.keys())


@pytest.fixture
def postgres_database(postgres: Postgres, postgres_databases: Databases, keyring: Keyring) -> Iterator[Database]:
    name = postgres_databases.take()
    database = open_database(f"{postgres.url}/{name}", keyring, connect_seconds=CONNECT_SECONDS)
    yield database
    database.close()
    postgres_databases.give_back(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """The database that a test gets by default: it runs twice."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    found = request.getfixturevalue(name)
    assert isinstance(found, Database)
    return found


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a whole running demo: gateway, simulated carrier, pages."""
    with started(tmp_path_factory.mktemp("demo"), 0) as demo:
        yield demo.address
        assert demo.gateway.dead_parts() == []
        assert demo.gateway.stop()
