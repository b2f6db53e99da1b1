"""DK (dang ky): tell this phone when a dossier changes. Codes and their secrets are read as behind DVC."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from parsers.commands import ReceiptCode, ShowHelp
from parsers.commands.notices import Subscribe
from parsers.fields.codes.national_form import find_national_form
from parsers.fields.codes.receipt_codes import read_receipt_code
from parsers.grammar import Grammar, Reading, Service
from parsers.grammars.help import is_help_behind
from parsers.grammars.keyword_writing import number_follows
from parsers.grammars.named_codes import explain, official_form, printed, why
from parsers.grammars.status_lookup import MOST_CODES, is_likely_codes, read_status
from parsers.grammars.status_lookup_masking import places_beside_codes
from parsers.grammars.status_lookup_secrets import read_status_with_secrets
from parsers.misread import Misread
from parsers.text.edits import is_one_edit
from parsers.text.excerpt import Excerpt

_ASIDE = re.compile(
    r"(?:[\s:.,;=#*'\"<(-]|(?:NHAN|TIN|TIN\s*NHAN|SMS|THONG\s*BAO|BAO|THEO\s*DOI|KET\s*QUA|TINH\s*TRANG|DANG\s*KY|VE|CHO"
    r"|HO\s*SO|CUA|TOI|EM|XIN|MUON)(?![^\W_]))+"
)
"""Words before a code that say what is subscribed to."""


def codes_behind(body: Excerpt, service: Service) -> tuple[ReceiptCode, ...] | Misread:
    """Read the codes that follow a keyword; a code of the national form is found among any words.

    >>> from parsers.vocabulary import VOCABULARY
    >>> service = Service(("8188",), False, VOCABULARY)
    >>> [code.written for code in codes_behind(Excerpt.of(" nhan tin ho so 777/2023"), service)]
    ['777/2023']
    """
    aside = _ASIDE.match(body.folded)
    rest = body.cut(aside.end()) if aside is not None else body
    read = read_status_with_secrets if service.with_secrets else read_status
    reading = read(rest, short_codes=service.short_codes)
    if not isinstance(reading, Misread):
        return reading.codes
    national = [read_receipt_code(rest.cut(*place)) for place in find_national_form(rest.folded)]
    codes = tuple(dict.fromkeys(code for code in national if code is not None))
    if not 0 < len(codes) <= MOST_CODES:
        return reading
    return tuple(replace(code, secret="") for code in codes) if service.with_secrets else codes


def _read(body: Excerpt, today: date, service: Service) -> Reading | None:
    if is_help_behind(body):
        return ShowHelp(topic=Subscribe.name)
    codes = codes_behind(body, service)
    if not isinstance(codes, Misread):
        return Subscribe(codes=codes)
    return None if _is_of_another(body, today, service) else replace(codes, command=Subscribe.name)


def _is_of_another(body: Excerpt, today: date, service: Service) -> bool:
    """Return whether what follows is the content of a command whose keyword is one slip of the finger apart."""
    own = service.vocabulary.words_of(Subscribe.name)
    return any(
        keyword.grammar.fits is not None and keyword.grammar.fits(body, today, service) is not None
        for keyword in service.vocabulary.keywords
        if keyword.grammar.command is not Subscribe and any(is_one_edit(keyword.word, word) for word in own)
    )


def _fits(body: Excerpt, today: date, service: Service) -> Subscribe | None:
    del today
    codes = codes_behind(body, service)
    found = None if isinstance(codes, Misread) else Subscribe(codes=codes)
    return found if found is not None and is_likely_codes(found) else None


def _samples(keyword: str, codes: Sequence[str]) -> Sequence[str]:
    return [f"{keyword} {code}" for code in codes[:1]]


GRAMMAR = Grammar(
    command=Subscribe,
    service="subscription",
    default_keywords=("DK",),
    read=_read,
    writing=number_follows,
    is_greeted=True,
    fits=_fits,
    printed=printed,
    official_form=official_form,
    why=why,
    explain=explain,
    holds_codes=True,
    holds_secrets=True,
    secret_places=places_beside_codes,
    samples=_samples,
)
