"""The frame around a command: words that people copy from the instruction or add out of politeness; removed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from parsers.text.excerpt import Excerpt

_EDGE = " \t\n.,;:!|\"'<>()[]{}*#~=_/\\+^-"
_LONG = 320
_REPEATED = re.compile(r"([^\w\s])\1{2,}|(?<=_)_{2,}")
"""Rows of one mark (`------`), which mean no more than one; removed from long texts, where they would cost time."""
_TAIL = 60
"""Characters from the end in which a copied `gui 8188` is searched; the longest form known has 40."""

_LEADING_WORDS = (
    r"SOAN\s*(?:TIN(?:\s*NHAN)?)?|NHAN\s*TIN|TIN\s*NHAN|NOI\s*DUNG|CU\s*PHAP(?:\s*(?:LA|DUNG))*|VI\s*DU|VD|"
    r"(?:XIN\s*)?CHO\s*(?:(?:TOI|EM|MINH|CHAU|CON)\s*)?HOI|TRA\s*CUU|XIN|GUI|"
    r"(?:EM\s*|DA\s*)?CHAO(?:\s*(?:ANH|CHI|EM|BAN|CAC|CO|CHU|BAC|AD|QUY|CO\s*QUAN|CAN\s*BO|TONG\s*DAI))*"
)
FIRST_WORDS = frozenset(
    re.findall(
        r"[A-Z]+",
        """
        TOI EM MINH CHAU CON TAO TUI ANH CHI CO CHU BAC ONG BA BAN CAC AD QUY KINH THUA CHUNG NGUOI DAN CHO XIN MUON CAN
        NHO NHAN NHANH GUI SOAN HOI TRA TRACUU TIM XEM BIET BAO VIET DOC LAY LAM CU CUPHAP NOI TIN SMS VIDU VD DA VANG
        ALO CHAO HELLO HELO HI DUNG SAI CO KHONG KO KHG CHUA ROI LAI VAN VA VOI HAY HOAC NEU THI LA CUA BI DUOC DANG DE
        SAO TAI VI NHU THE NAO AI GI DAU KHI MAY BAO NHIEU HOM BUOI SANG CHIEU NAY O TU DEN VE VAO RA SO MA HS HOSO
        BIENNHAN TEN HO NGAY NAM SINH CCCD CMND CMT SDT DT MK PIN VN DICH PHAN KIEN GOP MO TAO LAP YEU YC DK TT OK OKE
        CAM CAMR CAMON TKS THANKS RAT HELP HUONG CAU YES NO THU TEST
        STOP NGUNG GOI DOI MAT PHAI XONG DONG TAM TOT KEM CHUC UA HAI BINH TE CHAM HONG
        """,
    )
)
"""Words with which texts begin that are meant for any service: polite words, who writes, what is wished, labels."""

_DESTINATION = r"(?:\s*TIN(?:\s*NHAN)?)?(?:\s*(?:DEN|TOI|VE|CHO|VAO|QUA))?(?:\s*(?:SO|DAU\s*SO|TONG\s*DAI|THUE\s*BAO))*"
_SPACE_WORD = re.compile(r"[(\[<{]\s*(?:DAU|KHOANG)\s*(?:CACH|TRANG)\s*[)\]>}]|(?<![^\W_])DAU\s*CACH(?![^\W_])")
_THANKS = re.compile(
    r"(?<![^\W_])(?:(?:XIN|CHAN\s*THANH|RAT|TRAN\s*TRONG)\s+){0,3}"
    r"(?:CAM\s*ON|THANKS?(?:\s*YOU)?|THANK|TKS|XIN\s*CHAO|TRAN\s*TRONG\s*KINH\s*CHAO)(?![^\W_])"
)
_LAST_DIGIT = re.compile(r"[0-9][^0-9]*\Z")


@lru_cache(maxsize=8)
def _patterns(short_codes: tuple[str, ...], greeted: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile the leading and the trailing frame for these short codes and keywords that may be greeted."""
    codes = "|".join(re.escape(code) for code in sorted(short_codes, key=len, reverse=True)) or "(?!)"
    number = rf"(?:{codes})(?![^\W_])"
    leading = re.compile(
        rf"(?:[\s.,;:!|\"'<>()\[\]{{}}*#~=_/\\+^-]|(?:GUI|NHAN){_DESTINATION}\s*{number}|"
        rf"(?!{greeted})(?:{_LEADING_WORDS}(?=\W+(?:{greeted})))(?![^\W_]))*"
    )
    trailing = re.compile(
        rf"(?<![^\W\d_])(?:(?:GUI|NHAN){_DESTINATION}|(?:DEN|TOI|VE)(?:\s*(?:SO|DAU\s*SO|TONG\s*DAI))*)"
        rf"[\s:.,\"'<(\[]*{number}(?:\s*,?\s*(?:DE|NHE|NHA|A|DI|GIUP)(?![^\W_])[^0-9]{{0,40}})?\Z"
    )
    return leading, trailing


def strip_frame(text: Excerpt, short_codes: Collection[str], greeted: str = "(?!)") -> Excerpt:
    """Remove the frame; what is left begins with the keyword, when there is one.

    `greeted` is a pattern of keywords: a greeting before one of them is part of the frame. A word of the frame that is
    one of them (TRACUU) is not.

    >>> strip_frame(Excerpt.of('Soạn tin: "TK, Lê A" gửi về đầu số 8188. Xin cảm ơn!'), ("8188",)).shown
    'TK, Lê A'
    >>> strip_frame(Excerpt.of("DVC (dau cach) 123456 gui 8188"), ("8188",)).shown
    'DVC   123456'
    """
    if len(text.folded) > _LONG:
        text = Excerpt.of(_REPEATED.sub(r"\1", text.shown))
    leading, trailing = _patterns(tuple(short_codes), greeted)
    if "CACH" in text.folded or "TRANG" in text.folded:
        parts = [text.cut(start, end) for start, end in _between(_SPACE_WORD.finditer(text.folded), len(text.folded))]
        text = Excerpt(" ".join(part.shown for part in parts), " ".join(part.folded for part in parts))
    while True:
        before = len(text.shown)
        text = _strip_end(text, trailing)
        if len(text.shown) == before:
            break
    start = leading.match(text.folded)
    return text.cut(start.end()) if start is not None and start.end() else text


def _between(found: Iterable[re.Match[str]], end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts before, between and after what was found."""
    start = 0
    for match in found:
        yield start, match.start()
        start = match.end()
    yield start, end


def _strip_end(text: Excerpt, trailing: re.Pattern[str]) -> Excerpt:
    end = len(text.folded.rstrip(_EDGE))
    text = text.cut(0, end) if end < len(text.folded) else text
    copied = trailing.search(text.folded, max(0, end - _TAIL))
    if copied is not None:
        return text.cut(0, copied.start())
    last_digit = _LAST_DIGIT.search(text.folded, max(0, end - 300))
    thanks = _THANKS.search(text.folded, last_digit.start() + 1 if last_digit is not None else 0)
    return text.cut(0, thanks.start()) if thanks is not None else text
