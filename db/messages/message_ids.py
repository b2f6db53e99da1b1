"""Message ids as carriers write them: one way in submit_sm_resp, and too often another way in the receipt.

Which way is a rule, and each link keeps to one: db.messages.receipts tries them all, counts, and prefers what has won.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

MAX_LENGTH = 65
"""Characters of an id that are kept (SMPP 3.4 §5.2.23)."""

SURE_HITS = 10
SURE_SHARE = 0.9
"""A rule is settled for a link when it found so many segments, and this share of all."""

_DECIMAL = re.compile(r"-?[0-9]{1,39}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{1,32}", re.ASCII)
_WIDTHS = (32, 64)


class Rule(StrEnum):
    """How the id in a receipt differs from the one in the response; each comment is what an operator is told."""

    EXACT = "exact"  # not at all
    CASE = "case"  # in upper and lower case
    ZEROS = "zeros"  # in leading zeros
    HEX_DECIMAL = "hex_decimal"  # hexadecimal in the response, decimal in the receipt
    DECIMAL_HEX = "decimal_hex"  # decimal in the response, hexadecimal in the receipt
    SIGNED = "signed"  # one of them is written as a negative number of 32 or 64 bits
    LOW_32 = "low_32"  # one of them holds only the lower 32 bits of the other


ORDER = tuple(Rule)
"""From the surest to the least sure."""

SAME_KEY = frozenset({Rule.EXACT, Rule.CASE, Rule.ZEROS})
"""Rules under which both ids have one key."""


def message_key(message_id: str) -> str:
    """Return the form in which an id is looked up: lower case, without `0x` and leading zeros.

    >>> message_key("0E999F21"), message_key("000"), message_key(" 12 "), message_key("0x00FF")
    ('e999f21', '0', '12', 'ff')
    """
    return message_id.strip().lower().removeprefix("0x").lstrip("0")[:MAX_LENGTH] or "0"


def keys_by_rule(told: str) -> dict[Rule, tuple[str, ...]]:
    """Return, for each rule that fits this id of a receipt, the keys that its message can have.

    >>> keys_by_rule("255")[Rule.HEX_DECIMAL], keys_by_rule("FF")[Rule.DECIMAL_HEX], keys_by_rule("-1")[Rule.SIGNED]
    (('ff',), ('255',), ('ffffffff', '4294967295', 'ffffffffffffffff', '18446744073709551615'))
    """
    key = message_key(told)
    keys: dict[Rule, tuple[str, ...]] = dict.fromkeys((Rule.EXACT, Rule.CASE, Rule.ZEROS), (key,))
    decimal, hexadecimal = _decimal(key), _hexadecimal(key)
    if decimal is not None and decimal >= 0:
        keys[Rule.HEX_DECIMAL] = (f"{decimal:x}",)
    if hexadecimal is not None:
        keys[Rule.DECIMAL_HEX] = (str(hexadecimal),)
    signed: list[str] = []
    for width in _WIDTHS:
        if decimal is not None and decimal < 0:
            signed += [f"{decimal % (1 << width):x}", str(decimal % (1 << width))]
        signed += [
            str(value - (1 << width))
            for value in (decimal, hexadecimal)
            if value is not None and 1 << (width - 1) <= value < 1 << width
        ]
    if signed:
        keys[Rule.SIGNED] = tuple(signed)
    return keys


def compare(sent: str, told: str) -> Rule | None:
    """Tell by which rule the id of a receipt is that of a response; None when it is by none.

    >>> [compare(sent, told) for sent, told in (("1A", "1a"), ("1A", "26"), ("26", "1a"), ("1A", "27"))]
    [<Rule.CASE: 'case'>, <Rule.HEX_DECIMAL: 'hex_decimal'>, <Rule.DECIMAL_HEX: 'decimal_hex'>, None]
    >>> compare("1A2B3C4D5E6F7788", "5E6F7788"), compare("FFFFFFFE", "-2")
    (<Rule.LOW_32: 'low_32'>, <Rule.SIGNED: 'signed'>)
    """
    if sent == told:
        return Rule.EXACT
    if sent.strip().lower() == told.strip().lower():
        return Rule.CASE
    key = message_key(sent)
    found = next((rule for rule, keys in keys_by_rule(told).items() if key in keys and rule not in _LITERAL), None)
    if found is None and _same_low_32(key, message_key(told)):
        return Rule.LOW_32
    return found


_LITERAL = frozenset({Rule.EXACT, Rule.CASE})


def _same_low_32(one: str, other: str) -> bool:
    """Return whether one is the lower half of the other; ids of 32 bits or fewer have no such half."""
    low = (1 << 32) - 1
    return any(
        short <= low < long_ and short == long_ & low and short > 0xFFFF  # noqa: PLR2004 - a small number is by chance
        for ones, others in ((_values(one), _values(other)), (_values(other), _values(one)))
        for short in ones
        for long_ in others
    )


def _values(key: str) -> set[int]:
    """Return the numbers that a key can mean."""
    return {value for value in (_decimal(key), _hexadecimal(key)) if value is not None and value >= 0}


def _decimal(key: str) -> int | None:
    return int(key) if _DECIMAL.fullmatch(key) else None


def _hexadecimal(key: str) -> int | None:
    return int(key, 16) if _HEX.fullmatch(key) else None


def settled(hits: Mapping[Rule, int]) -> Rule | None:
    """Return the rule that a link keeps to, once that is sure."""
    total = sum(hits.values())
    best = max(hits, key=lambda rule: hits[rule], default=None)
    if best is None or hits[best] < SURE_HITS or hits[best] < total * SURE_SHARE:
        return None
    return best


def preference(hits: Mapping[Rule, int]) -> dict[Rule, int]:
    """Return the rank of each rule on a link: the settled one first, the others from the surest on."""
    first = settled(hits)
    ranked = sorted(ORDER, key=lambda rule: (rule is not first, ORDER.index(rule)))
    return {rule: place for place, rule in enumerate(ranked)}
