"""Bodies of requests: read by what they are, whatever Content-Type says."""

from __future__ import annotations

import gzip
import zlib
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from db.schema import inbound
from db.store.engine import Database
from sms_gateway.channels.http.stored_request import read_kept_request
from tests.sms_gateway.channels.http.test_endpoint import FORM, HEADERS, stored

MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="from"\r\n\r\n0905123456\r\n'
    b'--x\r\nContent-Disposition: form-data; name="to"\r\n\r\n8188\r\n'
    b'--x\r\nContent-Disposition: form-data; name="logo"; filename="a.png"\r\n\r\n\x89PNG\r\n'
    b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nHD\r\n--x--\r\n'
)


OBJECT = b'{"from":"84905123456","to":"8188","text":"HD","id":"c1"}'


QUERY = b"from=84905123456&to=8188&text=HD"


XML = b"<m:mo xmlns:m='m'><m:from>84905123456</m:from><to>8188</to><text>HD</text><token>canary</token></m:mo>"


MARK = b"\xef\xbb\xbf"


def beside(field: str) -> bytes:
    return OBJECT[:-1] + f",{field}}}".encode()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        *[(kind, OBJECT) for kind in ("text/json", "application/x+json", "application/vnd.agg+json; charset=utf-8")],
        *[(kind, OBJECT) for kind in ("", "text/plain", "application/octet-stream", FORM)],
        *[(kind, QUERY) for kind in ("", "text/plain", "application/json", "application/x-www-form-urlencoded; x=y")],
        ("application/json", MARK + OBJECT),
        ("application/json", OBJECT.decode().encode("utf-16")),
        ("", b"\r\n  " + OBJECT),
        (FORM, MARK + QUERY),
        *[(kind, XML) for kind in ("text/xml; charset=utf-16", "text/plain", FORM)],
        ("multipart/form-data; boundary=x", MULTIPART),
        *[
            ("application/json", beside(field))
            for field in ('"price":0.05', '"concat":true', '"media":[]', '"sim":{"slot":1}', '"at":1.7e12', '"n":null')
        ],
        ("application/json", OBJECT.replace(b'"c1"', b"1.7e12")),
        ("application/json", OBJECT.replace(b'"c1"', b"[1]")),
        ("application/json", OBJECT.replace(b'"84905123456"', b"84905123456")),
    ],
)
def test_a_body_is_read_by_what_it_is(client: FlaskClient, database: Database, content_type: str, body: bytes) -> None:
    response = client.post("/mo/gapit", data=body, headers=HEADERS, content_type=content_type)
    assert (response.status_code, response.json) == (200, {"status": "stored"})
    ((_, sender, recipient, words, _),) = stored(database)
    assert (sender, recipient, words) == ("84905123456", "8188", "HD")


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "identity"])
@pytest.mark.parametrize("path", ["/mo/gapit", "/mo/gapit/"])
def test_a_packed_body_and_a_slash_at_the_end_are_read(client: FlaskClient, encoding: str, path: str) -> None:
    packed = {"identity": OBJECT, "deflate": zlib.compress(OBJECT)}.get(encoding, gzip.compress(OBJECT, mtime=0))
    headers = {**HEADERS, "Content-Encoding": encoding}
    assert client.post(path, data=packed, headers=headers).json == {"status": "stored"}


@pytest.mark.parametrize(
    ("content_type", "encoding", "body", "advice"),
    [
        ("application/xml", "", b"<text>HD</text>", 'field \\"from\\"'),
        ("application/xml", "", b"<text>HD", "without a document type"),
        ("", "", b"", "send a JSON object, or a form"),
        ("text/plain", "", b"HD", "send a JSON object, or a form"),
        ("multipart/form-data; boundary=x", "", QUERY, "multipart/form-data"),
        ("multipart/form-data", "", MULTIPART, "multipart/form-data"),
        ("application/json", "br", OBJECT, "gzip"),
        ("application/json", "gzip", OBJECT, "gzip"),
        ("application/json", "gzip", gzip.compress(OBJECT, mtime=0)[:-12], "octets, unpacked"),
        ("application/json", "gzip", gzip.compress(b" " * (1 << 20), mtime=0), "octets, unpacked"),
        ("application/json", "", OBJECT.replace(b'"84905123456"', b'["84905123456"]'), 'field \\"from\\"'),
        ("application/json", "", OBJECT.replace(b'"84905123456"', b"8.5"), 'field \\"from\\"'),
    ],
)
def test_what_cannot_be_read_gets_one_clear_refusal_in_json(
    client: FlaskClient, content_type: str, encoding: str, body: bytes, advice: str
) -> None:
    headers = {**HEADERS, "Content-Encoding": encoding} if encoding else HEADERS
    response = client.post("/mo/gapit", data=body, headers=headers, content_type=content_type)
    assert (response.status_code, response.mimetype) == (400, "application/json")
    assert advice in response.text


@pytest.mark.parametrize("codec", ["utf-16-be", "utf-16-le", "utf-16"])
def test_two_octets_a_character_are_known_without_a_charset(
    client: FlaskClient, database: Database, codec: str
) -> None:
    text = quote("DVC 000.00.12.H17-230815-0007 cảm ơn".encode(codec))
    client.get(f"/mo/gapit?from=0905123456&to=8188&text={text}", headers=HEADERS)
    ((_, _, _, words, _),) = stored(database)
    assert words == "DVC 000.00.12.H17-230815-0007 cảm ơn"


def test_what_is_kept_of_a_request_holds_no_secret_whatever_its_shape(client: FlaskClient, database: Database) -> None:
    nested = beside('"auth":{"token":"canary"}')
    client.post("/mo/gapit", data=nested, headers=HEADERS, content_type=FORM)
    secret = b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\ncanary\r\n' + MULTIPART
    client.post(
        "/mo/gapit",
        data=secret.replace(b"HD", b"HD TK"),
        headers=HEADERS,
        content_type="multipart/form-data; boundary=x",
    )
    packed = {**HEADERS, "Content-Encoding": "gzip"}
    client.post("/mo/gapit", data=gzip.compress(XML.replace(b"HD", b"HD DVC"), mtime=0), headers=packed)
    with database.read() as connection:
        wires = [wire or b"" for wire in connection.scalars(select(inbound.c.wire).order_by(inbound.c.id))]
    assert len(wires) == 3
    assert all(b"canary" not in wire and b"8188" in wire for wire in wires)
    assert [
        [(field.name, field.value) for field in fields.fields if field.value is None]
        for fields in map(read_kept_request, wires)
        if fields
    ] == [[("auth", None)], [("password", None)], [("token", None)]]
