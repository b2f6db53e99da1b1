"""Whether an XML document declares a document type, in whatever encoding and however far from its beginning."""

from __future__ import annotations

from typing import IO
from xml.parsers import expat

_AT_ONCE = 4096


class _Found(Exception):  # noqa: N818 - it never leaves this file
    """The parser came to what decides; `is_type` tells which."""

    def __init__(self, *, is_type: bool) -> None:
        super().__init__()
        self.is_type = is_type


def has_document_type(content: IO[bytes]) -> bool:
    """Tell whether a document type stands before the first element; False for what is no XML.

    >>> from io import BytesIO
    >>> has_document_type(BytesIO(b"<a/>")), has_document_type(BytesIO(b"<!-- x --><!DOCTYPE a []><a/>"))
    (False, True)
    """

    def come_to_type(*_: object) -> None:
        raise _Found(is_type=True)

    def come_to_element(*_: object) -> None:
        raise _Found(is_type=False)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = come_to_type
    parser.StartElementHandler = come_to_element
    try:
        while octets := content.read(_AT_ONCE):
            parser.Parse(octets, False)  # noqa: FBT003 - the standard library's own order: more may follow
    except _Found as found:
        return found.is_type
    except expat.ExpatError:
        return False
    return False
