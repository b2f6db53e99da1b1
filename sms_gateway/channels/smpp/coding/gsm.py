"""The GSM 03.38 default alphabet and its extension table, unpacked and packed (GSM 03.38 §6.1.2.1, §6.2.1)."""

from __future__ import annotations

ESCAPE = 0x1B

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

_SEPTETS_OF = {char: bytes([code]) for code, char in enumerate(_BASIC) if code != ESCAPE} | {
    char: bytes([ESCAPE, code]) for code, char in EXTENSION.items()
}
SAME_AS_ASCII = bytes(code for code, char in enumerate(_BASIC) if ord(char) == code and code != ESCAPE)
"""Octets that mean the same in GSM 03.38 and in ASCII: nearly every text has only these."""

_EXTENDED = frozenset(EXTENSION.values())


def count_septets(text: str) -> int:
    """Count the septets of a text that is in the alphabet; an extended character takes two."""
    return len(text) + sum(char in _EXTENDED for char in text)


def encode(text: str) -> bytes | None:
    """Return the text as unpacked septets, or None when a character has no place in the alphabet."""
    if text.isascii():
        octets = text.encode("ascii")
        if not octets.translate(None, SAME_AS_ASCII):
            return octets
    try:
        return b"".join([_SEPTETS_OF[char] for char in text])
    except KeyError:
        return None


def decode(octets: bytes) -> str:
    """Read unpacked septets; the eighth bit is ignored, an unknown escape is a blank (§6.2.1.1, note 1)."""
    if not octets.translate(None, SAME_AS_ASCII):
        return octets.decode("ascii")
    chars: list[str] = []
    escaped = False
    for octet in octets:
        septet = octet & 0x7F
        if escaped:
            escaped = False
            chars.append(" " if septet == ESCAPE else EXTENSION.get(septet, _BASIC[septet]))
        elif septet == ESCAPE:
            escaped = True
        else:
            chars.append(_BASIC[septet])
    if escaped:
        chars.append(" ")
    return "".join(chars)


def unpack(octets: bytes, fill_bits: int = 0) -> bytes:
    """Return the septets that were packed eight in seven octets; a last septet of padding is dropped (§6.1.2.1.1).

    `fill_bits` are before the first septet, where a user data header does not end with one. Linear time: the octets are
    a stranger's, up to 64 KiB of them.
    """
    aligned = (int.from_bytes(octets, "little") >> fill_bits).to_bytes(len(octets), "little")
    length = max(len(octets) * 8 - fill_bits, 0)
    groups = (int.from_bytes(aligned[start : start + 7], "little") for start in range(0, len(aligned), 7))
    septets = bytes((group >> shift) & 0x7F for group in groups for shift in range(0, 56, 7))[: length // 7]
    padded = length % 7 == 0 and septets.endswith((b"\x00", b"\r"))
    return septets[:-1] if padded else septets


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Pack septets eight in seven octets, after `fill_bits` zeros; `unpack` gives them back.

    A CR fills the last octet where a `@` could be read there, and follows a CR that would be dropped (§6.1.2.3.1).
    """
    length = fill_bits + 7 * len(septets)
    if length % 8 == 1 or (length % 8 == 0 and septets.endswith(b"\r")):
        septets += b"\r"
        length += 7
    bits = sum(septet << (7 * place) for place, septet in enumerate(septets)) << fill_bits
    return bits.to_bytes((length + 7) // 8, "little")
