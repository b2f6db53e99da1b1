"""First passwords: argon2id, ten letters that no screen confuses."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from handlers import HANDLERS
from handlers.first_passwords import ALPHABET, prepare
from parsers.commands import ShowHelp
from parsers.misread import Misread, MisreadKind
from tests.handlers.surroundings import dvc, tk


def test_is_ten_letters_without_look_alikes() -> None:
    first = prepare()
    assert len(first.clear) == 10
    assert set(first.clear) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0Oo1lIi")
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


def test_the_hash_is_argon2id_with_19_mib_and_opens_with_that_password_alone() -> None:
    first = prepare()
    assert re.match(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$", first.hashed)
    assert PasswordHasher().verify(first.hashed, first.clear)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(first.hashed, first.clear + "x")


def test_no_two_are_alike() -> None:
    made = [prepare() for _ in range(3)]
    assert len({one.clear for one in made}) == len({one.hashed for one in made}) == 3


def test_only_tk_needs_one() -> None:
    assert HANDLERS.needs_preparation(tk())
    for other in (dvc("H17-100"), ShowHelp(), Misread(kind=MisreadKind.EMPTY)):
        assert not HANDLERS.needs_preparation(other)
