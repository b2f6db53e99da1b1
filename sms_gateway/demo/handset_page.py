"""`/phone`, in the demo only: a handset in the simulated network, to text the gateway as a citizen would.

The number and the network by which it sends are encrypted in a cookie, so they are in no address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from db.store.address import Address, Msisdn
from db.store.phone_numbers import read_sender
from parsers import LONGEST_TEXT
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments
from sms_gateway.demo.handset import Handset
from sms_gateway.web.dependencies import ExtraPage, dependencies
from sms_gateway.web.forms import open_value, read_cookie, seal_value, set_cookie, short_field
from sms_gateway.web.language import say

FIRST_NUMBER = "0905123456"
COOKIE = "handset"
SEALED_NUMBER = "web.handset"
MOST_SEGMENTS = 10
"""Handsets send no longer text: most make an MMS of it, or refuse. 1,530 characters of GSM 03.38, or 670 of UCS-2."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandsetPage:
    """What the page works with."""

    handset: Handset
    citizens: Sequence[str]
    next_day: Callable[[], None] | None


def phone_page(
    handset: Handset, *, citizens: Sequence[str] = (), next_day: Callable[[], None] | None = None
) -> ExtraPage:
    """Build the page `/phone` of a handset.

    `citizens` are numbers to switch between; `next_day` moves the demo's clock on.
    """
    page = HandsetPage(handset=handset, citizens=citizens, next_day=next_day)
    blueprint = Blueprint("phone", __name__, url_prefix="/phone", template_folder="templates")
    blueprint.add_url_rule("", "phone", partial(phone, page))
    blueprint.add_url_rule("", "send", partial(send, page), methods=["POST"])
    if next_day is not None:
        blueprint.add_url_rule("/day", "day", partial(day, next_day), methods=["POST"])
    return ExtraPage(blueprint=blueprint, endpoint="phone.phone", label="menu.phone")


def phone(page: HandsetPage) -> str:
    """Show the handset; `?sample=N` puts a sample text into the box."""
    wanted = request.args.get("sample", type=int)
    samples = page.handset.samples
    draft = samples[wanted] if wanted is not None and 0 <= wanted < len(samples) else ""
    number, way = _kept(page)
    return _page(page, typed=_shown_number(number), way=way, draft=draft, fault=None)


def send(page: HandsetPage) -> Response | tuple[str, int]:
    """Send the text as the number typed; the button `show` and those of citizens only change the number."""
    citizen = short_field("citizen")
    typed, text = citizen or short_field("number"), request.form.get("text", "").strip()
    number, way = read_sender(typed), short_field("way")
    if number is None:
        return _page(page, typed=typed, way=way, draft=text, fault=say("phone.number_fault")), 400
    way = _known_way(page, number, way)
    if "show" not in request.form and not citizen:
        fault = _fault_of(text)
        if fault is not None:
            return _page(page, typed=typed, way=way, draft=text, fault=fault), 400
        page.handset.send(number, text, way)
    response = redirect(url_for("phone.phone"), code=303)
    set_cookie(response, COOKIE, seal_value(f"{number} {way}", SEALED_NUMBER))
    return response


def day(next_day: Callable[[], None]) -> Response:
    """Move the demo's clock on by a day; what is due by then happens within a minute."""
    next_day()
    return redirect(url_for("phone.phone"), code=303)


def _fault_of(text: str) -> str | None:
    """Say why no handset would send a text; what is longer than any is not counted first."""
    if not text:
        return say("phone.no_text")
    if len(text) > LONGEST_TEXT or count_segments(text)[1] > MOST_SEGMENTS:
        accented = MOST_SEGMENTS * Encoding.UCS2.multiple
        return say("phone.too_long", segments=MOST_SEGMENTS, plain=LONGEST_TEXT, accented=accented, count=len(text))
    return None


def _page(page: HandsetPage, *, typed: str, way: str, draft: str, fault: str | None) -> str:
    number, _ = _kept(page)
    return render_template(
        "handset.html",
        number=typed,
        ways=page.handset.ways(number),
        way=way,
        draft=draft,
        fault=fault,
        samples=page.handset.samples,
        citizens=page.citizens,
        has_days=page.next_day is not None,
        now=dependencies().now(),
        most=LONGEST_TEXT,
        short_code=dependencies().settings.service.short_codes[0],
        bubbles=page.handset.conversation(number),
    )


def _kept(page: HandsetPage) -> tuple[Msisdn, str]:
    """Return the number of the cookie, and by what it sends."""
    kept, _, way = (open_value(read_cookie(COOKIE) or "", SEALED_NUMBER) or "").partition(" ")
    number = Msisdn(Address(kept or f"84{FIRST_NUMBER[1:]}"))
    return number, _known_way(page, number, way)


def _known_way(page: HandsetPage, number: Msisdn, wanted: str) -> str:
    """Return the way of this name, or the usual one when there is none."""
    names = [way.name for way in page.handset.ways(number)]
    return wanted if wanted in names else names[0]


def _shown_number(number: Msisdn) -> str:
    """Write the number as people here do: 0905123456."""
    return f"0{number[2:]}" if number.startswith("84") else f"+{number}"
