"""The fields of a registration, known by their shape: which words are the name, which digits number and date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from parsers.birth_dates import DateFault, DateShape
from parsers.commands import IdNumber
from parsers.excerpt import Excerpt
from parsers.identity_numbers import IdFault, is_phone_number, read_id_number
from parsers.labels import DOUBTFUL, ISSUED, LABEL_BEFORE_NUMBER, NAME_LABEL, NOISE, NOT_MINE, only_labels
from parsers.misread import FieldName, Hint
from parsers.number_runs import Digits, Found, read_run
from parsers.tokens import Odd, make_even, tokens

Mark = Excerpt
"""A field as the sender wrote it."""

_SEPARATOR = re.compile(r"[,;|\n\t]")
_SEPARATOR_OF_WORDS = re.compile(r"[,;|\n\t]|\s-|-\s")
_LOST_LETTER_BEFORE = re.compile(r"[?\ufffd][^,;|\n\t]*\Z")
_LOST_LETTER_AFTER = re.compile(r"[^,;|\n\t0-9]*[?\ufffd]")
"""A question mark in the field of the name: a letter that some gateway could not write."""
_COMMAS_ONLY = re.compile(r"\s*[,;|]\s*")
_MOST_TOKENS = 100
"""Words and numbers of a text that can be one person's registration; a longer one is a letter, and is asked back."""

_TWO_NAMES = re.compile(r"(?<![^\W_])[^\W\d_]+ [^\W\d_]+ (?:VA|VOI) [^\W\d_]+ [^\W\d_]")
_SEX_OR_LABEL = frozenset({"NAM", "NU", "SO"})
_MIDDLE_WORDS = frozenset({"VAN", "THI"})
_HOUSE_NUMBER_DIGITS = 5
_MONTH_NAME = re.compile(r"TH(?:AN)?G|M[UO]NG|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC")
_IN_WORDS = re.compile(
    r"(?<![^\W_])(?:MUNG|MONG)\s+[0-9]{1,2}(?:[\s/.-]+[0-9]{1,2})?(?:[\s/.-]+[0-9]{4})?|"
    r"(?<![^\W_])(?:[0-9]{1,2}\s*[,./-]?\s*)?(?:THANG|THG)\s+(?:GIENG|CHAP|MUOI(?:\s+(?:MOT|HAI))?|MOT|HAI|BA|TU|BON|NAM|SAU"
    r"|BAY|TAM|CHIN)(?![^\W_])(?:[\s./-]*(?:NAM)?\s*(?:[0-9]{4}|[0-9]{2})(?![0-9]))?"
    r"|(?<![^\W_])[0-9]{1,2}[\s.-]*(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[\s.,-]*[0-9]{2,4}"
    r"|(?<![^\W_])(?:JAN|FEB|MAR|APR|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\s+[0-9]{1,2}[\s,]+[0-9]{4}"
)


@dataclass(slots=True)
class Fields:
    """What was found, and where; positions are those of the body."""

    number: IdNumber | IdFault | None = None
    born: DateShape | DateFault | None = None
    name_parts: list[tuple[int, int]] = field(default_factory=list)
    name: Excerpt | None = None
    name_fault: bool = False
    name_hint: Hint | None = None
    people: int = 1
    is_bare: bool = False
    marks: dict[FieldName, Mark] = field(default_factory=dict)
    faulty: set[FieldName] = field(default_factory=set)


@dataclass(slots=True)
class _Run:
    """Numbers without words between; `wanted` comes from the label before, `then_words` tells of an address."""

    groups: list[Digits]
    then_words: bool = False


@dataclass(slots=True)
class _Stretch:
    """Words without a separator between."""

    start: int
    end: int
    before_number: bool = False
    odd: Odd = Odd.NONE


def gather(body: Excerpt, *, today: date) -> Fields:
    """Find the fields of a registration in the text after its keyword."""
    return _Gatherer(body, today).gather()


class _Gatherer:
    """One pass over the body; holds what has been found so far."""

    def __init__(self, body: Excerpt, today: date) -> None:
        self.today = today
        self.text = make_even(body)
        self.raw = body
        self.fields = Fields()
        self.numbers: list[Found] = []
        self.dates: list[Found] = []
        self.loose: list[tuple[Found, bool]] = []
        self.texts: list[tuple[int, int]] = []
        self.passport: tuple[int, int] | None = None
        self.wanted = ""
        self.skip_to = 0
        self.had_content = False
        self.numbers_before_name = False

    def gather(self) -> Fields:
        self._wipe_dates_of_issue()
        items = self._items()
        for at, item in enumerate(items):
            if isinstance(item, _Run):
                self._take_run(item)
            else:
                after = items[at + 1] if at + 1 < len(items) else None
                self._take_stretch(item, after if isinstance(after, _Run) else None)
        self._settle_numbers()
        self._mark_fields()
        self._join_name()
        self.fields.is_bare = not self.had_content
        return self.fields

    def _wipe_dates_of_issue(self) -> None:
        folded = self.text.folded
        if "CAP" in folded or "HAN" in folded or "GIA TRI" in folded:
            for found in list(ISSUED.finditer(folded)):
                self.text = self.text.blank(found)
        if _MONTH_NAME.search(folded) is not None:
            for found in list(_IN_WORDS.finditer(self.text.folded)):
                if any(letter.isdecimal() for letter in found.group()):
                    self.text = self.text.blank(found)
                    self.dates.append(Found(DateFault(Hint.IN_WORDS), found.start(), found.end(), ""))
                    self.had_content = True

    def _items(self) -> list[_Run | _Stretch]:
        items: list[_Run | _Stretch] = []
        for count, token in enumerate(tokens(self.text)):
            if count > _MOST_TOKENS:
                self.fields.name_fault = True
                break
            last = items[-1] if items else None
            if isinstance(token, Digits):
                if isinstance(last, _Run):
                    last.groups.append(token)
                    continue
                if last is not None:
                    last.before_number = _SEPARATOR.search(token.gap) is None or self._ends_with_label(last)
                items.append(_Run([token]))
            elif isinstance(last, _Stretch) and token.odd is last.odd is Odd.NONE and self._is_joint(token.gap):
                last.end = token.end
            else:
                if isinstance(last, _Run):
                    last.then_words = _SEPARATOR.search(token.gap) is None
                items.append(_Stretch(token.start, token.end, odd=token.odd))
        return items

    @staticmethod
    def _is_joint(gap: str) -> bool:
        return gap == " " or _SEPARATOR_OF_WORDS.search(gap) is None

    def _ends_with_label(self, stretch: _Stretch) -> bool:
        return only_labels(self.text.folded, stretch.start, stretch.end) is not None

    # Words

    def _take_stretch(self, stretch: _Stretch, run: _Run | None) -> None:
        start, end = stretch.start, stretch.end
        if start < self.skip_to:
            return
        if stretch.odd is not Odd.NONE:
            self.wanted = ""
            self.had_content = True
            if stretch.odd is Odd.PASSPORT:
                self.passport = self.passport or (start, end)
            else:
                self.numbers.append(Found(IdFault(self.text.folded[start:end], None), start, end, ""))
            return
        self.wanted = ""
        kinds = only_labels(self.text.folded, start, end)
        if kinds is not None:
            self.wanted = _wanted(kinds)
            return
        start = self._after_name_label(start, end)
        elsewhere = NOT_MINE.search(self.text.folded, start, end)
        if elsewhere is not None:
            separator = _SEPARATOR.search(self.text.folded, elsewhere.end())
            self.skip_to = separator.start() if separator is not None else len(self.text.folded)
            end = elsewhere.start()
        elif stretch.before_number and run is not None:
            end = self._before_label(start, end, run)
        end = start + len(self.text.folded[start:end].rstrip(" .:-/,"))
        end = self._before_sex(start, end)
        if start < end and not (self.fields.name_parts and self.text.folded[start:end] in NOISE):
            if _TWO_NAMES.search(self.text.folded, start, end) is not None and not self._has_all():
                self.fields.people = 2
            self._take_text(start, end)

    def _after_name_label(self, start: int, end: int) -> int:
        label = NAME_LABEL.match(self.text.folded, start, end)
        if label is None:
            return start
        if label["is"] is not None:
            rest = self.text.folded[label.end() : end].split()
            shown = self.text.shown[label.start("is") : label.end("is")].strip()
            if len(rest) < 2 or (len(rest) == 2 and shown == shown.upper()):  # noqa: PLR2004 -- La is the family name
                return label.start("is") + 1
        return label.end()

    def _before_label(self, start: int, end: int, run: _Run) -> int:
        label = LABEL_BEFORE_NUMBER.search(self.text.folded, start, end)
        if label is None:
            return end
        words = label.group().replace(":", " ").split()
        if not set(words) <= DOUBTFUL or label.start() <= start:
            self.wanted = label.lastgroup or ""
            return label.start()
        if isinstance(min(read_run(_pieces(run.groups)[0], today=self.today), key=_start).value, (str, IdFault)):
            return end
        self.wanted = "date"
        return self._before_doubtful(start, end)

    def _before_doubtful(self, start: int, end: int) -> int:
        """Decide whether `sinh` or `nam` before a date is a label or the given name."""
        found = list(re.finditer(r"\S+", self.text.shown[start:end]))
        words = [match.group().strip(".:,-/") for match in found]
        folded = self.text.folded[start:end].split()
        most = 0
        is_accented = not self.text.shown[start:end].isascii()
        while most < len(words) and folded[-1 - most].strip(".:,-/") in DOUBTFUL:
            if is_accented and words[-1 - most].lower() == "nam":
                break  # who types accents writes "năm" for the year
            most += 1
        is_titled = all(word[:1].isupper() for word in words[: len(words) - most]) and not all(
            word.isupper() for word in words
        )
        for count in range(most, 0, -1):
            rest = words[: len(words) - count]
            label = words[len(words) - count :]
            at = start + found[len(words) - count].start()
            if (is_titled and all(word.islower() for word in label)) or "ă" in "".join(label).lower():
                return at
            if not rest or folded[len(rest) - 1] in _MIDDLE_WORDS:
                continue
            if len(rest) < 3 or is_titled:  # noqa: PLR2004 -- two words may be a whole name or the start of one
                self.fields.name_fault = True
                self.fields.name_hint = Hint.TWO_VALUES
            return at
        self.wanted = ""
        return end

    def _before_sex(self, start: int, end: int) -> int:
        """Drop a sex or a `so` that stands after the name without a separator, where the case of letters shows it."""
        folded = self.text.folded[start:end].split()
        if len(folded) < 3 or folded[-1] not in _SEX_OR_LABEL:  # noqa: PLR2004 -- two words of a name and the sex
            return end
        shown = self.text.shown[start:end].split()
        if shown[-1].islower() and all(word[0].isupper() for word in shown[:-1]):
            return end - len(shown[-1]) - 1
        is_even = all(word.islower() for word in shown) or (
            folded[-1] == "SO" and all(word.isupper() for word in shown)
        )
        if is_even and len(folded) > 3 and (folded[-1] == "SO" or (folded[-1] == "NU" and "THI" in folded)):  # noqa: PLR2004 -- a whole name and a word
            self.fields.name_fault = True
            self.fields.name_hint = Hint.TWO_VALUES
        return end

    def _take_text(self, start: int, end: int) -> None:
        self.had_content = True
        parts = self.fields.name_parts
        if not parts:
            self.numbers_before_name = self._has_numbers()
            parts.append((start, end))
        elif self._has_all():
            self.texts.append((start, end))
        elif self._goes_on(start):
            parts.append((start, end))
        elif self.text.folded[start:end] != self.text.folded[slice(*parts[0])]:
            self.texts.append((start, end))
            self.fields.name_fault = True
            self.fields.name_hint = Hint.TWO_VALUES

    def _goes_on(self, start: int) -> bool:
        """Tell whether a text goes on with a name begun in one word (`Nguyen, Van A`), more fields still to come."""
        parts = self.fields.name_parts
        between = self.text.folded[parts[-1][1] : start]
        return (
            not (self.numbers and self.dates)
            and all(" " not in self.text.folded[s:e] for s, e in parts)
            and not any(letter.isalnum() for letter in between)
        )

    def _has_numbers(self) -> bool:
        return bool(self.numbers or self.dates or self.loose or self.passport)

    def _has_all(self) -> bool:
        return bool(self.fields.name_parts and (self.numbers or self.passport) and self.dates)

    # Numbers

    def _take_run(self, run: _Run) -> None:
        wanted, self.wanted = self.wanted, ""
        for piece in _pieces(run.groups):
            if piece[0].start < self.skip_to:
                continue
            self.had_content = True
            if wanted == "passport":
                self.passport = self.passport or (piece[0].start, piece[-1].end)
            if wanted in ("phone", "passport"):
                wanted = ""
                continue
            for found in read_run(piece, today=self.today, wanted=wanted):
                self._take_number(found, then_words=run.then_words and piece[-1] is run.groups[-1])
            wanted = ""

    def _take_number(self, found: Found, *, then_words: bool) -> None:
        if isinstance(found.value, (str, IdFault)):
            self.numbers.append(found)
        elif isinstance(found.value, (DateShape, DateFault)):
            self.dates.append(found)
        else:
            ignorable = (
                self._has_all() and len(found.digits) <= _HOUSE_NUMBER_DIGITS and (then_words or bool(self.texts))
            )
            if not ignorable:
                self.loose.append((found, then_words))

    def _settle_numbers(self) -> None:
        self._settle_loose()
        numbers = {found.digits: found for found in self.numbers}
        dates = {_same(found): found for found in self.dates}
        if len(numbers) > 1:
            self._settle_two_numbers(list(numbers.values()), len(dates))
        elif self.numbers:
            value = self.numbers[0].value
            self.fields.number = value if isinstance(value, (str, IdFault)) else None
        elif self.passport is not None:
            self.fields.number = IdFault("", Hint.PASSPORT)
        if len(dates) > 1:
            self.fields.born = DateFault(Hint.TWO_VALUES)
        elif self.dates:
            born = self.dates[0].value
            self.fields.born = born if isinstance(born, (DateShape, DateFault)) else None

    def _settle_two_numbers(self, numbers: Sequence[Found], dates: int) -> None:
        good = [found for found in numbers if isinstance(found.value, str)]
        if len(good) > 1 and (dates > 1 or self.texts):
            self.fields.people = 2
        phone = next((found.digits for found in numbers if is_phone_number(found.digits)), None)
        hint = Hint.PHONE_NUMBER if len(good) == 1 and phone is not None else Hint.TWO_VALUES
        self.fields.number = IdFault("", hint)

    def _settle_loose(self) -> None:
        """Give digits that can be a slip in either field to the field that is lacking."""
        eight = [found for found in self.dates if len(found.digits) == 8 and isinstance(found.value, DateShape)]  # noqa: PLR2004
        if not self.numbers and len(self.dates) > 1 and eight:
            self.dates.remove(eight[0])
            self.loose.append((Found(None, eight[0].start, eight[0].end, eight[0].digits), False))
        for found, _ in self.loose:
            as_number = not self.numbers and (bool(self.dates) or len(found.digits) in (5, 7, 8))
            fault = read_id_number(found.digits)
            if as_number or (self.numbers and self.dates):
                value = fault if isinstance(fault, IdFault) else None
                self.numbers.append(Found(value, found.start, found.end, found.digits))
            else:
                run = read_run([Digits(found.digits, found.start, found.end, "")], today=self.today, wanted="date")
                self.dates.extend(run)

    def _join_name(self) -> None:
        parts = [self.text.cut(start, end) for start, end in self.fields.name_parts]
        if parts:
            start, end = self.fields.name_parts[0][0], self.fields.name_parts[-1][1]
            lost = _LOST_LETTER_BEFORE.search(self.text.folded, 0, start) or _LOST_LETTER_AFTER.match(
                self.text.folded, end
            )
            self.fields.name_fault = self.fields.name_fault or lost is not None
            self.fields.name = Excerpt(" ".join(part.shown for part in parts), " ".join(part.folded for part in parts))

    def _mark_fields(self) -> None:
        fields, shown = self.fields, self.raw
        if fields.name_parts:
            fields.marks[FieldName.FULL_NAME] = shown.cut(fields.name_parts[0][0], fields.name_parts[-1][1])
        if self.numbers:
            fields.marks[FieldName.ID_NUMBER] = shown.cut(self.numbers[0].start, self.numbers[0].end)
        elif self.passport is not None:
            fields.marks[FieldName.ID_NUMBER] = shown.cut(*self.passport)
        if self.dates:
            fields.marks[FieldName.BIRTH_DATE] = shown.cut(self.dates[0].start, self.dates[0].end)


def _start(found: Found) -> int:
    return found.start


def _wanted(kinds: set[str]) -> str:
    """Tell which kind of number labels announce, when it is one kind."""
    numbers = kinds & {"phone", "id", "date", "passport"}
    return next(iter(numbers)) if len(numbers) == 1 else ""


def _same(found: Found) -> tuple[str, ...]:
    """Make two writings of one date equal."""
    if isinstance(found.value, DateShape):
        return tuple(part.lstrip("0") for part in found.value)
    return (str(found.start),)


def _pieces(groups: Sequence[Digits]) -> list[Sequence[Digits]]:
    """Cut numbers at separators, but keep a date whose three parts stand together between commas."""
    pieces: list[list[Digits]] = []
    at = 0
    while at < len(groups):
        if at and _SEPARATOR.search(groups[at].gap) is None:
            pieces[-1].append(groups[at])
            at += 1
            continue
        three = groups[at : at + 3]
        if _is_date_between_commas(three) and (at + 3 == len(groups) or _SEPARATOR.search(groups[at + 3].gap)):
            pieces.append([three[0], *(part._replace(gap="/") for part in three[1:])])
            at += 3
            continue
        pieces.append([groups[at]])
        at += 1
    return list(pieces)


def _is_date_between_commas(three: Sequence[Digits]) -> bool:
    return [len(group.digits) for group in three] in (
        [1, 1, 4],
        [1, 2, 4],
        [2, 1, 4],
        [2, 2, 4],
        [2, 2, 2],
        [1, 2, 2],
        [2, 1, 2],
        [1, 1, 2],
    ) and all(_COMMAS_ONLY.fullmatch(group.gap) for group in three[1:])
