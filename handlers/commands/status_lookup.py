"""DVC: the state of one to three dossiers, in as few segments as hold it; never a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from db.citizens.dossiers import Dossier
from db.schema import DossierStatus
from db.store.record import record
from handlers.answer import Answer, Outcome
from handlers.commands.dossier_codes import Ambiguous, fetch, guessable, match, secrets_tried, try_key
from handlers.context import Context, ServiceFacts
from handlers.handler import Handler
from handlers.wording.echo import echo_code
from handlers.wording.fit import MOST_SEGMENTS, clip, first_fit
from handlers.wording.phrases import Phrase
from handlers.wording.plain import plain
from parsers.commands import CanonicalCode, LookUpStatus, NamesDossiers, ReceiptCode
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


def look_up_status(command: NamesDossiers, context: Context) -> Answer:
    """Give the state of each dossier asked for, in the order asked; a repeated code counts once."""
    findings = _findings(command, context)
    return Answer(
        text=_compose(findings, context.service),
        outcome=_outcome(findings, sum(isinstance(one.found, Dossier) for one in findings), context),
        told=tuple([(one.found.code, one.found.status) for one in findings if isinstance(one.found, Dossier)]),
    )


def name_dossiers(command: NamesDossiers, context: Context) -> Sequence[tuple[ReceiptCode, Dossier | None]]:
    """Return each code with the one dossier that it finds and opens; a dossier that comes twice counts once."""
    findings = _findings(command, context)
    return [(one.code, one.found if isinstance(one.found, Dossier) else None) for one in findings]


def _findings(command: NamesDossiers, context: Context) -> list[_Finding]:
    findings: list[_Finding] = []
    seen: set[int] = set()
    for code in command.codes:
        found = match(code, context.dossiers.get(try_key(code), ()))
        if isinstance(found, Dossier):
            if found.id in seen:
                continue
            seen.add(found.id)
        findings.append(_Finding(code=code, found=found))
    return findings


def tell_status(dossier: Dossier, service: ServiceFacts) -> str:
    """Return the answer to a citizen who asks for this dossier alone, with these facts."""
    code = ReceiptCode(written=dossier.code.upper(), canonical=CanonicalCode(dossier.canonical))
    return _compose([_Finding(code=code, found=dossier)], service)


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
    guard=guessable,
    secrets_tried=secrets_tried,
)
