"""The preview of a sentence: its placeholders filled, and its segments counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.context import DEFAULT_KEYWORDS, ServiceFacts
from handlers.guidance import list_commands, list_topics
from handlers.handler import Handlers
from handlers.wording.catalogue import placeholders
from handlers.wording.fit import cheaper
from handlers.wording.phrases import Phrase
from handlers.wording.plain import unaccented
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments

SAMPLES: Mapping[str, str] = {
    "short_code": "8188",
    "hotline": "1022",
    "user_name": "anv",
    "password": "k3h9xmq2pa",
    "days": "3",
    "place": "Cong dich vu cong",
    "code": "000.00.12.H17-230815-0007",
    "received": "15/08/2023",
    "due": "30/08/2023",
    "wanted": "ban sao CCCD",
    "pick_up": "Bo phan Mot cua",
    "wrong": "31/02/1990",
}
"""Samples for the placeholders of the preview; the office's own words are the same in every language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One form as citizens would get it, as an answer of its own."""

    form: str
    shown: str  # what is sent
    characters: int
    segments: int
    is_gsm: bool
    accented_segments: int | None  # its segments with accents; None when it has none
    keeps_accents: bool


def preview(form: str, service: ServiceFacts, handlers: Handlers) -> Preview:
    """Fill a form with samples in the language of the service, and count its segments."""
    shown = _filled(form, service, handlers)
    sent = cheaper(shown, service.segments_of)
    encoding, _ = count_segments(sent)
    return Preview(
        form=form,
        shown=sent,
        characters=len(sent),
        segments=service.segments_of(sent),
        is_gsm=encoding is Encoding.GSM,
        accented_segments=None if unaccented(shown) == shown else service.segments_of(shown),
        keeps_accents=sent == shown,
    )


def _filled(form: str, service: ServiceFacts, handlers: Handlers) -> str:
    """Fill in the samples; a placeholder without a sample shows its own name, and a faulty form stays as it is."""
    samples = {
        **SAMPLES,
        **DEFAULT_KEYWORDS,  # of a service that is off
        **service.keywords,
        "state": service.wording.say(Phrase.STATE_4, {}),
        "commands": "; ".join(forms[0] for forms in list_commands(service, handlers)),
        "topics": list_topics(service, handlers),
    }
    try:
        return form.format_map({name: samples.get(name, name) for name in placeholders(form)})
    except (ValueError, KeyError, IndexError, AttributeError):
        return form
