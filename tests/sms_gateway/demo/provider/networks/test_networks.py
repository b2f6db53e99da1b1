"""Every counterpart against the gateway's own network: each kind of proof, and each way to send."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from db.schema import ReceiptState, inbound
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.demo.provider.networks import COUNTERPARTS
from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ReplyWay, SendFormat
from tests.sms_gateway.demo.provider.services import SECRETS, answer_to, channel_settings, played

CHANNELS = {
    "plain_form": channel_settings("plain", auth="basic", send_format=SendFormat.FORM, user="city"),
    "plain_query": channel_settings(
        "plain", auth="signed", send_format=SendFormat.QUERY, message_id_field="data.id", user="city"
    ),
    "plain_nested": channel_settings("plain", auth="path", sender_field="payload.phone", text_field="payload.text"),
    "plain_body": channel_settings("plain", reply=ReplyWay.BODY),
    "kannel": channel_settings("kannel", user="city", public_url="https://sms.example"),
    "kannel_body": channel_settings("kannel", reply=ReplyWay.BODY),
    "esms": channel_settings("esms", user="city", public_url="https://sms.example"),
    "esms_body": channel_settings("esms", reply=ReplyWay.BODY),
    "jasmin": channel_settings("jasmin", user="city", public_url="https://sms.example"),
    "smsgate": channel_settings("smsgate", user="city"),
    "vcom": channel_settings("vcom", user="city"),
    "twilio": channel_settings("twilio", user="AC11", public_url="https://sms.example"),
    "twilio_body": channel_settings("twilio", public_url="https://sms.example", reply=ReplyWay.BODY),
    "vonage": channel_settings("vonage", user="city", public_url="https://sms.example"),
    "vonage_path": channel_settings(
        "vonage", user="city", public_url="https://sms.example", options={"signature": "none"}
    ),
    "infobip_basic": channel_settings("infobip", public_url="https://sms.example", options={"proof": "basic"}),
    "infobip": channel_settings("infobip", public_url="https://sms.example"),
    "zalo": channel_settings("zalo", options={"app_id": "1234567890"}),
}
ONLY_SEND = {"viettel": channel_settings("viettel", user="city", options={"cp_code": "CITY"})}

BY_ANOTHER = {
    "soap_mo": channel_settings("soap-mo", reply_link="plain_form"),
    "soap_mo_element": channel_settings("soap-mo", reply_link="plain_form", options={"proof": "element"}),
    "by_viettel": channel_settings("soap-mo", reply_link="viettel", options={"proof": "path"}),
}
"""Channels that send nothing."""


def test_a_text_is_answered_by_each_network_and_its_report_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), played(tmp_path, CHANNELS | BY_ANOTHER | ONLY_SEND) as both:
        for number, name in enumerate(CHANNELS):
            provider = both.providers[name]
            reports = COUNTERPARTS[CHANNELS[name].network](CHANNELS[name]).report is not None
            is_reported = reports and CHANNELS[name].reply is ReplyWay.MT
            answer = answer_to(provider, "HD", citizen=f"849051234{number:02}", is_reported=is_reported)
            assert "DVC" in answer.text, name
            assert answer.receipt is (ReceiptState.DELIVERED if is_reported else None), name
            assert (provider.tally.refused, set(provider.tally.responses)) == (0, {"200"}), name
        for number, name in enumerate(BY_ANOTHER):
            both.providers[name].send_text(f"849051235{number:02}", "8188", "Xin hỏi: HD")
            by = both.providers[BY_ANOTHER[name].reply_link or name]
            sent = by.wait_for(f"849051235{number:02}", lambda found: len(found) == 1)
            assert "TK" in sent[0].text, name
        with both.database.read() as connection:
            kept = b"".join(connection.scalars(select(inbound.c.wire)))
    written = "".join(map(TextFormatter().format, caplog.records))
    for secret in SECRETS.values():
        assert secret.get_secret_value() not in written
        assert secret.get_secret_value().encode() not in kept


def test_each_counterpart_is_of_a_network_and_is_tried() -> None:
    assert COUNTERPARTS.keys() == NETWORKS.keys()
    assert COUNTERPARTS.keys() == {channel.network for channel in (CHANNELS | BY_ANOTHER | ONLY_SEND).values()}
