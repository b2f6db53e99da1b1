"""The command TK spelled out: `dang ky tai khoan`, `mo tk`, `tao tai khoan`, with polite words before it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from parsers.fields.names.words_around import FAMILIES

_WHO = r"(?:TOI|EM|MINH|CHAU|CON|ANH|CHI|BAN|QUY\s+CO\s+QUAN|CO\s+QUAN|AD|MOI\s+NGUOI|CAC\s+ANH\s+CHI)"
_POLITE = (
    rf"(?:(?:XIN|CHAO|HI|HELLO|ALO|KINH|DA(?=\s*,|\s+(?:EM|TOI|MINH|CHAU|CON|XIN|CHAO|CHO))|VANG|A|NHO|GIUP|CHO|"
    rf"VUI\s+LONG|LAM\s+ON|MUON|CAN|DE\s+NGHI|{_WHO})[\s,.!:]+)"
)
_SELF = r"(?:TOI|EM|TUI)"
"""The sender; no name begins with one of these words."""
_KIN = (
    r"(?:ONG|BA|BO|ME|MA|CHA|TIA|VO|CHONG|CON|CHAU|ANH|CHI|EM|CO|CHU|BAC|CAU|MO|DI|DUONG|THIM|NGUOI\s+NHA|MINH)"
    r"(?:\s+(?:GAI|TRAI|NOI|NGOAI|RE|DAU|RUOT|UT|CA))?"
)
_FOR = (
    rf"\s+(?:GIUP|DUM|GIUM|HO|CHO)(?:\s+CHO)?\s+"
    rf"(?:{_KIN}(?:\s+(?:CUA\s+)?(?:{_SELF}|MINH|CHAU|CON))?(?:\s+(?:A|AH|NHE|NHA|VOI|DI))?(?=\s*(?:[:,;.\n]|-\s))"
    rf"|(?:{_KIN}\s+(?:CUA\s+)?)?{_SELF}(?![^\W_])(?:\s+(?:A|AH|NHE|NHA|VOI|DI)(?=\s*[:,;.\n-]))?)"
)
"""For whom: ended by the sender's own word, or by a mark. Otherwise the word can be the name (`cho Chau Van An`)."""
_AS_FOLLOWS = (
    rf"[\s,:.;-]*(?:(?:VOI\s+)?(?:THONG\s*TIN|TT)(?:\s+(?:CA\s+NHAN|CUA|{_SELF}|MINH|CHAU|LA|GOM|NHU\s+SAU|SAU)){{0,4}}|NHU\s+SAU)"
    r"(?=\s*[:,\n-])"
)
_NAME_NEXT = re.compile(
    rf"[\s,:.;-]*(?:(?:(?:{_KIN}|{_SELF})\s+)?"
    rf"(?:HO\s*(?:,\s*)?(?:VA\s+)?TEN|TEN)(?![^\W_])(?: LA(?![^\W_]))?[\s,:.;=-]*)?"
    r"(?:[^A-Z]*[0-9]|(?P<family>[^\W\d_]+)\s)"
)
"""What may follow `cho toi`: a label of the name, a number, or a family name that is no word for somebody."""
_FOR_SOMEBODY = re.compile(rf"[\s,:.;-]*(?:GIUP|DUM|GIUM|HO|CHO)\s+(?:CHO\s+)?(?:{_KIN}|{_SELF}|CONG\s+TY)(?![^\W_])")
"""For whom, with neither end: `ho ba Le Thi An`; `Ho Ba An` cannot be distinguished from it."""
_SOMEBODY = frozenset(
    {"ONG", "BA", "BE", "CO", "CHU", "CHAU", "CA", "CAU", "MA", "MO", "LA", "MINH", "CON", "CONG", "DI", "UT"}
)
_VERB = r"(?:DANG\s*K[YI]|MO|TAO|LAP|CAP)"
_BEHIND_ACCOUNT = r"MOI|DICH\s*VU\s*CONG|DVC|CONG\s*DAN|DIEN\s*TU|EGOV"
_FOR_WHOM = rf"(?:\s+(?:GIUP|CHO|CUA|{_WHO}|{_KIN}|MOT|1)(?![^\W_])){{0,4}}"
_OTHER_ACCOUNT = re.compile(
    r"[\s,:.;-]*(?:CUA\s+|CHO\s+)?(?:(?:NOP\s*)?THUE|BAO\s*HIEM|NGAN\s*HANG|VNEID|DINH\s*DANH(?!\s*(?:CA\s*NHAN)?[\s:.-]*(?:SO|LA)?"
    r"[\s:.-]*[0-9])|BHXH|BHYT|VSSID|FACEBOOK|ZALO|GMAIL|EMAIL|MOMO|VIETTEL|DIEN|NUOC)(?![^\W_])"
)
"""An account for something else."""
_BEHIND_FIELDS = re.compile(
    r"(?:[\W_]|(?:(?:SO\s*)?(?:SDT|DTDD|DT|DIEN\s*THOAI|PHONE|TEL|ZALO)(?:\s*(?:SO|LA|CUA\s*(?:TOI|EM)|LIEN\s*HE))*"
    r"|[0-9]+|NAM|NU|GIOI\s*TINH|GT|A|AH|NHE|NHA|OK|VOI|GIUP|XIN|CAM|ON|CHAN|THANH|TRAN|TRONG|NHO|KINH|MONG|LAM|EM|TOI"
    r"|ANH|CHI|CHAU|DUM|GIUM|DUOC|DO|HUONG|DAN|SOM|NHAN|TRA|LOI|GUI|CAP\s+(?:TAI\s*KHOAN|MAT\s*KHAU))(?![^\W_]))*"
)
"""Polite words and a telephone number; other words after the fields may be another wish."""
_LONGEST_STREET = 60
"""Characters of a street before its place."""
_PLACE = (
    r"(?:DA\s*NANG|HAI\s*CHAU|THANH\s*KHE|SON\s*TRA|NGU\s*HANH\s*SON|LIEN\s*CHIEU|CAM\s*LE|QUANG\s*NAM"
    r"|HOA\s+(?:VANG|KHANH|TIEN|MINH|CUONG|XUAN|PHUOC|NHON))(?![^\W_])"
)
_PLACE_INSIDE = re.compile(rf"(?<![^\W_]){_PLACE}")
_ADDRESS = re.compile(
    r"[\W_]*(?:(?:DIA\s*CHI|DC|D/C|HKTT|(?:HO\s*KHAU|THUONG\s*TRU|TAM\s*TRU|QUE\s*QUAN|QUE|CHO\s*O|HIEN\s*O|O|TRU)(?:\s*TAI)?"
    r"|SO(?:\s*NHA)?|TO|KHU|THON|XA|PHUONG|DUONG|TP|QUAN|HUYEN|LIEN\s*HE|CAP(?:\s*NGAY)?|NGAY\s*CAP|NOI\s*CAP|DAN\s*TOC|QUOC\s*TICH"
    r"|TON\s*GIAO|NGHE\s*NGHIEP)(?![^\W_])|K?[0-9]{1,4}[A-Z]?[/0-9]*\s+[A-Z0-9])"
)
"""A house number and a street, or the label of an address, a telephone or the day of issue."""
_WISH_BEHIND = re.compile(
    r"(?<![^\W_])(?:HUY|MAT|DOI|SANG|(?<!GIA\s)LAI|ROI|QUEN|KHOA|(?<!TON GIAO )KHONG|CHUA|BI|XOA|HET|SAI|LOI)(?![^\W_])"
)
"""Words after the fields that may wish something else than a new account."""
_OTHER_WISH = re.compile(
    r"(?<![^\W_])(?:QUEN|(?<!CAP )MAT\s*KHAU|BI\s+(?:KHOA|LOI|MAT|SAI)|KHONG\s+(?:VAO|DUOC|NHAN|MUON|CAN)"
    r"|CHUA\s+(?:CO|DUOC|NHAN|VAO)|DANG\s*NHAP|O\s*DAU|THE\s*NAO|NHU\s*NAO|LAM\s*SAO)(?![^\W_])"
)
"""Words that wish something else than a new account."""


class SpelledOut:
    """The command spelled out, for these keywords; `TK` is the usual short form of the word for account with any."""

    def __init__(self, keywords: Collection[str]) -> None:
        """Make the patterns; `spelled_out` makes them once for the keywords of a service."""
        short = "|".join(dict.fromkeys(("TK", *keywords)))
        account = rf"(?:TAI\s*KHOAN|{short})"
        self.inside = re.compile(
            rf"(?<![^\W_])(?:(?:DANG\s*K[YI]|MO|TAO|LAP|CAP)\s+(?:[^\W\d_]+\s+){{0,3}}?{account}|TAI\s*KHOAN)(?![^\W_])"
        )
        """The same, anywhere in a text; what follows shows which of it is a registration."""
        self._whole = re.compile(
            rf"{_POLITE}{{0,10}}(?:{_VERB}\s+(?:(?:GIUP|CHO|CUA|{_WHO}|{_KIN}|MOT|1)\s+){{0,4}}{account}|TAI\s*KHOAN)(?![^\W_])"
            rf"(?:\s+(?:{_BEHIND_ACCOUNT}|CHINH\s*QUYEN\s*DIEN\s*TU)(?![^\W_])){{0,3}}"
            rf"(?P<for>{_FOR})?(?:{_AS_FOLLOWS})?"
            rf"(?:[\s,:.;-]*(?:{short})(?![^\W_]))?"
        )
        self._suggested = re.compile(
            rf"{_POLITE}{{0,10}}(?:{_VERB}{_FOR_WHOM}\s+{account}|DANG\s*K[YI]{_FOR_WHOM}|TAI\s*KHOAN)(?![^\W_])"
            rf"(?:\s+(?:{_BEHIND_ACCOUNT})(?![^\W_])){{0,3}}(?:{_FOR})?(?:{_AS_FOLLOWS})?"
        )
        """The same, or `dang ky` alone: an account may be meant."""

    def end(self, folded: str) -> int:
        """Return where the spelled-out command ends that a framed text begins with; 0 when it begins with none.

        >>> command = SpelledOut(["TK"])
        >>> command.end("XIN CHAO CHO TOI DANG KY TK NGUYEN VAN A"), command.end("DANG KY NGUYEN VAN A")
        (27, 0)
        >>> command.end("TAI KHOAN NGUYEN VAN A BI KHOA")
        0
        >>> [command.end(text) for text in ("MO TAI KHOAN CHO ME TOI: LE THI BA", "MO TK CHO CHAU VAN AN")]
        [23, 0]
        >>> command.end("MO MOTK NGUYEN VAN A"), SpelledOut(["MOTK"]).end("MO MOTK NGUYEN VAN A")
        (0, 7)
        """
        found = self._whole.match(folded)
        if found is None or _OTHER_WISH.search(folded, found.end()) is not None:
            return 0
        if found["for"] is None and _FOR_SOMEBODY.match(folded, found.end()) is not None:
            return 0
        if found["for"] is not None and not _goes_on_with_name(folded, found.end()):
            return 0
        return found.end() if _OTHER_ACCOUNT.match(folded, found.end()) is None else 0

    def suggested_end(self, folded: str) -> int:
        """Return where a beginning ends that may be meant for the spelled-out command; 0 when there is none.

        >>> command = SpelledOut(["TK"])
        >>> command.suggested_end("CHO TOI DANG KY: NGUYEN VAN A"), command.suggested_end("NGUYEN VAN A")
        (15, 0)
        """
        found = self._suggested.match(folded)
        if found is None or _OTHER_ACCOUNT.match(folded, found.end()) is not None:
            return 0
        return found.end()


@lru_cache(maxsize=8)
def spelled_out(keywords: tuple[str, ...]) -> SpelledOut:
    """Return the command spelled out for the keywords of a service, made once."""
    return SpelledOut(keywords)


def _goes_on_with_name(folded: str, end: int) -> bool:
    following = _NAME_NEXT.match(folded, end)
    if following is None:
        return False
    return following["family"] is None or following["family"] in FAMILIES - _SOMEBODY


def ends_politely(folded: str) -> bool:
    """Return whether nothing follows the fields of a spelled-out command but polite words and a telephone number.

    >>> ends_politely(", nho giup em a. SDT 0905123456".upper()), ends_politely(" HUY"), ends_politely(" MAT ROI")
    (True, False, False)
    """
    if _BEHIND_FIELDS.fullmatch(folded) is not None:
        return True
    if _WISH_BEHIND.search(folded) is not None:
        return False
    polite = _BEHIND_FIELDS.match(folded)
    places = {0, polite.end()} if polite is not None else {0}
    return any(_ADDRESS.match(folded, place) is not None for place in places) or (
        _PLACE_INSIDE.search(folded[:_LONGEST_STREET]) is not None
    )
