"""HD: how to write a text; the same words help a sender whose text is no command."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.answer import Answer, Outcome
from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from handlers.handler import Handlers, forms_of
from handlers.wording.fit import first_fit
from handlers.wording.phrases import Phrase
from parsers.commands import PASSWORD, PRICE, ShowHelp


def show_help(command: ShowHelp, service: ServiceFacts, handlers: Handlers = HANDLERS) -> Answer:
    """Return how to write a text, or one command, or where passwords are replaced, or what a text costs."""
    return Answer(text=guide(command.topic, service, handlers), outcome=Outcome.HELPED)


def guide(topic: str | None, service: ServiceFacts, handlers: Handlers = HANDLERS, *, before: str = "") -> str:
    """Return the help of a command, or of all, in one segment; `before` is a sentence before it."""
    forms = _forms(topic, service, handlers)
    texts = [*(f"{before} {form}".lstrip() for form in forms), *forms]  # the sentence goes before the help
    return first_fit(texts) or texts[-1]


def _forms(topic: str | None, service: ServiceFacts, handlers: Handlers) -> Sequence[str]:
    if topic == PASSWORD:
        return forms_of(Phrase.HELP_PASSWORD, service, {"place": service.password_place})
    if topic == PRICE:
        return _price(service)
    handler = handlers.named(topic)
    said = handler.said(handler.help, service) if handler is not None else None
    if said is not None and (told := forms_of(said, service, {})):
        return told  # nothing is told of a service that is off
    if handler is not None and handler.help_off is not None:
        return forms_of(handler.help_off, service, {})
    lines, topics = list_commands(service, handlers), list_topics(service, handlers)
    if not lines:
        return forms_of(Phrase.SERVICE_OFF, service, {})  # operators switched everything off
    forms: list[str] = []
    for place in range(max(map(len, lines), default=1)):
        commands = "; ".join(line[min(place, len(line) - 1)] for line in lines)
        forms += forms_of(Phrase.HELP, service, {"commands": commands, "topics": topics})
    # Where not even the shortest lines fit.
    keywords = ", ".join(service.keywords[one.service] for one in handlers.listed(service))
    return [*forms, *forms_of(Phrase.HELP, service, {"commands": keywords, "topics": topics.partition(",")[0]})]


def _price(service: ServiceFacts) -> Sequence[str]:
    """Return what a text costs and how notices end, where there are any; on a channel without numbers, that it is free.

    Where the settings name no price the carrier's own applies.
    """
    if service.said_as:
        return forms_of(Phrase.HELP_PRICE_FREE, service, {})
    if not service.price:
        return forms_of(Phrase.HELP_PRICE_OF_CARRIER, service, {})
    return forms_of(Phrase.HELP_PRICE, service, {"price": service.price})


def list_commands(service: ServiceFacts, handlers: Handlers = HANDLERS) -> Sequence[Sequence[str]]:
    """Return the line of each command in the help, in all its forms, the fullest first."""
    listed = handlers.listed(service)
    return [forms_of(line, service, {}) for one in listed if (line := one.said(one.line, service)) is not None]


def list_topics(service: ServiceFacts, handlers: Handlers = HANDLERS) -> str:
    """Return the texts that ask for the help of each command."""
    return ", ".join(f"{service.keywords['help']} {service.keywords[one.service]}" for one in handlers.listed(service))
