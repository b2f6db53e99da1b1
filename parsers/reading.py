"""From a framed text to a command: keyword, content, and what to say when there is neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import assert_never

from parsers.commands import Command, CommandName, HelpTopic, LookUpStatus, RegisterAccount, ShowHelp
from parsers.fields.national_form import begins_national, find_national_form, is_national_form
from parsers.fields.receipt_codes import read_receipt_code
from parsers.grammars.help import read_help
from parsers.grammars.password_questions import names_password, wishes_password
from parsers.grammars.registration import is_whole_registration, read_registration
from parsers.grammars.registration_spelled_out import spelled_out_end, suggested_end
from parsers.grammars.status_lookup import is_likely_codes, look_up, read_status
from parsers.grammars.status_lookup_secrets import is_code_and_secret, read_status_with_secrets
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.printed import official_form
from parsers.service import Service
from parsers.text.excerpt import Excerpt
from parsers.vocabulary import KEYWORDS, Begun, match_keyword, near_keywords

_FIELDS_OF_TK = 3
_LONGEST_GUESSED = 612
"""Characters of a text whose keyword is guessed, four segments: a guess reads the whole text several times over."""
_MOST_TRIED = 2
"""Places of a text where a spelled-out TK is tried: the first and the last, since each try reads to the end."""
_ONE_LETTER = re.compile(r"[^\W\d_](?![^\W\d_'])")
_LABEL_FIRST = re.compile(
    r"(?:MA|SO|HS|HO\s*SO|BIEN\s*NHAN|MA\s*HO\s*SO|MA\s*BIEN\s*NHAN|SO\s*BIEN\s*NHAN|SO\s*HS|MA\s*HS|MA\s*SO)(?![^\W_])"
)
_FIRST_TOKEN = re.compile(r"\S+")
_KEYWORD_INSIDE = re.compile(r"(?<![^\W_])(?:(?P<TK>TK)|(?P<DVC>DVC))(?![^\W\d_])")
_SPELLED_OUT_INSIDE = re.compile(
    r"(?<![^\W_])(?:(?:DANG\s*K[YI]|MO|TAO|LAP|CAP)\s+(?:[^\W\d_]+\s+){0,3}?(?:TAI\s*KHOAN|TK)|TAI\s*KHOAN)(?![^\W_])"
)
"""TK spelled out, anywhere in a text; which of it is a registration is seen by what stands behind."""
_ACCOUNT_INSIDE = re.compile(rf"(?<![^\W_])TK(?![^\W_])|{_SPELLED_OUT_INSIDE.pattern}")
_HELP_AFTER = re.compile(r"[\s,:.?-]*(?:HD|HUONG\s*DAN|TRO\s*GIUP|HELP)[\s?.!]*")


def read_framed(text: Excerpt, *, today: date, service: Service) -> Command | Misread:
    """Read a text whose frame is off."""
    begun = begin(text, today=today, service=service)
    reading = None
    if begun is not None:
        reading = read_content(begun.keyword.command, text.cut(begun.end), today=today, service=service)
        if begun.keyword.command is CommandName.LOOK_UP_STATUS and _goes_on_with_account(text, begun.end, today):
            return Misread(kind=MisreadKind.TWO_COMMANDS)
    if reading is None and (is_national_form(text.folded) or (service.with_secrets and is_code_and_secret(text))):
        return _read_look_up(text, service)
    if reading is None or (isinstance(reading, Misread) and reading.kind is not MisreadKind.TOO_MANY_CODES):
        reading = _read_sentence(text, today=today, service=service) or reading
    return reading or _near_miss(text, today=today, service=service)


def begin(text: Excerpt, *, today: date, service: Service) -> Begun | None:
    """Find the keyword; one that is glued to something else than its content (`TKS`) is none.

    TK spelled out is one when a whole registration follows it.
    """
    begun = match_keyword(text.folded)
    if begun is not None and _glue_holds(begun, text, today, service):
        return begun
    end = spelled_out_end(text.folded) if len(text.folded) <= _LONGEST_GUESSED else 0
    if end and is_whole_registration(text.cut(end), today=today):
        return Begun(KEYWORDS[0], end, is_glued=False)
    return None


def read_content(command: CommandName, body: Excerpt, *, today: date, service: Service) -> Command | Misread | None:
    """Read what stands after a keyword, by the grammar of its command: the table of commands."""
    match command:
        case CommandName.REGISTER_ACCOUNT | CommandName.LOOK_UP_STATUS if _HELP_AFTER.fullmatch(body.folded):
            return ShowHelp(topic=HelpTopic(command.value))
        case CommandName.REGISTER_ACCOUNT:
            reading = read_registration(body, today=today)
            is_unread = isinstance(reading, Misread) and FieldName.FULL_NAME in reading.fields
            return ShowHelp(topic=HelpTopic.PASSWORD) if is_unread and wishes_password(body.folded) else reading
        case CommandName.LOOK_UP_STATUS:
            return _read_look_up(body, service)
        case CommandName.HELP:
            return ShowHelp(topic=HelpTopic.PASSWORD) if names_password(body.folded) else read_help(body)
        case CommandName.THANKS:
            return None  # begins with no keyword: parsers.text.courtesy
        case _:
            assert_never(command)


def _read_sentence(text: Excerpt, *, today: date, service: Service) -> LookUpStatus | Misread | None:
    """Look up the codes of the national form that stand in a text, whatever else it says.

    None when there is none. A text that asks for an account too is asked back. No other digits count as a secret:
    where one is needed, it is asked for.
    """
    codes = []
    rest = text
    for start, end in find_national_form(text.folded):
        code = read_receipt_code(text.cut(start, end))
        codes += [replace(code, secret="") if service.with_secrets else code] if code is not None else []
        rest = Excerpt(*(part[:start] + "," * (end - start) + part[end:] for part in rest))
    if not codes:
        return None
    return Misread(kind=MisreadKind.TWO_COMMANDS) if _asks_for_account(rest, today) else look_up(codes)


def _goes_on_with_account(text: Excerpt, end: int, today: date) -> bool:
    """Tell whether digits and then a whole registration with its command stand behind a keyword that ends at `end`."""
    folded = text.folded
    if len(folded) > _LONGEST_GUESSED or _ACCOUNT_INSIDE.search(folded, end) is None:
        return False
    found = [inside.start() for inside in _ACCOUNT_INSIDE.finditer(folded, end)]
    return any(
        any(map(str.isdecimal, folded[end:start])) and _asks_for_account(text.cut(start), today)
        for start in {found[0], found[-1]}
    )


def _asks_for_account(text: Excerpt, today: date) -> bool:
    """Tell whether a text holds the command TK, spelled out or not, with all its fields behind it.

    Not of a text beyond `_LONGEST_GUESSED`: each try reads to its end.
    """
    if len(text.folded) > _LONGEST_GUESSED:
        return False
    begun = match_keyword(text.folded)
    ends = [end for word, end in near_keywords(text.folded) if word == "TK"]
    ends += [begun.end] if begun is not None and begun.keyword.command is CommandName.REGISTER_ACCOUNT else []
    ends += [found.end() for found in _KEYWORD_INSIDE.finditer(text.folded) if found["TK"]][:1]
    inside = list(_SPELLED_OUT_INSIDE.finditer(text.folded))
    for found in inside if len(inside) <= _MOST_TRIED else (inside[0], inside[-1]):
        size = spelled_out_end(text.folded[found.start() :])
        ends.append(found.start() + size if size else found.end())
    return any(isinstance(read_registration(text.cut(end), today=today), RegisterAccount) for end in set(ends))


def _read_look_up(body: Excerpt, service: Service) -> LookUpStatus | Misread:
    if service.with_secrets:
        return read_status_with_secrets(body, short_codes=service.short_codes)
    return read_status(body, short_codes=service.short_codes)


def _glue_holds(begun: Begun, text: Excerpt, today: date, service: Service) -> bool:
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
    if _ONE_LETTER.match(body.folded) is not None and not begins_national(body.folded):
        return False
    return isinstance(_read_look_up(body, service), LookUpStatus)


def _near_miss(text: Excerpt, *, today: date, service: Service) -> Misread:
    """Name the keyword that was probably meant: one edit away, left out, or standing later in the text."""
    if len(text.folded) > _LONGEST_GUESSED:
        return Misread(kind=MisreadKind.UNKNOWN_KEYWORD)
    for word, body in _bodies(text):
        if word == "DVC" and (in_part := _spelled_out_in_part(text, today)) is not None:
            return in_part
        content = _fitting(word, body, today, service)
        if content is not None:
            good = content.good if isinstance(content, Misread) else ()
            meant = content.suggestion if isinstance(content, Misread) else official_form(content)
            return Misread(kind=MisreadKind.UNKNOWN_KEYWORD, suggestion=word, good=good, meant=meant)
    return Misread(kind=MisreadKind.UNKNOWN_KEYWORD)


def _spelled_out_in_part(text: Excerpt, today: date) -> Misread | None:
    """Suggest TK where it is spelled out, and two of its fields are there, so that no number is taken for a code."""
    end = suggested_end(text.folded)
    reading = read_registration(text.cut(end), today=today) if end else None
    if not isinstance(reading, Misread) or len(reading.good) < _FIELDS_OF_TK - 1:
        return None
    return Misread(kind=MisreadKind.UNKNOWN_KEYWORD, suggestion="TK", good=reading.good)


def _bodies(text: Excerpt) -> Iterator[tuple[str, Excerpt]]:
    """Give each keyword that may have been meant, with what would then be its content; the likeliest first."""
    for word, end in near_keywords(text.folded):
        yield word, text.cut(end)
    end = suggested_end(text.folded)
    if end:
        yield "TK", text.cut(end)
    yield "TK", text
    yield "DVC", text
    inside = _KEYWORD_INSIDE.search(text.folded)
    if inside is not None and inside.lastgroup is not None:
        yield inside.lastgroup, text.cut(inside.end())


def _fitting(word: str, body: Excerpt, today: date, service: Service) -> Command | Misread | None:
    """Read a text as the content of a command, if it can be that; one mistyped field is forgiven, a missing one not."""
    match word:
        case "TK":
            reading = read_registration(body, today=today)
            if isinstance(reading, Misread):
                told = len(reading.good) + (reading.wrong is not None)
                whole = FieldName.FULL_NAME not in reading.fields and told >= _FIELDS_OF_TK
                return reading if whole else None
            return reading if isinstance(reading, RegisterAccount) else None
        case "DVC":
            found = _read_look_up(body, service)
            return found if isinstance(found, LookUpStatus) and is_likely_codes(found) else None
        case _:
            return None if body.folded.strip(" .,:;!?-") else ShowHelp()
