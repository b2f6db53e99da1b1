"""The table of kinds reads what somebody types, and shows what is stored."""

from __future__ import annotations

import pytest

from db.store.address import TEL
from sms_gateway.channels.address_kinds import ADDRESS_KINDS
from sms_gateway.pipeline.addresses import PHONES
from tests.sms_gateway.pipeline.test_addresses import ADDRESS, KINDS, MASKED, USER


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
