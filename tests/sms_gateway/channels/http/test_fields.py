"""Fields of a request, kept as octets."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.bodies.charsets import codec_of
from sms_gateway.channels.http.bodies.json_values import LONGEST_PATH, places_of
from sms_gateway.channels.http.fields import (
    MAX_FIELDS,
    read_any_json,
    read_form,
    read_json,
    values_at,
)


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        pytest.param(b"", {}, id="nothing"),
        pytest.param(b"from=84905123456&text=TK%2C+A", {"from": b"84905123456", "text": b"TK, A"}, id="usual"),
        pytest.param(b"text=T%C3%B4i", {"text": "Tôi".encode()}, id="UTF-8"),
        pytest.param(b"text=T%F4i", {"text": b"T\xf4i"}, id="Latin-1 stays as it is"),
        pytest.param(b"text=%ZZ%4", {"text": b"%ZZ%4"}, id="broken percent signs"),
        pytest.param(b"text=a&text=b", {"text": b"a"}, id="the first one counts"),
        pytest.param(b"&&text&=x&", {"text": b"", "": b"x"}, id="odd pieces"),
        pytest.param(b"text=a=b", {"text": b"a=b"}, id="an equals sign in the value"),
    ],
)
def test_a_form_is_read_as_octets(raw: bytes, fields: dict[str, bytes]) -> None:
    assert read_form(raw) == fields


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        pytest.param(b"{}", {}, id="empty"),
        pytest.param(b'{"from": "0905", "n": 8188, "gone": null}', {"from": b"0905", "n": b"8188"}, id="kinds"),
        pytest.param('{"text": "Tôi"}'.encode(), {"text": "Tôi".encode()}, id="UTF-8"),
        pytest.param(b'{"text": "T\\u00f4i"}', {"text": "Tôi".encode()}, id="escaped"),
        pytest.param(b'{"text": "T\xf4i"}', {"text": b"T\xf4i"}, id="no UTF-8: kept"),
        pytest.param(b'{"text": "\\ud800"}', {"text": b"\xed\xa0\x80"}, id="half a surrogate pair"),
    ],
)
def test_json_is_read_as_octets(raw: bytes, fields: dict[str, bytes]) -> None:
    assert read_json(raw) == fields


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"{", None, id="cut"),
        pytest.param(b"[1]", None, id="a list"),
        pytest.param(b"[" * 50_000, None, id="too deep"),
        pytest.param(b'{"from": ["x"]}', "from", id="a list in a field"),
        pytest.param(b'{"from": true}', "from", id="a truth value"),
        pytest.param(b'{"n": ' + b"9" * 5000 + b"}", None, id="a number beyond all"),
        pytest.param(json.dumps({str(n): "" for n in range(MAX_FIELDS + 1)}).encode(), None, id="too many"),
    ],
)
def test_json_that_is_no_request_names_the_mend(raw: bytes, field: str | None) -> None:
    found = read_json(raw, ["from"])
    assert isinstance(found, BadField)
    assert found.field == field
    assert found.advice.startswith("send")


def test_a_body_of_too_many_values_is_refused_and_those_that_nobody_asks_for_do_not_count() -> None:
    many = json.dumps({"sent": [{"id": 1, **{f"k{n}": n for n in range(12)}} for _ in range(1000)]}).encode()
    assert isinstance(read_json(many), BadField)
    assert read_any_json(many) == {}
    asked = read_json(many, places=places_of(["sent[].id"]))
    assert not isinstance(asked, BadField)
    assert values_at(asked, "sent[].id") == (b"1",) * 1000
    assert read_json(b'{"a": {"%s": 1, "b": 2}}' % (b"x" * LONGEST_PATH)) == {"a.b": b"2"}


def test_a_form_of_too_many_fields_is_refused() -> None:
    assert isinstance(read_form(b"a=1&" * (MAX_FIELDS + 1)), BadField)


@pytest.mark.parametrize(
    ("declared", "codec"),
    [(None, "utf-8"), ("UTF-8", "utf-8"), (" ISO-8859-1 ", "cp1252"), ("UCS-2", "utf-16-be"), ("klingon", "utf-8")],
)
def test_charsets_are_known_by_their_names(declared: str | None, codec: str) -> None:
    assert codec_of(declared) == codec


@given(st.binary(max_size=400))
def test_reading_never_raises(raw: bytes) -> None:
    assert isinstance(read_form(raw), dict | BadField)
    assert isinstance(read_json(raw), dict | BadField)


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), max_size=8))
def test_what_was_encoded_is_read_back(fields: dict[str, str]) -> None:
    expected = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    clean = {name: value for name, value in fields.items() if (name + value).isprintable()}
    assert read_form(urlencode(clean).encode()) == {name: value.encode() for name, value in clean.items()}
    assert read_json(json.dumps(fields).encode()) == expected


VALUES = [
    ("each entry", b'{"ids": [1, 2, 3]}', "ids[]", (b"1", b"2", b"3")),
    ("entries of null", b'{"ids": [null, "2", null, "4"]}', "ids[]", (b"2", b"4")),
    ("entries without the field", b'{"sent": [{"id": 1}, {"error": 5}, {"id": 3}]}', "sent[].id", (b"1", b"3")),
    ("a list of lists", b'[{"ids": [1, null, 2]}, {"ids": [3]}]', "[].ids[]", (b"1", b"2", b"3")),
    (
        "more than ten, in order",
        json.dumps({"ids": list(range(12))}).encode(),
        "ids[]",
        tuple(b"%d" % n for n in range(12)),
    ),
    ("a path beside", b'{"ids": [1], "old_ids": [2], "ids_more": [3]}', "ids[]", (b"1",)),
    ("a place that is no number", b'{"ids[9999999999]": "1", "ids[x]": "2"}', "ids[]", ()),
]


@pytest.mark.parametrize(("raw", "path", "values"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES])
def test_values_are_found_by_their_path(raw: bytes, path: str, values: tuple[bytes, ...]) -> None:
    assert values_at(read_any_json(raw), path) == values
