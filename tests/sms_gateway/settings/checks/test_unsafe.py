"""Every unsafe setting is told with its fix, and safe ones are not."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from sms_gateway.settings.checks.conflicts import cautions
from sms_gateway.settings.model import Settings

LINK = {"host": "10.1.2.3", "system_id": "gateway", "password": "k3h9xmq2"}
BEHIND_TLS = {"secure_cookie": True, "trusted_proxies": ["10.0.0.2"], "hosts": ["sms.example"]}
GUESSED = {"url": "postgresql+psycopg://gateway@127.0.0.1/gw", "password": "gateway"}
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
        "links.main.password: can be guessed; fix: ask the carrier",
    ),
    (
        "a word everybody tries",
        {"channels": {"agg": CHANNEL | {"secret": "changeme-changeme"}}},
        "channels.agg.secret: can be guessed; fix: make a random one",
    ),
    ("a watched signature", {"channels": {"agg": CHANNEL | {"proof": "watch"}}}, "channels.agg.proof: is watch, so"),
    (
        "a path that can be guessed",
        {"channels": {"agg": CHANNEL | {"path_secret": "changeme-changeme"}}},
        "channels.agg.path_secret: can be guessed; fix: make",
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
    (
        "several databases, one of them not here",
        {"database": {"url": "postgresql+psycopg://gw@/gw?host=127.0.0.1:5432&host=db.example:5432"}},
        "database.url",
    ),
    ("a database's socket by a parameter", {"database": {"url": "postgresql+psycopg://gw@/gw?host=/run/pg"}}, None),
    ("a database here", {"database": {"url": "postgresql+psycopg://gw@127.0.0.1/gw"}}, None),
    ("a database's socket", {"database": {"url": "postgresql+psycopg://gw@/gw"}}, None),
    ("a database password that is its user", {"database": GUESSED}, "database.password: can be guessed; fix: make"),
    (
        "proxies that are a whole network",
        {"web": {"trusted_proxies": ["10.0.0.0/8"]}},
        "web.trusted_proxies: everybody in 10.0.0.0/8 may claim any address",
    ),
    (
        "administrators without a second factor",
        {"web": {"second_factor": ["operator"]}},
        "web.second_factor: the password alone opens the pages to an administrator",
    ),
    ("everybody with a second factor", {"web": {"second_factor": ["viewer", "operator", "administrator"]}}, None),
    ("proxies by their addresses", {"web": {"trusted_proxies": ["10.0.0.2", "fd00::/126"]}}, None),
    ("a proxy on this machine", {"web": {"trusted_proxies": ["::1"]}}, "web.trusted_proxies: names ::1: each program"),
    ("pages on an open address", {"web": {"host": "0.0.0.0"}}, "web.host: operators' passwords may cross the network"),
    ("pages on an open address behind TLS", {"web": BEHIND_TLS | {"host": "0.0.0.0"}}, None),
    (
        "a proxy that is not named",
        {"web": BEHIND_TLS | {"trusted_proxies": []}},
        "web.trusted_proxies: is empty although operators come by https: behind a proxy that is not named everybody",
    ),
    ("any name", {"web": BEHIND_TLS | {"hosts": []}}, "web.hosts: is empty: the pages open under any name"),
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
        assert told == f"database.url: every user of this machine can read gateway.db; fix: chmod 600 {path}"
        path.chmod(0o640)
        assert cautions(found) == []
    assert cautions(settings(database={"url": f"sqlite:///{tmp_path / 'none.db'}"})) == []


def test_every_file_of_secrets_that_others_can_read_is_told(tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in ("bind", "channel", "database", "metrics", "tls-key", "tls-cert")}
    for path in paths.values():
        path.write_text("4f0c9a1be7d25836")
        path.chmod(0o644)
    tls = {"tls": True, "tls_key_file": paths["tls-key"], "tls_cert_file": paths["tls-cert"]}
    found = settings(
        database={"password_file": paths["database"]},
        links={"main": LINK | tls | {"password_file": paths["bind"]}},
        channels={"agg": CHANNEL | {"secret_file": paths["channel"]}},
        web={"metrics_token_file": paths["metrics"]},
    )
    told = {fault.where for fault in cautions(found) if "every user of this machine can read" in fault.wrong}
    assert told == {
        "database.password_file",
        "links.main.password_file",
        "links.main.tls_key_file",
        "channels.agg.secret_file",
        "web.metrics_token_file",
    }
    for path in paths.values():
        path.chmod(0o600)
    assert cautions(found) == []
