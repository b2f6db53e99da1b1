"""Long numbers in the words of offices."""

from __future__ import annotations

from sms_gateway.back_office.dossier_push.numbers import mask_long_numbers


def test_numbers_of_nine_digits_or_more_are_masked_and_days_and_amounts_stay() -> None:
    cases = [
        ("CCCD 048077001234", "CCCD ***"),
        ("CMND 201499999", "CMND ***"),
        ("goi 0905.123.456 gap", "goi *** gap"),
        ("0905 123 456", "***"),
        ("0905123456 0905123457", "***"),
        ("so 12345678", "so 12345678"),
        ("ma 1234567890123", "ma ***"),
        ("CCCD 048/077/001/234", "CCCD ***"),
        ("048,077,001,234", "***"),
        ("048_077_001_234", "***"),
        ("048\u2013077\u2013001\u2013234", "***"),
        ("048 - 077 - 001 - 234", "***"),
        ("CCCD 048077 001234 012345", "CCCD ***"),
        ("CCCD 048077001234/048077001235", "CCCD ***"),
        ("201 234 567 201 234 568", "***"),
        ("CCCD 048 077 001 234 2 ban sao", "CCCD *** ban sao"),
        ("sinh 20 12 1990, CMND 201.234.567", "sinh 20 12 1990, CMND ***"),
        ("20 12 1990 201 234 567", "***"),
        ("han 20/12/2026, 048077001234", "han 20/12/2026, ***"),
        ("dieu 12, 13, 14, 15, 16; to 1-3, 5, 9", "dieu 12, 13, 14, 15, 16; to 1-3, 5, 9"),
        ("phi 1.500.000, nop 250.125.500 d", "phi 1.500.000, nop 250.125.500 d"),
        ("150.000.000, 20-12-2026", "150.000.000, 20-12-2026"),
        ("15/08/2023, 20.12.2026", "15/08/2023, 20.12.2026"),
        ("100.000.000 d", "100.000.000 d"),
        ("090.512.345", "***"),
        ("", ""),
    ]
    assert [(given, mask_long_numbers(given)) for given, _ in cases] == cases


def test_numbers_of_the_service_itself_stay() -> None:
    text = "goi 0236 3881 888 hoac 0905123456"
    assert mask_long_numbers(text, ["8188", "02363881888"]) == "goi 0236 3881 888 hoac ***"
