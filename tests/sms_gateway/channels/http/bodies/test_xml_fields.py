"""XML bodies: elements by their local names, within bounds, and nothing that could expand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.bodies.xml_fields import MAX_DEPTH, MAX_ELEMENTS
from sms_gateway.channels.http.fields import read_any, read_body, read_xml
from sms_gateway.channels.http.stored_request import keep_request, read_kept_request

SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?><{p}Envelope xmlns{q}="http://schemas.xmlsoap.org/soap/envelope/">'
    "<{p}Header><sec:UsernameToken xmlns:sec='s'><sec:Username>agg</sec:Username><sec:Word>canary-1</sec:Word>"
    "</sec:UsernameToken></{p}Header><{p}Body><w:receiverMO xmlns:w='http://ws'><User_ID>84905123456</User_ID>"
    "<w:Service_ID>8188</w:Service_ID><Message>T\u00f4i &amp; <![CDATA[<b>]]></Message><Operator>VMS</Operator>"
    "<Note>by canary-3-of-channel</Note><Pass>canary-2</Pass></w:receiverMO></{p}Body></{p}Envelope>"
)
READ = {
    "Username": b"agg",
    "Word": b"canary-1",
    "User_ID": b"84905123456",
    "Service_ID": b"8188",
    "Message": "T\u00f4i & <b>".encode(),
    "Operator": b"VMS",
    "Note": b"by canary-3-of-channel",
    "Pass": b"canary-2",
}


def soap(prefix: str) -> str:
    return SOAP.replace("{p}", f"{prefix}:" if prefix else "").replace("{q}", f":{prefix}" if prefix else "")


def test_an_envelope_is_read_by_local_names_in_any_charset() -> None:
    utf16 = soap("S").replace("UTF-8", "UTF-16")
    bodies = {
        "other prefixes": soap("soapenv").encode(),
        "a default namespace": soap("").encode(),
        "a byte order mark": b"\xef\xbb\xbf" + soap("S").encode(),
        "UTF-16 with a mark": utf16.encode("utf-16"),
        "an empty line before it": b"\r\n " + soap("S").encode(),
        "Latin-1 as declared": soap("S").replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "Latin-1 under a wrong declaration": soap("S").encode("latin-1"),
        "no declaration": soap("S").partition("?>")[2].encode(),
    }
    for label, body in bodies.items():
        assert read_body(body, "text/plain", ()) == READ, label
        assert read_any(body) == READ, label


def test_the_first_of_two_elements_counts_and_an_element_with_others_has_no_value() -> None:
    assert read_xml(b"<a>x<to>1</to><b><to>2</to><e/></b><to>3</to></a>") == {"to": b"1", "e": b""}


REFUSED = {
    "a document type": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "a document type in small letters": b"<!doctype a><a>1</a>",
    "a document type in UTF-16": '<?xml version="1.0"?><!DOCTYPE a><a>1</a>'.encode("utf-16"),
    "a document type in a charset of other octets": '<?xml version="1.0" encoding="cp037"?><!DOCTYPE a><a>1</a>'.encode(
        "cp037"
    ),
    "an entity that nothing declares": b"<a>&b;</a>",
    "cut": b"<a><b>1</b>",
    "two roots": b"<a>1</a><a>2</a>",
    "an unknown charset": b'<?xml version="1.0" encoding="klingon"?><a>1</a>',
    "a charset that is no table": b'<?xml version="1.0" encoding="base64"?><a>1</a>',
    "too many elements": b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>",
    "no XML": b"<",
}


def test_what_is_refused_is_refused_before_it_costs_anything() -> None:
    for label, body in REFUSED.items():
        assert isinstance(read_xml(body), BadField), label
        assert read_any(body) == {}, label


def test_elements_that_are_too_deep_are_left_out() -> None:
    deepest = b"<n>" * (MAX_DEPTH - 1) + b"<in>1</in><n><out>2</out></n>" + b"</n>" * (MAX_DEPTH - 1)
    assert read_xml(deepest) == {"in": b"1"}
    assert isinstance(read_xml(b"<n>" * 20_000), BadField)


def test_of_xml_only_what_is_beside_the_text_is_kept_and_no_secret() -> None:
    for content in (soap("S").encode(), soap("").replace("UTF-8", "UTF-16").encode("utf-16")):
        kept = keep_request(
            method="POST",
            content_type="text/xml",
            content=content,
            secrets=("canary-3-of-channel",),
            own=("User_ID", "Message"),
        )
        assert kept is not None
        assert b"canary" not in kept
        assert b"agg" not in kept
        request = read_kept_request(kept)
        assert request is not None
        assert {field.name: field.value for field in request.fields} == {
            "User_ID": READ["User_ID"],
            "Service_ID": READ["Service_ID"],
            "Message": READ["Message"],
            "Operator": READ["Operator"],
            "Username": None,
            "Word": None,
            "Note": None,
            "Pass": None,
        }


PIECES = st.sampled_from(
    ["<a>", "</a>", "<b:text>", "</b:text>", "<c/>", "x", "&amp;", "&lt", "<![CDATA[", "]]>", "<?p q?>", "<!--", "-->"]
)


@given(
    st.lists(PIECES, max_size=12).map("".join), st.binary(max_size=30), st.sampled_from(["utf-8", "utf-16", "cp037"])
)
def test_reading_never_raises(pieces: str, octets: bytes, charset: str) -> None:
    for body in (pieces.encode(charset), b"<" + octets, b"<a>" + octets + pieces.encode() + b"</a>"):
        fields = read_xml(body)
        assert isinstance(fields, dict | BadField)
        if not isinstance(fields, BadField):
            kept = keep_request(method="POST", content_type="", content=body, secrets=("",), own=("text", "a"))
            assert kept is not None
            assert read_kept_request(kept) is not None
