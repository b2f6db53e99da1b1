"""Seals and marks."""

from __future__ import annotations

import pytest

from db.store.sealing import Keyring, SealBrokenError, new_key

CANARY = "Nguyễn Văn Bí Mật 201499999"


def test_opens_what_it_sealed() -> None:
    keyring = Keyring(keys={1: new_key()}, mark_key=new_key())
    sealed = keyring.seal(CANARY.encode(), b"inbound.body")
    assert keyring.open(sealed, b"inbound.body").decode() == CANARY
    assert b"201499999" not in sealed


def test_a_column_is_sealed_as_its_values_are_each_with_a_nonce_of_its_own() -> None:
    keyring = Keyring(keys={1: new_key()}, mark_key=new_key())
    clears = [CANARY.encode(), None, b"", CANARY.encode()]
    sealed = keyring.seal_all(clears, b"inbound.body")
    assert [None if one is None else keyring.open(one, b"inbound.body") for one in sealed] == clears
    nonces = [one[2:14] for one in sealed if one is not None]
    assert len(set(nonces)) == len(nonces) == 3
    assert keyring.seal_all([], b"inbound.body") == []


def test_the_same_value_is_never_sealed_alike_and_always_marked_alike() -> None:
    keyring = Keyring(keys={1: new_key()}, mark_key=new_key())
    assert keyring.seal(b"x", b"p") != keyring.seal(b"x", b"p")
    assert keyring.mark(b"phone", b"x") == keyring.mark(b"phone", b"x")
    assert keyring.mark(b"phone", b"x") != keyring.mark(b"id_number", b"x")


@pytest.mark.parametrize(
    ("subject", "value", "mark"),
    [
        (b"phone", b"84905123456", "543af322d64fb1ebd47858c5fc2afa2f"),
        (b"once", b"", "7b1eb3b9122d1e9d4d19ed2f74631828"),
        (b"fingerprint", b"x" * 300, "8c0bace3ef36c129b4238f19ae9b4389"),
    ],
)
def test_a_mark_stays_as_it_was_or_nothing_stored_is_found_again(subject: bytes, value: bytes, mark: str) -> None:
    keyring = Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32)
    for _ in range(2):
        assert keyring.mark(subject, value).hex() == mark  # as hmac.digest(key, …, "sha256") gave it


def test_seals_with_the_greatest_key_and_opens_with_every() -> None:
    first, second, mark = new_key(), new_key(), new_key()
    old = Keyring(keys={1: first}, mark_key=mark)
    both = Keyring(keys={1: first, 2: second}, mark_key=mark)
    assert both.open(old.seal(b"x", b"p"), b"p") == b"x"
    with pytest.raises(SealBrokenError, match="no key number 2"):
        old.open(both.seal(b"x", b"p"), b"p")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]), id="one bit"),
        pytest.param(lambda sealed: sealed[:20], id="cut"),
        pytest.param(lambda sealed: sealed[:2], id="head only"),
    ],
)
def test_a_damaged_value_does_not_open(damage: object) -> None:
    keyring = Keyring(keys={1: new_key()}, mark_key=new_key())
    assert callable(damage)
    with pytest.raises(SealBrokenError) as caught:
        keyring.open(damage(keyring.seal(CANARY.encode(), b"inbound.body")), b"inbound.body")
    assert "201499999" not in str(caught.value)


def test_a_value_moved_to_another_column_does_not_open() -> None:
    keyring = Keyring(keys={1: new_key()}, mark_key=new_key())
    with pytest.raises(SealBrokenError, match=r"outbound\.body"):
        keyring.open(keyring.seal(b"x", b"inbound.body"), b"outbound.body")


@pytest.mark.parametrize(("keys", "mark"), [({}, b"m" * 32), ({1: b"short"}, b"m" * 32), ({1: b"k" * 32}, b"short")])
def test_refuses_keys_of_another_length(keys: dict[int, bytes], mark: bytes) -> None:
    with pytest.raises(ValueError, match="32 octets"):
        Keyring(keys=keys, mark_key=mark)
