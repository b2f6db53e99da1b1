"""DVC: the state of one to three dossiers, in as few segments as hold it; never a name."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from db.citizens.dossier_secrets import opened_by
from db.citizens.dossiers import Dossier, find_by_lookalike, lookalike_key
from db.schema import DossierStatus
from db.store.record import record
from handlers.answer import Answer, Outcome
from handlers.context import Context, ServiceFacts
from handlers.handler import Dossiers, Fetched, Guessable, Handler, SecretsTried, Tried
from handlers.wording.echo import echo_code
from handlers.wording.fit import MOST_SEGMENTS, clip, first_fit
from handlers.wording.phrases import Phrase
from handlers.wording.plain import plain
from parsers.commands import CanonicalCode, LookUpStatus, ReceiptCode
from parsers.misread import MisreadKind

SEGMENTS_OF_ONE = 2
"""Most segments of an answer on one dossier: papers wanted are named in full rather than cut to one segment."""
SEGMENTS_OF_SEVERAL = MOST_SEGMENTS
"""Most segments of an answer on two or three dossiers: one for each, so that the citizen need not ask for one alone."""
_DAYS_REMEMBERED = 1024
_CLIPS = (120, 80, 50, 30, 15)
"""Letters to which a long list of papers or a place is cut when nothing else helps, one after the other."""

_STATES = {status: Phrase[f"STATE_{status.value}"] for status in DossierStatus}
_WANTING = {
    DossierStatus.PAPERS_WANTED: Phrase.STATE_5_WANTED,
    DossierStatus.PAYMENT_WANTED: Phrase.STATE_6_WANTED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguous:
    """Several dossiers match the code, so none is shown."""


@record
class _Finding:
    """One code of the text, and the dossiers found for it."""

    code: ReceiptCode
    found: Dossier | Ambiguous | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Style:
    """How much is said of a finding."""

    short: bool
    advice: bool
    letters: int | None
    """Letters to which papers and places are cut; None leaves them whole."""


_FULL = _Style(short=False, advice=True, letters=None)
_PLAIN = _Style(short=False, advice=False, letters=None)
_SHORT = _Style(short=True, advice=False, letters=None)


def look_up_status(command: LookUpStatus, context: Context) -> Answer:
    """Give the state of each dossier asked for, in the order asked; a repeated code counts once."""
    findings: list[_Finding] = []
    seen: set[int] = set()
    for code in command.codes:
        found = match(code, context.dossiers.get(try_key(code), ()))
        if isinstance(found, Dossier):
            if found.id in seen:
                continue
            seen.add(found.id)
        findings.append(_Finding(code=code, found=found))
    return Answer(
        text=_compose(findings, context.service),
        outcome=_outcome(findings, len(seen), context),
        told=tuple([(one.found.code, one.found.status) for one in findings if isinstance(one.found, Dossier)]),
    )


def tell_status(dossier: Dossier, service: ServiceFacts) -> str:
    """Return the answer to a citizen who asks for this dossier alone, with these facts."""
    code = ReceiptCode(written=dossier.code.upper(), canonical=CanonicalCode(dossier.canonical))
    return _compose([_Finding(code=code, found=dossier)], service)


def choose_codes(command: LookUpStatus, found: Container[str]) -> LookUpStatus:
    """Decide which code is meant when the letters before it are a label or its beginning, by the dossiers that exist.

    The code as it was read goes first; the other is taken when only that one has a dossier. `found` holds the
    look-alike keys with a dossier. Call it before anything else is decided on a command.
    """
    if not any(code.instead for code in command.codes):
        return command
    return replace(command, codes=tuple(_chosen(code, found) for code in command.codes))


def _chosen(code: ReceiptCode, found: Container[str]) -> ReceiptCode:
    if code.instead is None or lookalike_key(code.canonical) in found or lookalike_key(code.instead) not in found:
        return code
    return replace(code, written=code.instead, canonical=code.instead, instead=None)


def try_key(code: ReceiptCode) -> str:
    """Return the key of the dossiers that a code, together with its secret, finds and opens."""
    key = lookalike_key(code.canonical)
    return key if code.secret is None else f"{key} {lookalike_key(code.secret)}"


def codes_asked(commands: Iterable[LookUpStatus]) -> set[str]:
    """Return the look-alike keys of all codes in a batch, for one db.citizens.dossiers.find_by_lookalike."""
    return {
        lookalike_key(one)
        for command in commands
        for code in command.codes
        for one in (code.canonical, code.instead)
        if one is not None
    }


def open_dossiers(connection: Connection, commands: Iterable[LookUpStatus], found: Dossiers) -> Dossiers:
    """Return the dossiers that the secrets of these look-ups open, by try_key; `found` has them by look-alike key.

    For a service that asks for secrets: a code without one opens nothing.
    """
    opened: dict[str, Sequence[Dossier]] = {}
    for code in (code for command in commands for code in command.codes):
        if code.secret:
            alike = found.get(lookalike_key(code.canonical), ())
            one_or_more = opened_by(connection, alike, code.canonical, code.secret)
            if one_or_more:
                opened[try_key(code)] = one_or_more
    return opened


def fetch(connection: Connection, commands: Sequence[LookUpStatus], service: ServiceFacts) -> Fetched:
    """Find the dossiers of a batch in one query, and open those whose secret was given."""
    found: Dossiers = find_by_lookalike(connection, codes_asked(commands))
    meant = [choose_codes(command, found) for command in commands]
    return Fetched(meant, open_dossiers(connection, meant, found) if service.asks_secret else found)


def match(code: ReceiptCode, alike: Sequence[Dossier]) -> Dossier | Ambiguous | None:
    """Choose among the dossiers that look like a code: as printed, else canonical, else the only similar one.

    When several dossiers pass a step, the search ends as Ambiguous: a guess would show a stranger's dossier.
    """
    if not alike:
        return None
    fitting = (
        [one for one in alike if one.code.upper() == code.written]
        or [one for one in alike if one.canonical == code.canonical]
        or alike
    )
    return fitting[0] if len(fitting) == 1 else Ambiguous()


def _outcome(findings: Sequence[_Finding], told: int, context: Context) -> Outcome:
    if told == 0:
        return Outcome.STATUS_WITHHELD if context.is_withheld else Outcome.STATUS_NOT_FOUND
    return Outcome.STATUS_TOLD if told == len(findings) else Outcome.STATUS_PARTLY_TOLD


def _compose(findings: Sequence[_Finding], service: ServiceFacts) -> str:
    alone = len(findings) == 1
    styles = (_FULL, _PLAIN, _SHORT) if alone else (_PLAIN, _SHORT)
    most = SEGMENTS_OF_ONE if alone else SEGMENTS_OF_SEVERAL
    wanted = min(most, service.most_segments)
    for segments in range(1, wanted + 1):
        text = first_fit(_tellings(findings, styles, service), segments=segments)
        if text is not None:
            return text
    cut = [_Style(short=True, advice=False, letters=letters) for letters in _CLIPS]
    *_, last = tellings = list(_tellings(findings, cut, service))
    return first_fit(tellings, segments=wanted) or first_fit(tellings, segments=most) or last


def _tellings(findings: Sequence[_Finding], styles: Sequence[_Style], service: ServiceFacts) -> Iterator[str]:
    for style in styles:
        told = "\n".join(_tell(finding, style, service) for finding in findings)
        if len(findings) > 1 and any(_is_closed(finding) for finding in findings):
            told = f"{told}\n{_say(service, Phrase.NOT_OPENED_ADVICE, _SHORT)}"  # once, for all of them
        yield told


def _is_closed(finding: _Finding) -> bool:
    return finding.found is None and finding.code.secret is not None


def _tell(finding: _Finding, style: _Style, service: ServiceFacts) -> str:
    match finding.found:
        case Dossier() as dossier:
            return _tell_dossier(dossier, style, service)
        case Ambiguous():
            phrase, advice = Phrase.AMBIGUOUS, Phrase.AMBIGUOUS_ADVICE
        case _ if _is_closed(finding):
            phrase, advice = Phrase.NOT_OPENED, Phrase.NOT_OPENED_ADVICE
        case _:
            phrase, advice = Phrase.NOT_FOUND, Phrase.NOT_FOUND_ADVICE
    code = echo_code(finding.code.written) or _say(service, Phrase.CODE_UNSAID, style)
    told = _say(service, phrase, style, code=code)
    return f"{told} {_say(service, advice, style)}" if style.advice else told


def _tell_dossier(dossier: Dossier, style: _Style, service: ServiceFacts) -> str:
    parts = [_say(service, Phrase.DOSSIER, style, code=plain(dossier.code), state=_state(dossier, style, service))]
    parts += _dates(dossier, style, service)
    parts += _what_follows(dossier, style, service)
    return " ".join(parts)


def _what_follows(dossier: Dossier, style: _Style, service: ServiceFacts) -> Iterator[str]:
    if dossier.status in _WANTING and not _cut(dossier.wanted, style, service):
        yield _say(service, Phrase.ASK_WANTED, style)
    elif dossier.status is DossierStatus.DONE:
        place = _cut(dossier.pick_up, style, service)
        if place:
            yield _say(service, Phrase.PICK_UP, style, pick_up=place)
        else:
            yield _say(service, Phrase.PICK_UP_UNKNOWN, style)
        if style.advice:
            yield _say(service, Phrase.ADVICE_PICK_UP, style)
    elif style.advice:
        yield _say(service, Phrase.ADVICE, style)


def _state(dossier: Dossier, style: _Style, service: ServiceFacts) -> str:
    wanting = _WANTING.get(dossier.status)
    if wanting is not None and (wanted := _cut(dossier.wanted, style, service)):
        return _say(service, wanting, style, wanted=wanted)
    return _say(service, _STATES[dossier.status], style)


def _dates(dossier: Dossier, style: _Style, service: ServiceFacts) -> Iterator[str]:
    match dossier.received_on, dossier.due_on:
        case date() as received, date() as due:
            yield _say(service, Phrase.DATES, style, received=_day(received), due=_day(due))
        case date() as received, None:
            yield _say(service, Phrase.DATE_RECEIVED, style, received=_day(received))
        case None, date() as due:
            yield _say(service, Phrase.DATE_DUE, style, due=_day(due))


@lru_cache(_DAYS_REMEMBERED)
def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def _cut(text: str | None, style: _Style, service: ServiceFacts) -> str:
    """Make an office's own words plain, without the full stop that the sentence has, and cut them if necessary."""
    whole = plain(text or "").rstrip(" .;,")
    if style.letters is None:
        return whole
    return clip(whole, style.letters, _say(service, Phrase.CUT, style))


def _say(service: ServiceFacts, phrase: Phrase, style: _Style, **values: str) -> str:
    values |= service.values
    return service.wording.say(phrase, values, short=style.short)


def _guessable(command: LookUpStatus) -> Guessable:
    """Name the codes that are tried. Where a secret is needed, each secret tried on a code is a guess.

    A code without its secret is no guess: its state is shown to nobody.
    """
    return Guessable(
        [Tried(try_key(code), lookalike_key(code.canonical)) for code in command.codes if code.secret != ""]
    )


def _secrets_tried(connection: Connection, command: LookUpStatus, dossiers: Dossiers) -> SecretsTried:
    given = [code for code in command.codes if code.secret]
    alike = find_by_lookalike(connection, {lookalike_key(code.canonical) for code in given}) if given else {}
    opened: list[int] = []
    wrong: list[int | None] = []
    for code in given:
        right = dossiers.get(try_key(code), ())
        opened += [one.id for one in right]
        if not right:
            wrong += [one.id for one in alike.get(lookalike_key(code.canonical), ())] or [None]
    return SecretsTried(opened, wrong)


def echo_content(content: str) -> str | None:
    """Repeat the codes of a suggested look-up, and the stars for their secrets, if each may be repeated.

    >>> echo_content("HS777/2023, 13557009 ****"), echo_content("VNEID.TOP/0007")
    ('HS777-2023, 13557009 ****', None)
    """
    said = [_echo_asked(one) for one in content.split(", ")]
    return None if None in said else ", ".join(map(str, said))


def _echo_asked(written: str) -> str | None:
    code, blank, stars = written.partition(" ")
    said = echo_code(code)
    return None if said is None or stars.strip("*") else f"{said}{blank}{stars}"


def _answered(command: LookUpStatus) -> str:
    codes = ", ".join(f"{code.written} (as {code.canonical})" for code in command.codes)
    return f"the state of {codes}, as the dossiers have it."


HANDLER = Handler(
    command=LookUpStatus,
    service="look_up_dossier",
    handle=look_up_status,
    help=Phrase.HELP_DVC,
    line=Phrase.LINE_DVC,
    meant=Phrase.MEANT_DVC,
    copyable=Phrase.COPY_DVC,
    with_secret={
        Phrase.HELP_DVC: Phrase.HELP_DVC_CLOSED,
        Phrase.LINE_DVC: Phrase.LINE_DVC_CLOSED,
        Phrase.COPY_DVC: Phrase.COPY_DVC_CLOSED,
    },
    echo=echo_content,
    misreads=frozenset({MisreadKind.RECEIPT_CODE, MisreadKind.TOO_MANY_CODES}),
    outcomes=frozenset(
        {
            Outcome.STATUS_TOLD,
            Outcome.STATUS_PARTLY_TOLD,
            Outcome.STATUS_NOT_FOUND,
            Outcome.STATUS_WITHHELD,
        }
    ),
    fruitful=frozenset({Outcome.STATUS_TOLD, Outcome.STATUS_PARTLY_TOLD}),
    unfound=frozenset({Outcome.STATUS_NOT_FOUND, Outcome.STATUS_WITHHELD}),
    answered=_answered,
    is_look_up=True,
    prefetch=fetch,
    guard=_guessable,
    secrets_tried=_secrets_tried,
)
