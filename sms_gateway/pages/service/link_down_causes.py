"""Why a link is down, in the reader's language."""

from __future__ import annotations

from sms_gateway.alarms.link_causes import CAUSES as CAUSES  # noqa: PLC0414 - tests of the words take them from here
from sms_gateway.alarms.link_causes import cause_of
from sms_gateway.pages.display.refusal_names import shown_refusal
from sms_gateway.web.language import say


def shown_cause(told: str) -> str:
    """Translate a link's last error; an unknown one, such as an error of the system, is returned as it is."""
    cause = cause_of(told)
    return shown_refusal(told) if isinstance(cause, str) else say(cause)
