"""A wording: the sentences of one language, checked against the placeholders they may hold.

Every phrase has one or more forms, the longest first; a later form says the same in fewer letters. A form may have
accents. Its form without accents always exists too, and handlers.answer.cheapest chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter

from handlers.wording.contacts import find_contacts
from handlers.wording.conversation_placeholders import CONVERSATION_PLACEHOLDERS, MAY_BE_MISSING
from handlers.wording.phrases import Phrase
from handlers.wording.placeholders import NEEDED, PLACEHOLDERS
from handlers.wording.plain import is_plain, unaccented
from parsers.localised_message import LocalisedMessage, MessageTable

FAULTS = MessageTable(
    "wording_fault",
    {
        "nothing": "no sentence",
        "brace": "a brace is open; write {name}, and no other braces",
        "bare_name": "a placeholder holds nothing but its name; write {name}",
        "unknown": "unknown placeholder {name}",
        "missing": "placeholder {name} is missing",
        "letter": "a letter is not in the basic set of GSM 03.38, even without its accents",
        "wrong_in_all": "one form must do without {name}, which may be unknown",
    },
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The sentences of one language by phrase."""

    language: str
    """ISO 639-1."""
    name: str
    """What the language calls itself, for the pages."""
    sentences: Mapping[Phrase, tuple[str, ...]]

    def say(self, phrase: Phrase, values: Mapping[str, str], *, short: bool = False) -> str:
        """Write it in the longest form that has all its values, or in the shortest."""
        forms = self.sentences[phrase]
        for form in reversed(forms) if short else forms:
            try:
                return form.format_map(values)
            except KeyError:  # a placeholder of it has no value
                continue
        raise LookupError(f"{phrase} has no form with nothing but {sorted(values)}")

    def forms(self, phrase: Phrase, values: Mapping[str, str]) -> Sequence[str]:
        """Return every form that has all its values, longest first; the values are plain already."""
        return [form.format_map(values) for form in self.sentences[phrase] if placeholders(form) <= values.keys()]


@dataclass(frozen=True, kw_only=True, slots=True)
class WordingFault:
    """What is wrong with the sentences of one phrase."""

    phrase: Phrase
    message: LocalisedMessage

    def __str__(self) -> str:
        """Return the phrase's name and the English words."""
        return f"{self.phrase}: {self.message}"


@cache
def placeholders(form: str) -> frozenset[str]:
    """Return the names in braces; raises ValueError on an unmatched brace."""
    return frozenset(name for _, name, _, _ in Formatter().parse(form) if name is not None)


def faults(wording: Wording) -> Sequence[WordingFault]:
    """Return what is wrong with a wording; an empty answer is a usable one."""
    found = [
        WordingFault(phrase=phrase, message=FAULTS.message("nothing"))
        for phrase in Phrase
        if not wording.sentences.get(phrase)
    ]
    for phrase, forms in wording.sentences.items():
        told = [fault for form in forms for fault in faults_of_form(phrase, form)]
        told += [FAULTS.message("wrong_in_all", name=f"{{{name}}}") for name in _in_all_but_unsure(phrase, forms)]
        found += [WordingFault(phrase=phrase, message=one) for one in told]
    return found


def faults_of_form(phrase: Phrase, form: str) -> Sequence[LocalisedMessage]:
    """Return what is wrong with one form of a phrase: for the page where operators edit it."""
    try:
        parts = list(Formatter().parse(form))
    except ValueError:
        return [FAULTS.message("brace")]
    # What the format language can do besides naming a value: read attributes of objects, and fill a memory with blanks.
    if any(name is not None and (spec or how or not name.isidentifier()) for _, name, spec, how in parts):
        return [FAULTS.message("bare_name")]
    names = placeholders(form)
    unknown, missing = names - PLACEHOLDERS.get(phrase, frozenset()), NEEDED.get(phrase, frozenset()) - names
    found = [FAULTS.message("unknown", name=f"{{{name}}}") for name in sorted(unknown)]
    found += [FAULTS.message("missing", name=f"{{{name}}}") for name in sorted(missing)]
    if not is_plain(unaccented("".join(text for text, _, _, _ in parts))):
        found.append(FAULTS.message("letter"))
    return found


def contacts_of_form(form: str, allowed: Collection[str]) -> Sequence[str]:
    """Return the links and telephone numbers in a form, except the `allowed` ones of the service itself.

    They are no fault: an office may want one. But citizens trust what comes from its number, so an operator confirms
    them.
    """
    try:
        words = "x".join(text for text, _, _, _ in Formatter().parse(form))
    except ValueError:
        return []
    return find_contacts(words, allowed)


def _in_all_but_unsure(phrase: Phrase, forms: Sequence[str]) -> Sequence[str]:
    """Return the placeholders that may have no value and are in every form, so that nothing could be said."""
    if not forms or not all(map(_readable, forms)):
        return []
    unsure = ({"wrong"} if phrase not in CONVERSATION_PLACEHOLDERS else MAY_BE_MISSING) - NEEDED.get(
        phrase, frozenset()
    )
    return sorted(unsure & PLACEHOLDERS.get(phrase, frozenset()).intersection(*map(placeholders, forms)))


def _readable(form: str) -> bool:
    try:
        placeholders(form)
    except ValueError:
        return False
    return True
