"""Text in and out: octets to text by data_coding, and text to segments (SMPP 3.4 §5.2.19, GSM 03.38 §4, §6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.octet_text import decode_latin1, decode_octets, has_controls
from sms_gateway.channels.smpp.coding.packed_septets import pack_behind, unpack, unpack_surely
from sms_gateway.channels.smpp.coding.udh import Part, concatenation_header
from sms_gateway.settings.link_model import Alphabet

SINGLE_SEPTETS = 160
MAX_SEGMENTS = 255
"""The header counts segments in one octet."""

_IA5, _BINARY, _LATIN1, _BINARY_TOO, _UCS2 = 0x01, 0x02, 0x03, 0x04, 0x08
_CODECS = {0x05: "shift_jis", 0x06: "iso8859_5", 0x07: "iso8859_8", 0x0A: "iso2022_jp", 0x0D: "euc_jp", 0x0E: "euc_kr"}
_PLAIN_WORDS = re.compile(rb"[A-Za-z0-9 ,./:-]{6,}")


class Encoding(Enum):
    """How an answer is encoded; the value is its data_coding."""

    GSM = 0x00  # 160 septets in one segment, 153 in each of several
    UCS2 = 0x08  # 70 units of 16 bits in one segment, 67 in each of several

    @property
    def single(self) -> int:
        """Units that fit into a text of one segment."""
        return SINGLE_SEPTETS if self is Encoding.GSM else 70

    @property
    def multiple(self) -> int:
        """Units that fit into each segment of several, the header taken off."""
        return 153 if self is Encoding.GSM else 67


@dataclass(frozen=True, kw_only=True, slots=True)
class Segments:
    """An answer cut for sending: user data of each segment, its header included when there are several."""

    encoding: Encoding
    user_data: tuple[bytes, ...]


def decode_text(octets: bytes, data_coding: int, alphabet: Alphabet = Alphabet.GSM) -> str:
    """Read a text; never raises, and returns no lone surrogates.

    `alphabet` is what data_coding 0 means at the carrier. When the octets cannot be what data_coding says, the reading
    without loss is taken: UTF-8, packed septets, Latin-1. NULs at the end are padding: some carriers count one that
    ends the text. Under the GSM alphabet that costs a `@` there, which no text needs.
    """
    if data_coding == _UCS2:
        return _decode_ucs2(octets)
    ucs2 = read_if_ucs2(octets)
    if ucs2 is not None:
        return ucs2
    if data_coding == 0:
        return _decode_default(octets, alphabet)
    return _decode_other(octets, data_coding, alphabet).rstrip("\x00")


def _decode_other(octets: bytes, data_coding: int, alphabet: Alphabet) -> str:
    if data_coding == _LATIN1:
        return decode_latin1(octets)
    if data_coding in (_IA5, _BINARY, _BINARY_TOO):
        return decode_octets(octets)
    codec = _CODECS.get(data_coding)
    if codec is not None:
        return octets.decode(codec, "replace")
    return _decode_by_group(octets, data_coding, alphabet)


def _decode_default(octets: bytes, alphabet: Alphabet) -> str:
    """Read data_coding 0. An octet above 127 is in no unpacked text, so then it is certainly something else."""
    if alphabet is Alphabet.LATIN1:
        return decode_latin1(octets).rstrip("\x00")
    if alphabet is Alphabet.ASCII:
        return decode_octets(octets).rstrip("\x00")
    if alphabet is Alphabet.GSM_PACKED and (packed := unpack(octets)) is not None:
        return gsm.decode(packed)
    if octets.isascii():
        return gsm.decode(unpadded(octets))
    mistaken = decode_octets(unpadded(octets))
    if not has_controls(mistaken):
        return mistaken
    septets = unpack_surely(octets)
    return mistaken if septets is None else gsm.decode(septets)


def unpadded(octets: bytes) -> bytes:
    """Remove NULs from the end of septets that are one in an octet; a text of nothing else is one of `@`."""
    return octets.rstrip(b"\x00") or octets


def read_if_ucs2(octets: bytes) -> str | None:
    """Return a text that is UCS-2 whatever was declared, known by its zero octets; None for every other one.

    >>> read_if_ucs2("HD TK".encode("utf-16-be")), read_if_ucs2(b"HD TK")
    ('HD TK', None)
    """
    if 0 not in octets or len(octets) % 2 or len(octets) < 4:  # noqa: PLR2004 - one character could be anything
        return None
    for codec, high in (("utf-16-be", octets[::2]), ("utf-16-le", octets[1::2])):
        words = octets.removeprefix("\ufeff".encode(codec))
        if high.count(0) * 3 >= len(high) and _is_plausible(words, codec):
            return _decode_units(words, codec)
    return None


def _is_plausible(octets: bytes, codec: str) -> bool:
    """Return whether all that is read is what people here write: Latin with any accents, signs, emoji, line ends."""
    text = octets.decode(codec, "replace")
    return all(
        " " <= char <= "\u024f"
        or "\u0300" <= char <= "\u036f"
        or "\u1e00" <= char <= "\u1eff"
        or "\u2010" <= char <= "\u20ab"
        or char in "\n\r\t"
        or char > "\uffff"
        for char in text
    )


def _decode_ucs2(octets: bytes) -> str:
    """Read UCS-2, which phones fill with UTF-16: big-endian unless a byte order mark says other (SMPP 3.4 §5.2.19)."""
    if octets[:2] == b"\xff\xfe":
        return _decode_units(octets[2:], "utf-16-le")
    if octets[:2] == b"\xfe\xff":
        octets = octets[2:]
    elif _is_surely_ascii(octets):
        return octets.decode("ascii")
    elif _is_surely_little_endian(octets):
        return _decode_units(octets, "utf-16-le")
    return _decode_units(octets, "utf-16-be")


def _is_surely_ascii(octets: bytes) -> bool:
    """Return whether one octet a character was written: an odd length without a zero, or rare Chinese."""
    if not octets.isascii() or 0 in octets:
        return False
    return len(octets) % 2 == 1 or _PLAIN_WORDS.fullmatch(octets) is not None


def _is_surely_little_endian(octets: bytes) -> bool:
    """Return whether UCS-2 without a mark makes sense in the other byte order only."""
    whole = octets[: len(octets) & ~1]
    return (
        len(whole) >= 4  # noqa: PLR2004 - one character could be anything
        and _is_plausible(whole, "utf-16-le")
        and not _is_plausible(whole, "utf-16-be")
    )


def _decode_units(octets: bytes, codec: str) -> str:
    """Read whole units; an octet left over is marked unless it is a terminator, and so is half a surrogate pair."""
    whole = len(octets) & ~1
    text = octets[:whole].decode(codec, "surrogatepass")
    if whole < len(octets) and octets[whole]:
        text += "\ufffd"
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text.rstrip("\x00")


def _decode_by_group(octets: bytes, data_coding: int, alphabet: Alphabet) -> str:
    """Read by the coding groups of GSM 03.38 §4, which carriers pass on: class 0, voice mail, to be deleted."""
    if in_default_alphabet(data_coding):
        return _decode_default(octets, alphabet)
    group = data_coding >> 4
    if group == 0xE or (group < 8 and data_coding & 0x08):  # noqa: PLR2004 - §4: UCS-2 in group E and in 00xx, 01xx
        return _decode_ucs2(octets)
    return decode_octets(octets)


def in_default_alphabet(data_coding: int) -> bool:
    """Return whether a text is in what data_coding 0 means at its carrier: also by its coding group (GSM 03.38 §4)."""
    group = data_coding >> 4
    if group == 0xF:  # noqa: PLR2004 - §4: coding and class
        return not data_coding & 0x04
    if 0 < group < 8:  # noqa: PLR2004 - §4: general groups 00xx and 01xx
        return (data_coding >> 2) & 0x03 in (0, 3)  # 3 is reserved
    return data_coding == 0 or (group != 0 and group != 0xE)  # noqa: PLR1714, PLR2004 - §4: 8 to B reserved, C, D default


def is_binary(data_coding: int) -> bool:
    """Return whether these are octets of a program and no letters: also by the coding group (GSM 03.38 §4)."""
    group = data_coding >> 4
    if group == 0xF:  # noqa: PLR2004 - §4: coding and class
        return bool(data_coding & 0x04)
    if 0 < group < 8:  # noqa: PLR2004 - §4: general groups 00xx and 01xx
        return (data_coding >> 2) & 0x03 == 1
    return data_coding in (_BINARY, _BINARY_TOO)


def most_segments(text: str, alphabets: Collection[Alphabet]) -> int:
    """Return in how many segments a text would be sent at the most expensive of carriers with these alphabets."""
    return max((count_segments(text, alphabet)[1] for alphabet in alphabets), default=count_segments(text)[1])


def count_segments(text: str, alphabet: Alphabet = Alphabet.GSM) -> tuple[Encoding, int]:
    """Return how a text would be sent, and in how many segments."""
    encoding = Encoding.UCS2 if _encode_default(text, alphabet) is None else Encoding.GSM
    if _units(text, encoding) <= encoding.single:
        return encoding, 1
    return encoding, len(_cut(text, encoding))


def split_text(text: str, reference: int, alphabet: Alphabet = Alphabet.GSM) -> Segments:
    """Cut a text into segments, joined by `reference` (0 … 255), in the GSM alphabet when it fits, else in UCS-2.

    No cut is inside an escape pair, a surrogate pair or a combining sequence. At a carrier where data_coding 0 is ASCII
    or Latin-1, a text uses it only if it has the same characters there. It is still counted in septets, since the
    carrier converts it to them. At a carrier that packs, septets are packed after the header. Raises ValueError for a
    text of more than 255 segments.
    """
    octets = _encode_default(text, alphabet)
    if alphabet is Alphabet.GSM and octets is not None and len(octets) <= SINGLE_SEPTETS:  # nearly every answer
        return Segments(encoding=Encoding.GSM, user_data=(octets,))
    encoding = Encoding.GSM if octets is not None else Encoding.UCS2
    if _units(text, encoding) <= encoding.single:
        return Segments(encoding=encoding, user_data=(_encode(text, encoding, alphabet, b""),))
    pieces = _cut(text, encoding)
    if len(pieces) > MAX_SEGMENTS:
        raise ValueError("a text of more than 255 segments cannot be sent")
    total = len(pieces)
    return Segments(
        encoding=encoding,
        user_data=tuple(
            _encode(
                piece, encoding, alphabet, concatenation_header(Part(reference=reference, total=total, number=number))
            )
            for number, piece in enumerate(pieces, 1)
        ),
    )


def _encode_default(text: str, alphabet: Alphabet) -> bytes | None:
    """Return the octets under data_coding 0, not packed yet, or None when the text does not fit there."""
    septets = gsm.encode(text)
    if septets is None or alphabet in (Alphabet.GSM, Alphabet.GSM_PACKED):
        return septets
    try:
        return text.encode("ascii" if alphabet is Alphabet.ASCII else "latin-1")
    except UnicodeEncodeError:
        return None


def _encode(text: str, encoding: Encoding, alphabet: Alphabet, header: bytes) -> bytes:
    """Return the user data of a piece that is known to fit."""
    if encoding is Encoding.UCS2:
        return header + text.encode("utf-16-be", "surrogatepass")
    octets = _encode_default(text, alphabet) or b""
    return pack_behind(header, octets) if alphabet is Alphabet.GSM_PACKED else header + octets


def _units(text: str, encoding: Encoding) -> int:
    """Count septets or 16-bit units."""
    if encoding is Encoding.GSM:
        return gsm.count_septets(text)
    return len(text) + sum(char > "\uffff" for char in text)


def _cut(text: str, encoding: Encoding) -> list[str]:
    """Cut into pieces that fill a segment each, as far as whole characters allow."""
    pieces: list[str] = []
    piece = ""
    used = 0
    for cluster in _clusters(text):
        units = _units(cluster, encoding)
        if used + units > encoding.multiple:
            pieces.append(piece)
            piece, used = "", 0
        piece += cluster
        used += units
    return [*pieces, piece]


def _clusters(text: str) -> list[str]:
    """Return characters with the marks that combine with them; at most 8 each, so that none outgrows a segment."""
    clusters: list[str] = []
    for char in text:
        if clusters and _combines(char, clusters[-1]) and len(clusters[-1]) < 8:  # noqa: PLR2004 - see above
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _combines(char: str, before: str) -> bool:
    """Return whether a character belongs to the one before: marks, variation selectors, joiners and what they join."""
    if char.isascii():
        return False
    return unicodedata.category(char) in ("Mn", "Me", "Mc") or char == "\u200d" or before.endswith("\u200d")
