"""The directory: units, wards, topics and rules as routing reads them, in memory; made once from rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from db.schema import Priority
from handlers.conversation.business_time import Calendar
from handlers.conversation.routing.agency_codes import agency_levels
from handlers.conversation.routing.phrase_index import PhraseIndex, phrase_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A unit that answers citizens."""

    id: int
    code: str
    name: str
    calendar: Calendar
    sms_name: str | None = None
    """At most 30 GSM characters; None where the unaccented name is short enough."""
    parent_id: int | None = None
    phone: str | None = None
    address: str | None = None
    is_focal: bool = False
    is_duty: bool = False
    busy_capacity: int = 20
    assigns: bool = False
    disabled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Another name of a unit, until a day (the last on which it holds)."""

    name: str
    unit_id: int
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ward:
    """A ward, of today or of before; the name of an old one goes on leading to its unit."""

    id: int
    name: str
    unit_id: int
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """What a ticket is about."""

    id: int
    code: str
    name: str
    unit_id: int | None = None
    priority: Priority = Priority.NORMAL
    is_accusation: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A row of the route rules; it fits a text when every condition that it has does.

    Words and phrases are as `phrase_of` returns them.
    """

    id: int
    kind: str | None = None
    any_of: Sequence[str] = ()
    all_of: Sequence[str] = ()
    area: Sequence[str] = ()
    topic_id: int | None = None
    unit_id: int | None = None
    priority: Priority | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Directory:
    """Everything that routing looks at, with its indexes."""

    units: Mapping[int, Unit]
    """Those that are not disabled."""
    topics: Mapping[int, Topic]
    rules: Sequence[Rule]
    """In the order in which they are tried."""
    focal: Unit
    duty: Unit
    """Where urgent tickets open: the duty unit, or the focal unit where there is none."""
    names: PhraseIndex[int] = field(repr=False)
    """The names of units, with and without the words that many begin with -> ids of units."""
    agencies: Mapping[tuple[str, ...], int] = field(repr=False)
    """The levels of a unit's code -> its id."""
    wards: PhraseIndex[Ward] = field(repr=False)
    phrases: PhraseIndex[str] = field(repr=False)
    """Every phrase of a rule -> itself."""
    by_phrase: Mapping[str, Sequence[int]] = field(repr=False)
    """A phrase without which a rule does not fit -> places of rules in `rules`."""
    unconditional: Sequence[int] = field(repr=False)
    """Places of rules without a phrase."""


class NoFocalUnitError(ValueError):
    """No unit that is in use is the focal unit. Routing needs one: mark one in the settings of units."""


_WARD_LABELS = ("PHUONG", "XA", "DAC KHU", "THI TRAN", "P", "X", "TT")
_UNIT_LABELS = ("UBND", "UY BAN NHAN DAN", "UY BAN")


def make_directory(
    *,
    units: Sequence[Unit],
    aliases: Sequence[Named] = (),
    wards: Sequence[Ward] = (),
    topics: Sequence[Topic] = (),
    rules: Sequence[Rule] = (),
    today: date,
) -> Directory:
    """Make the directory of the units in use; raises NoFocalUnitError.

    What leads to a disabled unit is left out. So is an alias whose last day is over; old names of wards stay.
    """
    used = {unit.id: unit for unit in units if not unit.disabled}
    focal = next((unit for unit in used.values() if unit.is_focal), None)
    if focal is None:
        raise NoFocalUnitError("no unit in use is the focal unit; fix: mark one as focal unit")
    holding = [one for one in aliases if one.unit_id in used and (one.until is None or one.until >= today)]
    kept = [rule for rule in rules if rule.unit_id is None or rule.unit_id in used]
    needed, unconditional = _needed_phrases(kept)
    return Directory(
        units=MappingProxyType(used),
        topics=MappingProxyType({topic.id: topic for topic in topics}),
        rules=kept,
        focal=focal,
        duty=next((unit for unit in used.values() if unit.is_duty), focal),
        names=_names(used, holding),
        agencies={levels: unit.id for unit in used.values() if (levels := agency_levels(unit.code))},
        wards=PhraseIndex((bare_ward(ward.name), ward) for ward in wards if ward.unit_id in used),
        phrases=PhraseIndex((phrase, phrase) for phrase in _every_phrase(kept)),
        by_phrase=needed,
        unconditional=unconditional,
    )


def bare_ward(name: str) -> str:
    """Return the phrase of a ward's name without `phuong` or `xa` in front.

    >>> bare_ward("Phường Hải Châu"), bare_ward("Hội An Tây"), bare_ward("Phường 5")
    ('HAI CHAU', 'HOI AN TAY', '5')
    """
    return _without_label(phrase_of(name), _WARD_LABELS)


def is_ward_label(words: Sequence[str]) -> bool:
    """Return whether the words before a name end in a label of wards."""
    return words[-1:] != [] and (words[-1] in _WARD_LABELS or " ".join(words[-2:]) in _WARD_LABELS)


def _without_label(phrase: str, labels: Sequence[str]) -> str:
    label = next((one for one in labels if phrase.startswith(f"{one} ")), None)
    return phrase if label is None else phrase[len(label) + 1 :]


def _names(units: Mapping[int, Unit], aliases: Sequence[Named]) -> PhraseIndex[int]:
    """Index the units by each way to write their names: `UBND phuong Hai Chau`, `phuong Hai Chau`, `Hai Chau`."""
    written = [(unit.name, unit.id) for unit in units.values()]
    written += [(unit.sms_name, unit.id) for unit in units.values() if unit.sms_name]
    written += [(alias.name, alias.unit_id) for alias in aliases]
    pairs: dict[tuple[str, int], None] = {}
    for name, unit_id in written:
        whole = phrase_of(name)
        place = _without_label(whole, _UNIT_LABELS)
        bare = _without_label(place, _WARD_LABELS) if place != whole else place
        forms = [whole, place]
        if bare != place:
            # `phuong 5` is a name, 5 is none.
            forms += [*([bare] if " " in bare else []), *(f"{label} {bare}" for label in ("P", "X"))]
        pairs |= dict.fromkeys((form, unit_id) for form in forms)
    return PhraseIndex(pairs)


def _every_phrase(rules: Sequence[Rule]) -> Sequence[str]:
    return list(dict.fromkeys(phrase for rule in rules for phrase in (*rule.any_of, *rule.all_of, *rule.area)))


def _needed_phrases(rules: Sequence[Rule]) -> tuple[Mapping[str, Sequence[int]], Sequence[int]]:
    """Return the rules by phrases of which a text must hold one, and the rules that need none."""
    needed: dict[str, list[int]] = {}
    unconditional: list[int] = []
    for place, rule in enumerate(rules):
        phrases = rule.any_of or rule.all_of[:1] or rule.area
        for phrase in dict.fromkeys(phrases):
            needed.setdefault(phrase, []).append(place)
        if not phrases:
            unconditional.append(place)
    return needed, unconditional
