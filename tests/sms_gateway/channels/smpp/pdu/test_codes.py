from __future__ import annotations

import pytest

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.pipeline.ports import Refusal


@pytest.mark.parametrize(
    ("status", "name"),
    [(0, "ESME_ROK"), (0x58, "ESME_RTHROTTLED"), (0x64, "ESME_RX_T_APPN"), (0x4FF, "ESME_R0x000004FF")],
)
def test_names_statuses_as_the_standard_does(status: int, name: str) -> None:
    assert codes.status_name(status) == name


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (0x58, Refusal.THROTTLED),
        (0x14, Refusal.THROTTLED),
        (0x04, Refusal.TEMPORARY),
        (0x08, Refusal.TEMPORARY),
        (0x45, Refusal.TEMPORARY),
        (0x64, Refusal.TEMPORARY),
        (0xFE, Refusal.TEMPORARY),
        (0xFF, Refusal.TEMPORARY),
        (0x400, Refusal.TEMPORARY),
        (0x01, Refusal.PERMANENT),
        (0x0A, Refusal.PERMANENT),
        (0x0B, Refusal.PERMANENT),
        (0x65, Refusal.PERMANENT),
        (0x66, Refusal.PERMANENT),
    ],
)
def test_takes_each_refusal_by_the_table(status: int, refusal: Refusal) -> None:
    assert codes.refusal_of(status) is refusal


@pytest.mark.parametrize(
    ("told", "status"), [("ESME_RSUBMITFAIL", 0x45), ("0x45", 0x45), ("0X00000401", 0x401), ("ESME_RNOTHING", None)]
)
def test_reads_statuses_as_settings_write_them(told: str, status: int | None) -> None:
    assert codes.read_status(told) == status


def test_a_carrier_may_mean_something_else() -> None:
    carrier = codes.overrides(["ESME_RINVDSTADR"], ["ESME_RSYSERR", "ESME_RNOTHING"], ["0x401"])
    taken = [codes.refusal_of(status, carrier) for status in (0x0B, 0x08, 0x401, 0x45)]
    assert taken == [Refusal.TEMPORARY, Refusal.PERMANENT, Refusal.THROTTLED, Refusal.TEMPORARY]
