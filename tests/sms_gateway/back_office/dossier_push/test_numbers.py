"""Long numbers in the words of offices."""

from __future__ import annotations

from sms_gateway.back_office.dossier_push.numbers import mask_long_numbers


def test_numbers_of_9_to_12_digits_are_masked_and_days_and_amounts_stay() -> None:
    cases = [
        ("CCCD 048077001234", "CCCD ***"),
        ("CMND 201499999", "CMND ***"),
        ("goi 0905.123.456 gap", "goi *** gap"),
        ("0905 123 456", "***"),
        ("0905123456 0905123457", "*** ***"),
        ("so 12345678", "so 12345678"),
        ("ma 1234567890123", "ma 1234567890123"),
        ("15/08/2023, 20.12.2026", "15/08/2023, 20.12.2026"),
        ("100.000.000 d", "100.000.000 d"),
        ("090.512.345", "***"),
        ("", ""),
    ]
    assert [(given, mask_long_numbers(given)) for given, _ in cases] == cases
