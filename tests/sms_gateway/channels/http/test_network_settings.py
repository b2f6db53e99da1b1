"""Channels of the settings against the networks that exist."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sms_gateway.channels.http.network import Arrivals, NetworkOption, http_channel, table_of
from sms_gateway.channels.http.network_settings import network_faults
from sms_gateway.channels.http.networks import NETWORKS, plain
from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.load import load_settings
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.channel_parts import sender_terms
from tests.sms_gateway.pipeline.test_addresses import CHAT

OPTIONS = {
    "customer": NetworkOption(description="our number there"),
    "kind": NetworkOption(description="of text", default="2", choices=("2", "8")),
}
PLAIN = replace(plain.NETWORK, needs=())
SAMPLE = replace(PLAIN, name="sample", shortest_secret=14, departure=None, options=OPTIONS)
PATH = "SMS_GATEWAY_CHANNELS__AGG__PATH_SECRET"
MISSING = "is missing, and the network needy needs it"
NEEDY = replace(PLAIN, name="needy", needs=("user", "path_secret"), needs_to_send=("password",))
CHATTING = replace(PLAIN, name="chatting", sender_kind=CHAT)
MUTE = replace(PLAIN, name="mute", answers_in_response=False)
TABLE = table_of([PLAIN, MUTE, SAMPLE, NEEDY, CHATTING])
GIVEN = "write the address that the provider gave you"
BOTH = "set path_secret, and give the aggregator the address /mo/NAME/SECRET"

FAULTS = [
    (
        "no such network",
        {"network": "sampel"},
        ["channels.agg.network: there is no such network; fix: did you mean sample?"],
    ),
    (
        "nothing like it",
        {"network": "x"},
        ["channels.agg.network: there is no such network; fix: write one of chatting, mute, needy, plain, sample"],
    ),
    (
        "everything at once",
        {"network": "sample", "send_url": "https://sms.example/", "options": {"costumer": "7"}},
        [
            "channels.agg.send_url: the network sample cannot send; fix: remove it, and name a link in reply_link",
            "channels.agg.options: entry 1 is none of this network; fix: did you mean customer?",
            'channels.agg.options: customer is missing; fix: write options = { customer = "…" }: our number there',
        ],
    ),
    (
        "an answer in a response that has no place for it",
        {"network": "mute", "reply": "body"},
        [
            (
                "channels.agg.reply: the network mute has no place for an answer in a response; "
                "fix: remove it, and name a link or channel in reply_link"
            )
        ],
    ),
    (
        "an option of no network",
        {"options": {"a": "1"}},
        ["channels.agg.options: entry 1 is none of this network; fix: remove it; there are part_fields, taken"],
    ),
    (
        "what the network needs",
        {"network": "needy"},
        [
            f"channels.agg.user: {MISSING}; fix: write a text of at most 200 characters",
            f"channels.agg.path_secret: {MISSING}; fix: set {PATH} or path_secret_file",
        ],
    ),
    (
        "what the network needs to send",
        {"network": "needy", "user": "city", "path_secret": "x" * 16, "send_url": "https://sms.example/"},
        [f"channels.agg.password: {MISSING}; fix: set {PATH.replace('PATH_SECRET', 'PASSWORD')} or password_file"],
    ),
    (
        "a value that an option does not have",
        {"network": "sample", "options": {"customer": "7", "kind": "3"}},
        ["channels.agg.options: kind has a value that this network does not know; fix: write one of 2, 8 (of text)"],
    ),
    (
        "a secret that the network finds too short",
        {"network": "plain", "secret": "x" * 15},
        ["channels.agg.secret: is shorter than 16 characters; fix: put 16 random characters or more into it"],
    ),
    (
        "a short secret that the provider made",
        {"network": "sample", "secret": "x" * 14, "options": {"customer": "7"}},
        [],
    ),
    ("all that it needs", {"network": "needy", "user": "city", "path_secret": "x" * 16}, []),
    (
        "no address of its own",
        {"send_url": "default"},
        ["channels.agg.send_url: the network plain has no address of its own; fix: " + GIVEN],
    ),
    (
        "no signature to try out",
        {"proof": "watch", "path_secret": "x" * 16},
        [
            "channels.agg.proof: is watch, and the channel has no signature that could be tried out; fix: remove it",
        ],
    ),
    (
        "a signature to try out, and nothing else",
        {"proof": "watch", "auth": "signed"},
        ["channels.agg.proof: is watch, and anyone could write texts without path_secret; fix: " + BOTH],
    ),
    ("a signature to try out", {"proof": "watch", "auth": "signed", "path_secret": "x" * 16}, []),
    ("all is well", {"network": "sample", "options": {"customer": "7"}}, []),
]


@pytest.mark.parametrize(("given", "wanted"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_every_fault_is_reported(given: dict[str, object], wanted: list[str]) -> None:
    settings = Settings(channels={"agg": ChannelSettings.model_validate(given)})
    assert [str(fault) for fault in network_faults(settings, TABLE)] == wanted


SENDS = {"send_url": "https://sms.example/"}
LINK = {"host": "smsc", "system_id": "we"}
CHATS = {"network": "chatting"}
ELSEWHERE = "names a channel that sends to another kind of address than"
FIX = 'write send_url and remove it, or write reply = "body"'
KINDS = [
    (
        "a chat by SMPP",
        {"links": {"main": LINK}, "channels": {"chat": CHATS | {"reply_link": "main"}}},
        [f"channels.chat.reply_link: {ELSEWHERE} chat; fix: {FIX}"],
    ),
    (
        "a chat by plain",
        {"channels": {"chat": CHATS | SENDS | {"reply_link": "agg"}, "agg": SENDS}},
        [f"channels.chat.reply_link: {ELSEWHERE} chat; fix: name one of chat, or remove it"],
    ),
    (
        "phones by a chat",
        {"channels": {"chat": CHATS | SENDS, "agg": {"reply_link": "chat"}, "other": SENDS}},
        [
            f"channels.agg.reply_link: {ELSEWHERE} tel; fix: name one of other, or {FIX}",
        ],
    ),
    (
        "a fallback to a chat",
        {"links": {"main": LINK | {"fallback": "chat"}}, "channels": {"chat": CHATS | SENDS}},
        [f"links.main.fallback: {ELSEWHERE} tel; fix: remove it"],
    ),
    (
        "a fallback to a chat beside a better one",
        {
            "links": {"main": LINK | {"fallback": "chat"}, "spare": LINK},
            "channels": {"chat": CHATS | SENDS},
        },
        [f"links.main.fallback: {ELSEWHERE} tel; fix: name one of spare, or remove it"],
    ),
    (
        "a chat that falls back to SMS",
        {"links": {"main": LINK}, "channels": {"chat": CHATS | SENDS | {"fallback": "main"}}},
        [f"channels.chat.fallback: {ELSEWHERE} chat; fix: remove it"],
    ),
    (
        "fallbacks both ways",
        {"links": {"main": LINK | {"fallback": "agg"}}, "channels": {"agg": SENDS | {"fallback": "main"}}},
        [],
    ),
    ("a chat by itself", {"channels": {"chat": CHATS | SENDS, "agg": SENDS}}, []),
    ("a chat by another chat", {"channels": {"chat": CHATS | {"reply_link": "two"}, "two": CHATS | SENDS}}, []),
    ("a chat in the response", {"links": {"main": LINK}, "channels": {"chat": CHATS | {"reply": "body"}}}, []),
    ("phones by SMPP", {"links": {"main": LINK}, "channels": {"agg": {"reply_link": "main"}}}, []),
    ("a channel that is not there", {"channels": {"chat": CHATS | {"reply_link": "no"}}}, []),
]


@pytest.mark.parametrize(("given", "wanted"), [case[1:] for case in KINDS], ids=[case[0] for case in KINDS])
def test_answers_go_out_by_a_channel_of_the_same_kind_of_address(given: dict[str, object], wanted: list[str]) -> None:
    assert [str(fault) for fault in network_faults(Settings.model_validate(given), TABLE)] == wanted


def test_a_channel_sends_to_the_address_of_its_network_where_it_says_so() -> None:
    network = replace(plain.NETWORK, send_url="https://sms.example/v2")
    for given, wanted in (
        ("default", "https://sms.example/v2"),
        ("https://vpn.example", "https://vpn.example"),
        ("", ""),
    ):
        terms = sender_terms("agg", ChannelSettings(send_url=given), network)
        assert (terms.departure.url if terms else "") == wanted, given


def test_the_faults_come_beside_all_others(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text('[web]\nport = "x"\n[channels.agg]\nnetwork = "no"\nreply = "body"\n', encoding="utf-8")
    with pytest.raises(SettingsFaultyError) as refused:
        load_settings(path, {}, lambda settings: network_faults(settings, NETWORKS))
    assert [fault.where for fault in refused.value.faults] == [
        "web.port",
        "channels.agg.network",
    ]


def test_a_secret_is_missing_only_where_the_network_needs_one() -> None:
    channel = ChannelSettings(reply_link="main")
    [missing] = network_faults(Settings(channels={"agg": channel}), NETWORKS)
    fix = "set SMS_GATEWAY_CHANNELS__AGG__SECRET or secret_file"
    assert str(missing) == f"channels.agg.secret: is missing, and the network plain needs it; fix: {fix}"
    for given in ({"secret": "x" * 16}, {"secret_file": Path("/no/file")}, {"network": "sample"}):
        agg = ChannelSettings.model_validate({"options": {"customer": "7"}} | given if "network" in given else given)
        assert list(network_faults(Settings(channels={"agg": agg}), table_of([plain.NETWORK, SAMPLE]))) == []


def test_options_come_from_the_file_and_from_a_variable(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    head = '[channels.agg]\nreply = "body"\nnetwork = "sample"\n'
    path.write_text(f'{head}options = {{ customer = "7" }}\n', encoding="utf-8")
    secret = {"SMS_GATEWAY_CHANNELS__AGG__SECRET": "x" * 16}
    assert load_settings(path, secret).channels["agg"].options == {"customer": "7"}
    variables = secret | {"SMS_GATEWAY_CHANNELS__AGG__OPTIONS": "customer=8, kind=3"}
    assert load_settings(path, variables).channels["agg"].options == {"customer": "8", "kind": "3"}


def test_a_network_sees_the_defaults_of_its_options() -> None:
    seen: list[dict[str, str]] = []

    def arrivals(settings: ChannelSettings) -> Arrivals:
        seen.append(settings.options)
        return plain.arrivals(settings)

    network = replace(SAMPLE, arrivals=arrivals)
    http_channel("agg", ChannelSettings(options={"customer": "7"}), network)
    assert seen == [{"customer": "7", "kind": "2"}]


SECRET, OTHER = "canary-secret-0123456789", "canary-other-0123456789"
OUT = {"send_url": "default", "user": "AC1", "password": OTHER}
ZALO: dict[str, object] = {"network": "zalo", **OUT, "secret": SECRET}
CANNOT_WORK: list[tuple[dict[str, object], list[str]]] = [
    ({"network": "zalo", **OUT, "options": {"app_id": "1"}}, ["secret: is missing"]),
    ({"network": "vonage", **OUT}, ["secret: is missing"]),
    ({"network": "vonage", **OUT, "options": {"signature": "none"}}, ["path_secret: is missing"]),
    ({"network": "vonage", **OUT, "path_secret": SECRET, "options": {"signature": "none"}}, []),
    ({"network": "infobip", "path_secret": SECRET, "options": {"proof": "basic"}}, ["secret: is missing"]),
    ({"network": "infobip", "path_secret": SECRET}, []),
    ({"network": "soap-mo", "secret": "abc/def/0123456789", "options": {"proof": "path"}}, ["secret: holds a slash"]),
    ({"network": "soap-mo", "secret": "abc/def/0123456789"}, []),
    ({"auth": "path", "secret": "abc/def/0123456789"}, ["secret: holds a slash"]),
    (
        {"network": "twilio", **OUT, "user": "AC 1", "secret": SECRET, "public_url": "https://sms.example"},
        ["its settings make a request that HTTP cannot carry"],
    ),
    (ZALO | {"password": "canary-ơ-password", "options": {"app_id": "1"}}, ["its settings make a request"]),
    (ZALO | {"options": {"app_id": "1", "token_url": "nonsense"}}, ["options: token_url is empty"]),
    (ZALO | {"options": {"app_id": "1", "token_url": "https://a.example:99999/"}}, ["options: token_url cannot be"]),
    (ZALO | {"options": {"app_id": "1", "redirect_uri": "https://a b/"}}, ["options: redirect_uri holds more"]),
    (ZALO | {"options": {"app_id": "1", "redirect_uri": "https://sms.example/"}}, []),
]


def test_settings_that_cannot_work_are_faults() -> None:
    for given, wanted in CANNOT_WORK:
        settings = Settings(channels={"agg": ChannelSettings.model_validate(given)})
        faults = [str(fault).removeprefix("channels.agg").lstrip(".: ") for fault in network_faults(settings, NETWORKS)]
        assert len(faults) == len(wanted), (given, faults)
        assert all(fault.startswith(start) for fault, start in zip(faults, wanted, strict=True)), (given, faults)
        assert "canary" not in "".join(faults)
