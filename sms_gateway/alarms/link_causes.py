"""Why a link is down, or a notice did not get out, as a message: rows and logs hold the link's English words."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping, Sequence

from parsers.localised_message import LocalisedMessage
from sms_gateway.alarms.condition import Value, said
from sms_gateway.channels.smpp.session.tls import STRICT_RULE

_CAUSES: Mapping[str, re.Pattern[str]] = {
    key: re.compile(pattern)
    for key, pattern in {
        "closed": "connection closed",
        "reads_nothing": "the SMSC reads nothing",
        "stopped": "stopped",
        "length": "command_length out of bounds",
        "no_answer_to": r"no answer to (?P<what>bind|unbind|enquire_link)",
        "refused": r"bind refused: (?P<status>\S+)",
        "unbound_by_them": "unbound by the SMSC",
        "unbound": "unbound",
        "interrupted": r"(?P<host>\S+) port (?P<port>\d+): interrupted",
        "fault": "a fault of the gateway",
        "no_name": r"(?P<host>\S*): not the name of a host \(.*\)",
        "look_up": r"(?P<host>\S+): cannot be looked up \((?P<why>.*)\)",
        "no_host": r"(?P<host>\S+): no such host \(.*\)",
        "connect": r"(?P<host>\S+) port (?P<port>\d+): (?P<why>.*)",
        "unusable": r"cannot be used \((?P<words>.*)\)",
        "certificate_strict": rf"certificate refused: (?P<words>.*){re.escape(STRICT_RULE)}",
        "certificate": r"certificate refused: (?P<words>.*)",
        "no_address": "no address",
        "no_handshake": "no answer to the TLS handshake",
        "silence": "no answer",
        "no_answer_in": r"no answer in (?P<seconds>\d+) seconds",
        "no_telephones": "no channel that sends to telephones is up",
        "http": r"(?:the receiver answered )?HTTP (?P<status>\d{3})",
        "token_none": r"no access token; fix: sms-gateway tokens authorise (?P<link>\S+)",
        "token_refused": r"the provider refused the refresh token; fix: sms-gateway tokens authorise (?P<link>\S+)",
        "token_waits": r"the access token could not be renewed: (?P<why>.*)",
        **{
            f"os.{errno.errorcode[number]}": re.escape(os.strerror(number))
            for number in (
                *(errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENETUNREACH),
                *(errno.ETIMEDOUT, errno.EPIPE, errno.ECONNABORTED, errno.EHOSTDOWN, errno.ENETDOWN),
                *(errno.EMFILE, errno.ENFILE, errno.EAFNOSUPPORT, errno.EINVAL),
            )
        },
    }.items()
}

CAUSES = frozenset(_CAUSES)
"""Every cause that has words of its own."""


def cause_of(told: str) -> LocalisedMessage | str:
    """Return the message for the last error of a link or a way; an unknown one, such as one of the system, as it is."""
    for key, pattern in _CAUSES.items():
        if found := pattern.fullmatch(told):
            values: dict[str, Value] = dict(found.groupdict())
            if "why" in values:
                values["why"] = _causes_of(found["why"].split("; "))  # one for each address
            return said(f"cause.{key}", **values)
    return told


def _causes_of(each: Sequence[str]) -> LocalisedMessage:
    causes: dict[str, Value] = {f"cause{number}": cause_of(one) for number, one in enumerate(each)}
    words = "; ".join(f"{{{name}}}" for name in causes)
    return LocalisedMessage(key="cause.each", words=words, values=causes)
