"""An SMS that staff have sent to a citizen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from db.schema import outbound
from db.store.address import Address, Msisdn
from db.store.engine import Database
from sms_gateway.channels.http.network import table_of
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.pages.actions.confirmation import sms_of
from sms_gateway.pages.citizens.citizen_sms import channel_to, queue_notice, queue_sms
from sms_gateway.settings.link_model import Alphabet, ChannelSettings, LinkSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.pipeline.test_addresses import CHAT

LINK = LinkSettings(host="smsc.example", system_id="us")
PHONE = Msisdn(Address("84905123456"))


def test_two_long_ones_to_one_phone_have_different_references(app: Flask, database: Database) -> None:
    with app.app_context(), database.write() as connection:
        queue_sms(connection, PHONE, "a" * 200, link="main")
        queue_notice(connection, PHONE, "b" * 200, link="main")
    with database.read() as connection:
        assert len(set(connection.scalars(select(outbound.c.reference)))) == 2


def test_it_comes_from_the_number_of_its_link_and_fits_its_alphabet(parts: WebDependencies) -> None:
    link = LinkSettings(host="smsc.example", system_id="us", short_code="9029", alphabet=Alphabet.ASCII)
    settings = parts.settings.model_copy(update={"links": {"main": link}})
    app = create_app(replace(parts, settings=settings, traits=traits_by_channel(settings)))
    with app.test_request_context():
        assert channel_to(PHONE) == "main"
        assert (sms_of("é", "x", by="main").encoding, sms_of("é", "x", by=None).encoding) == ("UCS-2", "GSM 03.38")
        assert sms_of("é" * 100, "x", by="main").segments == 2
        with parts.database.write() as connection:
            queue_sms(connection, PHONE, "a", link="main")
            queue_sms(connection, PHONE, "b", link="of_last_year")
    with parts.database.read() as connection:
        assert list(connection.scalars(select(outbound.c.sender).order_by(outbound.c.id))) == ["9029", "8188"]


@pytest.mark.parametrize("links", [{}, {"main": LINK}])
def test_it_goes_by_a_channel_that_sends_to_phones(parts: WebDependencies, links: dict[str, LinkSettings]) -> None:
    sends = ChannelSettings(network="chat-net", send_url="https://chat.example/send")
    settings = parts.settings.model_copy(update={"links": links, "channels": {"chat": sends}})
    chat_network = replace(plain.NETWORK, name="chat-net", sender_kind=CHAT)
    app = create_app(replace(parts, settings=settings, networks=table_of([chat_network])))
    with app.test_request_context():
        assert channel_to(PHONE) == next(iter(links), None)
