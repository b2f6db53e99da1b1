"""`sms-gateway api-clients`: keys of systems of the city."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.back_office.api_clients import find_by_key, signers
from db.staff.audit import read_page
from db.store.engine import open_database
from sms_gateway.clock import utc_now
from sms_gateway.process.keyfile import load
from tests.sms_gateway.cli.surroundings import begin, run


@pytest.fixture(autouse=True)
def _tables(_somewhere_else: None) -> None:
    begin()


def shown(output: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in output.splitlines())}


def test_a_client_is_added_rotated_and_disabled_and_each_is_audited(tmp_path: Path) -> None:
    assert run("operators", "add", "lan", "--role", "operator").exit_code == 0
    first = shown(run("api-clients", "add", "lgsp", "--scope", "dossiers", "--signs", "--for", "lan").stdout)
    second = shown(run("api-clients", "rotate", "lgsp", "--hours", "2").stdout)
    assert list(first) == list(second) == ["Client", "Key", "Secret"]
    listed = run("api-clients", "list")
    name, scopes, proof, _, used, state = listed.stdout.strip().split("\t")
    assert (name, scopes, proof, used, state) == ("lgsp", "dossiers", "key, signature", "never used", "active")
    assert not any(value in listed.output for one in (first, second) for value in (one["Key"], one["Secret"]))
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    with database.read() as connection:
        owners = [find_by_key(connection, one["Key"], utc_now()) for one in (first, second)]
        (signer,) = signers(connection, utc_now())
    assert [one.name if one else None for one in owners] == ["lgsp", "lgsp"]
    assert [one.key_makers if one else None for one in owners] == [frozenset({"lan"})] * 2
    assert signer.secrets == (second["Secret"], first["Secret"])
    assert run("api-clients", "disable", "lgsp").exit_code == 0
    assert run("api-clients", "list").stdout.endswith("\tdisabled\n")
    with database.read() as connection:
        assert find_by_key(connection, second["Key"], utc_now()) is None
        noted = [(one.action, one.subject) for one in read_page(connection)][:3]
    database.close()
    assert noted == [(f"api_client_{done}", "api_client:lgsp") for done in ("disabled", "rotated", "added")]


def test_what_cannot_be_done_says_why() -> None:
    assert "there is no client yet" in run("api-clients", "list").stderr
    run("api-clients", "add", "lgsp", "--scope", "dossiers")
    assert run("api-clients", "list").stdout.split("\t")[2] == "key"
    cases = [
        (("add", "lgsp", "--scope", "dossiers"), 1, "there is, or was, a client lgsp"),
        (("add", "One Stop", "--scope", "dossiers"), 2, "small letters"),
        (("add", "other"), 2, "--scope"),
        (("add", "other", "--scope", "everything"), 2, "--scope"),
        (("add", "other", "--scope", "tables", "--for", "nobody"), 1, "--for: there is no operator nobody"),
        (("rotate", "lgsp", "--for", "nobody"), 1, "--for: there is no operator nobody"),
        (("rotate", "nobody"), 1, "no such client"),
        (("disable", "nobody"), 1, "no such client"),
    ]
    for words, code, told in cases:
        result = run("api-clients", *words)
        assert (result.exit_code, told in result.output) == (code, True), (words, result.output)
    assert "Secret" not in run("api-clients", "rotate", "lgsp").stdout


def test_with_no_overlap_the_previous_key_ends_at_once(tmp_path: Path) -> None:
    first = shown(run("api-clients", "add", "lgsp", "--scope", "dossiers").stdout)
    assert "previous" not in run("api-clients", "rotate", "lgsp", "--hours", "0").output
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    with database.read() as connection:
        assert find_by_key(connection, first["Key"], utc_now()) is None
    database.close()
