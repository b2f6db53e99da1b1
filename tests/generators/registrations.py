"""Registrations as citizens write them, with known truth: `python -m tests.generators.registrations --help`."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence

from parsers import read
from parsers.commands import RegisterAccount
from parsers.misread import Misread
from parsers.printed import as_json
from tests.generators import registration_words as words
from tests.generators.generated import Reading, Sample, main
from tests.generators.people import TODAY, Person, a_person
from tests.generators.typing_methods import in_tcvn3, in_vni_font, in_windows_1258, without_accents
from tests.generators.writer import Writer, labelled
from tests.generators.written_names import name_fields, write_name

_BLANK = " "
_SEPARATORS = (
    *(", ",) * 30,
    *(",",) * 12,
    *(_BLANK,) * 22,
    *(
        "; ",
        ";",
        " ; ",
        " , ",
        "\n",
        "\n",
        "\n",
        " - ",
        " - ",
        "-",
        " / ",
        ". ",
        ".",
        "|",
        " | ",
        ":",
        "\t",
        ",,",
        " ,",
    ),
    *("*", "#", "_", "+", " = ", "  ", ",  ", "//", " . "),
)
_ORDERS = (
    *(("name", "id", "date"),) * 11,
    *(("name", "date", "id"),) * 3,
    *(("id", "date", "name"),) * 2,
    ("id", "name", "date"),
    ("date", "name", "id"),
    ("date", "id", "name"),
)
_OF_OLD_FONTS = frozenset("µ¶¸¹¨»¼½¾©Ç®ÎÏÐªÓÖ×ØÜÞßäåæçëîïñöøûüþ¡¢£¤¥¦§Û")
"""Letters that no name in Unicode holds; without one nobody can tell an old encoding."""


def a_registration(chance: random.Random) -> Sample:
    """Make up a registration, read it, and hold the reading against the truth."""
    writer = Writer(chance=chance, person=a_person(chance))
    text = _write(writer)
    if (
        {"left-over", "typed-by-keys", "lost-letters"}.isdisjoint(writer.shapes)
        and writer.accents
        and writer.case == "title"
        and writer.name == " ".join(writer.person.words)
        and chance.random() < 0.03
    ):
        text = _in_old_font(text, writer)
    if writer.happens(0.02, "nfd"):
        text = unicodedata.normalize("NFD", text)
    reading = read(text, today=TODAY)
    truth = (writer.name, writer.person.number, writer.person.born)
    if isinstance(reading, Misread):
        judged = Reading.ASKED
    elif isinstance(reading, RegisterAccount):
        got = (reading.full_name, reading.id_number, str(reading.birth_date))
        judged = Reading.RIGHT if got == truth else Reading.WRONG
    else:
        judged = Reading.WRONG
    return Sample(
        text=text,
        shape=" ".join(writer.shapes),
        reading=judged,
        read_as=f"truth {truth}, read as {as_json(reading)}",
        is_doubtful=writer.is_doubtful,
    )


def _write(writer: Writer) -> str:
    chance = writer.chance
    writer.accents = chance.random() < 0.45
    writer.case = chance.choices(("title", "upper", "lower", "first"), (62, 16, 19, 3))[0]
    writer.separator = chance.choice(_SEPARATORS)
    writer.labels = chance.choices((0.0, 1.0, 0.4), (62, 24, 14))[0]
    writer.shapes.append(f"separator={writer.separator!r}".replace(" ", "_"))
    order = chance.choice(_ORDERS)
    writer.shapes.append("-".join(order))
    written_name = write_name(writer)
    has_blanks = not writer.separator.strip(" _+")
    fields: list[str] = []
    for at, name in enumerate(order):
        match name:
            case "name":
                fields += name_fields(writer, written_name, is_last=at == len(order) - 1)
            case "id":
                fields.append(labelled(writer, words.ID_LABELS, _number(writer)))
                if writer.happens(0.02, "issued"):
                    fields[-1] += f" {writer.say(chance.choice(words.ISSUED))} {_any_day(chance)}"
            case _:
                fields.append(_born(writer))
        if writer.happens(0.012, "phone"):
            phone = _phone(chance)
            fields.append(
                phone
                if writer.happens(0.4, "bare-phone")
                else f"{writer.say(chance.choice(words.PHONE_LABELS))} {phone}"
            )
    fields += _behind(writer, is_after_name=order[-1] == "name" and has_blanks)
    return _framed(writer, fields)


def _framed(writer: Writer, fields: Sequence[str]) -> str:
    chance = writer.chance
    if writer.happens(0.05, "quoted"):
        left, right = chance.choice(("()", "[]", '""', "<>", "“”"))
        fields = [f"{left}{one}{right}" for one in fields]
    body = fields[0]
    for one in fields[1:]:
        gap = writer.separator if chance.random() < 0.9 else chance.choice((", ", ",", "; ", writer.separator))
        body += gap + one
    spelled_out = writer.happens(0.05, "spelled-out")
    keyword = writer.say(chance.choice(words.SPELLED_OUT)) if spelled_out else chance.choice(words.KEYWORDS)
    gaps = (" ", " ", ": ", ", ") if spelled_out else (writer.separator, " ", ", ", ": ", ",", ". ", " - ", "\n")
    gap = chance.choice(gaps)
    if (
        not spelled_out
        and keyword.isalpha()
        and body[0].isalpha()
        and body[1:2].isalpha()
        and writer.happens(0.03, "glued")
    ):
        gap = ""
    text = keyword + gap + body
    if writer.happens(0.06, "leading"):
        text = writer.say(chance.choice(words.LEADING)) + chance.choice((" ", ": ")) + text
    if writer.happens(0.08, "trailing"):
        text += chance.choice((". ", " ", ", ")) + writer.say(chance.choice(words.TRAILING))
    if writer.happens(0.03, "bracketed"):
        text = chance.choice(("[{}]", "({})", '"{}"', "<{}>", ".{}", "{}.", "{}..", " {} ")).format(text)
    return text


def _in_old_font(text: str, writer: Writer) -> str:
    """Write the whole text in an encoding from before Unicode, where it shows that it was written so."""
    name = " ".join(writer.person.words)
    encode = writer.chance.choice((in_tcvn3, in_vni_font, in_windows_1258))
    old_name, old_text = encode(name), encode(text)
    if old_name is None or old_text is None:
        return text
    shows = _OF_OLD_FONTS | set("ÌÒÞìò") if encode is in_windows_1258 else _OF_OLD_FONTS
    if shows.isdisjoint(old_name):
        return text
    writer.shapes.append(f"old-font {encode.__name__}")
    return old_text


def _number(writer: Writer) -> str:
    number = writer.person.number
    kind = writer.chance.random()
    joint = writer.chance.choice((" ", " ", ".", "-"))
    if kind < 0.82 or (joint.strip() and joint in writer.separator):
        return number
    writer.shapes.append("grouped-number")
    size = 3 if kind < 0.95 else 4 if len(number) == 12 else 3
    return joint.join(number[at : at + size] for at in range(0, len(number), size))


def _born(writer: Writer) -> str:
    person, chance = writer.person, writer.chance
    if person.day is None and person.month is None and writer.happens(writer.labels):
        return f"{writer.say(chance.choice(words.YEAR_LABELS))}{chance.choice((' ', ': '))}{person.year}"
    written = _whole_date(writer, person.day, person.month or 0) if person.day is not None else _part_of_date(person)
    if person.day is not None and writer.happens(0.02, "time"):
        written += chance.choice((" 00:00:00", " 00:00"))
    return labelled(writer, words.DATE_LABELS, written)


def _part_of_date(person: Person) -> str:
    return f"{person.month:02d}/{person.year}" if person.month is not None else str(person.year)


def _whole_date(writer: Writer, day: int, month: int) -> str:
    person, chance = writer.person, writer.chance
    parts = [f"{day:02d}", f"{month:02d}"] if chance.random() < 0.5 else [str(day), str(month)]
    parts.append(str(person.year))
    if (person.year % 100 > 26 or person.year > 1999) and (person.year > 1926) and writer.happens(0.05, "short-year"):
        parts[2] = parts[2][2:]
    kind = chance.random()
    if kind < 0.03:
        return _date_in_words(writer, *parts[:2])
    if kind < 0.1 and len(parts[0]) == len(parts[1]) == 2:
        writer.shapes.append("digits-only")
        return "".join(parts)
    if kind < 0.12 and len(parts[2]) == 4:
        writer.shapes.append("year-first")
        return chance.choice("-/.").join((parts[2], f"{month:02d}", f"{day:02d}"))
    joint = chance.choice(("/",) * 10 + (".",) * 5 + ("-",) * 3 + (" ", ",", ", ", " / ", ". ", "_"))
    if joint != "/":
        writer.shapes.append(f"date{joint!r}".replace(" ", "_"))
    return joint.join(parts)


def _date_in_words(writer: Writer, day: str, month: str) -> str:
    writer.shapes.append("date-in-words")
    forms: tuple[str, ...] = words.DATES_IN_WORDS
    if writer.person.words[-1] == "Sinh":
        forms = tuple(form for form in forms if not form.startswith("ngày"))  # `sinh ngay` is likelier a label
    written = writer.chance.choice(forms).format(day, month, writer.person.year)
    return written if writer.accents else without_accents(written)


def _behind(writer: Writer, *, is_after_name: bool) -> list[str]:
    """Write what people add after the three fields."""
    chance, more = writer.chance, []
    if writer.happens(0.04, "address"):
        label = "" if not is_after_name and chance.random() < 0.5 else chance.choice(words.ADDRESS_LABELS) + " "
        more.append(
            writer.say(label)
            + (words.an_address(chance) if writer.accents else without_accents(words.an_address(chance)))
        )
    if writer.happens(0.02, "phone-behind"):
        label = "" if chance.random() < 0.4 else writer.say(chance.choice(words.PHONE_LABELS)) + " "
        more.append(label + _phone(chance))
    if writer.happens(0.015, "origin"):
        more.append(writer.say(chance.choice(words.ORIGINS)))
    if writer.happens(0.015, "issued-behind"):
        more.append(
            f"{writer.say(chance.choice(words.ISSUED))} {_any_day(chance)}{writer.say(chance.choice(words.ISSUERS))}"
        )
    if not is_after_name and writer.happens(0.03, "polite"):
        more.append(writer.say(chance.choice(words.POLITE)))
    return more


def _phone(chance: random.Random) -> str:
    digits = chance.choice(("090", "091", "093", "098", "035", "070", "077", "081", "086", "056"))
    digits += f"{chance.randrange(10_000_000):07d}"
    kind = chance.random()
    if kind < 0.7:
        return digits
    if kind < 0.8:
        return f"+84{digits[1:]}"
    return chance.choice((" ", ".", "-")).join((digits[:4], digits[4:7], digits[7:]))


def _any_day(chance: random.Random) -> str:
    return chance.choice("/.-").join(
        (f"{chance.randrange(1, 29):02d}", f"{chance.randrange(1, 13):02d}", str(chance.randrange(2005, 2026)))
    )


if __name__ == "__main__":
    main(a_registration, __doc__)
