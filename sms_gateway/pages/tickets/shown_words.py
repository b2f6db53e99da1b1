"""What was said in tickets, as pages show it: masked, unless somebody revealed the ticket."""

from __future__ import annotations

from db.store.address import Address, as_msisdn
from sms_gateway.pages.display.secret_masking import without_secret
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say
from sms_gateway.web.masking import mask_phone, mask_words, readable


def shown_words(words: str | None, *, clear: bool = False) -> str:
    """Return words of a ticket; numbers and possible secrets are hidden."""
    if words is None:
        return say("ticket.words_gone")
    return readable(words) if clear else mask_words(without_secret(words, None))


def shown_phone(phone: Address | None, *, clear: bool = False) -> str:
    """Return the number of a citizen, of which agents see the last three digits."""
    if phone is None:
        return say("ticket.phone_gone")
    if clear:
        return phone
    return dependencies().addresses.mask(phone) if as_msisdn(phone) is None else mask_phone(phone)
