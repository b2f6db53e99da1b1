"""Reading long texts: octets of neighbouring parts are joined before they are decoded, and gaps are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from parsers import GAP
from sms_gateway.channels.smpp.coding.text import decode_text, in_default_alphabet, unpadded
from sms_gateway.pipeline.ports import Piece
from sms_gateway.settings.link_model import Alphabet, LinkSettings


class LongTexts:
    """Reads long texts as the settings of their link say: a `PartReader` of the pipeline."""

    def __init__(self, links: Mapping[str, LinkSettings]) -> None:
        self._alphabets = {name: link.alphabet for name, link in links.items()}

    def __call__(self, link: str, total: int, pieces: Mapping[int, Piece]) -> str:
        """Read a text of that link; of one that the settings name no longer, as GSM 03.38."""
        return read_parts(total, pieces, self._alphabets.get(link, Alphabet.GSM))


def read_parts(total: int, pieces: Mapping[int, Piece], alphabet: Alphabet) -> str:
    """Read parts by number as one text, GAP for each gap; neighbours together, since carriers cut inside characters.

    A carrier that ends a part with a NUL ends each so: then they are padding. Otherwise one inside is a `@`.

    >>> octets = "TK 😀".encode("utf-16-be")
    >>> halves = {1: Piece(octets=octets[:8], data_coding=8), 2: Piece(octets=octets[8:], data_coding=8)}
    >>> read_parts(2, halves, Alphabet.GSM)
    'TK 😀'
    """
    pieces = _without_padding(pieces, alphabet)
    texts: list[str] = []
    run: list[Piece] = []
    for number in range(1, total + 1):
        piece = pieces.get(number)
        if run and (piece is None or piece.data_coding != run[0].data_coding):
            texts.append(_read_run(run, alphabet))
            run = []
        if piece is not None:
            run.append(piece)
        elif not texts or texts[-1] != GAP:
            texts.append(GAP)
    if run:
        texts.append(_read_run(run, alphabet))
    return "".join(texts)


def _without_padding(pieces: Mapping[int, Piece], alphabet: Alphabet) -> Mapping[int, Piece]:
    are_plain = all(in_default_alphabet(piece.data_coding) for piece in pieces.values())
    if alphabet is Alphabet.GSM_PACKED or not are_plain:
        return pieces
    if not all(piece.octets.endswith(b"\x00") for piece in pieces.values()):
        return pieces
    return {number: replace(piece, octets=unpadded(piece.octets)) for number, piece in pieces.items()}


def _read_run(run: Sequence[Piece], alphabet: Alphabet) -> str:
    if alphabet is Alphabet.GSM_PACKED:
        alphabet = Alphabet.GSM  # each part was unpacked as it came in
    return decode_text(b"".join(piece.octets for piece in run), run[0].data_coding, alphabet)
