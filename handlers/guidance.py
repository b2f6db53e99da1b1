"""HD: how to write a text; the same words help whoever wrote something that is no command."""

from __future__ import annotations

from handlers.answer import Answer, Outcome
from handlers.context import ServiceFacts
from handlers.wording.fit import first_fit
from handlers.wording.phrases import Phrase
from parsers.commands import HelpTopic, ShowHelp

_WITH_SECRET = {
    Phrase.HELP: Phrase.HELP_CLOSED,
    Phrase.HELP_DVC: Phrase.HELP_DVC_CLOSED,
}
"""What is said instead where a look-up needs a secret."""
_TOPICS = {
    HelpTopic.REGISTER_ACCOUNT: Phrase.HELP_TK,
    HelpTopic.LOOK_UP_STATUS: Phrase.HELP_DVC,
    HelpTopic.PASSWORD: Phrase.HELP_PASSWORD,
}


def show_help(command: ShowHelp, service: ServiceFacts) -> Answer:
    """Tell how to write a text, or one command, or where passwords are replaced and changed."""
    return Answer(text=guide(command.topic, service), outcome=Outcome.HELPED)


def guide(topic: HelpTopic | None, service: ServiceFacts, *, before: str = "") -> str:
    """Return the help of a command, or of all, in one segment; `before` is a sentence set in front."""
    values = {"short_code": service.short_code, "hotline": service.hotline, "place": service.password_place}
    values |= service.keywords
    phrase = Phrase.HELP if topic is None else _TOPICS[topic]
    forms = service.wording.forms(_WITH_SECRET.get(phrase, phrase) if service.asks_secret else phrase, values)
    texts = [*(f"{before} {form}".lstrip() for form in forms), *forms]  # the sentence goes before the help does
    return first_fit(texts) or texts[-1]
