"""Names as senders write them: accents or none, left-over keys, lost letters, and what stands behind them."""

from __future__ import annotations

from tests.generators import registration_words as words
from tests.generators.typing_methods import keys, without_accents
from tests.generators.writer import Writer, labelled


def write_name(writer: Writer) -> str:
    """Draw how the name is written; the truth of the name is what the account must hold."""
    chance, person = writer.chance, writer.person
    name = " ".join(person.words)
    match writer.case:
        case "upper":
            name = name.upper()
        case "lower":
            name = name.lower()
        case "first":
            name = name[0] + name[1:].lower()
    is_plain = all(word.isalpha() for word in person.words) and not any(
        word in words.NOT_SYLLABLES for word in person.words
    )
    kind = chance.random()
    if is_plain and kind < 0.012:
        return _by_keys(writer, name)
    if kind < 0.015 and without_accents(name) != name:
        writer.shapes.append("lost-letters")
        writer.is_doubtful = True
        writer.name = name
        return "".join(chance.choice("??\ufffd") if letter > "\u00ff" else letter for letter in name)
    writer.name = name if writer.accents else without_accents(name)
    return writer.name


def _by_keys(writer: Writer, name: str) -> str:
    chance = writer.chance
    by_number, tone_at_end = chance.random() < 0.3, chance.random() < 0.85
    typed = [keys(word, by_number=by_number, tone_at_end=tone_at_end) for word in name.split()]
    accented = [at for at, word in enumerate(name.split()) if without_accents(word) != word]
    accented = [at for at in accented if typed[at].lower() not in words.FOREIGN]
    if not accented:
        writer.name = name
        return name
    if chance.random() < 0.5:
        writer.shapes.append("typed-by-keys")
        typed = [
            key if at in accented or (at == 0 and key.lower() == "lee") else name.split()[at]
            for at, key in enumerate(typed)
        ]
        writer.name = name
        convincing = [word for word in typed if _is_strong(word)]
        writer.is_doubtful = not convincing
        return " ".join(typed)
    writer.shapes.append("left-over")
    left = chance.choice(accented)
    others_accented = chance.random() < 0.5
    shown = [word if others_accented else without_accents(word) for word in name.split()]
    writer.is_doubtful = typed[left].lower() in words.FOREIGN or not (
        _is_strong(typed[left]) or any(without_accents(word) != word for at, word in enumerate(shown) if at != left)
    )
    truth = list(shown)
    truth[left] = name.split()[left]
    writer.name = " ".join(truth)
    shown[left] = typed[left]
    return " ".join(shown)


def _is_strong(typed: str) -> bool:
    lower = typed.lower()
    return any(key in lower for key in ("aa", "aw", "ow", "uw", "dd", "f", "j", *"123456789"))


def name_fields(writer: Writer, written: str, *, is_last: bool) -> list[str]:
    """Write the name, its label, and what people add behind it."""
    fields = [labelled(writer, words.NAME_LABELS, written)]
    behind = 0.04 if is_last else 0.006
    is_known = without_accents(written) == written or writer.accents
    if writer.separator.strip(" _+") and writer.happens(0.03, "sex-field"):
        fields.append(writer.say("nữ" if writer.person.is_woman else "nam"))
    elif writer.happens(behind, "sex-words"):
        fields[0] += (
            f" {writer.say(writer.chance.choice(('giới tính', 'giới tính:', 'gt')))}"
            f" {'nữ' if writer.person.is_woman else 'nam'}"
        )
    elif (
        written.lower().split()[-1] not in words.DOUBTFUL_BEFORE_TAIL
        and is_known
        and " " in written
        and writer.happens(behind, "tail")
    ):
        fields[0] += " " + _tail(writer, written, is_last=is_last)
    return fields


def _tail(writer: Writer, written: str, *, is_last: bool) -> str:
    """Write a sex or a polite `a` right behind the name, in a case of its own or not."""
    tail = writer.chance.choice(
        ("nữ" if writer.person.is_woman else "nam", "nữ" if writer.person.is_woman else "nam", "ạ")
    )
    tail = tail if writer.accents and writer.chance.random() < 0.8 else without_accents(tail)
    if writer.case == "upper":
        tail = writer.chance.choice((tail, tail.capitalize(), tail.upper()))
    elif writer.case == "title" and writer.chance.random() < 0.1:
        tail = tail.capitalize()
    if not is_last and tail.istitle() and writer.case == "title":
        tail = tail.lower()  # in the middle of a text it is likelier a name, and read so
    if (len(written.split()) == 2 or not is_last) and without_accents(tail.lower()) == "nam":
        tail = "Nam" if writer.case == "upper" else "nam" if writer.case == "title" else "ạ"  # the same
    shows = (writer.case == "title" and tail.islower()) or (writer.case == "upper" and not tail.isupper())
    writer.is_doubtful = writer.is_doubtful or not shows or written.lower().split()[-1] in words.DOUBTFUL_BEFORE_TAIL
    return tail
