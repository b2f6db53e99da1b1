"""The table of kinds reads what somebody types, and shows what is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.store.address import TEL
from sms_gateway.channels.address_kinds import ADDRESS_KINDS, AddressKinds
from sms_gateway.pipeline.addresses import PHONES
from tests.sms_gateway.pipeline.test_addresses import ADDRESS, CHAT, KINDS, MASKED, USER


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (f"chat:{USER}", ADDRESS),
        (f" chat:{USER} ", ADDRESS),
        (USER, None),
        ("chat:", None),
        ("chat:someone", None),
        ("other:1", None),
        ("0905 123 456", "84905123456"),
        ("", None),
    ],
)
def test_what_somebody_types_is_read_by_its_kind(typed: str, read: str | None) -> None:
    assert KINDS.read(typed) == read


def test_of_an_unknown_kind_only_the_kind_is_shown() -> None:
    assert ADDRESS_KINDS.mask(ADDRESS) == "chat:***"
    assert KINDS.mask(ADDRESS) == MASKED
    assert (KINDS.mask("84905123456"), KINDS.mask("VIETTEL")) == ("8490***3456", "VIETTEL")
    assert PHONES.name == TEL


def test_two_different_kinds_of_one_name_are_a_mistake() -> None:
    assert AddressKinds([PHONES, CHAT, CHAT]).mask(ADDRESS) == MASKED  # two networks may share one kind
    with pytest.raises(ValueError, match="two kinds of addresses are called 'chat'"):
        AddressKinds([PHONES, CHAT, replace(CHAT, mask=str.upper)])


@pytest.mark.parametrize("name", ["", "c", "Chat", "chat:", "chat2", "chatchatc", "chät"])
def test_a_kind_whose_name_no_address_can_hold_is_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="the name of a kind of addresses"):
        replace(CHAT, name=name)
