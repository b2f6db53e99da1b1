"""Senders: which of them are phones that can be answered, one form for each number, and how it is shown."""

from __future__ import annotations

import re

import phonenumbers

from db.store.address import Address, Msisdn

REGION = "VN"
MIN_NUMBER_CHARACTERS = 9
"""A shorter number is no telephone number of a citizen."""

_LONGEST = 24
_SHORTEST_SUBSCRIBER = 8
_USUAL = re.compile(r"84[35789][0-9]{8}", re.ASCII)
_SHORT = re.compile(r"\+?[0-9]{1,7}", re.ASCII)
_HOME = r"(?:(?:\+|00)?84)?0?"
"""What may be before a national number: country code and trunk zero, either or both."""

_MACHINE = re.compile(rf"{_HOME}14[06][0-9]+", re.ASCII)
"""Subscriptions of machines: the national blocks 140 and 146. Those of 13 digits are no possible number at all."""

_SERVICE = re.compile(rf"{_HOME}1[89]00[0-9]{{4,6}}", re.ASCII)
"""Service numbers of companies, 1800 and 1900: their texts are automatic."""

_OLD = re.compile(r"(?:\+?84|0)(1[0-9]{9})", re.ASCII)

# Prefixes of eleven-digit numbers, moved to ten digits in autumn 2018; some carriers' systems still show the old form.
_MOVED = {
    **{f"16{digit}": f"3{digit}" for digit in "23456789"},
    "120": "70",
    "121": "79",
    "122": "77",
    "126": "76",
    "128": "78",
    "123": "83",
    "124": "84",
    "125": "85",
    "127": "81",
    "129": "82",
    "186": "56",
    "188": "58",
    "199": "59",
}


def read_sender(raw: str) -> Msisdn | None:
    """Read a sender as a carrier writes it; None for one that must not be answered.

    That is a short code, a service number, a name, or a machine.

    >>> read_sender("0905123456"), read_sender("+84 905 123 456"), read_sender("84905123456")
    ('84905123456', '84905123456', '84905123456')
    >>> read_sender("01201234567"), read_sender("841234567")
    ('84701234567', '84841234567')
    >>> read_sender("8188"), read_sender("VIETTEL"), read_sender("")
    (None, None, None)
    """
    if _USUAL.fullmatch(raw):
        return Msisdn(Address(raw))
    digits = "".join(character for character in raw[:_LONGEST] if character not in " .-()")
    if not digits or any(kind.fullmatch(digits) for kind in (_SHORT, _MACHINE, _SERVICE)):
        return None
    old = _OLD.fullmatch(digits)
    if old and old.group(1)[:3] in _MOVED:
        return Msisdn(Address(f"84{_MOVED[old.group(1)[:3]]}{old.group(1)[3:]}"))
    return _read_any(digits)


def mask_number(number: str) -> str:
    """Hide the middle of a telephone number; short codes and names of senders are public.

    >>> mask_number("84905123456"), mask_number("8188")
    ('8490***3456', '8188')
    """
    if len(number) < MIN_NUMBER_CHARACTERS:
        return number
    return f"{number[:4]}***{number[-4:]}"


def _read_any(digits: str) -> Msisdn | None:
    if not digits.lstrip("+").isdecimal() or not digits.isascii():
        return None
    candidates = [digits] if digits.startswith(("0", "84", "+")) else [digits, f"+{digits}"]
    for candidate in candidates:
        try:
            number = phonenumbers.parse(candidate, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) and len(str(number.national_number)) >= _SHORTEST_SUBSCRIBER:
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return Msisdn(Address(written.lstrip("+")))
    return None
