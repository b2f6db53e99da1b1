"""Thanks and greetings, which ask for nothing, and numbers to call. Thanks get no answer, the others the help."""

from __future__ import annotations

import re

from parsers.commands import ShowHelp, TakeThanks
from parsers.text.normal_form import NormalText, fold

_LONGEST = 80
"""Characters; a longer text says more than thanks."""
_REPEATED = re.compile(r"(.)\1+")
_WORDS = re.compile(r"[\W_]+")
_THANKS = (
    r"(?:OK(?:E|I|IE|AY|EY|ELA|LA)?|O KE|(?:XIN )?C(?:AM|AMS|AMR|M) (?:ON|OWN)|CAMON|THANKS?(?: YOU)?|THANKYOU|TKS"
    r"|THKS|THX|VANG|DA)"
)
_MORE = (
    r"(?:A|AH|AD|E|B|ACE|NHE|NHA|NHEN|NHIEU|RAT|LAM|QUA|XIN|EM|ANH|CHI|BAN|CAC|CO|CHU|BAC|CHAU|TOI|MINH|CON|QUY"
    r"|CAN BO|CO QUAN|TONG DAI|TRUNG TAM|ROI|DUOC|TOT|HIEU|BIET|CHAN THANH|TRAN TRONG"
    r"|DA GIUP(?: DO)?|DA HO TRO|VI DA|CHAO|NHIET TINH)"
)
_ONLY_THANKS = re.compile(rf"(?:{_MORE} )*{_THANKS} (?:(?:{_MORE}|{_THANKS}) )*")
_GREETING = re.compile(
    r"(?:(?:XIN )?CHAO|A ?LO|HELO|HALO|HI|HEY|Y|YES|TEST|[0-9])"
    r" (?:(?:XIN|CHAO|A ?LO|OI|A|EM|ANH|CHI|BAN|CAC|CO|CHU|BAC|QUY|CAN BO|TONG DAI|TRUNG TAM"
    r"|BUOI (?:SANG|CHIEU|TOI)) )*"
)
_SERVICE_NUMBER = re.compile(r"(?:(?:GOI|LIEN HE|TONG DAI|HOTLINE|SO) )*(?:1022|1080|11[1-6]) ")
"""Numbers to call that the whole country knows; a sender who writes one looks for help."""
_THANKFUL = frozenset("👍🙏❤♥👌😊🥰😍💕🌹💐💖")
"""Signs that say thanks without a word."""


def read_courtesy(text: NormalText) -> TakeThanks | ShowHelp | None:
    """Read a text that is thanks or a greeting and nothing else.

    >>> read_courtesy(NormalText("Dạ vâng, okkk em nhé. Cảm ơn rất nhiều!"))
    TakeThanks()
    >>> [read_courtesy(NormalText(text)) for text in ("Alo alo", "1022", "da co ket qua chua")]
    [ShowHelp(topic=None), ShowHelp(topic=None), None]
    """
    if len(text) > _LONGEST:
        return None
    written = _WORDS.sub(" ", fold(text)).strip() + " "
    words = _REPEATED.sub(r"\1", written)
    if _ONLY_THANKS.fullmatch(words):
        return TakeThanks()
    return ShowHelp() if _GREETING.fullmatch(words) or _SERVICE_NUMBER.fullmatch(written) else None


def is_thankful_sign(text: str) -> bool:
    """Return whether a text without letters and digits holds a sign of thanks (`👍`)."""
    return not _THANKFUL.isdisjoint(text)
