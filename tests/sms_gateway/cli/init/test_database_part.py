"""init: what it is answered about the database is kept: its password, and the superuser who separates the roles."""

from __future__ import annotations

from pathlib import Path

from sms_gateway.cli.command_context import read_settings
from tests.postgres import free_port
from tests.sms_gateway.cli.surroundings import run


def test_a_link_or_channel_that_is_named_database_leaves_the_password_of_the_database_alone() -> None:
    for name in ("database", "smpp", "http"):
        Path(f"{name}.txt").write_text(f"secret-of-the-{name}")
    url = f"postgresql+psycopg://gateway@127.0.0.1:{free_port()}/gateway"
    database = ["--database", url, "--database-password-file", "database.txt"]
    link = ["--smpp-host", "127.0.0.1", "--system-id", "city", "--smpp-password-file", "smpp.txt"]
    http = ["--network", "plain", "--aggregator-secret-file", "http.txt"]
    for carrier, aggregator in (("database", "http"), ("carrier", "database"), ("database_role", "database_url")):
        names = ["--carrier", carrier, "--aggregator", aggregator]
        stopped = run("init", "--yes", "--no-try", *database, *link, *http, *names)  # at the server, which is not there
        assert (stopped.exit_code, Path("gateway.toml").exists()) == (1, True), stopped.output
        settings = read_settings(None)
        kept = [settings.database.password, settings.links[carrier].password, settings.channels[aggregator].secret]
        assert [one.get_secret_value() for one in kept] == [
            f"secret-of-the-{name}" for name in ("database", "smpp", "http")
        ]
        Path("gateway.toml").unlink()
        Path(".gateway.toml.draft").unlink()


def test_the_superuser_who_separates_the_roles_is_not_forgotten_by_an_interruption() -> None:
    """Nobody listens at the server, so that each run that comes to the database says as whom it went there."""
    url = f"postgresql+psycopg://gateway@127.0.0.1:{free_port()}/gateway"
    stopped = run("init", "--no-try", given=f"8188\n1022\n\nvi\n{url}\n\nmaster\n")  # the input ends at the carrier
    assert (stopped.exit_code, Path("gateway.toml").exists()) == (1, False)
    for is_written in (False, True):  # interrupted before gateway.toml is there, and after that
        assert Path("gateway.toml").exists() == is_written
        going_on = run("init", "--yes", "--no-try")
        assert going_on.exit_code == 1
        assert "service, database, " in going_on.stderr
        assert "--roles-as master were answered before" in going_on.stderr
        assert "postgresql+psycopg://master@" in going_on.stderr, going_on.stderr


def test_a_database_that_the_superuser_cannot_reach_is_refused_before_anything_is_written() -> None:
    url = f"postgresql+psycopg://gateway@127.0.0.1:{free_port()}/gateway"
    refused = run("init", "--yes", "--database", url, "--roles-as", "master")
    assert refused.exit_code == 1
    assert "postgresql+psycopg://master@" in refused.stderr, refused.stderr
    assert "or say --no-try" in refused.stderr
    assert not Path("gateway.toml").exists()
