"""Words that stand for a keyword of the conversation: `cho toi hoi` for a question, `phan anh` for a report."""

from __future__ import annotations

import re

from parsers.text.normal_form import NormalText, fold

QUESTION, REPORT, PROPOSAL, SUGGESTION = "question", "report", "proposal", "suggestion"

_WHO = r"(?:ANH|CHI|CO|CHU|BAC|ONG|BA|EM|BAN|CAC|AD|QUY|VI|CO\s*QUAN|CAN\s*BO|TONG\s*DAI|TRUNG\s*TAM|DON\s*VI|UBND)"
_SPEAKER = r"(?:TOI|EM|E|CHAU|CON|MINH|ANH|CHI)"
_WHOM = rf"{_WHO}(?:\s+{_WHO}){{0,3}}"
_GREETING = (
    rf"(?:(?:DA\s+)?(?:(?:XIN|KINH|EM|CHAU|CON|TOI)\s+){{0,2}}CHAO(?:\s+{_WHOM})?"
    rf"|KINH\s+GUI\s+[^,:;.\n]{{1,60}}(?=[,:;.\n])|A\s?LO+(?:\s+A\s?LO+)*|DA|{_WHOM}(?:\s+(?:OI|A))?|{_SPEAKER})(?:\s+A)?"
)
_WISH = rf"(?:(?:XIN\s*)?CHO|MUON|XIN)\s*(?:{_SPEAKER}\s*)?(?:XIN\s*|DUOC\s*|MUON\s*)?"
_SPELLED_OUT = r"(?P<report>PHAN\s*ANH)|(?P<proposal>KIEN\s*NGHI)|(?P<suggestion>GOP\s*Y)"
_BARE = _SPELLED_OUT.replace("?P<", "?P<bare_")
_FRAME = re.compile(
    rf"\W{{0,10}}(?:{_GREETING}(?:\W+|(?=CHO\s|XIN\s)))?"
    rf"(?:(?:{_SPEAKER}\s+)?{_WISH}(?:(?P<question>HOI)|{_SPELLED_OUT})|{_BARE})(?![^\W_])[\s:,.;|-]*"
)
_TO_ASK = "hỏi"


def conversation_frame(text: NormalText) -> tuple[str, int] | None:
    """Return what the first words of a text make of it, and where its content begins.

    The kinds are `question`, `report`, `proposal` and `suggestion`. At most one greeting or address may be before.

    >>> text = NormalText("Xin chao, cho toi hoi lam ho chieu o dau")
    >>> conversation_frame(text), text[22:]
    (('question', 22), 'lam ho chieu o dau')
    >>> conversation_frame(NormalText("phan anh den duong hong")), conversation_frame(NormalText("cho tôi hội phí"))
    (('report', 9), None)
    """
    found = _FRAME.match(fold(text))
    if found is None:
        return None
    kind, start, end = next(
        (name.removeprefix("bare_"), *found.span(name)) for name, said in found.groupdict().items() if said is not None
    )
    written = text[start:end]
    if kind == QUESTION:
        return (kind, found.end()) if written.isascii() or written.lower() == _TO_ASK else None
    return None if _is_name(written, text[found.end() :]) else (kind, found.end())


def _is_name(written: str, behind: str) -> bool:
    """Return whether `Phan Anh` is a name: written with capitals, before another word that is."""
    return written.istitle() and " " in written and written != written.upper() and behind[:1].isupper()
