"""The headers of e-mails on the wire: a subject with letters beyond ASCII as encoded words (RFC 2047 §2)."""

from __future__ import annotations

from email.header import Header
from email.policy import EmailPolicy

_MOST_WORD = 75
"""Octets of an encoded word (RFC 2047 §2)."""


class _WholeSubjects(EmailPolicy):
    """Writes a subject with each of its spaces: the folding of Python 3.11 loses one between two encoded words."""

    def fold(self, name: str, value: str) -> str:
        """Return a header as lines."""
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        encoded = Header(str(value), "utf-8", maxlinelen=_MOST_WORD, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as lines of octets."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


NOTICE_POLICY = _WholeSubjects(linesep="\r\n")
"""How notices are written: as the SMTP policy of the standard library, but for the subject."""
