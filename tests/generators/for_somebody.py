"""Registrations by the spelled-out command for somebody: `python -m tests.generators.for_somebody`."""

from __future__ import annotations

import random

from parsers import read
from parsers.commands import RegisterAccount
from parsers.printed import as_json
from tests.generators.generated import Reading, Sample, main
from tests.generators.people import TODAY, a_person
from tests.generators.typing_methods import without_accents

_COMMANDS = ("mở tài khoản", "đăng ký tài khoản", "tôi muốn mở tk", "xin tạo tài khoản", "đăng ký tk dịch vụ công")
_FOR = ("cho", "cho", "giúp", "hộ", "dùm")
_WHO = (
    *("tôi", "em", "mẹ tôi", "con tôi", "con gái tôi", "con gái", "em gái", "em trai em", "bố", "mẹ", "bà", "ông"),
    *("ông nội tôi", "cháu", "châu", "con", "vợ", "vợ tôi", "chồng em", "cô", "chú", "anh", "chị", "mình", "bác tôi"),
    *("mẹ của tôi", "tôi và vợ", "tôi là", "tôi tên", "em với", "người nhà", "công ty"),
)
_MORE = ("", "", "", "ông", "bà", "bé", "tên", "tên là", "họ tên", "là", "thông tin", "thông tin như sau", "chị")
_MARKS = ("", "", "", ":", ",", " -", ".", "\n")


def a_registration_for_somebody(chance: random.Random) -> Sample:
    """Make up a registration that says for whom it is: it is asked back, or read without those words."""
    person = a_person(chance)
    while person.words[0] == "La":  # behind `ten` the likelier reading is the word `la`
        person = a_person(chance)
    name = " ".join(person.words)
    who, more = chance.choice(_WHO), chance.choice(_MORE)
    words = f"{chance.choice(_COMMANDS)} {chance.choice(_FOR)} {who}{chance.choice(_MARKS)} {more}"
    words += chance.choice(_MARKS)
    case = chance.choice((str, str, str.upper, str.lower))
    if chance.random() < 0.6:
        name, words = without_accents(name), without_accents(words)
    name = case(name)
    words = words.upper() if case is str.upper else words if chance.random() < 0.5 else words.capitalize()
    born = f"{person.day or 1}/{person.month or 1}/{person.year}" if person.day is not None else str(person.year)
    text = f"{words} " + chance.choice((", ", ", ", "; ", "\n", " ")).join((name, person.number, born))
    reading = read(text, today=TODAY)
    judged = Reading.ASKED
    if isinstance(reading, RegisterAccount):
        judged = Reading.RIGHT if reading.full_name == name else Reading.WRONG
    return Sample(
        text=text,
        shape=f"{who} {more}".strip().replace(" ", "_"),
        reading=judged,
        read_as=f"truth {name}, read as {as_json(reading)}",
    )


if __name__ == "__main__":
    main(a_registration_for_somebody, __doc__)
