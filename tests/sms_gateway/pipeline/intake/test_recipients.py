"""Which short code a citizen texted to, however the carrier writes it."""

from __future__ import annotations

import pytest

from sms_gateway.channels.smpp.link import codes_of_link
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.settings.link_model import LinkSettings


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("8188", "8188"),
        ("+8188", "8188"),
        ("848188", "8188"),
        ("+848188", "8188"),
        ("08188", "8188"),
        ("008188", "8188"),
        ("00848188", "8188"),
        ("8408188", "8188"),
        ("00848388", "+8388"),
        ("00849999", "00849999"),
        (" 81 88", "8188"),
        ("", "8188"),
        ("+", "8188"),
        (" \0", "8188"),
        ("8388", "+8388"),  # as the settings write it
        ("+848388", "+8388"),
        ("9999", "9999"),
        ("+9999", "9999"),
        ("TONGDAI", "TONGDAI"),
        ("٨١٨٨", "٨١٨٨"),
    ],
)
def test_reads_a_recipient_as_the_settings_write_it(raw: str, read: str) -> None:
    assert ShortCodes(known=frozenset({"8188", "+8388"}), default="8188").read(raw) == read


def test_a_link_with_a_number_of_its_own_answers_from_it() -> None:
    plain = LinkSettings(host="h", system_id="us")
    assert codes_of_link(plain, ["8188", "8388"]).read("") == "8188"
    own = codes_of_link(plain.model_copy(update={"short_code": "9029"}), ["8188", "8388"])
    assert [own.read(raw) for raw in ("", "+9029", "+8188")] == ["9029", "9029", "8188"]
