"""Every unsafe setting is told with its mend, and safe ones are not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from sms_gateway.settings.conflicts import cautions
from sms_gateway.settings.model import Settings

LINK = {"host": "10.1.2.3", "system_id": "gateway", "password": "k3h9xmq2"}
CHANNEL = {"secret": "4f0c9a1be7d25836", "reply_link": "main"}


def settings(**sections: Any) -> Settings:
    return Settings.model_validate({"links": {"main": LINK}, "channels": {"agg": CHANNEL}} | sections)


UNSAFE = [
    ("open net", {"links": {"main": LINK | {"host": "8.8.8.8"}}}, "links.main.host: the bind's password and every"),
    ("a public name", {"links": {"main": LINK | {"host": "smsc.example.vn"}}}, "links.main.host: the bind's password"),
    (
        "its own name as password",
        {"links": {"main": LINK | {"host": "smsc", "password": "gateway"}}},
        None,
    ),
    (
        "its own name as password over TLS",
        {"links": {"main": LINK | {"host": "smsc.example.vn", "tls": True, "password": "gateway"}}},
        "links.main.password: can be guessed; mend: ask the carrier",
    ),
    (
        "a word everybody tries",
        {"channels": {"agg": CHANNEL | {"secret": "changeme-changeme"}}},
        "channels.agg.secret: can be guessed; mend: make a random one",
    ),
    ("few signs", {"channels": {"agg": CHANNEL | {"secret": "1212121212121212"}}}, "channels.agg.secret: can be"),
    (
        "a database over the network",
        {"database": {"url": "postgresql+psycopg://gw@db.example/gw"}},
        "database.url: receipt codes and marks cross the network to the database in clear",
    ),
    (
        "a database over TLS that anybody may answer",
        {"database": {"url": "postgresql+psycopg://gw@db.example/gw?sslmode=require"}},
        "database.url: receipt codes",
    ),
    ("a database with TLS", {"database": {"url": "postgresql+psycopg://gw@db.example/gw?sslmode=verify-full"}}, None),
    ("a database here", {"database": {"url": "postgresql+psycopg://gw@127.0.0.1/gw"}}, None),
    ("a database's socket", {"database": {"url": "postgresql+psycopg://gw@/gw"}}, None),
    ("many guesses", {"limits": {"misses_per_day": 21}}, "limits.misses_per_day: lets one phone try"),
    ("many codes", {"limits": {"codes_per_day": 21}}, "limits.codes_per_day: lets one phone try"),
    ("short traces", {"retention": {"trace_days": 90}}, "retention.trace_days: is less than the 12 months"),
    ("an inner name", {"links": {"main": LINK | {"host": "smsc"}}}, None),
    ("inner IPv6", {"links": {"main": LINK | {"host": "fd00::1"}}}, None),
    ("outer IPv6", {"links": {"main": LINK | {"host": "2001:4860:4860::8888"}}}, "links.main.host: the bind's"),
    ("over TLS", {"links": {"main": LINK | {"host": "smsc.example.vn", "tls": True}}}, None),
]


@pytest.mark.parametrize(("sections", "expected"), [case[1:] for case in UNSAFE], ids=[case[0] for case in UNSAFE])
def test_unsafe_settings_are_told(sections: dict[str, Any], expected: str | None) -> None:
    told = [str(caution) for caution in cautions(settings(**sections))]
    assert [one[: len(expected or "")] for one in told] == ([expected] if expected else [])
    assert not any(secret in one for one in told for secret in ("k3h9xmq2", "4f0c9a1b", "changeme", "1212"))


def test_a_database_file_that_every_user_can_read_is_told(tmp_path: Path) -> None:
    with TemporaryDirectory(dir="/tmp") as directory:
        path = Path(directory) / "gateway.db"
        path.touch()
        path.chmod(0o644)
        found = settings(database={"url": f"sqlite:///{path}"})
        assert cautions(found) == []  # nobody else can pass the directory
        Path(directory).chmod(0o755)
        (told,) = map(str, cautions(found))
        assert told == f"database.url: every user of this machine can read gateway.db; mend: chmod 600 {path}"
        path.chmod(0o640)
        assert cautions(found) == []
    assert cautions(settings(database={"url": f"sqlite:///{tmp_path / 'none.db'}"})) == []
