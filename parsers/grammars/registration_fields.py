"""The fields of a registration, known by their shape: which words are the name, which digits number and date."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from parsers.commands import IdNumber
from parsers.fields.birth_dates import DateFault, DateShape
from parsers.fields.identity_numbers import IdFault
from parsers.fields.names.bounds import (
    NameEnd,
    after_name_label,
    before_card,
    before_doubtful,
    before_month,
    is_label_by_case,
    is_middle,
)
from parsers.fields.names.tails import SEXES, before_tail
from parsers.fields.number_cuts import Found
from parsers.fields.number_fields import SEPARATOR, NumberFields, pieces
from parsers.fields.number_runs import read_run
from parsers.fields.other_dates import wipe_other_dates
from parsers.fields.stretches import Run, Stretch, stretches
from parsers.fields.tokens import Odd
from parsers.misread import FieldName, Hint
from parsers.text.even_text import make_even
from parsers.text.excerpt import Excerpt
from parsers.text.labels import (
    NAMELY_ENDINGS,
    NAMELY_LABEL,
    NAMES_OF_PLACE_LABELS,
    NAMES_TOO,
    NOISE,
    Label,
    only_labels,
    sure_labels,
)

_LOST_LETTER_BEFORE = re.compile(r"[?\ufffd][^,;|\n\t]*\Z")
_LOST_LETTER_AFTER = re.compile(r"[^,;|\n\t0-9]*[?\ufffd]")
"""A question mark in the field of the name: a letter that a gateway could not write."""

_SEPARATOR_NEXT = re.compile(r"[ .]*[,;|\n\t]| - ")
_CARD_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}(?P<sex>[0-9])[0-9]{8}(?![0-9])")
_WRITTEN_PLACE_LABELS = frozenset({"tạm", "thường", "hiện"})
"""With these accents they are labels (`Tạm trú`), and no given names."""
_COLON_NEXT = re.compile(r":[ ]| : ?")
_SEX_OF_ITS_OWN = re.compile(
    r"[,;|\n\t.)/-]\s*(?:NAM|NU)\s*(?=[,;|\n\t.(/-]|[0-9]{9}|\Z)|(?<![^\W_])(?:GIOI\s*TINH|GT)(?![^\W_])"
)
"""A sex apart from the name, which then holds none."""

_MOST_PARTS = 10
"""Words of a name with commas between."""

_TWO_NAMES = re.compile(r" [^\W\d_]+ (?:VA|VOI) [^\W\d_]+ ")


@dataclass(slots=True)
class Fields:
    """What was found; `marks` are the fields as the sender wrote them."""

    number: IdNumber | IdFault | None = None
    born: DateShape | DateFault | None = None
    name: Excerpt | None = None
    name_fault: bool = False
    name_hint: Hint | None = None
    is_name_quoted: bool = False
    is_name_last: bool = True
    people: int = 1
    is_bare: bool = True
    end: int = 0
    """Where the last of the three fields ends."""
    marks: dict[FieldName, Excerpt] = field(default_factory=dict)


def gather(body: Excerpt, *, today: date) -> Fields:
    """Find the fields of a registration in the text after its keyword."""
    return _Gatherer(body, today).gather()


class _Gatherer:
    """One pass over the body; holds what has been found so far."""

    def __init__(self, body: Excerpt, today: date) -> None:
        self.raw = body
        self.text = make_even(body)
        self.fields = Fields()
        self.numbers = NumberFields(today)
        self.name_parts: list[tuple[int, int]] = []
        self.more_texts = False
        self.wanted = ""
        self.skip_to = 0

    def gather(self) -> Fields:
        self.text, self.numbers.dates = wipe_other_dates(self.text)
        self.fields.is_bare = not self.numbers.dates
        items, is_whole = stretches(self.text)
        self.fields.name_fault = not is_whole
        for at, item in enumerate(items):
            if isinstance(item, Run):
                self._take_run(item, is_last=at + 1 == len(items))
            elif item.start >= self.skip_to:
                after = items[at + 1] if at + 1 < len(items) else None
                self._take_stretch(item, after if isinstance(after, Run) else None, is_last=after is None)
        self._settle()
        self._mark_fields()
        return self.fields

    def _take_stretch(self, stretch: Stretch, run: Run | None, *, is_last: bool) -> None:
        """Take words apart at the labels among them; words that are no label are the name, or other text."""
        self.wanted = ""
        if stretch.odd is not Odd.NONE:
            self._take_odd(stretch)
            return
        start, end, folded = stretch.start, stretch.end, self.text.folded
        kinds = only_labels(folded, start, end)
        if kinds is not None:
            self.wanted = _wanted(kinds)
            return
        start = after_name_label(self.text, start, end)
        for label in sure_labels(folded, start, end):
            if start < label.start:
                self._take_words(start, self._label_start(label, start), None, is_last=False)
            if label.kind == "elsewhere":
                separator = SEPARATOR.search(folded, label.end)
                self.skip_to = separator.start() if separator is not None else len(folded)
                return
            self.wanted = _wanted({label.kind})
            start = label.end
        if self.wanted == "date" and folded[start:end] == "NGAY":  # `ngay sinh: ngay 20/12/1990`
            return
        if start < end:
            self._take_words(start, end, run if stretch.before_number else None, is_last=is_last)
            if stretch.before_day and folded.endswith((" SINH", " NGAY", " NAM"), start, end):
                self._doubt(NameEnd(end, is_doubtful=True))

    def _label_start(self, label: Label, start: int) -> int:
        """Return where the name ends before a label; after `Van` or `Thi` a first word such as `So` is the name."""
        first = self.text.folded[label.start : label.end].split(maxsplit=1)[0]
        if first not in NAMES_TOO or not self.text.folded[start : label.start].strip():
            return label.start
        behind = label.start + len(first)
        words = self.text.shown[start:behind].split()
        if first == "SINH" and words[-1].lower() != "sinh":  # `vàng a sình ngày …`: no label has a tone there
            return self._doubt(NameEnd(behind, is_doubtful=True))
        if len(words) == 3 and is_middle(words, 1):  # noqa: PLR2004 -- `Nguyen Van So`
            is_even = words[1][:1].isupper() is words[2][:1].isupper()
            return self._doubt(NameEnd(behind, is_doubtful=first != "SINH" or not is_even))
        if words[-1].lower() in _WRITTEN_PLACE_LABELS:
            return label.start
        is_titled = all(word[:1].isupper() for word in words)
        if first in NAMES_OF_PLACE_LABELS and not (
            words[-1].islower() and all(word[:1].isupper() for word in words[:-1])
        ):
            return self._doubt(NameEnd(behind, is_doubtful=True))
        rest = self.text.shown[behind : label.end]
        is_capital_last = words[-1].islower() and not rest.islower()
        if not self.text.folded.startswith("SINH", label.end) and is_label_by_case(words, rest):
            return label.start
        if (
            first == "SINH"
            and not rest.lower().startswith((" vao ", " vào "))
            and ((is_titled and rest.islower()) or is_capital_last)
        ):  # `Tran Binh Sinh ngay`, `le an sinh Ngay`
            self._doubt(NameEnd(behind, is_doubtful=True))
        return label.start

    def _take_words(self, start: int, end: int, run: Run | None, *, is_last: bool) -> None:
        """Take words without a sure label; `run` are the numbers that follow without a separator."""
        self.wanted = ""
        end = start + len(self.text.folded[start:end].rstrip(" .:-/,"))
        has_both = self.numbers.has_both()
        if self.name_parts and has_both:
            self._take_text(start, end)
            return
        is_last = is_last or has_both
        if run is not None:
            if self.text.folded.endswith(" SO", start, end) and self._is_colon_of_label(end):
                words = self.text.shown[start:end].split()
                self._doubt(NameEnd(end, is_doubtful=is_middle(words, len(words) - 2)))
                end -= len(" SO")
            end = self._before_label(start, end, run)
            end = start + len(self.text.folded[start:end].rstrip(" .:-/,"))
        before = end + 1
        while start < end < before:  # a sex and a label may follow one name
            before = end
            tail = before_tail(self.text, start, end, is_before_number=run is not None, is_last=is_last)
            if tail.is_doubtful and self._is_settled(start, end, is_last=is_last):
                tail = NameEnd(end)
            end = self._doubt(tail)
        if start < end and not (self.name_parts and self.text.folded[start:end] in NOISE):
            self._take_text(start, end)

    def _take_odd(self, stretch: Stretch) -> None:
        self.fields.is_bare = False
        place = (stretch.start, stretch.end)
        if stretch.odd is Odd.PASSPORT:
            self.numbers.passport = self.numbers.passport or place
        else:
            fault = IdFault(self.text.folded[slice(*place)], None)
            self.numbers.numbers.append(Found(fault, *place, fault.digits))

    def _is_settled(self, start: int, end: int, *, is_last: bool) -> bool:
        """Return whether a doubtful name is whole: only the name is in quotes, or its sex is elsewhere.

        `Nam` is also a name where a separator and more fields follow, as in the printed form. Both words are names
        where the identity number is of the other sex.
        """
        words = self.text.folded[start:end].split(" ")
        last, is_place = words[-1], words[-2:] in (["VIET", "NAM"], ["QUANG", "NAM"])
        if last == "NAM" and not is_last and _SEPARATOR_NEXT.match(self.text.folded, end) is not None:
            return True
        if last in SEXES and not is_place and (number := _CARD_NUMBER.search(self.text.folded)) is not None:
            is_woman = int(number["sex"]) % 2 == 1
            if is_woman is (last == "NAM"):
                return True
        if last in SEXES and _SEX_OF_ITS_OWN.search(self.text.folded, end) is not None:
            return True
        return self.raw.is_quoted_alone(start, end)

    def _before_label(self, start: int, end: int, run: Run) -> int:
        """Find where a name ends before `sinh`, `thang`, `dinh danh` and similar words, which can be names too."""
        if not self.text.folded.endswith(NAMELY_ENDINGS, start, end):
            return end
        label = NAMELY_LABEL.search(self.text.folded, start, end)
        following = min(read_run(pieces(run.groups)[0], today=self.numbers.today), key=lambda found: found.start)
        shape = following.value
        if label is not None and label["id"]:
            name_end = before_card(self.text, start, label.start(), end)
            self.wanted = "id" if name_end.is_labelled else ""
            return self._doubt(name_end)
        words = label["date"].split() if label is not None else []
        if isinstance(shape, str | IdFault) or (words == ["NAM"] and isinstance(shape, DateShape) and shape.month):
            return end
        if label is not None:
            is_year = isinstance(shape, DateShape) and not shape.month
            is_labelled = self._is_colon_of_label(end)
            name_end = before_doubtful(self.text, start, end, is_year=is_year, is_labelled=is_labelled)
        elif self.text.folded.endswith(" THANG", start, end) and isinstance(shape, DateShape) and not shape.day:
            name_end = before_month(self.text, start, end) if shape.month else NameEnd(end)
        else:
            return end
        self.wanted = "date" if name_end.is_labelled else ""
        shown = self.text.shown[start:end]
        if (
            name_end.is_labelled
            and not {"-", "/"}.isdisjoint(run.groups[0].gap)
            and (shown.islower() or shown.isupper() or shown.istitle())
        ):
            name_end = name_end._replace(is_doubtful=True)  # the hyphen can be between name and date
        return self._doubt(name_end)

    def _is_colon_of_label(self, at: int) -> bool:
        """Return whether a colon follows that belongs to a label, and does not separate the fields."""
        if "=" in self.raw.shown[at : at + 2]:
            return False
        return _COLON_NEXT.match(self.text.folded, at) is not None

    def _doubt(self, end: NameEnd) -> int:
        if end.is_doubtful:
            self.fields.name_fault = True
            self.fields.name_hint = Hint.TWO_VALUES
        return end.at

    def _take_text(self, start: int, end: int) -> None:
        """Take words for the name, for more of the name, or for other text that can be ignored or not."""
        self.fields.is_bare = False
        folded = self.text.folded
        if self.name_parts and self.numbers.has_both():
            self.more_texts = True
            return
        if _TWO_NAMES.search(folded, start, end) is not None:
            self.fields.people = 2
        if not self.name_parts or self._goes_on(start):
            self.name_parts.append((start, end))
        elif folded[start:end] != folded[slice(*self.name_parts[0])]:
            self.more_texts = True
            self.fields.name_fault = True
            self.fields.name_hint = Hint.TWO_VALUES

    def _goes_on(self, start: int) -> bool:
        """Return whether a text continues a name of one word (`Nguyen, Van A`), with more fields to come."""
        if len(self.name_parts) > _MOST_PARTS:
            return False
        between = self.text.folded[self.name_parts[-1][1] : start]
        return all(" " not in self.text.folded[s:e] for s, e in self.name_parts) and not any(map(str.isalnum, between))

    def _take_run(self, run: Run, *, is_last: bool) -> None:
        wanted, self.wanted = self.wanted, ""
        for piece in pieces(run.groups):
            if piece[0].start < self.skip_to:
                continue
            self.fields.is_bare = False
            is_before_words = not is_last and (
                self.more_texts or run.then_words or piece[-1].start == run.groups[-1].start
            )
            may_be_house_number = (
                bool(self.name_parts) and self.numbers.has_both() and (self.more_texts or is_before_words)
            )
            is_before_street = bool(self.name_parts) and run.then_words and piece[-1].start == run.groups[-1].start
            self.numbers.take_piece(
                piece, wanted=wanted, may_be_house_number=may_be_house_number, is_before_words=is_before_street
            )
            wanted = ""

    def _settle(self) -> None:
        fields = self.fields
        self.numbers.settle(more_names=self.more_texts)
        fields.number, fields.born = self.numbers.number, self.numbers.born
        if self.numbers.is_of_two_people:
            fields.people = 2
        if not self.name_parts:
            return
        parts = [self.text.cut(start, end) for start, end in self.name_parts]
        fields.name = Excerpt(" ".join([part.shown for part in parts]), " ".join([part.folded for part in parts]))
        fields.is_name_quoted = self.raw.is_quoted_alone(self.name_parts[0][0], self.name_parts[-1][1])
        if "?" not in self.text.folded and "\ufffd" not in self.text.folded:
            return
        start, end = self.name_parts[0][0], self.name_parts[-1][1]
        before = _LOST_LETTER_BEFORE.search(self.text.folded, 0, start)
        if before is not None or _LOST_LETTER_AFTER.match(self.text.folded, end) is not None:
            fields.name_fault = True
            fields.name_hint = Hint.LOST_LETTERS

    def _mark_fields(self) -> None:
        numbers, places = self.numbers, dict[FieldName, tuple[int, int]]()
        if self.name_parts:
            places[FieldName.FULL_NAME] = (self.name_parts[0][0], self.name_parts[-1][1])
        if numbers.numbers:
            places[FieldName.ID_NUMBER] = (numbers.numbers[0].start, numbers.numbers[0].end)
        elif numbers.passport is not None:
            places[FieldName.ID_NUMBER] = numbers.passport
        if numbers.dates:
            places[FieldName.BIRTH_DATE] = (numbers.dates[0].start, numbers.dates[0].end)
        self.fields.marks = {name: self.raw.cut(*place) for name, place in places.items()}
        self.fields.end = max((end for _, end in places.values()), default=0)
        if FieldName.FULL_NAME in places:
            self.fields.is_name_last = places[FieldName.FULL_NAME][1] == self.fields.end


def _wanted(kinds: set[str]) -> str:
    """Return which kind of number labels announce, when it is one kind."""
    numbers = kinds & {"phone", "id", "date", "passport"}
    return next(iter(numbers)) if len(numbers) == 1 else ""
