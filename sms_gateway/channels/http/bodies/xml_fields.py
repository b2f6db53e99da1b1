"""The fields of an XML body (XML 1.0, SOAP 1.1 and 1.2): each element that holds only characters, by its local name.

Prefixes and namespaces say nothing, and of two elements with one name the first in the document counts. A document
type or an entity is refused before the parser sees the body. Attributes are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_ELEMENTS = 2000
"""Elements of one body; a SOAP envelope has about twenty."""

MAX_DEPTH = 16
"""Elements inside each other that are read; deeper ones are left out. A SOAP envelope has four."""

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ZERO = b"\0"
_LATIN_1 = "iso-8859-1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """An element that holds no other."""

    parent: int  # the number of the element that holds it, in the order of the document; 0: none
    name: str  # without its prefix
    value: bytes = field(repr=False)  # in UTF-8, whatever the body is in


@dataclass(kw_only=True, slots=True)
class _Open:
    """An element whose end has not come yet."""

    number: int
    name: str
    pieces: list[str] = field(default_factory=list)
    is_leaf: bool = True


class _RefusedError(Exception):
    """Ends the parser: the body has what is not read."""


class _Reader:
    """What the parser calls."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._open: list[_Open] = []
        self._count = 0

    def start(self, name: str, _: object) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise _RefusedError
        if self._open:
            self._open[-1].is_leaf = False
        self._open.append(_Open(number=self._count, name=name.rpartition(":")[2]))

    def characters(self, piece: str) -> None:
        self._open[-1].pieces.append(piece)

    def end(self, _: str) -> None:
        ended = self._open.pop()
        if ended.is_leaf and len(self._open) < MAX_DEPTH:
            parent = self._open[-1].number if self._open else 0
            value = "".join(ended.pieces).encode("utf-8", "surrogatepass")
            self.leaves.append(Leaf(parent=parent, name=ended.name, value=value))

    def refuse(self, *_: object) -> None:
        raise _RefusedError


def read_leaves(raw: bytes) -> list[Leaf] | None:
    """Read the elements that hold only characters, in the order of the document; None for what is no such XML.

    Octets that are not in the declared charset are read as Latin-1: many senders declare another charset, or none.
    Never raises.

    >>> [(leaf.name, leaf.value) for leaf in read_leaves(b"<a:mo><to>8188</to><a:text>H &amp; D</a:text></a:mo>")]
    [('to', b'8188'), ('text', b'H & D')]
    >>> read_leaves(b'<!DOCTYPE mo [<!ENTITY a "b">]><mo>&a;</mo>')
    """
    if _DECLARATION.search(raw.replace(_ZERO, b"")):
        return None
    if _ZERO not in raw:
        raw = raw.lstrip()  # many senders begin with an empty line, which XML forbids before its declaration
    leaves = _parsed(raw, None)
    return leaves if leaves is not None or _is_utf8(raw) else _parsed(raw, _LATIN_1)


def _parsed(raw: bytes, charset: str | None) -> list[Leaf] | None:
    reader = _Reader()
    parser = expat.ParserCreate(charset)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    # The search above reads octets; these see a declaration in any charset.
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - expat's own order of arguments; True: that is all
    except (
        expat.ExpatError,
        _RefusedError,
        ValueError,
        LookupError,
    ):  # a charset that Python does not know, or cannot use
        return None
    return reader.leaves


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
