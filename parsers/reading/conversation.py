"""The reading order of a service with conversation: what the other commands read stays theirs.

A text is first read as without conversation. That reading holds, unless a keyword of the conversation or a ticket
number begins the text, the text is a reaction, or the keyword TK or DVC begins a question. Texts that are no command
become remarks.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from parsers.commands import PASSWORD, PRICE, Command, LookUpStatus, RegisterAccount, ShowHelp, TakeThanks
from parsers.commands.conversation import (
    AskQuestion,
    FileProposal,
    FileReport,
    FileSuggestion,
    Remark,
    ReplyToTicket,
    ShowTicketStatus,
    TicketText,
)
from parsers.fields.codes.ticket_numbers import PREFIX, find_numbers
from parsers.grammar import Keyword, Reading, Service, Vocabulary
from parsers.grammars.conversation.content import FEWEST_WORDS, count_words, numbered, shown_numbers, trimmed
from parsers.grammars.conversation.reply import read_numbered
from parsers.grammars.keyword_writing import LEAD
from parsers.keywords import Begun, match_keyword
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.reading.account_for_people import account_for_people
from parsers.reading.near_keyword import near_command
from parsers.text.conversation_frame import conversation_frame
from parsers.text.courtesy import read_courtesy
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import NormalText
from parsers.text.questions import is_question
from parsers.text.reactions import Reaction, ReactionKind, read_reaction, read_signs
from parsers.text.spelling.keystrokes import undo_keystrokes

_FRONT = re.compile(LEAD)
_COMMANDS_OF_PEOPLE = (RegisterAccount.name, LookUpStatus.name)
_FRAMED: dict[str, type[TicketText]] = {
    command.name: command for command in (AskQuestion, FileReport, FileProposal, FileSuggestion)
}
_ACCENTED = {
    "HOI": ("hỏi",),
    "CAU HOI": ("câu hỏi",),
    "KHAN": ("khẩn",),
    "HUY": ("huỷ", "hủy"),
    "NHAN": ("nhận",),
    "DG": ("đg",),
    **dict.fromkeys(("PA", "EN", "VI"), ()),
}
"""How a keyword that is a word, or looks like one, is written with accents; with others it is another word (`hội`)."""
_WITH_ITS_ACCENTS = frozenset({"KHAN"})
"""A word that is another one without its accents, in a text that has them, and is no keyword unless in capitals."""
_QUESTION_OF_BEFORE = re.compile(r"CAU\s+HOI\s+(?:CUA|NAY|TREN|TRUOC|DO|HOM|LUC|SO|YC|DA|CHUA)(?![^\W_])")
"""`cau hoi cua toi …` speaks of a question that was asked."""
_MOST_WORDS_BESIDE_CODES = 2
_FEWEST_WORDS_OF_QUESTION = 4
_LONG_NUMBER = re.compile(r"[0-9]{6}")
_DATE = re.compile(r"(?<![0-9])[0-9]{1,2}\s?[/.-]\s?[0-9]{1,2}\s?[/.-]\s?(?:[0-9]{4}|[0-9]{2})(?![0-9])")
_ASKED = re.compile(
    r"\?|(?<![^\W_])(?:SAO|KHONG|GI|NAO|DAU|MAY\s+GIO|BAO\s+GIO|BAO\s+LAU|QUEN\s+(?:MK|MAT\s+KHAU)|BI\s+KHOA)(?![^\W_])"
)
_WHAT_IS_IT = re.compile(r"\W*LA\s+(?:GI|SAO|CAI\s+GI)(?:\W|(?:VAY|NHI|A|AH|HA|EM|ANH|CHI|AD|THE|TA)(?![^\W_]))*")


def read_begun(normal: NormalText, today: date, service: Service) -> Reading | None:
    """Read a text that begins with a keyword of the conversation; None for every other text, and the rest reads it."""
    if service.vocabulary.beginning.match(normal) is not None:
        return None
    whole = Excerpt.of(normal)
    begun = begin_conversation(whole, service.vocabulary)
    return _read_begun(begun, whole, today, service) if begun is not None else None


def read_conversation(reading: Reading, text: str, normal: NormalText, today: date, service: Service) -> Reading:
    """Read a text that no keyword of the conversation begins; `reading` is what it is taken for without."""
    match reading:
        case RegisterAccount() if service.vocabulary.beginning.match(normal) is not None:
            return reading
        case LookUpStatus() if service.vocabulary.beginning.match(normal) is not None:
            return _status_instead(reading, normal, service) or reading
    whole = Excerpt.of(normal)
    if (numbered_text := _number_in_front(whole)) is not None:
        return numbered_text
    match reading:
        case RegisterAccount():
            return reading
        case LookUpStatus():
            return _status_instead(reading, normal, service) or reading
        case ShowHelp() | TakeThanks():
            return _instead_of_help(reading, text, whole, service)
        case Misread():
            return _instead_of_misread(reading, text, whole, today, service)
    return reading


def begin_conversation(text: Excerpt, vocabulary: Vocabulary) -> Begun | None:
    """Find the keyword of the conversation that a text begins with."""
    if vocabulary.conversing.match(text.folded) is None:
        return None
    start = front_of(text.folded)
    for keyword in vocabulary.conversation:
        found = keyword.writing.written.match(text.folded, start)
        if found is not None and _is_meant(keyword, text, start, found.end()):
            return Begun(keyword, found.end(), is_glued=False)
    return None


def front_of(folded: str) -> int:
    """Return where the marks, copied words and greetings end that may be before a keyword."""
    found = _FRONT.match(folded)
    return found.end() if found is not None else 0


def reaction_to(text: str, normal: NormalText) -> Reaction | None:
    """Read a text that is a reaction and nothing else, as it was received and in its normal form."""
    reaction = read_reaction(normal) or read_signs(text)
    if reaction is None and isinstance(read_courtesy(normal), TakeThanks):
        return Reaction(ReactionKind.THANKS)
    return reaction


def is_bare(reading: Reading, text: NormalText, vocabulary: Vocabulary) -> bool:
    """Return whether codes, data of a person or a near miss of TK or DVC are in a text that no keyword begins.

    So is a text that asks for the price and nothing else (`Gia`): it may answer a question of ours.
    """
    whole = Excerpt.of(text)
    if isinstance(reading, Misread):
        is_begun = reading.command is not None and reading.kind is not MisreadKind.TOO_MANY_CODES
        if is_begun or reading.kind is MisreadKind.TOO_LONG:
            return False
    elif (
        not (isinstance(reading, LookUpStatus) or reading == ShowHelp(topic=PRICE))
        or vocabulary.beginning.match(text) is not None
    ):
        return False
    begun = begin_conversation(whole, vocabulary)
    if begun is not None:
        is_for_people = issubclass(begun.keyword.grammar.command, TicketText)
        return isinstance(reading, Misread) and not is_for_people
    other = _begun(whole.folded, vocabulary)
    return other is None or (other.is_glued and isinstance(reading, Misread))


def remark_of(whole: Excerpt, service: Service, *, about: str | None = None) -> Remark:
    """Take a text for a remark."""
    return Remark(
        words=whole.shown,
        is_question=about is not None or is_question(whole.folded),
        about=about,
        near=near_command(whole, front_of(whole.folded), service.vocabulary) if about is None else None,
        may_hold_secret=service.with_secrets,
    )


def _is_meant(keyword: Keyword, text: Excerpt, start: int, end: int) -> bool:
    if _QUESTION_OF_BEFORE.match(text.folded, start) is not None:
        return False
    shown = text.shown[start:end]
    written = " ".join(shown.lower().split())
    if written.isascii():
        is_shouted = shown.isupper() or text.shown.isascii()
        return keyword.word not in _WITH_ITS_ACCENTS or is_shouted
    return keyword.word not in _ACCENTED or written in _ACCENTED[keyword.word]


def _read_begun(begun: Begun, whole: Excerpt, today: date, service: Service) -> Reading | None:
    grammar = begun.keyword.grammar
    body = _without_destination(whole.cut(begun.end), service)
    if grammar.read_keyword is not None:
        return grammar.read_keyword(begun.keyword.word, body)
    if LookUpStatus.name in grammar.yields_to and (codes := _only_codes(body, service)) is not None:
        return codes
    if (
        RegisterAccount.name in grammar.yields_to
        and (account := account_for_people(body.cut(front_of(body.folded)), today, service)) is not None
    ):
        return account
    return grammar.read(body, today, service) if grammar.read is not None else None


def _without_destination(body: Excerpt, service: Service) -> Excerpt:
    """Remove the short code that is copied from an instruction, at the end."""
    copied = _destination(frozenset(service.short_codes)).search(body.folded, max(0, len(body.folded) - 60))
    return body.cut(0, copied.start()) if copied is not None else body


@lru_cache(maxsize=16)  # of the numbers of a service, which the settings name
def _destination(short_codes: frozenset[str]) -> re.Pattern[str]:
    codes = "|".join(map(re.escape, sorted(short_codes))) or "(?!)"
    return re.compile(
        rf"[\s.,;:]*(?<![^\W_])(?:GUI|NHAN)(?:\s*(?:TIN|DEN|TOI|VE|CHO|SO|DAU\s*SO|TONG\s*DAI))*\W{{0,3}}(?:{codes})\W*\Z"
    )


def _only_codes(body: Excerpt, service: Service) -> Reading | None:
    """Look codes up that have at most two other words beside them."""
    grammar = service.vocabulary.named(LookUpStatus.name)
    found = grammar.inside(body, service) if grammar is not None and grammar.inside is not None else None
    is_only = found is not None and count_words(found.rest.folded) <= _MOST_WORDS_BESIDE_CODES
    return found.reading if found is not None and is_only else None


def _number_in_front(whole: Excerpt) -> ReplyToTicket | ShowTicketStatus | None:
    numbers = find_numbers(whole.folded)
    if not numbers or numbers[0].is_bare or trimmed(whole.shown[front_of(whole.folded) : numbers[0].start]):
        return None
    return read_numbered(whole, has_keyword=False)


def _status_instead(reading: LookUpStatus, normal: NormalText, service: Service) -> ShowTicketStatus | None:
    """Show the state of a ticket whose number was given behind the keyword of dossiers (`DVC YC482173051`)."""
    if "#" not in normal and not any(code.canonical.startswith(PREFIX) for code in reading.codes):
        return None
    return _ticket_behind_keyword(Excerpt.of(normal), service)


def _ticket_behind_keyword(whole: Excerpt, service: Service) -> ShowTicketStatus | None:
    begun = _begun(whole.folded, service.vocabulary)
    body = _without_destination(whole.cut(begun.end if begun is not None else 0), service)
    found = numbered(body, with_bare=False)
    return ShowTicketStatus(numbers=found.numbers, words=found.words) if found.numbers else None


def _instead_of_help(reading: Command, text: str, whole: Excerpt, service: Service) -> Command:
    if isinstance(reading, TakeThanks) or reaction_to(text, NormalText(whole.shown)) is not None:
        return remark_of(whole, service)
    if isinstance(reading, ShowHelp) and reading.topic == PASSWORD and (about := _asked_about(whole, service)):
        return remark_of(whole, service, about=about)
    return reading


def _instead_of_misread(reading: Misread, text: str, whole: Excerpt, today: date, service: Service) -> Reading:
    if reading.kind in (MisreadKind.TOO_LONG, MisreadKind.TWO_COMMANDS, MisreadKind.TOO_MANY_CODES):
        return reading
    if reaction_to(text, NormalText(whole.shown)) is not None:
        return remark_of(whole, service)
    if reading.kind is MisreadKind.EMPTY:
        return reading
    if reading.command is not None:
        return _begun_misread(reading, whole, service)
    if reading.suggestion is not None and not _is_no_code(reading, whole, service):
        return reading
    return _framed(whole, today, service) or remark_of(whole, service)


def _begun_misread(reading: Misread, whole: Excerpt, service: Service) -> Reading:
    """Read what follows the keyword of another command without fitting it: a ticket number, or a question."""
    if reading.command not in _COMMANDS_OF_PEOPLE or reading.kind is MisreadKind.INCOMPLETE:
        return reading
    if (status := _ticket_behind_keyword(whole, service)) is not None and status.numbers[0].is_whole:
        if reading.command == LookUpStatus.name:
            return status
        taught = service.vocabulary.taught.get(ShowTicketStatus.name)
        meant = f"{taught} {shown_numbers(status.numbers)[0]}"
        return Misread(kind=MisreadKind.UNKNOWN_KEYWORD, suggestion=taught, meant=meant)
    begun = _begun(whole.folded, service.vocabulary)
    if begun is None:
        return reading
    if reading.command == RegisterAccount.name and _WHAT_IS_IT.fullmatch(whole.folded, begun.end) is not None:
        return ShowHelp(topic=RegisterAccount.name)
    is_named = FieldName.FULL_NAME in dict(reading.good) and "?" not in whole.folded
    about = None if is_named else _asked_about(whole, service)
    return remark_of(whole, service, about=about) if about is not None else reading


def _asked_about(whole: Excerpt, service: Service) -> str | None:
    """Return the command whose keyword begins a question: four words, no long number, no date, a question word."""
    begun = _begun(whole.folded, service.vocabulary)
    if begun is None or begun.keyword.grammar.name not in _COMMANDS_OF_PEOPLE:
        return None
    body = whole.folded[begun.end :]
    is_asked = (
        count_words(body) >= _FEWEST_WORDS_OF_QUESTION
        and _LONG_NUMBER.search(body) is None
        and _DATE.search(body) is None
        and _ASKED.search(body) is not None
    )
    return begun.keyword.grammar.name if is_asked else None


def _begun(folded: str, vocabulary: Vocabulary) -> Begun | None:
    """Find the keyword of another command that a text begins with."""
    start = front_of(folded)
    begun = match_keyword(folded[start:], vocabulary)
    return begun._replace(end=begun.end + start) if begun is not None else None


def _is_no_code(reading: Misread, whole: Excerpt, service: Service) -> bool:
    """Return whether a look-up was suggested because of a ticket number, or of digits typed for accents (VNI)."""
    if reading.suggestion != service.vocabulary.taught.get(LookUpStatus.name):
        return False
    if any(not found.is_bare for found in find_numbers(whole.folded)):
        return True
    typed = undo_keystrokes(whole.shown.split()).words
    return not any(letter.isdecimal() for word in typed for letter in word)


def _framed(whole: Excerpt, today: date, service: Service) -> Reading | None:
    """Read ordinary words that take the place of a keyword (`cho toi hoi`)."""
    frame = conversation_frame(NormalText(whole.shown))
    if frame is None:
        return None
    name, end = frame
    grammar = service.vocabulary.named(name)
    body = _without_destination(whole.cut(end), service)
    if grammar is None or count_words(body.folded) < FEWEST_WORDS:
        return None
    if (account := account_for_people(body.cut(front_of(body.folded)), today, service)) is not None:
        return account
    return _FRAMED[name](words=trimmed(body.shown), is_framed=True)
