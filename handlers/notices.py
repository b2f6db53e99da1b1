"""Notices: sentences that do not depend on a text, or are sent unasked to the phone of an account."""

from __future__ import annotations

from handlers.answer import Answer, Outcome, cheapest
from handlers.context import FirstPassword, ServiceFacts
from handlers.wording.fit import cheaper, first_fit
from handlers.wording.phrases import Phrase

MASK = "****"
_PHRASES = {
    Outcome.DAY_LIMIT_TOLD: Phrase.DAY_LIMIT,
    Outcome.REST_TOLD: Phrase.REST,
    Outcome.PHONE_NEEDED: Phrase.PHONE_NEEDED,
    Outcome.WORDS_NEEDED: Phrase.WORDS_NEEDED,
}


def apologise(service: ServiceFacts) -> Answer:
    """Return the apology for a parked text; it names neither the text nor the fault."""
    values = {"short_code": service.said_as or service.short_code, "hotline": service.hotline}
    answer = Answer(text=service.wording.say(Phrase.APOLOGY, values), outcome=Outcome.APOLOGISED)
    return cheapest(answer, service.segments_of)


def tell_limit(outcome: Outcome, service: ServiceFacts) -> Answer:
    """Return the notice for a limit, REST_TOLD, PHONE_NEEDED or WORDS_NEEDED; it does not name the text."""
    phrase = _PHRASES.get(outcome, Phrase.HOUR_LIMIT)
    is_by_phone = outcome is Outcome.PHONE_NEEDED or not service.said_as
    values = {"short_code": service.short_code if is_by_phone else service.said_as, "hotline": service.hotline}
    return cheapest(Answer(text=service.wording.say(phrase, values), outcome=outcome), service.segments_of)


def tell_switched_off(outcome: Outcome, keyword: str, sentence: str, service: ServiceFacts) -> Answer:
    """Return that a service is off for now: in the operator's sentence, or in that of the wording if it is empty."""
    text = sentence or off_sentence(keyword, service)
    return cheapest(Answer(text=text, outcome=outcome), service.segments_of)


def off_sentence(keyword: str, service: ServiceFacts) -> str:
    """Return in one segment that the service of a keyword is off for now."""
    forms = service.wording.forms(Phrase.SERVICE_OFF, {"keyword": keyword, **service.values})
    return first_fit(forms) or forms[-1]


def tell_new_password(user_name: str, first: FirstPassword, service: ServiceFacts) -> Answer:
    """Write user name and new password in one segment."""
    values = {
        "user_name": user_name,
        "password": first.clear,
        "short_code": service.short_code,
        "hotline": service.hotline,
        "days": str(service.password_days),
        "place": service.password_place,
    }
    forms = service.wording.forms(Phrase.ACCOUNT_OPENED, values)
    text = first_fit(forms) or forms[-1]
    answer = Answer(text=text, masked=text.replace(first.clear, MASK), outcome=Outcome.ACCOUNT_OPENED)
    return cheapest(answer, service.segments_of)


def tell_released(user_name: str, service: ServiceFacts) -> str:
    """Write in one segment that an account has ended."""
    return _fit(Phrase.ACCOUNT_RELEASED, user_name, service)


def tell_phone_changed(user_name: str, service: ServiceFacts) -> str:
    """Write in one segment, to the previous phone, that the account has another one."""
    return _fit(Phrase.PHONE_CHANGED, user_name, service)


def _fit(phrase: Phrase, user_name: str, service: ServiceFacts) -> str:
    values = {"user_name": user_name, "short_code": service.short_code, "hotline": service.hotline}
    forms = service.wording.forms(phrase, values)
    return cheaper(first_fit(forms) or forms[-1], service.segments_of)
