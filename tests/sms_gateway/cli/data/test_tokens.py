"""`sms-gateway tokens`: a channel is authorised by a code or by a refresh token, and nothing secret is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from db.processes.access_tokens import read_tokens
from db.store.engine import open_database
from sms_gateway.channels.http.sending.pkce import challenge_of
from sms_gateway.process import keyfile
from tests.sms_gateway.channels.http.provider import Provider, Say, Seen, provider
from tests.sms_gateway.cli.surroundings import run

SECRETS = ("canary-oa-secret-01", "canary-app-secret-1", "canary-code", "canary-access", "canary-refresh")
ACCESS, REFRESH, CODE = "canary-access-1", "canary-refresh-1", "canary-code-1"


def answer(seen: Seen) -> Say:
    """Give tokens for the right code, with the verifier of PKCE."""
    if seen.method == "GET":
        is_known = (seen.target, seen.headers["access_token"]) == ("/send/quota/message", ACCESS)
        return Say(body=b'{"error":%d}' % (0 if is_known else -216))
    fields = {name: values[0] for name, values in parse_qs(seen.body.decode()).items()}
    if (fields["code"], fields["app_id"], seen.headers["secret_key"]) != (CODE, "77", "canary-app-secret-1"):
        return Say(body=b'{"error":-14003,"error_name":"Invalid redirect uri"}')
    tokens = {"access_token": ACCESS, "refresh_token": REFRESH, "expires_in": "90000"}
    return Say(body=json.dumps(tokens).encode())


@pytest.fixture
def zalo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with provider(answer) as sms:
        options = f'app_id = "77", token_url = "{sms.url}", redirect_uri = "https://city.example/zalo"'
        sections = [
            f'[channels.zalo]\nnetwork = "zalo"\nsend_url = "{sms.url}"\noptions = {{ {options} }}',
            f'[channels.other]\nsend_url = "{sms.url}"',
        ]
        (tmp_path / "gateway.toml").write_text("\n".join(sections), "utf-8")
        monkeypatch.setenv("SMS_GATEWAY_CHANNELS__ZALO__SECRET", SECRETS[0])
        monkeypatch.setenv("SMS_GATEWAY_CHANNELS__ZALO__PASSWORD", SECRETS[1])
        monkeypatch.setenv("SMS_GATEWAY_CHANNELS__OTHER__SECRET", "canary-other-secret")
        made = run("db", "upgrade")
        assert made.exit_code == 0, made.output
        yield sms


def stored(tmp_path: Path) -> tuple[str | None, str] | None:
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", keyfile.load(tmp_path / "var" / "keys"))
    with database.read() as connection:
        found = read_tokens(connection, "zalo")
    database.close()
    return None if found is None else (found.pair.access, found.pair.refresh)


def test_a_channel_is_authorised_by_a_code(zalo: Provider, tmp_path: Path) -> None:
    assert "CAUTION   tokens of zalo: there are none, so answers wait" in run("check", "--no-bind").stdout
    done = run("tokens", "authorise", "zalo", given=f"{CODE}\n")
    assert done.exit_code == 0, done.output
    page = parse_qs(urlsplit(done.stdout.splitlines()[0]).query)
    [seen] = zalo.seen
    sent = parse_qs(seen.body.decode())
    assert page["code_challenge"] == [challenge_of(sent["code_verifier"][0])]
    assert (page["app_id"], page["redirect_uri"]) == (["77"], ["https://city.example/zalo"])
    assert sent["grant_type"] == ["authorization_code"]
    assert stored(tmp_path) == (ACCESS, REFRESH)
    listed = run("tokens", "list")
    assert listed.stdout.split("\t")[:2] == ["zalo", "valid"]
    assert not [secret for secret in SECRETS if secret in done.output + listed.output]
    assert "OK        tokens of zalo: the refresh token is valid for 89 days" in run("check", "--no-bind").stdout
    place = f"http://127.0.0.1:{zalo.port}"
    checked = run("check").stdout
    assert f"OK        access to zalo: connected to {place}, which knows us" in checked
    assert f"OK        channel zalo, tokens: connected to {place}" in checked
    assert run("tokens", "remove", "zalo").exit_code == 0
    assert stored(tmp_path) is None
    assert "tokens authorise NAME" in run("tokens", "list").stderr


def test_a_refresh_token_is_pasted_or_read_from_a_file(zalo: Provider, tmp_path: Path) -> None:
    (tmp_path / "refresh").write_text("canary-refresh-2\n", "utf-8")
    for words, given, refresh in (
        (("--paste",), "canary-refresh-3\n", "canary-refresh-3"),
        (("--file", str(tmp_path / "refresh")), "", "canary-refresh-2"),
    ):
        done = run("tokens", "authorise", "zalo", *words, given=given)
        assert done.exit_code == 0, done.output
        assert stored(tmp_path) == (None, refresh)
        assert refresh not in done.output
    assert run("tokens", "list").stdout.split("\t")[:3] == ["zalo", "to be renewed", "-"]
    assert zalo.seen == []  # the running service renews it


FAULTS = [
    (("zalo",), "canary-code-2\n", 1, "the provider gives no tokens: HTTP 200 code -14003"),
    (("zalo",), "https://city.example/zalo?code=canary-code-1&state=old\n", 1, "no code of this try"),
    (("zalo",), "\n", 1, "no code of this try"),
    (("zalo", "--paste"), "\n", 1, "this is no refresh token"),
    (("other",), "", 2, "no channel that needs tokens"),
    (("nobody",), "", 2, "no channel that needs tokens"),
]


@pytest.mark.usefixtures("zalo")
def test_what_cannot_be_done_says_the_fix(tmp_path: Path) -> None:
    for words, given, code, said in FAULTS:
        done = run("tokens", "authorise", *words, given=given)
        assert (done.exit_code, said in done.stderr) == (code, True), (words, done.output)
        assert "canary" not in done.output, words
    assert stored(tmp_path) is None
    assert run("tokens", "remove", "zalo").exit_code == 1
