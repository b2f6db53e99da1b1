"""The services of citizens in the settings: which are on, by which keywords, and whether the keywords go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

from parsers.commands.tables import PREFIX
from parsers.grammar import AnyGrammar, Vocabulary
from parsers.grammars import GRAMMARS, NOTICES
from parsers.grammars.conversation import CONVERSATION, withdrawal
from parsers.grammars.help import HELP_WORDS
from parsers.text.courtesy import read_courtesy
from parsers.text.edits import is_one_edit
from parsers.text.normal_form import NormalText
from parsers.text.reactions import read_reaction
from parsers.vocabulary import grammars_of, vocabulary_of
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.model import OfferedService, Settings
from sms_gateway.settings.switches import ALARMS, BACK_OFFICE, LOOK_UP_DOSSIER, LOOKUPS, WEBHOOKS, IsOn
from sms_gateway.settings.switches import CONVERSATION as WHOLE_CONVERSATION
from sms_gateway.settings.switches import NOTICES as WHOLE_NOTICES

ENDING = withdrawal.ALONE.service
"""The service by which citizens end notices."""

_ON = OfferedService()


def vocabulary_for(settings: Settings, grammars: Sequence[AnyGrammar] = GRAMMARS) -> Vocabulary:
    """Make the vocabulary of a service of its settings; the commands of the conversation are in it when that is on."""
    grammars = _grammars(settings, grammars)
    keywords = {name: service.keywords for name, service in settings.services.items() if service.keywords}
    off = {name for name, service in settings.services.items() if not service.enabled}
    return vocabulary_of(grammars, keywords=keywords, off=off)


def is_on(settings: Settings, vocabulary: Vocabulary) -> IsOn:
    """Return what reports whether a service is on, and the conversation and the back office as a whole."""

    def offers(service: str) -> bool:
        if service == LOOKUPS:
            return settings.lookups.enabled
        if service == WEBHOOKS:
            return bool(settings.receiving_systems)
        if service == BACK_OFFICE:
            return settings.back_office.enabled
        if service == ALARMS:
            return bool(settings.alarms.ways)
        if service == WHOLE_NOTICES:
            return settings.notices.enabled
        return settings.conversation.enabled if service == WHOLE_CONVERSATION else vocabulary.offers(service)

    return offers


def keyword_faults(settings: Settings, grammars: Sequence[AnyGrammar] = GRAMMARS) -> Iterator[Fault]:
    """Find names of no service, and keywords that clash with others, with help or with a reaction."""
    every = (*grammars, *NOTICES, *CONVERSATION)
    offered = list(dict.fromkeys(grammar.service for grammar in every if grammar.is_offered))
    yield from _needed_by_notices(settings)
    grammars = _grammars(settings, grammars)
    for name in settings.services:
        if name not in offered:
            yield Fault(where=f"services.{name}", wrong="is no service", fix=f"write one of {', '.join(offered)}")
    words = [(word, grammar) for word, grammar in _words(settings, grammars) if grammar.is_offered]
    of_help = {word for grammar in grammars if not grammar.is_offered for word in grammar.default_keywords}
    for word, grammar in words:
        is_reaction = settings.conversation.enabled and read_reaction(NormalText(word)) is not None
        if word in of_help or word in HELP_WORDS or read_courtesy(NormalText(word)) is not None or is_reaction:
            wrong = f"{word} is a word for help, thanks, a greeting or a reaction"
            yield Fault(where=_place(grammar), wrong=wrong, fix="choose another keyword")
    for (one, first), (other, second) in combinations(words, 2):
        if one == other:
            wrong = f"{one} stands there twice" if first is second else f"{one} is a keyword of {_named(first)} too"
            yield Fault(where=_place(second), wrong=wrong, fix="give each keyword once, to one service")
    for (one, first), (other, second) in permutations(words, 2):
        rest = other.removeprefix(one)
        if first is not second and rest not in {"", other} and first.glues is not None and first.glues.fullmatch(rest):
            wrong = f"{other} is also {one}, a keyword of {_named(first)}, with content glued to it ({rest})"
            yield Fault(where=_place(second), wrong=wrong, fix=f"choose a keyword that does not begin with {one}")


def _named(grammar: AnyGrammar) -> str:
    """Return a service as the settings name it, and an own table as the pages do."""
    own = grammar.service.removeprefix(PREFIX)
    return grammar.service if own == grammar.service else f"the look-up table {own}"


def _needed_by_notices(settings: Settings) -> Iterator[Fault]:
    needed = {ENDING: "nobody could end the notices", LOOK_UP_DOSSIER: "there are no dossiers to be told of"}
    for name, why in needed.items() if settings.notices.enabled else ():
        if not settings.services.get(name, _ON).enabled:
            wrong = f"is false while notices.enabled is true: {why}"
            yield Fault(where=f"services.{name}.enabled", wrong=wrong, fix="leave it out, or switch notices off")


def near_keywords(settings: Settings, grammars: Sequence[AnyGrammar] = GRAMMARS) -> Iterator[Fault]:
    """Find keywords of two services that one slip of the finger turns into each other.

    The printed keywords of the conversation (TT, TL, TK) are such pairs; what follows them decides.
    """
    for (one, first), (other, second) in combinations(_words(settings, _grammars(settings, grammars)), 2):
        are_printed = one in first.default_keywords and other in second.default_keywords
        if first is not second and not are_printed and is_one_edit(one, other):
            wrong = f"{other} and {one}, a keyword of {_named(first)}, are one slip of the finger apart"
            yield Fault(where=_place(second), wrong=wrong, fix="choose keywords that differ in two letters or more")


def _grammars(settings: Settings, grammars: Sequence[AnyGrammar]) -> Sequence[AnyGrammar]:
    return grammars_of(grammars, has_conversation=settings.conversation.enabled, has_notices=settings.notices.enabled)


def _words(settings: Settings, grammars: Sequence[AnyGrammar]) -> list[tuple[str, AnyGrammar]]:
    """Return the keywords of the services that are on, as they are set."""
    chosen: Mapping[str, Sequence[str]] = {
        name: service.keywords for name, service in settings.services.items() if service.keywords
    }
    off = {name for name, service in settings.services.items() if not service.enabled}
    return [
        (word, grammar)
        for grammar in grammars
        if grammar.service not in off
        for word in chosen.get(grammar.service, grammar.default_keywords)
    ]


def _place(grammar: AnyGrammar) -> str:
    return f"services.{grammar.service}.keywords"
