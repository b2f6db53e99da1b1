"""Look-ups as citizens write them, made up with known truth: the codes are made first, then written and wrapped.

`python -m tests.generators.look_up_texts --texts 1000000 --seed 7` prints how many are read right, asked back and
wrong.
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
from tests.generators.look_up_words import BEHIND, BETWEEN, GLUED, KEYWORDS, LABELS, MOBILES, NAMES, SENTENCES, SLIPS

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
    chance = random.Random(seed)
    for _ in range(count):
        yield _text(chance)


def make_texts_without_codes(seed: int, count: int) -> Iterator[str]:
    """Make texts that hold names, telephone and identity numbers, days and amounts, and no code."""
    chance = random.Random(seed)
    remarks = [words for words in BEHIND if "{old_card}" not in words and "8188" not in words]
    for _ in range(count):
        sentence = chance.choice([words for words in SENTENCES if "{old_card}" not in words])
        before = "" if chance.random() < 0.5 else _aside(chance, sentence.replace("{}", ""))
        words = "".join(_aside(chance, chance.choice(remarks)) for _ in range(chance.randint(1, 3)))
        yield f"{chance.choice([*KEYWORDS, '', '', ''])}{before}{words}"


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
    levels = chance.choice(
        ["000.00.12", "000.00.24", "000.00.03", f"000.{_digits(chance, 2)}.{_digits(chance, 2)}", "001.20.26"]
    )
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
        while sum(sign.isdecimal() for sign in printed) < 4:
            printed = chance.choice(OTHER_FORMS)(chance)
        return _typed(chance, printed, national=False)
    return _typed(chance, (_long_national if chance.random() < 0.6 else _short_national)(chance), national=True)


def _typed(chance: random.Random, printed: str, *, national: bool) -> _Code:
    typed = _with_letters(chance, printed) if national and chance.random() < 0.06 else printed
    bare = _bare(typed).upper()
    is_insurance = printed.count("/") == 2 and "-" not in printed
    ways = _NATIONAL_WAYS if national else _INSURANCE_WAYS if is_insurance else _ANY_WAYS
    if chance.random() < 0.3:
        typed = chance.choice(ways)(typed)
    if chance.random() < 0.3:
        typed = typed.lower()
    return _Code(typed=typed, bare=bare, is_national=national)


def _bare(code: str) -> str:
    return "".join(sign for sign in code if sign.isalnum())


def _with_letters(chance: random.Random, code: str) -> str:
    """Write a letter for one digit that it looks like; not in the place where a form has a letter anyway."""
    places = [place for place, sign in enumerate(code) if sign in "01" and not code[max(place - 1, 0)].isalpha()]
    if not places:
        return code
    place = chance.choice(places)
    return code[:place] + {"0": "O", "1": chance.choice("Il")}[code[place]] + code[place + 1 :]


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() and sign.isascii() else sign for sign in text)


_ANY_WAYS: Sequence[Callable[[str], str]] = (
    _full_width,
    lambda code: f"{code[:5]}\u200b{code[5:]}",
)
_NATIONAL_WAYS: Sequence[Callable[[str], str]] = (
    *_ANY_WAYS,
    lambda code: code.replace("-", " - "),
    lambda code: code.replace(".", " ").replace("-", " "),
    lambda code: code.replace("-", "–"),
    lambda code: _bare(code) if code.count(".") == 3 else code,  # with all levels, which have a fixed length
    lambda code: code.replace(".", ". ", 1),
)
_INSURANCE_WAYS: Sequence[Callable[[str], str]] = (
    *_ANY_WAYS,
    lambda code: code.replace(".", " ").replace("/", " "),
)

# --- what stands around them ---


def _aside(chance: random.Random, words: str) -> str:
    """Fill in made-up people: names, telephone and identity numbers, days."""
    if "{" not in words:
        return words
    phone = f"0{chance.choice(MOBILES)}{_digits(chance, 7)}"
    spaced = f"{phone[:4]}{chance.choice([' ', '.'])}{phone[4:7]}{chance.choice([' ', '.'])}{phone[7:]}"
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20000))
    province, century = chance.randint(1, 96), chance.choice("01") if born.year < 2000 else chance.choice("23")
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
    shares = ", ".join(
        f"{name} {counts[name]} ({counts[name] / given.texts:.3%})" for name in ("right", "asked", "wrong")
    )
    sys.stdout.write(f"{given.texts} look-ups, seed {given.seed}: {shares}\n")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
