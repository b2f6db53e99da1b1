"""The vocabulary of a service: made once from the grammars and the settings; and its keywords."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from parsers.fields.names.full_names import no_names_of
from parsers.grammar import AnyGrammar, Keyword, Vocabulary
from parsers.grammars import GRAMMARS, NOTICES
from parsers.grammars.conversation import CONVERSATION
from parsers.grammars.keyword_writing import LEAD

_NOTHING = "(?!)"


def vocabulary_of(
    grammars: Sequence[AnyGrammar] = GRAMMARS,
    *,
    keywords: Mapping[str, Sequence[str]] | None = None,
    off: Collection[str] = (),
) -> Vocabulary:
    """Make the vocabulary of a service; `keywords` and `off` are by the service's name in the settings.

    A service without keywords of its own has the default ones of its grammar.

    >>> vocabulary_of(keywords={"register_account": ["MOTK"]}, off={"look_up_dossier"}).taught
    {'register_account': 'MOTK', 'help': 'HD', 'thanks': ''}
    """
    chosen = keywords or {}
    on = tuple(grammar for grammar in grammars if grammar.service not in off)
    words = {grammar.name: tuple(chosen.get(grammar.service, grammar.default_keywords)) for grammar in on}
    every = [
        Keyword(word, grammar, grammar.writing(word, _others(words, on, grammar)))
        for grammar in on
        for word in words[grammar.name]
    ]
    rows = [row for row in every if not row.grammar.is_conversation]
    conversation = [row for row in every if row.grammar.is_conversation]
    greeted = [row.writing.written.pattern for row in rows if row.grammar.is_greeted]
    inside = [
        rf"(?P<{grammar.name}>{'|'.join(words[grammar.name])})"
        for grammar in on
        if grammar.is_found_inside and words[grammar.name]
    ]
    others = [row.word for row in rows if row.grammar.is_offered]
    written = [row.writing.written.pattern for row in conversation]
    return Vocabulary(
        grammars=on,
        keywords=tuple(rows),
        taught={name: "".join(several[:1]) for name, several in words.items()},
        words=words,
        by_command={grammar.command: grammar for grammar in on},
        exact=tuple(grammar.exact(words[grammar.name]) for grammar in on if grammar.exact is not None),
        greeted="|".join(greeted) or _NOTHING,
        inside=re.compile(rf"(?<![^\W_])(?:{'|'.join(inside) or _NOTHING})(?![^\W\d_])"),
        no_names=no_names_of(row.word for row in rows if row.grammar.is_offered),
        conversation=tuple(conversation),
        has_own_secrets=any(grammar.own_secret for grammar in on),
        beginning=re.compile(rf"(?:{'|'.join(others) or _NOTHING})(?![^\W\d_])", re.IGNORECASE),
        conversing=re.compile(f"{LEAD}(?:{'|'.join(written) or _NOTHING})"),
    )


def grammars_of(
    grammars: Sequence[AnyGrammar] = GRAMMARS, *, has_conversation: bool, has_notices: bool
) -> Sequence[AnyGrammar]:
    """Return the commands of a service with these parts: of two with one name, that of the conversation."""
    wanted = [*grammars, *(NOTICES if has_notices else ()), *(CONVERSATION if has_conversation else ())]
    return list({grammar.name: grammar for grammar in wanted}.values())


def _others(words: Mapping[str, Sequence[str]], on: Sequence[AnyGrammar], own: AnyGrammar) -> Sequence[str]:
    """Return the keywords of the services; help may be glued to them."""
    return [word for grammar in on if grammar.is_offered and grammar is not own for word in words[grammar.name]]


VOCABULARY = vocabulary_of()
"""The commands of a service without conversation, with their default keywords."""

CONVERSATION_VOCABULARY = vocabulary_of((*GRAMMARS, *CONVERSATION))
"""Every command of the product with its default keywords."""

NOTICES_VOCABULARY = vocabulary_of(grammars_of(has_conversation=False, has_notices=True))
"""The commands of a service with notices and without conversation."""
