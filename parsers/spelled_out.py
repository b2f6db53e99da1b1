"""The command TK spelled out: `dang ky tai khoan`, `mo tk`, `tao tai khoan`, with what people say in front of it."""

from __future__ import annotations

import re

_WHO = r"(?:TOI|EM|MINH|CHAU|CON|ANH|CHI|BAN|QUY\s+CO\s+QUAN|CO\s+QUAN|AD|MOI\s+NGUOI|CAC\s+ANH\s+CHI)"
_POLITE = (
    rf"(?:(?:XIN|CHAO|HI|HELLO|ALO|KINH|DA|VANG|A|NHO|GIUP|CHO|VUI\s+LONG|LAM\s+ON|MUON|CAN|DE\s+NGHI|{_WHO})[\s,.!:]+)"
)
_VERB = r"(?:DANG\s*K[YI]|MO|TAO|LAP|CAP)"
_ACCOUNT = r"(?:TAI\s*KHOAN|TK)"
_SPELLED_OUT = re.compile(
    rf"{_POLITE}{{0,10}}(?:{_VERB}\s+(?:(?:GIUP|CHO|{_WHO}|MOT|1|LAI)\s+){{0,3}}{_ACCOUNT}|TAI\s*KHOAN)(?![^\W_])"
    r"(?:\s+(?:MOI|DICH\s*VU\s*CONG|DVC|CONG\s*DAN|DIEN\s*TU|EGOV|CHINH\s*QUYEN\s*DIEN\s*TU)(?![^\W_])){0,3}"
    r"(?:[\s,:.;-]*TK(?![^\W_]))?"
)
_OTHER_WISH = re.compile(
    r"(?<![^\W_])(?:QUEN|MAT\s*KHAU|BI\s+(?:KHOA|LOI|MAT|SAI)|KHONG\s+(?:VAO|DUOC|NHAN|MUON|CAN)|CHUA\s+(?:CO|DUOC|NHAN|VAO)"
    r"|DANG\s*NHAP|O\s*DAU|THE\s*NAO|NHU\s*NAO|LAM\s*SAO)(?![^\W_])"
)
"""What says that something else is wanted than a new account."""


def spelled_out_end(folded: str) -> int:
    """Return where the spelled-out command ends that a framed text begins with; 0 when it begins with none.

    >>> spelled_out_end("XIN CHAO CHO TOI DANG KY TK NGUYEN VAN A"), spelled_out_end("DANG KY NGUYEN VAN A")
    (27, 0)
    >>> spelled_out_end("TAI KHOAN NGUYEN VAN A BI KHOA")
    0
    """
    found = _SPELLED_OUT.match(folded)
    return found.end() if found is not None and _OTHER_WISH.search(folded, found.end()) is None else 0
