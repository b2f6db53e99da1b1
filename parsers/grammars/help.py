"""HD: how to write a text, or how to write one command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from parsers.commands import PASSWORD, PRICE, ShowHelp
from parsers.grammar import Grammar, Service, Vocabulary, Writing
from parsers.grammars.password_questions import names_password
from parsers.grammars.price_questions import price_behind_keyword
from parsers.localised_message import LocalisedMessage
from parsers.reasons import REASONS
from parsers.text.edits import is_one_edit
from parsers.text.excerpt import Excerpt

_POLITE = re.compile(
    r"(?:[\W_]|(?:GIUP|TOI|EM|VOI|DUM|CHO|A|DI|NHE|ME|PLEASE|LAM\s*ON|SU\s*DUNG|CACH|DUNG|CU\s*PHAP|LENH|SOAN|TIN|NHAN)(?![^\W_]))*"
)
_IN_WORDS = r"HUONG\s*DAN|TRO\s*GIUP|HELP"
HELP_WORDS = ("HUONGDAN", "TROGIUP", "HELP")
"""Words for help, which are read whatever the keyword is; no other command may have one of them."""
_SWAPPED_OR_DOUBLED = frozenset({"DH", "HHD", "HDD"})
_OWN_TOPICS = {PASSWORD: "MAT KHAU", PRICE: "GIA"}
_BEHIND_KEYWORD = re.compile(rf"[\s,:.?-]*(?:HD|{_IN_WORDS})[\s?.!]*")


def read_help(body: Excerpt, vocabulary: Vocabulary) -> ShowHelp | None:
    """Read what follows the keyword; nothing when that is no call for help.

    >>> from parsers.vocabulary import VOCABULARY
    >>> [read_help(Excerpt.of(text), VOCABULARY) for text in ("", " tk", "ba Lan")]
    [ShowHelp(topic=None), ShowHelp(topic='register_account'), None]
    """
    start = _POLITE.match(body.folded)
    at = start.end() if start is not None else 0
    if at == len(body.folded):
        return ShowHelp()
    for keyword in (*vocabulary.keywords, *vocabulary.conversation):
        topic = keyword.writing.named.match(body.folded, at) if keyword.grammar.is_offered else None
        if topic is not None:
            rest = _POLITE.fullmatch(body.folded, topic.end())
            return ShowHelp(topic=keyword.grammar.name) if rest is not None else None
    end = price_behind_keyword(body.folded, at)
    return ShowHelp(topic=PRICE) if end is not None and _POLITE.fullmatch(body.folded, end) is not None else None


def is_help_behind(body: Excerpt) -> bool:
    """Return whether nothing but a call for help follows the keyword of a command: `TK HD`."""
    return _BEHIND_KEYWORD.fullmatch(body.folded) is not None


def _read(body: Excerpt, today: date, service: Service) -> ShowHelp | None:
    del today
    return ShowHelp(topic=PASSWORD) if names_password(body.folded) else read_help(body, service.vocabulary)


def _fits(body: Excerpt, today: date, service: Service) -> ShowHelp | None:
    del today, service
    return None if body.folded.strip(" .,:;!?-") else ShowHelp()


def _writing(keyword: str, others: Sequence[str]) -> Writing:
    spaced = r"[\s.]+".join(keyword)
    behind = "".join(f"|{other}" for other in (*others, _OWN_TOPICS[PRICE] + r"(?![^\W_])"))
    written = re.compile(rf"(?:{keyword}|{spaced}|{_IN_WORDS})(?=\W|_|\Z{behind})|\?+")
    return Writing(written=written, named=re.compile(rf"{keyword}(?![^\W_])"))


def _is_near(taken: str) -> bool:
    return taken in _SWAPPED_OR_DOUBLED or any(is_one_edit(taken, spelled) for spelled in HELP_WORDS)


def _official_form(command: ShowHelp, keyword: str, vocabulary: Vocabulary) -> str:
    if command.topic is None:
        return keyword
    return f"{keyword} {_OWN_TOPICS.get(command.topic) or vocabulary.taught[command.topic]}"


def _why(command: ShowHelp) -> LocalisedMessage:
    if command.topic == PASSWORD:
        return REASONS.message("help.password")
    if command.topic == PRICE:
        return REASONS.message("help.price")
    if command.topic is None:
        return REASONS.message("help")
    return REASONS.message(
        "help.topic", command=LocalisedMessage(key=f"why.command.{command.topic}", words=command.topic)
    )


GRAMMAR = Grammar(
    command=ShowHelp,
    service="help",
    default_keywords=("HD",),
    is_offered=False,
    read=_read,
    writing=_writing,
    near_words=_is_near,
    fits=_fits,
    survives_gaps=True,
    printed=lambda command: {"topic": command.topic},
    official_form=_official_form,
    why=_why,
    samples=lambda keyword, _codes: (keyword,),
)
