"""A provider's refusal by HTTP in the reader's language: its own code, and what it complains of."""

from __future__ import annotations

import re

from sms_gateway.channels.http.sending.response_table import RefusedFor
from sms_gateway.web.language import say

_CLASSES = "|".join(re.escape(one.value) for one in RefusedFor)
_REFUSED = re.compile(rf"(?P<response>HTTP \d{{3}} code .+) \((?P<class>{_CLASSES})\)")


def shown_refusal(told: str) -> str:
    """Put the class of a refusal into words; an error without one is returned as it is."""
    found = _REFUSED.fullmatch(told)
    if found is None:
        return told
    meaning = RefusedFor(found["class"]).name
    return f"{found['response']}: {say(f'refused_for.{meaning}')}"
