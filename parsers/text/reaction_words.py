"""The words of reactions (yes, no, thanks, a score …) and the words that may be around them, folded."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Final, NamedTuple


class ReactionKind(StrEnum):
    """What a short text says, when it says nothing else."""

    YES = "yes"
    POLITE = "polite"
    """`vang`, `da`, `da vang`: as often courtesy as consent."""
    NO = "no"
    THANKS = "thanks"
    OK = "ok"
    DIGIT = "digit"
    SCORE = "score"
    BAD_SCORE = "bad_score"
    """`0`, `10 diem`, `4,5`: a number that is no score from 1 to 5."""
    STOP = "stop"
    DONE = "done"
    UNCLEAR = "unclear"
    """`dung`, without the accents that decide between four words."""


class Around(Enum):
    """What may be around a reaction."""

    ADDRESS = "address"
    PARTICLE = "particle"
    POLITE = "polite"
    """`da`: alone it is a reaction, before another one a particle."""
    WISH = "wish"
    """`chuc`: wishes follow."""
    BEFORE_A_NUMBER = "before_a_number"
    """`so`, `cham`: only before a digit or a score."""
    BEHIND_A_NUMBER = "behind_a_number"
    """`gui`, `viec moi`: what a digit stands for, only behind it."""
    HOUSE = "house"
    """`nha`: a particle, but before a number a house (`nha so 3`)."""
    NOT_TO_SEND = "not_to_send"
    """`khong gui`: beside a digit what it stands for, alone a no."""


class Part(NamedTuple):
    """What a word or phrase is; `value` of a score in words."""

    kind: ReactionKind | Around
    value: int | None = None


def _parts(phrases: str, kind: ReactionKind | Around, value: int | None = None) -> dict[tuple[str, ...], Part]:
    return {tuple(phrase.split()): Part(kind, value) for phrase in phrases.split("|")}


_SCALE: Final = {
    5: "RAT TOT|RAT HAI LONG|HOAN TOAN HAI LONG|RAT LA TOT|RAT LA HAI LONG|TUYET VOI|VERY GOOD|EXCELLENT",
    4: "TOT|HAI LONG|KHA TOT|KHA HAI LONG|GOOD",
    3: "BINH THUONG|TRUNG BINH|TAM|TAM DUOC|TAM ON|AVERAGE",
    2: "KEM|KHONG HAI LONG|KO HAI LONG|K HAI LONG|CHUA HAI LONG|POOR|BAD",
    1: "RAT KEM|TE|RAT TE|QUA TE|QUA KEM|VERY POOR|VERY BAD",
}


def _scores() -> dict[tuple[str, ...], Part]:
    parts = [_parts(phrases, ReactionKind.SCORE, value) for value, phrases in _SCALE.items()]
    return {phrase: part for each in parts for phrase, part in each.items()}


_DONE: Final = (
    "XONG|DA XONG|XONG ROI|DA XONG ROI|XONG HET ROI|DA SUA|DA SUA ROI|SUA ROI|DA SUA XONG|DA SUA XONG ROI|SUA XONG|"
    "SUA XONG ROI|DA LAM XONG|DA LAM XONG ROI|LAM XONG ROI|DA GIAI QUYET|DA GIAI QUYET XONG|DA GIAI QUYET ROI|"
    "DA KHAC PHUC|DA KHAC PHUC XONG|DA KHAC PHUC ROI|"
    "DA XU LY|DA XU LY XONG|DA XU LY ROI|DA HOAN THANH|HOAN THANH|DONE"
)
_STOP: Final = (
    "STOP|STOP SMS|NGUNG|NGUNG GUI|NGUNG GUI TIN|NGUNG GUI TIN NHAN|NGUNG NHAN TIN|DUNG GUI|DUNG GUI NUA|DUNG GUI TIN|"
    "DUNG GUI TIN NUA|DUNG GUI TIN NHAN|DUNG GUI TIN NHAN NUA|DUNG NHAN TIN|DUNG NHAN TIN NUA|DUNG GUI SMS|"
    "DUNG GUI SMS NUA|NGUNG GUI NUA|NGUNG GUI TIN NUA|NGUNG GUI TIN NHAN NUA|NGUNG NHAN TIN NUA|"
    "KHONG GUI NUA|KHONG GUI TIN NUA|KHONG NHAN TIN NUA|KHONG MUON NHAN TIN|KHONG MUON NHAN TIN NUA"
)
_ADDRESS: Final = (
    "EM|E|ANH|CHI|C|CB|CHU|BAC|ONG|BA|BAN|CHAU|TOI|MINH|TUI|QUY|CAC|AD|ADMIN|ACE|ANH CHI|CO CHU|CO CHU BAC|CAN BO|"
    "CO QUAN|TONG DAI|TRUNG TAM|DON VI|QUY CO QUAN|QUY VI|CHINH QUYEN|UBND|UBND PHUONG|PHUONG|THANH PHO|MOI NGUOI|"
    "CAC BAN|CAC ANH CHI|ANH EM|CO OI"
)
_PARTICLES: Final = (
    "A|AH|AK|NHE|NHEN|NHI|NE|HEN|NGHEN|NGHE|DO|DAY|THOI|ROI|LUON|QUA|LAM|NHIEU|RAT|VAY|THE|HIHI|HAHA|HI|HIC|VA|OI|"
    "XIN|LAM ON|CHAN THANH|TRAN TRONG|CHAO|XIN CHAO|DI|LA|LEM|GIUP|HEM|QUA TROI|NHA NHA|NHIEU NHIEU|ALO|UI"
)
PARTS: Final[Mapping[tuple[str, ...], Part]] = {
    **_parts("YES|YEP|YEAH|Y|CO|DONG Y|NHAT TRI|U|UH|UM|UHM", ReactionKind.YES),
    **_parts("VANG", ReactionKind.POLITE),
    **_parts("KHONG|KHOONG|KHOG|KHG|KO|K|KG|HOK|NO|SAI", ReactionKind.NO),
    **_parts(
        "CAM ON|CAM OWN|CAMS ON|CAMR ON|CAM OWNS|CAMON|CAMS OWN|CAMR OWN|CM ON|BIET ON|THANK|THANKS|THANK YOU|THANKYOU|"
        "THANK YOU SO MUCH|THANK YOU VERY MUCH|THANKS YOU|THANKS A LOT|THANK U|THKS|TKS|THX|TNX",
        ReactionKind.THANKS,
    ),
    **_parts(
        "OK|OKE|OKI|OKIE|OKEY|OKAY|OKELA|OKLA|O KE|DA RO|RO ROI|DA RO ROI|BIET ROI|DA BIET|DA BIET ROI|DA HIEU|"
        "HIEU ROI|DA HIEU ROI|DUOC|DUOC ROI",
        ReactionKind.OK,
    ),
    **_parts(_STOP, ReactionKind.STOP),
    **_parts(_DONE, ReactionKind.DONE),
    **_parts("DUNG", ReactionKind.UNCLEAR),
    **_parts(_ADDRESS, Around.ADDRESS),
    **_parts(_PARTICLES, Around.PARTICLE),
    **_parts("DA", Around.POLITE),
    **_parts("CHUC", Around.WISH),
    **_parts("KHONG GUI|KO GUI|K GUI", Around.NOT_TO_SEND),
    **_parts(
        "SO|CHAM|CHAM DIEM|DANH GIA|CHO|CHON|CHON SO|MUC|DIEM|SOAN|TRA LOI|VIEC|VIEC SO|CAI|CAI SO",
        Around.BEFORE_A_NUMBER,
    ),
    **_parts("GUI|VIEC MOI", Around.BEHIND_A_NUMBER),
    **_parts("NHA", Around.HOUSE),
    **_scores(),
}
"""What each word or phrase is; the longest phrase counts."""

LONGEST_PHRASE: Final = max(map(len, PARTS))

JOINED: Final[Mapping[str, Part]] = {
    "".join(phrase): part
    for phrase, part in PARTS.items()
    if len(phrase) > 1 and isinstance(part.kind, ReactionKind) and "".join(phrase[:1]) not in {"K", "O"}
}
"""Phrases without their blanks (`rattot`, `khonghailong`)."""

MEANT: Final[Mapping[str, frozenset[str]]] = {
    folded: frozenset(words.split())
    for folded, words in {
        "CO": "có",
        "DA": "dạ đã",
        "VANG": "vâng",
        "NO": "no",
        "SAI": "sai",
        "Y": "y ý",
        "K": "k",
        "TOT": "tốt",
        "TAM": "tạm",
        "TE": "tệ",
        "KEM": "kém",
        "NGUNG": "ngưng ngừng",
        "RO": "rõ",
        "BAD": "bad",
        "XONG": "xong",
        "DUOC": "được",
        "HAI": "hài",
        "LONG": "lòng",
        "U": "ừ ư u",
        "UM": "ừm um",
        "UH": "uh ừh",
        "ON": "ơn",
        "SUA": "sửa",
        "DONE": "done",
    }.items()
}
"""The accents that count, of words that mean something else with other accents (`nổ`, `tám`, `vàng`)."""

_OF_THANKS = """
    VI DA SU GIUP DO HO TRO QUAN TAM TRA LOI PHAN HOI GIAI QUYET NHANH CHONG KIP THOI NHIET TINH HUONG DAN CHI TIET
    THONG BAO TIN DAP XU LY CO
"""
OF_THANKS: Final = frozenset(_OF_THANKS.split())
"""What thanks are for: words that may follow them (`cam on vi da ho tro`)."""

_OF_WISHES = """
    NGAY MOI TOT LANH VUI VE SUC KHOE MANH HANH PHUC THANH CONG MAY MAN TAC LUON NHIEU GIA DINH VA CUOI TUAN BUOI SANG
    CHIEU TOI NGU NGON AN BINH NAM MOT THAT DOI DAO CO CHUC MUNG LAM VIEC THUAN LOI HET CA NHA
"""
OF_WISHES: Final = frozenset(_OF_WISHES.split())
"""What is wished (`chuc em suc khoe`)."""

KNOWN: Final = (
    frozenset(word for phrase in PARTS for word in phrase)
    | JOINED.keys()
    | OF_THANKS
    | OF_WISHES
    | {
        *("TREN", "SAO", "DIEM"),
        *("MOT", "HAI", "BA", "BON", "NAM", "SAU", "BAY", "CHIN", "MUOI"),
    }
)
"""Every word that can be in a reaction: a text with another one, as it was typed, is read no further."""
