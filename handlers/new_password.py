"""A new first password for an account that there is: given by an operator, told like the first one."""

from __future__ import annotations

from handlers.answer import Answer, Outcome, cheapest
from handlers.context import FirstPassword, ServiceFacts
from handlers.wording.fit import first_fit
from handlers.wording.phrases import Phrase

MASK = "****"


def tell_new_password(user_name: str, first: FirstPassword, service: ServiceFacts) -> Answer:
    """Say user name and new password in one segment."""
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
