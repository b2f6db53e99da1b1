"""SOAP pushes of the VMG family, by the acceptance table: the names of each partner, Base64, and `>1<`."""

from __future__ import annotations

import logging
from base64 import b64encode, encodebytes
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from sms_gateway.channels.http.networks.soap_mo import decoded
from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.channels.http.networks.acceptance import channel
from tests.sms_gateway.channels.http.networks.wsdl import envelope
from tests.sms_gateway.conftest import Clock

pytestmark = pytest.mark.long_on_postgresql

SECRET = "canary-soap-password-01"
CITY = ("city", SECRET)
SETTINGS = ChannelSettings(network="soap-mo", secret=SecretStr(SECRET), reply_link="viettel")
XML = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
WORDS = "DVC 000.00.12.H17-230815-0007 Đà Nẵng, Hải Châu 1, phường Thạch Thang"
BROKEN = encodebytes(WORDS.encode()).decode()  # as Java's old encoder: lines of 76 letters
NAMES = [
    ("receiverMO", ("User_ID", "Service_ID", "Command_Code", "Message", "Request_ID", "Operator")),
    ("GetSmsContent", ("user_id", "service_id", "command_code", "info", "request_id", "Operator")),
    ("GetMOData", ("UserID", "ServiceID", "CommandCode", "Content", "RequestID", "Operator")),
    ("ReceiveMessage", ("UserId", "PrefixId", "CommandCode", "MessageIn", "RequestID", "Operator")),
    ("moreceiver", ("in0", "in1", "in2", "in3", "in4", "in5")),
]


def values(names: tuple[str, ...], request_id: str, words: str = BROKEN) -> dict[str, str]:
    return dict(zip(names, ("84905123456", "8188", "DVC", words, request_id, "VIETTEL"), strict=True))


def test_the_push_of_every_partner_is_read_and_stored_once(
    parts: WebDependencies, clock: Clock, tmp_path: Path
) -> None:
    assert "\n" in BROKEN.strip()
    agg = channel(parts, SETTINGS)
    for number, (operation, names) in enumerate(NAMES, 1):
        for form in ("qualified", "unqualified"):  # the second is a repetition
            body = envelope(tmp_path, "http://ws.sms.com", operation, values(names, f"r-{number}"), form=form)
            response = agg.client.post("/mo/agg", data=body, headers=XML, auth=CITY)
            assert (response.status_code, response.content_type) == (200, "text/xml; charset=utf-8"), operation
            assert ">1<" in response.text
            clock.advance(timedelta(hours=1))
        assert agg.texts() == [("84905123456", "8188", WORDS)] * number, operation


def test_the_number_that_means_taken_is_a_setting(parts: WebDependencies, tmp_path: Path) -> None:
    agg = channel(parts, SETTINGS.model_copy(update={"options": {"success": "0"}}))
    body = envelope(tmp_path, "urn:a", *NAMES[0][:1], values(NAMES[0][1], "r-1"))
    response = agg.client.post("/mo/agg", data=body, headers=XML, auth=CITY)
    assert ">0<" in response.text
    assert ">1<" not in response.text


TEXTS = [
    ("Base64", b64encode(WORDS.encode()), WORDS, WORDS),
    ("Base64 of Windows-1252", b64encode("Hà Nội".encode("cp1252", "replace")), None, "Hà N?i"),
    ("a longer one", b64encode("HOI Hà giá điện".encode("cp1252", "replace")), "HOI Hà giá ?i?n", "HOI Hà giá ?i?n"),
    ("twelve plain letters", b"TKNguyenVanA", None, "L£`»'§U©À"),
    ("a plain text", b"DVC 000.00.12.H17-230815-0007", None, None),
    ("four letters that are Base64 by chance", b"DVC1", None, "\rP\xb5"),
    ("nothing", b"", "", ""),
]


def test_base64_is_told_from_a_plain_text() -> None:
    for label, written, auto, always in TEXTS:
        for only_text, wanted in ((True, auto), (False, always)):
            found = decoded(written, only_text=only_text)
            assert (None if found is None else found.body) == wanted, label


def test_texts_may_come_plain(parts: WebDependencies, tmp_path: Path) -> None:
    for base64, sent, words in (("auto", "DVC1", "DVC1"), ("no", "SEQ=", "SEQ="), ("yes", "SEQ=", "HD")):
        agg = channel(parts, SETTINGS.model_copy(update={"options": {"base64": base64}}))
        body = envelope(tmp_path, "urn:a", "receiverMO", values(NAMES[0][1], f"r-{base64}", sent))
        assert agg.client.post("/mo/agg", data=body, headers=XML, auth=CITY).status_code == 200
        assert agg.texts()[-1][2] == words, base64


def test_each_proof_is_checked_and_a_wrong_one_is_like_an_unknown_channel(
    parts: WebDependencies, tmp_path: Path
) -> None:
    text = values(NAMES[0][1], "r-1")
    body = envelope(tmp_path, "urn:a", "receiverMO", text)
    named = envelope(tmp_path, "urn:a", "receiverMO", {"Username": "city", "Password": SECRET} | text)
    guess = envelope(tmp_path, "urn:a", "receiverMO", {"Password": "canary-soap-guess"} | text)
    entity = b'<!DOCTYPE a [<!ENTITY e "x">]>' + named
    clients = {
        proof: channel(parts, SETTINGS.model_copy(update={"options": {"proof": proof}})).client
        for proof in ("basic", "element", "path")
    }
    refused = [
        clients["basic"].post("/mo/agg", data=body, headers=XML),
        clients["basic"].post("/mo/agg", data=named, headers=XML, auth=("city", "canary-soap-guess")),
        clients["element"].post("/mo/agg", data=body, headers=XML, auth=CITY),
        clients["element"].post("/mo/agg", data=guess, headers=XML),
        clients["element"].post("/mo/agg", data=entity, headers=XML),
        clients["path"].post("/mo/agg", data=named, headers=XML, auth=CITY),
        clients["path"].post("/mo/nobody", data=body, headers=XML),
    ]
    assert {(each.status_code, each.text) for each in refused} == {(401, refused[-1].text)}
    agg = channel(parts, SETTINGS)
    assert agg.texts() == []
    assert clients["element"].post("/mo/agg", data=named, headers=XML).status_code == 200
    assert clients["path"].post(f"/mo/agg/{SECRET}", data=body, headers=XML).status_code == 200
    assert len(agg.texts()) == 1


def test_no_secret_is_kept_or_logged(
    parts: WebDependencies, logged_in: FlaskClient, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(logging.DEBUG):
        agg = channel(parts, SETTINGS.model_copy(update={"options": {"proof": "element"}}))
        sent = {"Username": "city", "Password": SECRET, "Other": SECRET} | values(NAMES[0][1], "r-7")
        body = envelope(tmp_path, "urn:a", "receiverMO", sent)
        assert agg.client.post("/mo/agg", data=body, headers=XML).status_code == 200
        agg.client.post("/mo/agg", data=body.replace(SECRET.encode(), b"canary-guess"), headers=XML)
    written = "".join(map(TextFormatter().format, caplog.records))
    assert SECRET not in written
    assert "canary-guess" not in written
    assert SECRET.encode() not in agg.kept()
    assert b"r-7" in agg.kept()
    page = agg.pages(logged_in)
    assert "r-7" in page
    assert SECRET not in page
