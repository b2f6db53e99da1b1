"""The command TK spelled out: `dang ky tai khoan`, `mo tk`, `tao tai khoan`, with what people say in front of it."""

from __future__ import annotations

import re

_WHO = r"(?:TOI|EM|MINH|CHAU|CON|ANH|CHI|BAN|QUY\s+CO\s+QUAN|CO\s+QUAN|AD|MOI\s+NGUOI|CAC\s+ANH\s+CHI)"
_POLITE = (
    rf"(?:(?:XIN|CHAO|HI|HELLO|ALO|KINH|DA(?=\s*,|\s+(?:EM|TOI|MINH|CHAU|CON|XIN|CHAO|CHO))|VANG|A|NHO|GIUP|CHO|"
    rf"VUI\s+LONG|LAM\s+ON|MUON|CAN|DE\s+NGHI|{_WHO})[\s,.!:]+)"
)
_VERB = r"(?:DANG\s*K[YI]|MO|TAO|LAP|CAP)"
_ACCOUNT = r"(?:TAI\s*KHOAN|TK)"
_SPELLED_OUT = re.compile(
    rf"{_POLITE}{{0,10}}(?:{_VERB}\s+(?:(?:GIUP|CHO|{_WHO}|MOT|1)\s+){{0,3}}{_ACCOUNT}|TAI\s*KHOAN)(?![^\W_])"
    r"(?:\s+(?:MOI|DICH\s*VU\s*CONG|DVC|CONG\s*DAN|DIEN\s*TU|EGOV|CHINH\s*QUYEN\s*DIEN\s*TU)(?![^\W_])){0,3}"
    r"(?:[\s,:.;-]*TK(?![^\W_]))?"
)
_OTHER_ACCOUNT = re.compile(
    r"[\s,:.;-]*(?:CUA\s+|CHO\s+)?(?:(?:NOP\s*)?THUE|BAO\s*HIEM|NGAN\s*HANG|VNEID|DINH\s*DANH(?!\s*(?:CA\s*NHAN)?[\s:.-]*(?:SO|LA)?"
    r"[\s:.-]*[0-9])|BHXH|BHYT|VSSID|FACEBOOK|ZALO|GMAIL|EMAIL|MOMO|VIETTEL|DIEN|NUOC)(?![^\W_])"
)
"""What an account is for that is none of ours."""
_BEHIND_FIELDS = re.compile(
    r"(?:[\W_]|(?:(?:SO\s*)?(?:SDT|DTDD|DT|DIEN\s*THOAI|TEL|ZALO)(?:\s*(?:SO|LA|CUA\s*(?:TOI|EM)|LIEN\s*HE))*"
    r"|[0-9]+|NAM|NU|GIOI\s*TINH|A|AH|NHE|NHA|OK|VOI|GIUP|XIN|CAM|ON|CHAN|THANH|TRAN|TRONG|NHO|KINH|MONG|LAM|EM|TOI"
    r"|ANH|CHI|CHAU|DUM|GIUM|DUOC|DO|HUONG|DAN|SOM|NHAN|TRA|LOI|GUI)(?![^\W_]))*"
)
"""Polite words and a telephone number; all else behind the fields may want something else."""
_ADDRESS = re.compile(
    r"[\s,.;|/-]*(?:(?:DIA\s*CHI|DC|THUONG\s*TRU|SO\s*NHA|TO|KHU|THON|XA|PHUONG|DUONG|LIEN\s*HE|CAP\s*NGAY|NGAY\s*CAP|NOI\s*CAP)"
    r"(?![^\W_])|[0-9]{1,4}[A-Z]?[/0-9]*\s+[A-Z0-9])"
)
"""A house number and a street, or the label of an address, a telephone or the day of issue."""
_WISH_BEHIND = re.compile(
    r"(?<![^\W_])(?:HUY|MAT|DOI|SANG|(?<!GIA\s)LAI|ROI|QUEN|KHOA|KHONG|CHUA|BI|XOA|HET|SAI|LOI)(?![^\W_])"
)
"""Words behind the fields that may want something else than a new account."""
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
    if found is None or _OTHER_WISH.search(folded, found.end()) is not None:
        return 0
    return found.end() if _OTHER_ACCOUNT.match(folded, found.end()) is None else 0


def ends_politely(folded: str) -> bool:
    """Tell whether nothing stands behind the fields of a spelled-out command but polite words and a telephone number.

    >>> ends_politely(", nho giup em a. SDT 0905123456".upper()), ends_politely(" HUY"), ends_politely(" MAT ROI")
    (True, False, False)
    """
    if _BEHIND_FIELDS.fullmatch(folded) is not None:
        return True
    return _ADDRESS.match(folded) is not None and _WISH_BEHIND.search(folded) is None
