"""Addresses of every kind have a stored text of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store.address import MAX_ADDRESS_CHARACTERS, TEL, Address, address_of, as_msisdn, as_name, kind_of


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("6142494823000001", "chat:6142494823000001"),
        ("an.id_of-letters", "chat:an.id_of-letters"),
        ("", None),
        ("two words", None),
        ("chat:1", None),
        ("1\n", None),
        ("\u0661\u0662", None),
        ("1" * (MAX_ADDRESS_CHARACTERS - len("chat:")), f"chat:{'1' * 19}"),
        ("1" * (MAX_ADDRESS_CHARACTERS - len("chat:") + 1), None),
    ],
)
def test_a_value_is_stored_with_its_kind_or_is_no_address(value: str, stored: str | None) -> None:
    assert address_of("chat", value) == stored


@pytest.mark.parametrize("name", [TEL, "", "c", "Chat", "chat:", "chatchatchat"])
def test_a_kind_has_a_short_name_of_its_own(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a kind"):
        address_of(name, "1")


@given(st.text())
def test_an_address_of_another_kind_is_no_telephone_number(value: str) -> None:
    stored = address_of("chat", value)
    if stored is not None:
        assert kind_of(stored) == "chat"
        assert as_msisdn(stored) is None


def test_bare_digits_are_a_telephone_number() -> None:
    phone = as_msisdn(Address("84905123456"))
    assert phone == "84905123456"
    assert phone is not None
    assert kind_of(phone) == TEL


@given(st.text())
def test_a_senders_name_is_never_stored_like_an_address_of_another_kind(name: str) -> None:
    assert kind_of(as_name(name)) == TEL
    assert as_name(as_name(name)) == as_name(name)
