"""A wording: the sentences of one language, checked against the placeholders they may hold.

Every phrase has one or more forms, the fullest first; a later form says the same in fewer letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter

from handlers.wording.phrases import NEEDED, PLACEHOLDERS, Phrase
from handlers.wording.plain import is_plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The sentences of one language by phrase."""

    language: str
    """ISO 639-1."""
    sentences: Mapping[Phrase, tuple[str, ...]]

    def say(self, phrase: Phrase, values: Mapping[str, str], *, short: bool = False) -> str:
        """Say it in the fullest form that has all its values, or in the shortest."""
        forms = self.sentences[phrase]
        return next(
            form.format_map(values)
            for form in (reversed(forms) if short else forms)
            if placeholders(form) <= values.keys()
        )

    def forms(self, phrase: Phrase, values: Mapping[str, str]) -> Sequence[str]:
        """Return every form that has all its values, fullest first; the values are plain already."""
        return [form.format_map(values) for form in self.sentences[phrase] if placeholders(form) <= values.keys()]


@cache
def placeholders(form: str) -> frozenset[str]:
    """Return the names in braces; raises ValueError on an unmatched brace."""
    return frozenset(name for _, name, _, _ in Formatter().parse(form) if name is not None)


def faults(wording: Wording) -> Sequence[str]:
    """Return what is wrong with a wording, one sentence a fault; an empty answer is a usable wording."""
    found = [f"{phrase}: no sentence" for phrase in Phrase if not wording.sentences.get(phrase)]
    for phrase, forms in wording.sentences.items():
        found += [f"{phrase}: {fault}" for form in forms for fault in faults_of_form(phrase, form)]
        bare = PLACEHOLDERS.get(phrase, frozenset()) - {"wrong"}
        if all(map(_readable, forms)) and not any(placeholders(form) <= bare for form in forms):
            found.append(f"{phrase}: one form must do without {{wrong}}, which may be unknown")
    return found


def faults_of_form(phrase: Phrase, form: str) -> Sequence[str]:
    """Return what is wrong with one form of a phrase: for the page where operators edit it."""
    try:
        parts = list(Formatter().parse(form))
    except ValueError:
        return ["a brace is open; write {name}, and no other braces"]
    # What the format language can do beside naming a value: reach into objects, and fill a memory with blanks.
    if any(name is not None and (spec or how or not name.isidentifier()) for _, name, spec, how in parts):
        return ["a placeholder holds nothing but its name; write {name}"]
    names = placeholders(form)
    found = [f"unknown placeholder {{{name}}}" for name in sorted(names - PLACEHOLDERS.get(phrase, frozenset()))]
    found += [f"placeholder {{{name}}} is missing" for name in sorted(NEEDED.get(phrase, frozenset()) - names)]
    if not is_plain("".join(text for text, _, _, _ in parts)):
        found.append("a letter is not in the basic set of GSM 03.38; write without accents")
    return found


def _readable(form: str) -> bool:
    try:
        placeholders(form)
    except ValueError:
        return False
    return True
