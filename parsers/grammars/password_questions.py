"""Texts about a password that is lost or to be changed: no command does that, and the help says who does."""

from __future__ import annotations

import re

_NOUN = r"(?:MAT\s*KHAU|MK|PASS(?:WORD)?)(?![^\W_])"
_WISH = (
    r"(?:QUEN|MAT|SAI|DOI|(?:LAY|CAP|GUI|XIN|LAM|DOI|DAT)\s+LAI|KHOI\s*PHUC|RESET|THAY\s*DOI|HET\s*HAN"
    r"|KHONG\s+NHO|(?:KHONG|CHUA)\s+NHAN\s+DUOC)"
)
"""No `cho mk` and its like: to many writers `mk` is `minh`."""
_WISHED = re.compile(rf"(?<![^\W_]){_WISH}\s+(?:(?:MAT|DUOC|CAI|LAI|MOI)\s+)?{_NOUN}")
"""Clear wishes: `quen mk`, `lay lai mat khau`."""
_NAMED = re.compile(r"(?<![^\W_])(?:MAT\s*KHAU|PASSWORD)(?![^\W_])")
_ALONE = re.compile(rf"[\W_]*(?:(?:HD|TK|CACH|HUONG\s*DAN)[\W_]+)*{_NOUN}[\W_]*")
_LONGEST = 160
"""Characters; a longer text says more than this."""


def wishes_password(folded: str) -> bool:
    """Return whether a text says that a password is lost, or is to be replaced or changed.

    >>> [wishes_password(text) for text in ("TOI QUEN MAT KHAU", "LAY LAI MK", "MAT MAT KHAU", "DVC 123456 MK 1234")]
    [True, True, True, False]
    """
    return len(folded) <= _LONGEST and (_WISHED.search(folded) is not None or _ALONE.fullmatch(folded) is not None)


def names_password(folded: str) -> bool:
    """Return whether a text speaks of a password at all.

    >>> names_password("TAI KHOAN CUA TOI CHUA THAY MAT KHAU"), names_password("TAI KHOAN BI KHOA")
    (True, False)
    """
    return len(folded) <= _LONGEST and _NAMED.search(folded) is not None
