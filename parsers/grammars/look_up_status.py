"""The grammar of DVC as one value: the keyword, and codes that need none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from parsers.commands import LookUpStatus, ShowHelp
from parsers.fields.codes.national_form import begins_national, find_national_form, is_national_form
from parsers.fields.codes.receipt_codes import read_receipt_code
from parsers.grammar import Found, Grammar, Service, Writing
from parsers.grammars.help import is_help_behind
from parsers.grammars.named_codes import explain, official_form, printed, why
from parsers.grammars.status_lookup import KEYWORD, is_likely_codes, look_up, no_code, read_status
from parsers.grammars.status_lookup_exact import printed_form_reader
from parsers.grammars.status_lookup_masking import places_beside_codes
from parsers.grammars.status_lookup_secrets import is_code_and_secret, read_status_with_secrets
from parsers.misread import Misread
from parsers.text.excerpt import Excerpt

_ONE_LETTER = re.compile(r"[^\W\d_](?![^\W\d_'])")
_LABEL_FIRST = re.compile(
    r"(?:MA|SO|HS|HO\s*SO|BIEN\s*NHAN|MA\s*HO\s*SO|MA\s*BIEN\s*NHAN|SO\s*BIEN\s*NHAN|SO\s*HS|MA\s*HS|MA\s*SO)(?![^\W_])"
)
_FIRST_TOKEN = re.compile(r"\S+")


def _writing(keyword: str, others: Sequence[str]) -> Writing:
    del others
    spaced = r"[\s.]*".join(keyword)
    return Writing(
        written=re.compile(rf"{spaced}(?![^\W\d_])"),
        named=re.compile(rf"{spaced}(?![^\W_])"),
        glued=re.compile(rf"{keyword}(?=[^\W\d_])"),
    )


def _read(body: Excerpt, today: date, service: Service) -> LookUpStatus | ShowHelp | Misread:
    return ShowHelp(topic=LookUpStatus.name) if is_help_behind(body) else _read_codes(body, today, service)


def _read_codes(body: Excerpt, today: date, service: Service) -> LookUpStatus | Misread:
    del today
    patterns = _other_keywords(service)
    if patterns is not None:
        body = patterns.blanked(body)
    read = read_status_with_secrets if service.with_secrets else read_status
    reading = read(body, short_codes=service.short_codes)
    if patterns is None or isinstance(reading, Misread):
        return reading
    joined = [code for code in reading.codes if patterns.inside.search(code.canonical)]
    if not joined:
        return reading
    return no_code(None if service.with_secrets else Excerpt.of(joined[0].written))  # a secret may stand in it


class _Patterns:
    """The patterns of the keywords among codes, where they are others than the printed one."""

    def __init__(self, words: Sequence[str]) -> None:
        either = "|".join(words)
        self.apart = re.compile(rf"(?<![^\W_])(?:{either})(?![^\W\d_])")
        self.inside = re.compile(rf"[0-9](?:{either})[0-9]")
        """Two codes with a keyword between them and no blank: as one code, it would be one that nobody has."""

    def blanked(self, text: Excerpt) -> Excerpt:
        """Set commas in place of keywords between codes, as in `DVC 123456 DVC 123457`."""
        for each in list(self.apart.finditer(text.folded)):
            text = text.blank(each)
        return text


def _other_keywords(service: Service) -> _Patterns | None:
    words = service.vocabulary.words_of(LookUpStatus.name)
    return _patterns(words) if words != (KEYWORD,) else None


@lru_cache(maxsize=8)
def _patterns(words: tuple[str, ...]) -> _Patterns:
    return _Patterns(words)


def _holds_glued(body: Excerpt, today: date, service: Service) -> bool:
    if _LABEL_FIRST.match(body.folded) is not None:
        return True
    token = _FIRST_TOKEN.match(body.folded)
    first = token.group() if token is not None else ""
    if not any(letter.isdecimal() for letter in first):
        return False
    if _ONE_LETTER.match(body.folded) is not None and not begins_national(body.folded):
        return False
    return isinstance(_read_codes(body, today, service), LookUpStatus)


def _fits(body: Excerpt, today: date, service: Service) -> LookUpStatus | None:
    found = _read_codes(body, today, service)
    return found if isinstance(found, LookUpStatus) and is_likely_codes(found) else None


def _alone(text: Excerpt, today: date, service: Service) -> LookUpStatus | Misread | None:
    is_sure = is_national_form(text.folded) or (service.with_secrets and is_code_and_secret(text))
    return _read_codes(text, today, service) if is_sure else None


def _inside(text: Excerpt, service: Service) -> Found | None:
    """Look up the codes of the national form in a text, with any other words.

    No other digits count as a secret: where one is needed, the answer asks for it.
    """
    codes = []
    patterns = _other_keywords(service)
    rest = text = patterns.blanked(text) if patterns is not None else text
    for start, end in find_national_form(text.folded):
        code = read_receipt_code(text.cut(start, end))
        codes += [replace(code, secret="") if service.with_secrets else code] if code is not None else []
        rest = Excerpt(*(part[:start] + "," * (end - start) + part[end:] for part in rest))
    return Found(look_up(codes), rest) if codes else None


def _samples(keyword: str, codes: Sequence[str]) -> Sequence[str]:
    glued, *others = codes
    return (f"{keyword}{glued}", *(f"{keyword} {code}" for code in others))


GRAMMAR = Grammar(
    command=LookUpStatus,
    service="look_up_dossier",
    default_keywords=(KEYWORD,),
    read=_read,
    writing=_writing,
    glues=re.compile(r"[A-Z]+"),  # the letters that a code begins with
    holds_glued=_holds_glued,
    stands_for=re.compile(r"(?:TRA\s*CUU\s*)?DICH\s*VU\s*CONG"),
    is_greeted=True,
    is_found_inside=True,
    fits=_fits,
    needs_no_keyword=True,
    alone=_alone,
    inside=_inside,
    exact=printed_form_reader,
    survives_gaps=True,
    printed=printed,
    official_form=official_form,
    why=why,
    explain=explain,
    holds_codes=True,
    holds_secrets=True,
    secret_places=places_beside_codes,
    samples=_samples,
)
