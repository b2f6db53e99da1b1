"""Requests as they are kept beside their texts: nothing lost, nothing that proves who sent them."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.fields import read_body, read_json
from sms_gateway.channels.http.stored_request import MAX_CONTENT, keep_request, read_kept_request

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
SECRET = "a-secret-of-the-channel"


def fields(content: bytes, content_type: str = FORM) -> list[tuple[str, bytes | None]]:
    kept = keep_request(
        method="POST", content_type=content_type, content=content, secrets=(SECRET,), own=("from", "to", "text", "id")
    )
    assert kept is not None
    assert SECRET.encode() not in kept
    request = read_kept_request(kept)
    assert request is not None
    assert (request.method, request.content_type) == ("POST", content_type)
    return [(field.name, field.value) for field in request.fields]


def test_fields_stand_in_their_order_and_twice_when_they_came_twice() -> None:
    assert fields(b"text=TK%2C+A%FF&to=8188&text=again&&x") == [
        ("text", b"TK, A\xff"),
        ("to", b"8188"),
        ("text", b"again"),
        ("x", b""),
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("password", "passwd", "pwd", "mat_khau", "secret", "api_key", "apikey", "key", "access_token"),
        *("Authorization", "X-Signature", "sign", "checksum", "hmac", "md5", "api-key", "access-key", "client-key"),
        *("private_key", "privatekey", "auth_code", "authkey", "jwt", "cookie", "session", "mac_key", "sharedkey"),
        *("key2", "sign2", "sha256sum", "md5sum", "pin_code", "bearer", "ma_bao_mat", "auth"),
    ],
)
def test_what_proves_who_sent_it_is_taken_out(name: str) -> None:
    assert fields(f"to=8188&{name}=canary".encode()) == [("to", b"8188"), (name, None)]
    assert fields(json.dumps({"to": "8188", name: "canary"}).encode(), JSON) == [("to", b"8188"), (name, None)]
    kept = keep_request(method="GET", content_type=FORM, content=f"{name}=canary".encode(), secrets=("",), own=())
    assert kept is not None
    assert b"canary" not in kept


@pytest.mark.parametrize(
    "name", ["keyword", "text", "msisdn", "passport", "monkey", "design", "id", "author", "signal", "MessageSid"]
)
def test_other_fields_stay(name: str) -> None:
    assert fields(f"{name}=5".encode()) == [(name, b"5")]


def test_the_secret_is_taken_out_under_any_name() -> None:
    assert fields(f"x=Bearer+{SECRET}&to=8188".encode()) == [("x", None), ("to", b"8188")]
    assert fields(json.dumps({"x": f"Bearer {SECRET}", "to": 8188}).encode(), JSON) == [("x", None), ("to", b"8188")]


NESTED = {
    "event": {"id": 7, "token": "canary", "data": {"words": "HD", "to": ["8188"]}},
    "debug": {"words": "canary"},
    "list": [{"password": "canary"}],
}


def test_of_nested_json_only_what_the_text_is_read_from_is_kept() -> None:
    kept = keep_request(
        method="POST",
        content_type=JSON,
        content=json.dumps(NESTED).encode(),
        secrets=(SECRET,),
        own=("event.id", "event.data.words", "event.data.to[0]"),
    )
    assert kept is not None
    assert b"canary" not in kept
    request = read_kept_request(kept)
    assert request is not None
    assert [(field.name, field.value) for field in request.fields] == [
        ("event.id", b"7"),
        ("event.token", None),
        ("event.data.words", b"HD"),
        ("event.data.to[0]", b"8188"),
        ("debug", None),
        ("list", None),
    ]


def test_a_short_secret_does_not_take_texts_out() -> None:
    kept = keep_request(method="GET", content_type=FORM, content=b"text=HD+1&k=1", secrets=("1",), own=("text",))
    assert kept is not None
    request = read_kept_request(kept)
    assert request is not None
    assert [field.value for field in request.fields] == [b"HD 1", None]


def test_a_json_body_without_proof_is_kept_to_the_last_blank() -> None:
    content = b'{ "text" : "T\xff",\n "none": null }'
    kept = keep_request(method="POST", content_type=JSON, content=content, secrets=(SECRET,), own=())
    assert kept is not None
    assert json.loads(kept)["content"].encode("latin-1") == content
    assert fields(content, JSON) == [("text", b"T\xff"), ("none", b"null")]


def test_a_query_beyond_the_bound_is_not_kept() -> None:
    content = b"text=" + b"a" * MAX_CONTENT
    assert keep_request(method="GET", content_type="", content=content, secrets=(SECRET,), own=()) is None


@pytest.mark.parametrize(
    "kept", [b"", b"[]", b"{}", b"\xff", b'{"method":1,"content_type":"","content":"","removed":1}']
)
def test_what_is_no_kept_request_is_none(kept: bytes) -> None:
    assert read_kept_request(kept) is None


@given(st.binary(max_size=200))
def test_every_field_that_a_door_reads_is_kept_as_it_read_it(content: bytes) -> None:
    read = read_body(content, FORM, ())
    assume(not isinstance(read, BadField))
    assert not isinstance(read, BadField)
    kept: dict[str, bytes | None] = {}
    for name, value in fields(content):
        kept.setdefault(name, value)
    assert {name: value for name, value in kept.items() if value is not None} == {
        name: value for name, value in read.items() if kept[name] is not None
    }


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=30) | st.integers(0, 10**20), max_size=5), st.booleans())
def test_every_string_of_an_object_is_kept_as_a_door_reads_it(told: dict[str, str | int], plain: bool) -> None:  # noqa: FBT001 - drawn
    content = json.dumps(told | {"password": "x"}, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    read = read_json(content)
    assert not isinstance(read, BadField)
    for name, value in fields(content, JSON):
        assert value in (None, read[name])
