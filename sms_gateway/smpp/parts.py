"""Joining long texts: parts that belong together, gathered in any order until whole or overdue.

Held in memory. A part is acknowledged when the whole text is stored, so that a crash loses nothing: the carrier sends
every part again. But a carrier that waits for that acknowledgement before it sends the next part (its window full, or
of one) would wait for ever; so a part is held back for HOLD_SECONDS at most and then acknowledged all the same.
Carriers with a window of several send the parts of a text within milliseconds of each other and never come to that; for
the others a crash between two parts loses the text, until parts are stored as rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from sms_gateway.settings.model import Alphabet
from sms_gateway.smpp.text import GAP, decode_text
from sms_gateway.smpp.udh import Part

HOLD_SECONDS = 0.5
"""Longest time that an acknowledgement is held back; a carrier with a window of one waits so long for each part."""

LIMIT_SECONDS = 90.0
"""A text with parts missing is read as it is after so long without another; carriers try again within a minute."""

LOOK_SECONDS = 0.05
"""How often the gathered texts are looked through for what is due: there may be thousands."""

MAX_OCTETS = 16 * 1024 * 1024
"""All parts held of one link; more are sent back to the carrier, which keeps them."""

Acknowledgement = tuple[int, int, int]
"""What must be answered: the bind's number, the command, the sequence number. A tuple: one is made for each text."""

_Key = tuple[str, str, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One part as it came."""

    sender: str
    recipient: str
    part: Part
    octets: bytes
    data_coding: int
    acknowledgement: Acknowledgement


class Gathering:
    """The parts of one text, and whom to answer for them."""

    __slots__ = ("acknowledged_early", "held", "key", "last_at", "marks", "pieces", "stored")

    def __init__(self, key: _Key, now: float) -> None:
        self.key = key
        self.pieces: dict[int, Piece] = {}
        self.marks: dict[int, int] = {}  # of each part that came: by these it is known again
        self.held: list[tuple[float, Acknowledgement]] = []  # since when, and what
        self.acknowledged_early = False
        self.stored = False
        self.last_at = now

    @property
    def whole(self) -> bool:
        """Tell whether every part is there."""
        return len(self.pieces) == self.key[3]

    @property
    def octets(self) -> bytes:
        """All octets in order, headers off."""
        return b"".join(self.pieces[number].octets for number in sorted(self.pieces))

    @property
    def data_coding(self) -> int:
        """The coding of the first part that is there."""
        return self.pieces[min(self.pieces)].data_coding

    def read(self, alphabet: Alphabet) -> str:
        """Read the parts as one text, `…` for each gap.

        Neighbours are joined before they are decoded, since carriers cut inside characters.
        """
        texts: list[str] = []
        run: list[Piece] = []
        for number in range(1, self.key[3] + 1):
            piece = self.pieces.get(number)
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

    def add(self, piece: Piece) -> None:
        """Take a part that is not there yet."""
        self.pieces[piece.part.number] = piece
        self.marks[piece.part.number] = _mark(piece)

    def has(self, piece: Piece) -> bool:
        """Tell whether this part came already, with the same octets."""
        return self.marks.get(piece.part.number) == _mark(piece)

    def shed(self) -> None:
        """Forget the octets of a text that is read; its marks stay, since a part may come again."""
        self.pieces.clear()

    def release(self, now: float) -> list[Acknowledgement]:
        """Return the acknowledgements that were held long enough; each is given once."""
        released = [each for since, each in self.held if now >= since + HOLD_SECONDS]
        if released:
            self.acknowledged_early = True
            self.held = [(since, each) for since, each in self.held if now < since + HOLD_SECONDS]
        return released


def _mark(piece: Piece) -> int:
    return hash((piece.octets, piece.data_coding))


def _read_run(run: list[Piece], alphabet: Alphabet) -> str:
    return decode_text(b"".join(piece.octets for piece in run), run[0].data_coding, alphabet)


class Parts:
    """All texts of a link that are being gathered, and those gathered a short while ago (a part may come twice)."""

    def __init__(self) -> None:
        self._open: dict[_Key, Gathering] = {}
        self._done: dict[_Key, Gathering] = {}
        self._loose: list[Acknowledgement] = []  # of parts that came again after their text was stored
        self._size = 0
        self._look_at = 0.0

    @property
    def gathering(self) -> bool:
        """Tell whether something is being gathered, so that time matters."""
        return bool(self._open or self._loose)

    def full(self, octets: bytes) -> bool:
        """Tell whether there is no place for so many octets more."""
        return self._size + len(octets) > MAX_OCTETS

    def add(self, piece: Piece, now: float) -> list[Gathering]:
        """Take a part in; return the texts that can be read now.

        That is the text made whole, or an older one that never was, when its reference is used anew. Safe to do twice
        with the same part: the second only adds its acknowledgement.
        """
        key = (piece.sender, piece.recipient, piece.part.reference, piece.part.total)
        number = piece.part.number
        gathering = self._open.get(key)
        if gathering is None and self._came_after_all(key, piece, now):
            return []
        ready: list[Gathering] = []
        if gathering is not None and number in gathering.pieces and not gathering.has(piece):
            ready.append(self._close(gathering, now))
            gathering = None
        if gathering is None:
            gathering = self._open[key] = Gathering(key, now)
        if number not in gathering.pieces:
            gathering.add(piece)
            self._size += len(piece.octets)
        gathering.held.append((now, piece.acknowledgement))
        gathering.last_at = now
        if gathering.whole:
            ready.append(self._close(gathering, now))
        return ready

    def forget(self, gathering: Gathering) -> None:
        """Let its parts count as new when they come again, since the text was sent back to the carrier."""
        if self._done.get(gathering.key) is gathering:
            del self._done[gathering.key]

    def tick(self, now: float) -> tuple[list[Gathering], list[Acknowledgement]]:
        """Return the texts that wait for a part no longer, and the acknowledgements that are held no longer."""
        released, self._loose = self._loose, []
        if now < self._look_at:
            return [], released
        self._look_at = now + LOOK_SECONDS
        for gathering in list(self._done.values()):
            if gathering.stored and now >= gathering.last_at + LIMIT_SECONDS:
                del self._done[gathering.key]
        overdue: list[Gathering] = []
        for gathering in list(self._open.values()):
            released += gathering.release(now)
            if now >= gathering.last_at + LIMIT_SECONDS:
                overdue.append(self._close(gathering, now))
        return overdue, released

    def close_begun(self, now: float) -> list[Gathering]:
        """Return the unfinished texts of which a part is acknowledged already, so that nobody would send it again."""
        return [self._close(each, now) for each in list(self._open.values()) if each.acknowledged_early]

    def _came_after_all(self, key: _Key, piece: Piece, now: float) -> bool:
        """Tell whether this part came before and its text is read; its acknowledgement then goes with the others."""
        done = self._done.get(key)
        if done is None or not done.has(piece):
            return False
        if done.stored:
            self._loose.append(piece.acknowledgement)
        else:
            done.held.append((now, piece.acknowledgement))
        return True

    def _close(self, gathering: Gathering, now: float) -> Gathering:
        del self._open[gathering.key]
        self._size -= sum(len(piece.octets) for piece in gathering.pieces.values())
        gathering.last_at = now
        self._done[gathering.key] = gathering
        return gathering
