from __future__ import annotations

from db.citizens.accounts import find_by_id_number
from sms_gateway.pipeline.dispatch.fault import name_fault


def fail(secret: str) -> Exception:
    try:
        find_by_id_number(secret, secret)  # type: ignore[arg-type]  # no connection
    except AttributeError as error:
        return error
    raise AssertionError("it did not fail")


def test_tells_kind_and_place_and_no_data() -> None:
    name = name_fault(fail("201499999"))
    assert " AttributeError at db/citizens/accounts.py:" in name
    assert "201499999" not in name


def test_the_same_fault_has_the_same_id_and_another_has_another() -> None:
    first, second = (name_fault(fail(secret)).split()[0] for secret in ("a", "b"))
    assert first == second
    assert first.isalpha()
    assert first != name_fault(KeyError()).split()[0]


def test_a_fault_outside_our_code_has_no_place() -> None:
    assert name_fault(KeyError("201499999")).endswith(" KeyError at unknown")
