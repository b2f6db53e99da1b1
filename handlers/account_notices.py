"""What is sent unasked to the phone of an account when staff end the account, or give it another phone."""

from __future__ import annotations

from handlers.context import ServiceFacts
from handlers.wording.fit import cheaper, first_fit
from handlers.wording.phrases import Phrase


def tell_released(user_name: str, service: ServiceFacts) -> str:
    """Say in one segment that an account has ended."""
    return _say(Phrase.ACCOUNT_RELEASED, user_name, service)


def tell_phone_changed(user_name: str, service: ServiceFacts) -> str:
    """Say in one segment, to the phone until now, that the account has another one."""
    return _say(Phrase.PHONE_CHANGED, user_name, service)


def _say(phrase: Phrase, user_name: str, service: ServiceFacts) -> str:
    values = {"user_name": user_name, "short_code": service.short_code, "hotline": service.hotline}
    forms = service.wording.forms(phrase, values)
    return cheaper(first_fit(forms) or forms[-1], service.segments_of)
