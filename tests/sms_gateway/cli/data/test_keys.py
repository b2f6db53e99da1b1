"""How much a key has sealed: half of what it may (NIST SP 800-38D) is a caution."""

from __future__ import annotations

import pytest

from db.upkeep import rekey
from tests.sms_gateway.cli.surroundings import begin, run


@pytest.fixture
def sealed() -> None:
    """A database with a few sealed values."""
    begin()
    assert run("block", "add", "-", "--days", "7", "--reason", "insults", given="0905123456\n").exit_code == 0


def test_half_of_what_a_key_may_seal_is_two_to_the_thirty_first() -> None:
    assert (rekey.MOST_VALUES, rekey.ROTATE_FROM) == (4_294_967_296, 2_147_483_648)


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(("bound", "is_told"), [(1, True), (1_000_000, False)])
def test_a_key_that_sealed_too_much_is_told(monkeypatch: pytest.MonkeyPatch, bound: int, *, is_told: bool) -> None:
    monkeypatch.setattr(rekey, "ROTATE_FROM", bound)  # nobody stores so many in a test
    listed = run("keys", "list")
    assert listed.exit_code == 0
    assert ("Caution: key 1 may seal 4294967296 values" in listed.stderr) is is_told
    checked = run("check", "--deep", "--no-bind")
    assert checked.exit_code == 0
    assert ("CAUTION   key: number 1 seals" in checked.stdout) is is_told
    assert ("OK        key: number 1 seals" in checked.stdout) is not is_told


@pytest.mark.usefixtures("sealed")
def test_a_quick_check_reads_no_table_for_it() -> None:
    assert "key: number" not in run("check", "--no-bind").stdout
