from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sms_gateway.settings.checks.conflicts import cautions, conflicts
from sms_gateway.settings.model import Settings

SECRET = "0123456789abcdef"
LINK = {"host": "smsc", "system_id": "we", "password": "passwd"}
CHANNEL = {"secret": SECRET, "reply_link": "main"}
SENDING = {"secret": SECRET, "send_url": "https://sms.example/send", "password": "k3h9xmq2"}


def settings(**sections: Any) -> Settings:
    return Settings.model_validate({"links": {"main": LINK}, "channels": {"agg": CHANNEL}} | sections)


def test_settings_that_go_together_have_neither_fault_nor_caution() -> None:
    assert conflicts(settings()) == []
    assert cautions(settings()) == []


CONFLICTS = [
    ("reply_link", {"channels": {"agg": CHANNEL | {"reply_link": "no"}}}, "channels.agg.reply_link: there is no link"),
    ("no link at all", {"links": {}}, "channels.agg.reply_link: there is no link of this name; fix: add a"),
    ("short secret", {"channels": {"agg": CHANNEL | {"secret": "x" * 11}}}, "channels.agg.secret: is shorter than 16"),
    ("long password", {"links": {"main": LINK | {"password": "1" * 65}}}, "links.main.password: does not fit"),
    ("accented password", {"links": {"main": LINK | {"password": "mật"}}}, "links.main.password: does not fit"),
    (
        "link to ourselves",
        {"links": {"main": LINK | {"host": "127.0.0.1", "port": 8188}}},
        "links.main.port: is web.port: the link would call ourselves; fix: give one of the two another port",
    ),
    ("twins", {"links": {"main": LINK, "spare": LINK}}, "links.spare: binds as the same system_id at the same SMSC"),
    ("no such fallback", {"links": {"main": LINK | {"fallback": "no"}}}, "links.main.fallback: there is no other link"),
    (
        "response after the lease",
        {"links": {"main": LINK | {"response_seconds": 20}}, "pipeline": {"lease_seconds": 20}},
        "links.main.response_seconds: is not below pipeline.lease_seconds: answers would be sent again while",
    ),
    (
        "a fallback that cannot send",
        {"links": {"main": LINK | {"fallback": "agg"}}, "channels": {"agg": CHANNEL}},
        "links.main.fallback: this channel takes texts and cannot send; fix: remove it",
    ),
    (
        "answers by a channel that cannot send",
        {
            "links": {"main": LINK},
            "channels": {"agg": CHANNEL, "more": CHANNEL | {"secret": "y" * 16, "reply_link": "agg"}},
        },
        "channels.more.reply_link: this channel takes texts and cannot send; fix: name one of main",
    ),
    (
        "a secret in an address",
        {"channels": {"agg": SENDING | {"send_url": "https://sms.example/send?v=1&apikey=abc"}}},
        "channels.agg.send_url: a secret stands in it; fix: take it out",
    ),
    (
        "an address without a host",
        {"channels": {"agg": SENDING | {"send_url": "https://sms example/send".replace(" ", "..")}}},
        "channels.agg.send_url: ",
    ),
    (
        "a short secret in the path",
        {"channels": {"agg": CHANNEL | {"path_secret": "y" * 15}}},
        "channels.agg.path_secret: is shorter than 16 characters, or holds one that an address cannot hold; fix: make",
    ),
    (
        "a secret that no path can hold",
        {"channels": {"agg": CHANNEL | {"path_secret": "y" * 16 + "/"}}},
        "channels.agg.path_secret: is shorter than 16 characters, or holds one that an address cannot hold; fix: make",
    ),
    (
        "an impossible port",
        {"channels": {"agg": SENDING | {"send_url": "https://sms.example:99999/send"}}},
        "channels.agg.send_url: cannot be taken apart; fix: write an address such as",
    ),
    (
        "one field for two things",
        {"channels": {"agg": SENDING | {"send_to_field": "from"}}},
        "channels.agg: two fields that are sent have the same name",
    ),
    (
        "one field in reports",
        {"channels": {"agg": CHANNEL | {"receipt_id_field": "status"}}},
        "channels.agg.receipt_state_field: is receipt_id_field too",
    ),
    (
        "one field for the id and the error",
        {"channels": {"agg": CHANNEL | {"receipt_error_field": "id"}}},
        "channels.agg.receipt_error_field: is receipt_id_field too; fix: give each a name",
    ),
    (
        "an answer in the response and by sending",
        {"channels": {"agg": SENDING | {"reply": "body"}}},
        'channels.agg.reply: is body, and send_url is given: every answer would come twice; fix: write reply = "mt"',
    ),
    (
        "an address that no request can carry",
        {"channels": {"agg": SENDING | {"send_url": "https://sms.example/gửi"}}},
        "channels.agg.send_url: holds a character that no request can carry in its path or query; fix: write an addre",
    ),
    (
        "a password that no header can carry",
        {"channels": {"agg": SENDING | {"password": "mật khẩu"}}},
        "channels.agg.password: holds a character that no header can carry; fix: ask the provider for one of ASCII",
    ),
    (
        "a user with a colon",
        {"channels": {"agg": SENDING | {"user": "city:hall"}}},
        "channels.agg.user: holds a colon, at which HTTP Basic ends a name (RFC 7617); fix: ask the provider for a",
    ),
    (
        "no certificate in the file",
        {"channels": {"agg": SENDING | {"send_ca_file": __file__}}},
        "channels.agg.send_ca_file: holds no certificate in PEM; fix: write the path of a PEM file",
    ),
    (
        "a rate below one answer a lease",
        {"channels": {"agg": SENDING | {"rate": 0.02}}},
        "channels.agg.rate: is so low that an answer outlasts pipeline.lease_seconds and is sent twice; fix: write 0.",
    ),
    (
        "a rate below one answer of three segments a lease",
        {"links": {"main": LINK | {"rate": 0.1}}},
        "links.main.rate: is so low that an answer outlasts pipeline.lease_seconds and is sent twice; fix: write 0.",
    ),
    (
        "no such certificate",
        {"channels": {"agg": SENDING | {"send_ca_file": "no/such.pem"}}},
        "channels.agg.send_ca_file: there is no such file",
    ),
    (
        "a response after the lease",
        {"channels": {"agg": SENDING | {"answer_seconds": 25}}},
        "channels.agg.answer_seconds: with connect_seconds is not below half of pipeline.lease_seconds: answers would",
    ),
    (
        "a fallback of a channel that sends nothing",
        {"links": {"main": LINK}, "channels": {"agg": CHANNEL | {"reply_link": "main", "fallback": "main"}}},
        "channels.agg.fallback: is given, and the channel sends nothing; fix: remove it, or write send_url",
    ),
    ("itself", {"links": {"main": LINK | {"fallback": "main"}}}, "links.main.fallback: there is no other link"),
    ("files without tls", {"links": {"main": LINK | {"tls_ca_file": __file__}}}, "links.main.tls_ca_file: is not used"),
    (
        "no such file",
        {"links": {"main": LINK | {"tls": True, "tls_ca_file": "/nowhere.pem"}}},
        "links.main.tls_ca_file: there is no such file",
    ),
    (
        "key alone",
        {"links": {"main": LINK | {"tls": True, "tls_key_file": __file__}}},
        "links.main.tls_cert_file: is missing beside tls_key_file",
    ),
    (
        "empty label",
        {"links": {"main": LINK | {"host": "smsc..example"}}},
        "links.main.host: has an empty part between two dots; fix: write a name such as smsc.example, or an address",
    ),
    ("long label", {"links": {"main": LINK | {"host": "a" * 70 + ".example"}}}, "links.main.host: has a part of more"),
    ("long label in another script", {"links": {"main": LINK | {"host": "ế" * 60}}}, "links.main.host: has a part of"),
    ("no character of a name", {"links": {"main": LINK | {"host": "smsc!"}}}, "links.main.host: holds a character tha"),
    ("long name", {"links": {"main": LINK | {"host": "abcdefghi." * 26 + "vn"}}}, "links.main.host: is longer than 25"),
    ("port in the host", {"links": {"main": LINK | {"host": "smsc:2775"}}}, "links.main.host: holds more than a name"),
    ("no host", {"links": {"main": LINK | {"host": ""}}}, "links.main.host: is empty"),
    ("no address", {"links": {"main": LINK | {"host": "10.0.0.256"}}}, "links.main.host: is neither an address nor"),
    (
        "dot before the certificate's name",
        {"links": {"main": LINK | {"tls": True, "tls_name": ".example"}}},
        "links.main.tls_name: begins with a dot",
    ),
    ("wrong name to listen on", {"web": {"host": "a..b"}}, "web.host: has an empty part"),
    ("a scheme", {"web": {"hosts": ["sms.example", "https://sms.example"]}}, "web.hosts: entry 2 holds more than a na"),
    ("a port", {"web": {"hosts": ["sms.example:443"]}}, "web.hosts: entry 1 holds more than a name or an address"),
    ("a path", {"web": {"hosts": ["sms.example/"]}}, "web.hosts: entry 1 holds more than a name or an address"),
    ("a wildcard", {"web": {"hosts": ["*.example"]}}, "web.hosts: entry 1 holds a character that no name of a host"),
    ("names below a name", {"web": {"hosts": [".example"]}}, "web.hosts: entry 1 begins with a dot; fix: write a"),
    ("an empty name", {"web": {"hosts": [""]}}, "web.hosts: entry 1 is empty; fix: write a name such as sms.example"),
    ("a dot alone", {"web": {"hosts": ["."]}}, "web.hosts: entry 1 begins with a dot"),
    ("half a bracket", {"web": {"hosts": ["[::1"]}}, "web.hosts: entry 1 holds more than a name or an address"),
    ("one name", {"channels": {"main": CHANNEL}}, "channels.main: links.main has the same name"),
    ("one secret", {"channels": {"a": CHANNEL, "b": CHANNEL}}, "channels.b.secret: is the secret of channels.a too"),
    (
        "a language without answers",
        {"service": {"language": "tlh"}},
        'service.language: there are no answers in it; fix: write one of "vi" (Tiếng Việt), "en" (English)',
    ),
    ("one field", {"channels": {"agg": CHANNEL | {"id_field": "text"}}}, "channels.agg: two fields have the same name"),
]


@pytest.mark.parametrize(
    ("sections", "expected"), [case[1:] for case in CONFLICTS], ids=[case[0] for case in CONFLICTS]
)
def test_tells_settings_that_do_not_go_together(sections: dict[str, Any], expected: str) -> None:
    (told,) = map(str, conflicts(settings(**sections)))
    assert told.startswith(expected)
    assert SECRET not in told


@pytest.mark.parametrize(
    "host",
    ["smsc", "smsc.example.", "10.0.0.7", "::1", "fe80::1%eth0", "xn--vit-jta.vn", "smsc.việt.vn", "a_b.example"],
)
def test_takes_every_name_and_address_that_may_exist(host: str) -> None:
    link = LINK | {"host": host, "tls": True, "tls_name": host}
    assert conflicts(settings(links={"main": link})) == []


def test_a_channel_that_sends_needs_no_link() -> None:
    assert conflicts(settings(links={}, channels={"agg": SENDING})) == []
    by_it = {"agg": SENDING, "more": CHANNEL | {"secret": "y" * 16, "reply_link": "agg"}}
    assert conflicts(settings(channels=by_it)) == []
    assert cautions(settings(channels={"agg": SENDING})) == []


@pytest.mark.parametrize(("section", "base", "advised"), [("channels", SENDING, 0.04), ("links", LINK, 0.11)])
def test_the_rate_that_is_advised_is_high_enough(section: str, base: dict[str, Any], advised: float) -> None:
    def given(rate: float) -> Settings:
        return settings(**{"links": {}, "channels": {}, section: {"main": base | {"rate": rate}}})

    (told,) = map(str, conflicts(given(0.01)))
    assert told.endswith(f"fix: write {advised} or more, or 0 for no limit")
    assert conflicts(given(advised)) == []


def test_http_basic_carries_any_password() -> None:
    assert conflicts(settings(channels={"agg": SENDING | {"user": "city", "password": "mật khẩu"}})) == []


def test_every_wrong_name_of_the_server_is_told_at_once() -> None:
    told = conflicts(settings(web={"hosts": ["*.example", "sms.example", "", "http://sms.example/sms"]}))
    assert [(fault.where, fault.wrong.split(" ")[1]) for fault in told] == [("web.hosts", n) for n in ("1", "3", "4")]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("SMS.Example", "sms.example"),
        ("sms.example.", "sms.example"),
        ("[::1]", "::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("sms.Việt.vn", "sms.xn--vit-5kz.vn"),
        ("10.0.0.5", "10.0.0.5"),
    ],
)
def test_names_of_the_server_are_held_as_requests_name_it(written: str, asked: str) -> None:
    given = settings(web={"hosts": [written]})
    assert conflicts(given) == []
    assert given.web.hosts == [asked]


CAUTIONS = [
    (
        "a password that is not used",
        {"channels": {"agg": CHANNEL | {"user": "city"}}},
        "channels.agg.password: is not used without send_url; fix: write send_url",
    ),
    (
        "a provider in clear",
        {"channels": {"agg": SENDING | {"send_url": "http://sms.example/send"}}},
        "channels.agg.send_url: the password and every answer cross an open net in clear; fix: write https://",
    ),
    (
        "password of twelve characters",
        {"links": {"main": LINK | {"password": "abcdef123456"}}},
        "links.main.password: is longer than the 8 characters of SMPP 3.4; it is sent whole; fix: nothing, if the",
    ),
    (
        "no password",
        {"links": {"main": LINK | {"password": ""}}},
        "links.main.password: is empty; fix: set SMS_GATEWAY_L",
    ),
    (
        "unused",
        {"channels": {"agg": CHANNEL | {"reply": "body"}}},
        "channels.agg.reply_link: is not used, since reply is",
    ),
    (
        "in clear",
        {"web": {"host": "0.0.0.0"}},
        "web.host: operators' passwords may cross the network in clear; fix: wr",
    ),
    (
        "response late in the lease",
        {"links": {"main": LINK | {"response_seconds": 30.5}}},
        "links.main.response_seconds: is more than half of pipeline.lease_seconds: an answer that has to wait for room",
    ),
    (
        "a signature that is only watched",
        {"channels": {"agg": SENDING | {"proof": "watch"}}},
        "channels.agg.proof: is watch, so whoever reads path_secret in a log can write texts; fix: remove it once",
    ),
    (
        "a secret in the address that can be guessed",
        {"channels": {"agg": SENDING | {"path_secret": "changeme-changeme"}}},
        "channels.agg.path_secret: can be guessed; fix: make a random one",
    ),
    ("by name", {"web": {"host": "sms.example"}}, "web.host: operators' passwords may cross the network in clear"),
]


@pytest.mark.parametrize(("sections", "expected"), [case[1:] for case in CAUTIONS], ids=[case[0] for case in CAUTIONS])
def test_cautions_of_what_is_unwise(sections: dict[str, Any], expected: str) -> None:
    (told,) = map(str, cautions(settings(**sections)))
    assert told.startswith(expected)


@pytest.mark.parametrize(
    ("response", "lease", "fix"), [(20, 20, "= 40"), (60, 60, "= 120"), (30.5, 60, "= 61"), (6, 10, "= 12")]
)
def test_the_lease_that_is_advised_is_long_enough(response: float, lease: int, fix: str) -> None:
    def given(lease: int) -> Settings:
        return settings(links={"main": LINK | {"response_seconds": response}}, pipeline={"lease_seconds": lease})

    (told,) = map(str, [*conflicts(given(lease)), *cautions(given(lease))])
    assert f"lease_seconds {fix}" in told
    advised = given(int(fix.removeprefix("= ")))
    assert [*conflicts(advised), *cautions(advised)] == []


def test_loopback_by_name_and_a_secure_cookie_are_wise() -> None:
    assert cautions(settings(web={"host": "localhost"})) == []
    behind_tls = {"secure_cookie": True, "trusted_proxies": ["10.0.0.2"], "hosts": ["sms.example"]}
    assert cautions(settings(web=behind_tls | {"host": "0.0.0.0"})) == []


def test_cautions_of_secret_files_that_every_user_can_read(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET)
    path.chmod(0o644)
    found = settings(channels={"agg": CHANNEL | {"secret_file": path}})
    (told,) = map(str, cautions(found))
    assert told == f"channels.agg.secret_file: every user of this machine can read the file; fix: chmod 600 {path}"
    path.chmod(0o640)
    assert cautions(found) == []
    path.unlink()
    assert cautions(found) == []
