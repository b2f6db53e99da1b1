"""An SMS that staff have sent to a citizen."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from db.schema import outbound
from db.store.address import Address, Msisdn
from db.store.engine import Database
from sms_gateway.pages.citizens.citizen_sms import queue_notice, queue_sms

PHONE = Msisdn(Address("84905123456"))


def test_two_long_ones_to_one_phone_have_different_references(app: Flask, database: Database) -> None:
    with app.app_context(), database.write() as connection:
        queue_sms(connection, PHONE, "a" * 200, link="main")
        queue_notice(connection, PHONE, "b" * 200, link="main")
    with database.read() as connection:
        assert len(set(connection.scalars(select(outbound.c.reference)))) == 2
