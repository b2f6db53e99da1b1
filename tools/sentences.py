"""The table of the conversation's sentences with their segments: `python -m tools.sentences > docs/sentences.md`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.conversation_placeholders import CONVERSATION
from handlers.wording.phrases import Phrase
from sms_gateway.pages.service.wording_groups import grouped
from sms_gateway.pages.service.wording_preview import SAMPLES, Preview, preview

NOT_ALONE = "words"
"""The group of words that are parts of sentences."""

HEAD = """# The sentences of the conversation

This page is a reference. It shows the fullest form of each sentence of the conversation with sample values, as it
is sent. The command `python -m tools.sentences > docs/sentences.md` writes it, and a test compares it.
[wording.md](wording.md) has the rules.

Where the values are longer, a shorter form of the same sentence is sent.
`tests/handlers/conversation/answers/test_answers.py` checks that each answer stays in one segment with a unit of 30
letters, the longest number, date and keywords, in each language.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_tables()])


def _tables() -> Iterator[str]:
    for group, phrases in grouped():
        if group in _groups_of_conversation() and group != NOT_ALONE:
            yield f"## {group.replace('_', ' ').capitalize()}\n"
            yield "| phrase | language | septets | segments | sentence |\n|---|---|---|---|---|"
            yield from (_row(phrase, language) for phrase in phrases for language in CATALOGUES)
            yield ""


def _groups_of_conversation() -> frozenset[str]:
    of_others = {group for group, _ in grouped(lambda service: service not in CONVERSATION)}
    return frozenset(group for group, _ in grouped() if group not in of_others)


def _row(phrase: Phrase, language: str) -> str:
    one = shown(phrase, language)
    return f"| `{phrase}` | {language} | {one.characters} | {one.segments} | `{one.shown}` |"


def shown(phrase: Phrase, language: str) -> Preview:
    """Return the fullest form of a phrase with the samples of the page Wording."""
    keywords = {**ServiceFacts().keywords, **{name: SAMPLES[name] for name in CONVERSATION}}
    service = replace(ServiceFacts(), wording=CATALOGUES[language], keywords=keywords)
    return preview(CATALOGUES[language].sentences[phrase][0], service, HANDLERS)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - this is the output of the command
