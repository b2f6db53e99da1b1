"""From a framed text to a command: keyword, content, and what to say when there is neither."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import assert_never

from parsers.commands import Command, CommandName, LookUpStatus, RegisterAccount, ShowHelp
from parsers.excerpt import Excerpt
from parsers.help import read_help
from parsers.keywords import Begun, match_keyword, near_keywords
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.receipt_codes import is_national_form
from parsers.registration import read_registration
from parsers.status import is_likely_codes, read_status

_ONE_LETTER = re.compile(r"[^\W\d_](?![^\W\d_'])")
_LABEL_FIRST = re.compile(
    r"(?:MA|SO|HS|HO\s*SO|BIEN\s*NHAN|MA\s*HO\s*SO|MA\s*BIEN\s*NHAN|SO\s*BIEN\s*NHAN|SO\s*HS|MA\s*HS|MA\s*SO)(?![^\W_])"
)
_FIRST_TOKEN = re.compile(r"\S+")
_KEYWORD_INSIDE = re.compile(r"(?<![^\W_])(?:(?P<TK>TK)|(?P<DVC>DVC))(?![^\W\d_])")
_HELP_AFTER = re.compile(r"[\s,:.?-]*(?:HD|HUONG\s*DAN|TRO\s*GIUP|HELP)[\s?.!]*")


def read_framed(text: Excerpt, *, today: date, short_codes: Collection[str]) -> Command | Misread:
    """Read a text whose frame is off."""
    begun = begin(text, today=today, short_codes=short_codes)
    if begun is not None:
        reading = read_content(begun.keyword.command, text.cut(begun.end), today=today, short_codes=short_codes)
        if reading is not None:
            return reading
    if is_national_form(text.folded):
        return read_status(text, short_codes=short_codes)
    return Misread(
        kind=MisreadKind.UNKNOWN_KEYWORD, suggestion=suggest_keyword(text, today=today, short_codes=short_codes)
    )


def begin(text: Excerpt, *, today: date, short_codes: Collection[str]) -> Begun | None:
    """Find the keyword; one that is glued to something else than its content (`TKS`) is none."""
    begun = match_keyword(text.folded)
    return begun if begun is not None and _glue_holds(begun, text, today, short_codes) else None


def read_content(
    command: CommandName, body: Excerpt, *, today: date, short_codes: Collection[str]
) -> Command | Misread | None:
    """Read what stands after a keyword, by the grammar of its command: the table of commands."""
    match command:
        case CommandName.REGISTER_ACCOUNT | CommandName.LOOK_UP_STATUS if _HELP_AFTER.fullmatch(body.folded):
            return ShowHelp(topic=command)
        case CommandName.REGISTER_ACCOUNT:
            return read_registration(body, today=today)
        case CommandName.LOOK_UP_STATUS:
            return read_status(body, short_codes=short_codes)
        case CommandName.HELP:
            return read_help(body)
        case _:
            assert_never(command)


def _glue_holds(begun: Begun, text: Excerpt, today: date, short_codes: Collection[str]) -> bool:
    """Tell whether what is glued to a keyword is that command's content (`TKNguyen…`), not another word (`TKS`)."""
    if not begun.is_glued:
        return True
    body = text.cut(begun.end)
    if begun.keyword.command is CommandName.REGISTER_ACCOUNT:
        if _ONE_LETTER.match(body.folded) is not None:
            return False
        reading = read_registration(body, today=today)
        return not isinstance(reading, Misread) or len(reading.good) + (reading.wrong is not None) > 1
    if _LABEL_FIRST.match(body.folded) is not None:
        return True
    token = _FIRST_TOKEN.match(body.folded)
    first = token.group() if token is not None else ""
    if not any(letter.isdecimal() for letter in first):
        return False
    lone = _ONE_LETTER.match(body.folded) is not None
    found = read_status(body, short_codes=short_codes)
    return isinstance(found, LookUpStatus) and (not lone or is_national_form(body.folded))


def suggest_keyword(text: Excerpt, *, today: date, short_codes: Collection[str]) -> str | None:
    """Name the keyword that was probably meant: one edit away, left out, or standing later in the text."""
    for word, end in near_keywords(text.folded):
        if _fits(word, text.cut(end), today, short_codes):
            return word
    for word in ("TK", "DVC"):
        if _fits(word, text, today, short_codes):
            return word
    inside = _KEYWORD_INSIDE.search(text.folded)
    if (
        inside is not None
        and inside.lastgroup is not None
        and _fits(inside.lastgroup, text.cut(inside.end()), today, short_codes)
    ):
        return inside.lastgroup
    return None


def _fits(word: str, body: Excerpt, today: date, short_codes: Collection[str]) -> bool:
    """Tell whether a text can be the content of a command; one mistyped field is forgiven, a missing one is not."""
    match word:
        case "TK":
            reading = read_registration(body, today=today)
            if isinstance(reading, Misread):
                return FieldName.FULL_NAME not in reading.fields and len(reading.good) + (reading.wrong is not None) > 2  # noqa: PLR2004 -- all three are there
            return isinstance(reading, RegisterAccount)
        case "DVC":
            found = read_status(body, short_codes=short_codes)
            return isinstance(found, LookUpStatus) and is_likely_codes(found)
        case _:
            return not body.folded.strip(" .,:;!?-")
