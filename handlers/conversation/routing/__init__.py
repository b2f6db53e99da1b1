"""Routing: which unit answers a citizen's words, and by which step that was decided. Pure, and in memory.

The first sure step decides. Sure is what scores at least twice as much as the next; where nothing is sure, the focal
unit gets the ticket and is offered the two best.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from db.schema import Priority
from db.store.record import record
from handlers.conversation.routing.agency_codes import agencies_in
from handlers.conversation.routing.directory import Directory, Rule, Topic, Unit, Ward
from handlers.conversation.routing.phrase_index import words_in
from handlers.conversation.routing.ward_scores import score
from parsers.text.folding import fold, unaccented

REPORT = "report"
"""The kind of tickets for which wards are looked for."""


class Step(StrEnum):
    """What decided."""

    ACCUSATION = "accusation"  # accusations go to the focal unit only
    DUTY = "duty"  # urgent tickets open at the duty unit
    UNIT_NAME = "unit_name"  # a unit named after the keyword; or anywhere, where nothing else is sure
    DOSSIER = "dossier"  # the agency in a dossier code
    RULE = "rule"  # a row of the route rules
    WARD = "ward"  # a ward in the text
    FOCAL = "focal"  # nothing was sure


@record
class Routed:
    """Where a text goes, and why."""

    unit: Unit
    step: Step
    found: str = ""
    """The words that decided, folded: the name of a unit or a ward, the agency, a phrase of the rule."""
    rule_id: int | None = None
    """The rule that fitted, also where it named a topic only and a later step the unit."""
    topic: Topic | None = None
    priority: Priority = Priority.NORMAL
    ward: Ward | None = None
    """Of a report, whatever decided; None where no ward is sure, so it may be asked for."""
    offered: Sequence[Unit] = ()
    """The two best, where the step is FOCAL and there were any."""
    is_accusation: bool = False


@record
class _Text:
    """A text, folded and taken apart once."""

    text: str
    folded: str
    words: Sequence[str]
    kind: str


@record
class _Choice:
    """A unit that a step is sure of."""

    step: Step
    unit_id: int
    found: str = ""


@record
class _Fit:
    """The rule that fits, the phrase by which it does, and its topic."""

    rule: Rule | None = None
    phrase: str = ""
    topic: Topic | None = None


@record
class _Wards:
    """What the gazetteer found: the ward that is sure, or the units of the two best."""

    ward: Ward | None = None
    found: str = ""
    offered: Sequence[int] = ()


_MARK = re.compile(r"[:,;.|\n-]|\Z")
_MARKS = 4
"""Marks behind which a unit's name may end: `P. Hai Chau: ...` has two."""
_NAME_LETTERS = 120
_SURE_WORDS = 3
"""A name of so many words needs no mark behind it."""

_KINDS = ("question", REPORT, "proposal")
_ACCUSATION = ["TO", "CAO"]
_TALL = frozenset({"NHA", "TOA", "CAY", "COT", "TUONG", "LAU", "RAT", "QUA", "THANG", "BANH"})
"""Behind these, unaccented `to cao` says that something is big and tall."""


def route(text: str, kind: str, directory: Directory, *, urgent: bool = False) -> Routed:
    """Return the unit for a text: the words behind its keyword, in the normal form. Never raises, on any text.

    `kind` is the kind of the ticket: question, report or proposal.
    """
    folded = fold(text)
    given = _Text(text=text, folded=folded, words=words_in(folded), kind=kind)
    fit = _fitting_rule(given, directory)
    wards = _wards(given, directory) if kind == REPORT else _Wards()
    accused = _accuses(text, given.words) or (fit.topic is not None and fit.topic.is_accusation)
    choice = _chosen(given, directory, fit, wards)
    if accused:
        choice = _Choice(step=Step.ACCUSATION, unit_id=directory.focal.id)
    elif urgent:
        choice = _Choice(step=Step.DUTY, unit_id=directory.duty.id)
    return Routed(
        unit=directory.units[choice.unit_id],
        step=choice.step,
        found=choice.found,
        rule_id=None if fit.rule is None else fit.rule.id,
        topic=fit.topic,
        priority=Priority.URGENT if urgent else _priority(fit),
        ward=wards.ward,
        offered=[directory.units[one] for one in wards.offered] if choice.step is Step.FOCAL else (),
        is_accusation=accused,
    )


def is_accusation(text: str) -> bool:
    """Return whether a text accuses somebody: `tố cáo`, and unaccented `to cao` where it does not mean big and tall.

    >>> [is_accusation(text) for text in ("toi to cao ong X", "Tố cáo nhận tiền", "nha to cao 5 tang", "tờ cao quá")]
    [True, True, False, False]
    """
    return _accuses(text, words_in(fold(text)))


def _accuses(text: str, words: Sequence[str]) -> bool:
    if unaccented(text) != text:
        return "tố cáo" in unicodedata.normalize("NFC", text).casefold()
    return "CAO" in words and any(
        words[place : place + 2] == _ACCUSATION and not (place and words[place - 1] in _TALL)
        for place in range(len(words) - 1)
    )


def accuses(text: str, directory: Directory) -> bool:
    """Return whether a text would be an accusation as any kind of ticket. Never raises, on any text."""
    return accusing_kind(text, directory) is not None


def accusing_kind(text: str, directory: Directory) -> str | None:
    """Return the first kind of ticket as which a text is an accusation; None for no kind. Never raises, on any text."""
    if is_accusation(text):
        return _KINDS[0]
    if not any(topic.is_accusation for topic in directory.topics.values()):
        return None
    folded = fold(text)
    words = words_in(folded)
    for kind in _KINDS:
        topic = _fitting_rule(_Text(text=text, folded=folded, words=words, kind=kind), directory).topic
        if topic is not None and topic.is_accusation:
            return kind
    return None


def _chosen(given: _Text, directory: Directory, fit: _Fit, wards: _Wards) -> _Choice:
    """Return what the first sure step says; the focal unit where none is sure."""
    if (found := _named_first(given, directory) or _of_dossier(given, directory)) is not None:
        return found
    for target in (fit.rule, fit.topic):
        if target is not None and target.unit_id is not None and target.unit_id in directory.units:
            return _Choice(step=Step.RULE, unit_id=target.unit_id, found=fit.phrase)
    if wards.ward is not None:
        return _Choice(step=Step.WARD, unit_id=wards.ward.unit_id, found=wards.found)
    if not wards.offered and (named := _named_anywhere(given, directory)) is not None:
        return named
    return _Choice(step=Step.FOCAL, unit_id=directory.focal.id)


def _named_first(given: _Text, directory: Directory) -> _Choice | None:
    """Return the unit whose name the text begins with, with a mark behind it or of three words and more."""
    if not directory.names.has_beginning(given.words):
        return None
    beginning = given.folded[:_NAME_LETTERS]
    for count, mark in enumerate(_MARK.finditer(beginning)):
        if count == _MARKS or (mark.start() == len(beginning) < len(given.folded)):
            break
        name = " ".join(words_in(beginning[: mark.start()]))
        if (unit_id := _one_of(directory.names.get(name))) is not None:
            return _Choice(step=Step.UNIT_NAME, unit_id=unit_id, found=name)
    for found in directory.names.find(given.words):
        if found.start or found.end < _SURE_WORDS:
            break
        if (unit_id := _one_of(found.values)) is not None:
            return _Choice(step=Step.UNIT_NAME, unit_id=unit_id, found=found.phrase)
    return None


def _named_anywhere(given: _Text, directory: Directory) -> _Choice | None:
    """Return the only unit that the text names in three words and more: `may gio UBND phuong Hai Chau mo cua`.

    The name of a place without its label does not count: `gia ve Ngu Hanh Son` asks for no unit.
    """
    named: dict[int, str] = {}
    end = 0
    for found in directory.names.find(given.words):
        is_place = bool(directory.wards.get(found.phrase))
        if found.start < end or found.end - found.start < _SURE_WORDS or is_place:
            continue
        end = found.end
        named |= dict.fromkeys(found.values, found.phrase)
    if len(named) != 1:
        return None
    ((unit_id, phrase),) = named.items()
    return _Choice(step=Step.UNIT_NAME, unit_id=unit_id, found=phrase)


def _of_dossier(given: _Text, directory: Directory) -> _Choice | None:
    """Return the unit whose dossiers the text names, if they are of one unit."""
    units = {}
    for levels in agencies_in(given.folded):
        # A department without a row of its own is found by the agency above it, but not by the whole province.
        parts = (levels[:length] for length in range(len(levels), 0, -1) if length == len(levels) or length > 1)
        unit_id = next((directory.agencies[part] for part in parts if part in directory.agencies), None)
        if unit_id is None:
            return None
        units[unit_id] = ".".join(levels)
    if len(units) != 1:
        return None
    ((unit_id, found),) = units.items()
    return _Choice(step=Step.DOSSIER, unit_id=unit_id, found=found)


def _fitting_rule(given: _Text, directory: Directory) -> _Fit:
    """Return the first rule whose conditions the text fulfils."""
    phrases = {found.phrase for found in directory.phrases.find(given.words)}
    places = {place for phrase in phrases for place in directory.by_phrase.get(phrase, ())}
    for place in sorted(places.union(directory.unconditional)):
        rule = directory.rules[place]
        if _fits(rule, phrases, given.kind):
            return _Fit(
                rule=rule,
                phrase=next((one for one in (*rule.any_of, *rule.all_of, *rule.area) if one in phrases), ""),
                topic=None if rule.topic_id is None else directory.topics.get(rule.topic_id),
            )
    return _Fit()


def _fits(rule: Rule, phrases: set[str], kind: str) -> bool:
    return (
        (rule.kind is None or rule.kind == kind)
        and (not rule.any_of or not phrases.isdisjoint(rule.any_of))
        and phrases.issuperset(rule.all_of)
        and (not rule.area or not phrases.isdisjoint(rule.area))
    )


def _wards(given: _Text, directory: Directory) -> _Wards:
    """Look for wards, old names and new ones; the longest name at a place counts."""
    best: dict[int, tuple[int, Ward, str]] = {}
    end = 0
    for found in directory.wards.find(given.words):
        if found.start < end:
            continue
        end = found.end
        for ward in found.values:
            points = score(ward, found, given.text, given.words)
            if points > best.get(ward.unit_id, (0,))[0]:
                best[ward.unit_id] = (points, ward, found.phrase)
    ranked = sorted(best.values(), key=lambda one: -one[0])
    if not ranked:
        return _Wards()
    points, ward, phrase = ranked[0]
    if len(ranked) == 1 or points >= 2 * ranked[1][0]:
        return _Wards(ward=ward, found=phrase)
    return _Wards(offered=[one.unit_id for _, one, _ in ranked[:2]])


def _priority(fit: _Fit) -> Priority:
    if fit.rule is not None and fit.rule.priority is not None:
        return fit.rule.priority
    return Priority.NORMAL if fit.topic is None else fit.topic.priority


def _one_of(unit_ids: Sequence[int]) -> int | None:
    """Return the unit that a name stands for; None for no unit and for several."""
    different = set(unit_ids)
    return different.pop() if len(different) == 1 else None
