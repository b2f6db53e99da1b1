"""HD GIA: the price, who is billed, and how notices end, in one segment; by the settings and by the channel."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import ServiceFacts
from handlers.guidance import guide
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.fit import room
from handlers.wording.plain import is_plain
from parsers.commands import PRICE

SERVICE = ServiceFacts()
ENDING = {**SERVICE.keywords, "withdrawal": "HUY"}


def test_the_price_of_the_settings_is_said_and_else_that_the_carriers_applies() -> None:
    for language, price, carrier in (("vi", "1500 dong/tin", "theo nha mang"), ("en", "1500 VND", "arrier charges")):
        service = replace(SERVICE, wording=CATALOGUES[language])
        assert price in guide(PRICE, replace(service, price=price)), language
        assert carrier in guide(PRICE, service), language


def test_how_notices_end_is_said_where_there_are_any() -> None:
    for price in ("", "1500 dong/tin"):
        service = replace(SERVICE, price=price)
        assert "HUY gui 8188" in guide(PRICE, replace(service, keywords=ENDING)), price
        assert "HUY" not in guide(PRICE, service), price


def test_a_channel_without_telephone_numbers_is_free() -> None:
    zalo = replace(SERVICE, said_as="Zalo nay", price="1500 dong/tin")
    answer = guide(PRICE, zalo)
    assert "khong mat phi" in answer
    assert "1500" not in answer


def test_each_answer_is_one_plain_segment_with_long_values() -> None:
    for wording in CATALOGUES.values():
        for price in ("", "1500 dong/tin", "1.500 dong/tin (da gom VAT) 00"):
            for said_as in ("", "Zalo cua thanh pho"):
                for withdrawal in ({}, {"withdrawal": "NGUNGTINBA"}):
                    service = replace(
                        SERVICE,
                        wording=wording,
                        price=price,
                        said_as=said_as,
                        hotline="0236 3.881.888",
                        short_code="18001234",
                        keywords={**SERVICE.keywords, **withdrawal},
                    )
                    answer = guide(PRICE, service)
                    assert is_plain(answer), answer
                    assert len(answer) <= room(1), answer
                    assert price in answer or said_as, answer
                    assert not withdrawal or "NGUNGTINBA" in answer, answer
