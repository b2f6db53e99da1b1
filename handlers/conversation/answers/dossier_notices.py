"""Answers about subscriptions to dossiers, and the notices themselves; each in one segment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from db.notices.changes import Facts
from db.schema import NoticeKind
from handlers.context import ServiceFacts
from handlers.conversation.answers.sentence import known, one_segment
from handlers.wording.echo import echo_code
from handlers.wording.fit import clip
from handlers.wording.phrases import Phrase
from handlers.wording.plain import plain, unaccented

_CUTS = ((200, 200), (120, 60), (80, 60), (60, 40), (48, 32), (40, 24), (30, 16), (20, 12), (12, 8))
"""Letters to which what is wanted, and how to supply it, are cut until one segment holds them."""
_PLACES = (100, *range(72, 16, -4))
"""Letters to which a place is cut, where its first part, before a comma, is too long too."""

_CUT = "..."
_BY_POST = re.compile(r"(?<![^\W_])(?:BUU\s*(?:DIEN|CHINH|TA)|CHUYEN\s*PHAT|VNPOST|POST)(?![^\W_])")
_ONLINE = re.compile(r"(?<![^\W_])(?:TRUC\s*TUYEN|QUA\s*MANG|DIEN\s*TU|CONG\s*DICH\s*VU\s*CONG|VNEID|ONLINE)(?![^\W_])")
_PLAIN_KINDS = {
    NoticeKind.REFUSED: Phrase.NOTICE_REFUSED,
    NoticeKind.WITHDRAWN: Phrase.NOTICE_WITHDRAWN,
    NoticeKind.STOPPED: Phrase.NOTICE_STOPPED,
    NoticeKind.RETURNED: Phrase.NOTICE_RETURNED,
}
_WANTING = {
    NoticeKind.PAPERS_WANTED: (Phrase.NOTICE_PAPERS, Phrase.NOTICE_PAPERS_UNSAID),
    NoticeKind.PAYMENT_WANTED: (Phrase.NOTICE_PAYMENT, Phrase.NOTICE_PAYMENT_UNSAID),
}


def subscribed(codes: Sequence[str], others: Sequence[str], service: ServiceFacts) -> str:
    """Return that this phone is told of these dossiers, and not of those with the other codes."""
    said = {"codes": ", ".join(map(plain, codes))}
    if not others:
        return one_segment(Phrase.SUBSCRIBED, service, said, {})
    shown = [echo_code(code) or service.wording.say(Phrase.CODE_UNSAID, {}) for code in others]
    return one_segment(Phrase.SUBSCRIBED_PARTLY, service, {**said, "others": ", ".join(dict.fromkeys(shown))}, {})


def ended(codes: Sequence[str], service: ServiceFacts, *, named: bool) -> str:
    """Return that this phone is told no more of these dossiers; `named`: the sender named them, else all are ended."""
    if not named:
        return one_segment(Phrase.UNSUBSCRIBED, service)
    return one_segment(Phrase.UNSUBSCRIBED_ONE, service, {"codes": ", ".join(map(plain, codes))}, {})


def nothing_ended(codes: Sequence[str], service: ServiceFacts) -> str:
    """Return that this phone was not told of these dossiers, or of none; it does not show whether they exist."""
    if not codes:
        return one_segment(Phrase.NO_SUBSCRIPTION, service)
    shown = [said for code in codes if (said := echo_code(code))]
    return one_segment(Phrase.NOT_SUBSCRIBED, service, known(codes=", ".join(shown)))


def notice(kind: NoticeKind, code: str, told: Facts, service: ServiceFacts, *, missed: date | None = None) -> str:
    """Return what a citizen is told; `missed` is the due date that an apology is for."""
    said = {"code": plain(code)}
    match kind:
        case NoticeKind.RECEIVED:
            return one_segment(Phrase.NOTICE_RECEIVED, service, said | known(due=_day(told.due_on)), said)
        case NoticeKind.PAPERS_WANTED | NoticeKind.PAYMENT_WANTED:
            return _wanted(kind, said, told, service)
        case NoticeKind.DONE:
            return _done(said, told, service)
        case NoticeKind.DUE_TOMORROW:
            return one_segment(Phrase.NOTICE_DUE, service, said | known(due=_day(told.due_on)))
        case NoticeKind.OVERDUE:
            new_due = told.due_on if missed is not None and told.due_on is not None and told.due_on > missed else None
            return one_segment(Phrase.NOTICE_LATE, service, said | known(due=_day(missed), new_due=_day(new_due)))
        case _:
            return one_segment(_PLAIN_KINDS[kind], service, said)


def changed(code: str, service: ServiceFacts) -> str:
    """Return that a dossier has changed, to a phone that never gave the secret which its state needs now."""
    return one_segment(Phrase.NOTICE_CHANGED, service, {"code": plain(code)})


def _wanted(kind: NoticeKind, said: Mapping[str, str], told: Facts, service: ServiceFacts) -> str:
    phrase, unsaid = _WANTING[kind]
    wanted, fix = _words(told.wanted), _words(told.fix)
    if not wanted:
        return one_segment(unsaid, service, said)
    variants = [{**said, **known(wanted=clip(wanted, most, _CUT), fix=clip(fix, least, _CUT))} for most, least in _CUTS]
    return one_segment(phrase, service, *variants).replace(f"{_CUT}.", _CUT)  # without the stop of the sentence


def _done(said: Mapping[str, str], told: Facts, service: ServiceFacts) -> str:
    place = _words(told.pick_up)
    upper = unaccented(place).upper()
    if _BY_POST.search(upper):
        return one_segment(Phrase.NOTICE_DONE_POST, service, said)
    phrase = Phrase.NOTICE_DONE_ONLINE if _ONLINE.search(upper) else Phrase.NOTICE_DONE
    return one_segment(phrase, service, *_places(said, place)).replace(f"{_CUT}.", _CUT)


def _places(said: Mapping[str, str], place: str) -> Iterator[Mapping[str, str]]:
    if place:
        parts = [place[: one.start()] for one in re.finditer(r"\s*[,;(]", place)]
        cuts = [clip(place, letters, _CUT) for letters in _PLACES]
        yield from ({**said, "pick_up": one} for one in (cuts[0], *reversed(parts), *cuts[1:]) if one)
    else:
        yield said


def _words(text: str | None) -> str:
    """Make an office's own words plain, without the full stop that the sentence has."""
    return plain(text or "").rstrip(" .;,")


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
