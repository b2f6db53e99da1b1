"""Look-ups as citizens write them, made up with known truth: the codes are made first, then written and wrapped.

`python -m tests.property.look_up_texts --texts 1000000 --seed 7` prints how many are read right, asked back and wrong.
The parser has no part in what is right: a text is made of codes, and those codes are the truth.
"""

from __future__ import annotations

import argparse
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from parsers import read
from parsers.commands import LookUpStatus
from parsers.misread import Misread

TODAY = date(2026, 11, 22)


@dataclass(frozen=True, kw_only=True, slots=True)
class LookUpText:
    """A text, and the codes that it asks for: letters and digits, upper case, as they were typed.

    `is_sentence` when it does not begin with the command: then no digits in it can be a secret.
    """

    text: str
    codes: tuple[str, ...]
    is_sentence: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Code:
    typed: str
    bare: str
    is_national: bool


def make_texts(seed: int, count: int) -> Iterator[LookUpText]:
    """Make so many texts; the same seed makes the same texts."""
    chance = random.Random(seed)  # noqa: S311 - test data
    for _ in range(count):
        yield _text(chance)


def judge(made: LookUpText, *, with_secrets: bool = False) -> str:
    """Tell whether a text is read right, asked back, or wrong: another code, too many, too few, another command."""
    reading = read(made.text, today=TODAY, with_secrets=with_secrets)
    if isinstance(reading, Misread):
        return "asked"
    if not isinstance(reading, LookUpStatus) or len(reading.codes) != len(made.codes):
        return "wrong"
    for code, wanted in zip(reading.codes, made.codes, strict=True):
        if wanted not in {code.canonical, code.instead} or (made.is_sentence and code.secret):
            return "wrong"
    return "right"


# --- codes ---


def _digits(chance: random.Random, count: int) -> str:
    return f"{chance.randrange(10**count):0{count}d}"


def _received(chance: random.Random, form: str = "%y%m%d") -> str:
    return (date(2018, 1, 2) + timedelta(days=chance.randrange(3200))).strftime(form)


def _long_national(chance: random.Random) -> str:
    levels = chance.choice(["000.00.12", "000.00.24", "000.00.03", f"000.{_digits(chance, 2)}.{_digits(chance, 2)}", "001.20.26"])
    return f"{levels}.H{chance.randint(1, 63):02d}-{_received(chance)}-{_digits(chance, 4)}"


def _short_national(chance: random.Random) -> str:
    match chance.randrange(6):
        case 0:
            return f"H{chance.randint(1, 63):02d}-{_received(chance)}-{_digits(chance, 4)}"
        case 1:
            return f"G{_digits(chance, 2)}.{_digits(chance, 2)}-{_received(chance)}-{_digits(chance, 6)}"
        case 2:
            return f"G09.20-{_received(chance, '%Y%m%d')}-{_digits(chance, 7)}"
        case 3:
            return f"H17.{_digits(chance, 2)}.{_digits(chance, 2)}-{_received(chance)}-{_digits(chance, 4)}"
        case _:
            return f"H{chance.randint(1, 63):02d}.{_digits(chance, 2)}-{_received(chance)}-{_digits(chance, 4)}"


def _insurance(chance: random.Random) -> str:
    series = chance.choice(["", ".G", ".G", ".T"])
    return f"{_digits(chance, 5)}{series}/{chance.randint(2018, 2026)}/{_digits(chance, 5)}"


OTHER_FORMS: Sequence[Callable[[random.Random], str]] = (
    _insurance,
    lambda chance: f"1{_digits(chance, 7)}",
    lambda chance: f"006{_digits(chance, 8)}",
    lambda chance: f"TT{chance.randrange(16**12):012X}"[:14],
    lambda chance: f"PB06{_digits(chance, 9)}",
    lambda chance: f"AB-{_digits(chance, 9)}",
    lambda chance: f"BN-{chance.randint(4, 9)}{_digits(chance, 8)}",
    lambda chance: f"HS{_digits(chance, 6)}",
    lambda chance: f"HS{_digits(chance, 3)}/{chance.randint(2018, 2026)}",
    lambda chance: f"{_digits(chance, 3)}/{chance.randint(2018, 2026)}/HS-{_digits(chance, 4)}",
)
"""Codes of other offices, each as its papers print it."""


def _code(chance: random.Random, *, national: bool) -> _Code:
    if not national:
        printed = chance.choice(OTHER_FORMS)(chance)
        while sum(sign.isdecimal() for sign in printed) < 4:  # noqa: PLR2004 - the parser wants three; a hexadecimal code may have few
            printed = chance.choice(OTHER_FORMS)(chance)
        return _typed(chance, printed, national=False)
    return _typed(chance, (_long_national if chance.random() < 0.6 else _short_national)(chance), national=True)


def _typed(chance: random.Random, printed: str, *, national: bool) -> _Code:
    typed = printed
    is_insurance = printed.count("/") == 2 and "-" not in printed  # noqa: PLR2004 - office/year/number
    if chance.random() < 0.06 and national:
        typed = _with_letters(chance, typed)
    bare = "".join(sign for sign in typed if sign.isalnum()).upper()
    match chance.randrange(20):
        case 0 if national:
            typed = typed.replace("-", " - ")
        case 1 if national:
            typed = typed.replace(".", " ").replace("-", " ")
        case 2 if national:
            typed = typed.replace("-", "–")
        case 3 if national and typed.count(".") == 3:  # noqa: PLR2004 - with all levels, which have a fixed length
            typed = "".join(sign for sign in typed if sign.isalnum())
        case 4 if national:
            typed = typed.replace(".", ". ", 1)
        case 5:
            typed = _full_width(typed)
        case 6:
            typed = f"{typed[:5]}\u200b{typed[5:]}"
        case 7 if is_insurance:
            typed = typed.replace(".", " ").replace("/", " ")
    if chance.random() < 0.3:
        typed = typed.lower()
    return _Code(typed=typed, bare=bare, is_national=national)


def _with_letters(chance: random.Random, code: str) -> str:
    """Write a letter for one digit that it looks like; not in the place where a form has a letter anyway."""
    places = [place for place, sign in enumerate(code) if sign in "01" and not code[max(place - 1, 0)].isalpha()]
    if not places:
        return code
    place = chance.choice(places)
    return code[:place] + {"0": "O", "1": chance.choice("Il")}[code[place]] + code[place + 1 :]


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() and sign.isascii() else sign for sign in text)


# --- what stands around them ---

KEYWORDS = (
    *("DVC ", "DVC ", "DVC ", "DVC ", "dvc ", "dvc ", "Dvc ", "ĐVC ", "đvc ", "D.V.C ", "d v c ", "DVC: ", "DVC, ", "DVC. "),
    *("DVC-", "DVC\n", "dvc  ", "Soan DVC ", "soạn tin: DVC ", "tra cuu DVC ", "cho hoi dvc ", "[DVC ", "DVC (dau cach) "),
    *("DVC\u00a0", "DVC\t", "🙏 DVC ", "xin chao DVC ", "DVC=", "DVC_", "DVC #", "DVC* ", "(DVC) ", "Dvc;", "DVC | ", "dvc: <"),
    *("Em chào anh chị, DVC ", "gui 8188 DVC ", "DVC <ma bien nhan> ", "xin DVC ", "nhan tin DVC "),
)
GLUED = ("DVC", "dvc", "Dvc", "ĐVC", "DVC<", "DVC[")
SLIPS = ("DCV ", "dcv ", "DV ", "DVX ", "TK ", "HD ", "DVCC ", "")
"""With these a code of the national form is looked up all the same."""
LABELS = (
    *("", "", "", "", "", "", "ma ", "mã ", "ma ho so ", "mã hồ sơ: ", "so bien nhan ", "Mã biên nhận ", "hs ", "HS: ", "ho so "),
    *("so ho so ", "bien nhan ", "ma so ", "MBN ", "BN: ", "giay hen ", "cho toi hoi ho so ", "kiem tra giup toi ho so "),
    *("tra giup em hs ", "em chao anh chi cho em hoi ho so ma so "),
)
SENTENCES = (
    "Hồ sơ của tôi mã {} xong chưa ạ?",
    "HS {}",
    "tra {}",
    "tra cuu {}",
    "Toi da nop tien roi, ho so {}",
    "Anh chi oi cho em hoi {} den dau roi a",
    "{} bao gio co ket qua vay",
    "Kính gửi bộ phận một cửa, tôi là {name}, sdt {phone}, xin hỏi hồ sơ {} của tôi đã xong chưa. Xin cảm ơn!",
    "toi ten {name} nop ho so ngay {day} ma {} nho kiem tra giup",
    "ho so so {}, nop ngay {day}, hen tra {day}, sao chua co",
    "{}, {name}, {phone}",
    "{name} {phone} {}",
    "ma bien nhan: <{}>",
    "Xin chào, mình muốn biết tình trạng hồ sơ {}. Mình cảm ơn",
    "sao ho so {} lau vay, toi o so 12 Le Loi, quan 1",
    "cccd {card} ho so {}",
    "hs{} xong chua",
    "{}\n{name}\n{phone}",
    "{} cam on em nhe ❤️",
    "Alo, {} nhe",
    "toi nop 500.000d cho ho so {} luc 9h30, lan 2 roi chua thay gi",
    "ma ho so: '{}'",
    "Mã hồ sơ={}; họ tên={name}; SĐT={phone}",
    "ông {name}, số nhà 125/4 Nguyễn Huệ, {} , nhờ kiểm tra",
    "8188 {}",
    "ho so cua me toi ({name}, sinh {birth}) la {}",
    "{} - {name} - {phone}",
    "ho so thu 3 cua toi: {}. Cam on",
    "khi nao lay duoc {} vay a, toi doi 15 ngay roi",
    "{} . {card} . {name}",
    "dat dai {}",
    "Chi oi {} xong chua, goi lai {phone} giup em",
    "{}; {old_card}; {name}; {birth}",
    "số {} nha",
    "{}-{name}",
    "{}xong chua",
    "{}; MST {tax}",
    "thua dat so 125 to ban do 34 ma {}",
    "1. {}",
    "nop luc 9h ngay {day}: {}",
    "{name} sinh nam 1985 ma hs {}",
    "Toi la {name}, dien thoai: {phone}. Ma ho so: {}. Ngay nop: {day}. Ngay hen tra: {day}. De nghi cho biet ket qua.",
    "GIAY TIEP NHAN HO SO VA HEN TRA KET QUA Ma ho so: {} Bo phan Tiep nhan nhan ho so cua: {name}",
    "so tien 150.000 dong, ho so {}",
)
BEHIND = (
    *("", "", "", "", "", "", "", "", " cua toi", " của tôi ạ", " xong chua a?", " den dau roi", "?", ".", " a", " 🙏", " ạ", "!"),
    *(" gui 8188", " gửi 8188", " gui den so 8188", ". Xin cam on", ", cam on nhieu", " cảm ơn ạ ❤️", " (ho so dat dai)", ">"),
    *(" sdt {phone}", ", sdt: {phone}", ", {phone}", " dt {phone}", " ngay {day}", ", nop ngay {day}", " nop ngay {day} hen tra {day}"),
    *(", {name}", ", toi la {name}", "\n{name}", ", cccd {card}", " CCCD: {card}", ", cmnd {old_card}", " cho toi hoi bao gio xong"),
    *(" cua {name}", ", {name}, {phone}", ", sinh ngay {birth}", " - {name}", "; {name}; {phone}", " lan 2", " luc 9h30", " +84{abroad}"),
    *(" thu 3 roi", ", toi o 12 Le Loi", ", nam 2025", "\n\n", " nhe em", " :)", " ???", " (toi la {name}, {phone})", ", so nha 125/4 Nguyen Hue"),
    *(", MST {tax}", ", ma so thue {tax}", " STK {account}", ", so BHXH {insured}", ", thua dat so 125 to ban do 34", ", dt ban 0236{landline}"),
    *(", nop {short_day}", ", ngay {dashed_day}", " {day}", ", {day}", ", nam sinh 1985", ", sn 1985", " (2 ho so)", " ho so cua me toi", ", 2 thang roi"),
    *(" {name} {phone}", ", so dt {phone} hoac {phone}", " zalo {phone}", "/", " //", " + {name}", " gui tu {phone}", " #1", " 1 lan"),
    *(", da nop 500.000d", " lien he {phone}", ", goi {phone} giup toi", "'", '"', " ;", " tai bo phan mot cua quan 1", " ngay {day} luc 10h"),
)
BETWEEN = (", ", ", ", ",", "; ", ";", " va ", " và ", "\n", " & ", " + ", " DVC ", ",\n", " | ", " hoac ")
MOBILES = ("32", "38", "39", "56", "58", "70", "77", "79", "81", "85", "88", "90", "91", "93", "96", "98")
NAMES = (
    *("Nguyen Van A", "Nguyễn Thị Hoa", "tran thi bich", "LE VAN BINH", "Phạm Minh Đức", "Ho Thi Lan", "Huynh Cong Nam", "Dang Van Ut"),
    *("H'Hen Niê", "Ly A Sua"),
)


def _aside(chance: random.Random, words: str) -> str:
    """Fill in made-up people: names, telephone and identity numbers, days."""
    if "{" not in words:
        return words
    phone = f"0{chance.choice(MOBILES)}{_digits(chance, 7)}"
    spaced = f"{phone[:4]}{chance.choice([' ', '.'])}{phone[4:7]}{chance.choice([' ', '.'])}{phone[7:]}"
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20000))
    province, century = chance.randint(1, 96), chance.choice("01") if born.year < 2000 else chance.choice("23")  # noqa: PLR2004 - the digit of the century
    return words.format_map(
        {
            "name": chance.choice(NAMES),
            "tax": f"04{_digits(chance, 8)}",
            "account": f"0041{_digits(chance, 9)}",
            "insured": f"48{_digits(chance, 8)}",
            "landline": _digits(chance, 7),
            "short_day": f"{chance.randint(1, 28)}/{chance.randint(1, 12)}",
            "dashed_day": f"{chance.randint(1, 28)}-{chance.randint(1, 12)}-2025",
            "abroad": phone[1:],
            "phone": chance.choice([phone, phone, phone, spaced]),
            "day": (date(2025, 1, 1) + timedelta(days=chance.randrange(690))).strftime("%d/%m/%Y"),
            "birth": born.strftime("%d/%m/%Y"),
            "card": f"{province:03d}{century}{born:%y}{_digits(chance, 6)}",
            "old_card": f"2{_digits(chance, 8)}",
        }
    )


def _text(chance: random.Random) -> LookUpText:
    is_loose = chance.random() < 0.35  # no keyword, or a wrong one: codes of the national form only
    count = chance.choices((1, 2, 3), (80, 14, 6))[0]
    codes = [_code(chance, national=is_loose or chance.random() < 0.55) for _ in range(count)]
    between = chance.choice(BETWEEN)
    if is_loose and between == " DVC ":
        between = ", "
    written = between.join(code.typed for code in codes)
    if is_loose:
        text = _loosely(chance, written)
    elif chance.random() < 0.25:
        text = chance.choice(GLUED) + written + _behind(chance)
    else:
        label = chance.choice(LABELS) if "\n" not in between else ""
        text = chance.choice(KEYWORDS) + label + written + _behind(chance)
    if chance.random() < 0.1:
        text = unicodedata.normalize("NFD", text)
    if chance.random() < 0.08:
        text = text.upper() if chance.random() < 0.5 else text.lower()
    different = tuple(dict.fromkeys(code.bare for code in codes))
    return LookUpText(text=text, codes=different, is_sentence=is_loose)


def _loosely(chance: random.Random, written: str) -> str:
    if chance.random() < 0.3:
        return chance.choice(SLIPS) + written + _behind(chance)
    before, behind = chance.choice(SENTENCES).split("{}")
    return _aside(chance, before) + written + _aside(chance, behind)


def _behind(chance: random.Random) -> str:
    return _aside(chance, chance.choice(BEHIND))


def main() -> int:
    """Print the figures; 1 when a text was read wrong."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--show", type=int, default=0, help="so many texts that were not read right")
    given = arguments.parse_args()
    counts = Counter[str]()
    for made in make_texts(given.seed, given.texts):
        verdict = judge(made)
        counts[verdict] += 1
        if verdict != "right" and counts["asked"] + counts["wrong"] <= given.show:
            sys.stdout.write(f"{verdict}: {made.text!r} {made.codes}\n")
    shares = ", ".join(f"{name} {counts[name]} ({counts[name] / given.texts:.3%})" for name in ("right", "asked", "wrong"))
    sys.stdout.write(f"{given.texts} look-ups, seed {given.seed}: {shares}\n")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
