"""No request makes a network raise, whatever a stranger or the provider sends: it is read, or it is a bad request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.items import ReadItems, read_items
from sms_gateway.channels.http.network import HttpChannel, http_channel
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.request import IncomingRequest, Way
from sms_gateway.channels.http.sending.departure import ProviderResponse
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.settings.link_model import DEFAULT_URL, ChannelSettings
from tests.sms_gateway.conftest import NOON

SECRET = SecretStr("canary-odd-requests-1")
ODD = [
    "",
    "\0",
    "đ",
    "\ud800",
    "-1",
    "9" * 400,
    "1e999",
    "NaN",
    "=?",
    "%F4%",
    "AA==",
    "ZZ",
    "true",
    "2026-11-29T10:00:00Z",
]
VALUES = st.sampled_from(ODD) | st.text(max_size=8) | st.integers() | st.floats() | st.none() | st.booleans()


def channels() -> list[HttpChannel]:
    made = []
    for network in NETWORKS.values():
        options = {name: next(iter(option.choices), "7") for name, option in network.options.items()}
        options = {name: option.default or options[name] for name, option in network.options.items()}
        settings = ChannelSettings(
            network=network.name,
            secret=SECRET,
            path_secret=SECRET,
            password=SECRET,
            user="u",
            public_url="https://sms.example",
            send_url="" if network.departure is None else DEFAULT_URL if network.send_url else "https://sms.example/s",
            options=options if network.name != "plain" else {"part_fields": "ref part total"},
        )
        made.append(http_channel("agg", settings, network))
    return made


CHANNELS = channels()


def names_of(channel: HttpChannel) -> list[str]:
    """Return the names of fields that the network looks at, without paths: the last part of each."""
    text, receipt = channel.arrivals.text, channel.arrivals.receipt
    part = () if text.part is None else (text.part.reference, text.part.number, text.part.total)
    paths = [text.sender, text.recipient, text.text, text.id, text.charset, channel.arrivals.items, *part]
    if receipt is not None:
        paths += [receipt.id, receipt.state, receipt.error, receipt.phone]
    return sorted({one for path in paths if path for one in path.replace("[]", "").split("|")})


def nested(fields: Mapping[str, object]) -> dict[str, object]:
    """Return fields with dots in their names as objects."""
    made: dict[str, object] = {}
    for name, value in fields.items():
        first, _, rest = name.partition(".")
        made[first] = {rest: value} if rest else value
    return made


@given(st.data())
def test_no_request_makes_a_network_raise(data: st.DataObject) -> None:
    short_codes = ShortCodes(known=frozenset({"8188"}), default="8188")
    channel = data.draw(st.sampled_from(CHANNELS))
    names = [*names_of(channel), "event_name", "event", "timestamp", "sig", "sign", "coding", "binary", "type"]
    fields = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=8), label=channel.network.name)
    form = urlencode({name: str(value) for name, value in fields.items()}, errors="surrogatepass").encode()
    tags = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if name.isidentifier())
    item = nested(fields)
    listed = {channel.arrivals.items or "x": [item]}
    bodies = [
        form,
        json.dumps(item).encode(),
        json.dumps(listed).encode(),
        f"<m>{tags}</m>".encode("utf-8", "surrogatepass"),
        data.draw(st.binary(max_size=20)),
    ]
    stamp, header = data.draw(st.sampled_from(ODD)), data.draw(st.sampled_from([*ODD, "mac=00", "sha256=0"]))
    for way in Way:
        for method, body in [("GET", b""), *(("POST", body) for body in bodies)]:
            request = IncomingRequest(
                way=way,
                method=method,
                content_type=data.draw(st.sampled_from(["", "application/json", "text/xml", "multipart/form-data"])),
                query=form,
                header=lambda name, stamp=stamp, header=header: stamp if "time" in name.lower() else header,  # type: ignore[misc]  # bound here
                read_body=lambda body=body: body,  # type: ignore[misc]  # bound here
                read_password=str,
                url="https://sms.example/mo/agg",
            )
            for proof in (channel.arrivals.proof, channel.arrivals.receipt_proof):
                assert proof is None or proof(request, NOON) is None
            found = read_items(channel, request, Proved(), short_codes=short_codes, now=NOON)
            assert isinstance(found, ReadItems | BadField)


@given(st.sampled_from([200, 201, 202, 400, 401, 409, 429, 500]), st.sampled_from(ODD) | st.text(max_size=9), st.data())
def test_no_response_makes_a_network_raise(status: int, word: str, data: st.DataObject) -> None:
    quoted = json.dumps(word)
    for channel in CHANNELS:
        make = channel.network.departure
        if make is None:
            continue
        body = data.draw(
            st.sampled_from(
                [
                    word.encode("utf-8", "surrogatepass"),
                    f'{{"id": {quoted}, "error": {quoted}, "code": {quoted}, "CodeResult": {quoted}}}'.encode(),
                    f'{{"messages": [{{"status": {quoted}, "message-id": {quoted}}}], "data": {quoted}}}'.encode(),
                    f"<r><result>{word}</result></r>".encode("utf-8", "surrogatepass"),
                    b"<html><body>Please log in</body></html>",
                    b"[1",
                ]
            )
        )
        response = ProviderResponse(status=status, headers={"retry-after": word}, body=body)
        make(channel.settings).read(response)
