"""The page that asks before something reaches a citizen or stops a link; it works without JavaScript.

It has the address that the form posts to: GET asks, POST acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request

from sms_gateway.channels.smpp.coding.text import count_segments
from sms_gateway.pages.display.encodings import name_on_link
from sms_gateway.pages.display.ways_out import WayOut, way_out
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """The SMS that would be sent, with its exact words; secrets and numbers are masked."""

    text: str
    to: str  # masked
    encoding: str  # empty where a provider chooses it
    segments: int  # 0: it is no SMS, and has none


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """The question, its consequences, and the hidden fields of the form."""

    title: str
    leads: Sequence[str]
    button: str
    back: str  # the address of the page before
    sms: Sms | None = None
    others: Sequence[Sms] = ()  # what else would be sent
    fields: Mapping[str, str] = field(default_factory=dict)
    asks_block: bool = False  # asks for how many days a number is blocked, and why

    @property
    def texts(self) -> Sequence[Sms]:
        """What would be sent."""
        return [*([] if self.sms is None else [self.sms]), *self.others]


def sms_of(text: str, to: str, *, by: str | None) -> Sms:
    """Return an SMS as the page shows it; `by` is its channel, None where that is not known yet."""
    traits = dependencies().traits_of(by)
    way = WayOut.SMPP if by is None else way_out(by)
    encoding, _ = count_segments(text, traits.alphabet)
    return Sms(
        text=text,
        to=to,
        encoding="" if way.is_http else name_on_link(encoding.value, traits.alphabet),
        segments=0 if way is WayOut.MESSAGE else traits.segments_of(text),
    )


def ask(question: Question, form: Filled | None = None) -> str:
    """Render the page; its form posts to the address of the page, with the query of that address."""
    address = f"{request.script_root}{request.full_path}".removesuffix("?")
    return render_template("confirm.html", question=question, address=address, form=form or Filled())
