"""Services that an operator switched off for now: which texts get a sentence, and what no answer names meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from handlers.answer import Outcome
from handlers.context import ServiceFacts
from handlers.conversation.secret_requests import find_secret_requests
from handlers.handler import AnyHandler, Handlers
from handlers.wording.contacts import find_links
from handlers.wording.fit import SEGMENT
from handlers.wording.plain import plain
from parsers.commands import Command, ShowHelp
from parsers.commands.conversation import AskQuestion, WithdrawTicket
from parsers.commands.notices import Subscribe
from parsers.localised_message import LocalisedMessage, MessageTable
from parsers.misread import Misread
from sms_gateway.settings.switches import CONVERSATION, LOOK_UP_DOSSIER, NOTICES, REGISTER_ACCOUNT, Off

_OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        REGISTER_ACCOUNT: Outcome.ACCOUNTS_OFF,
        LOOK_UP_DOSSIER: Outcome.LOOK_UPS_OFF,
        NOTICES: Outcome.NOTICES_OFF,
    }
)
"""By service; of own tables and own answers TABLE_OFF."""

_SPREAD = re.compile(r"\s+(?:\.\s*|(?:dot|cham)\s+)(?=(?:vn|com|net|org|info|top|xyz)\b)", re.IGNORECASE)
"""The dot of a link that is written apart (`abc .vn`, `abc dot vn`): no phone shows a link, but people follow it."""

_FAULTS = MessageTable(
    "switch_fault",
    {
        "empty": "the sentence is empty; write what citizens get while the service is off",
        "long": "the sentence is too long for one SMS; shorten it",
        "link": "the sentence holds a link; name the place in words",
        "secret": "the sentence asks citizens for a secret; nobody asks for passwords or codes by SMS",
    },
)

OFF_OUTCOMES = frozenset({*_OUTCOMES.values(), Outcome.TABLE_OFF})
"""The outcomes of texts that got such a sentence, except those of the conversation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """A service that is off, as a text to it is answered."""

    switch: str
    outcome: Outcome
    keyword: str
    """That citizens write to it."""
    sentence: str
    """As it is sent; empty: that of the wording."""

    @property
    def is_table(self) -> bool:
        """Return whether it is an own table: all of them have one outcome, so the reading names the one."""
        return self.outcome is Outcome.TABLE_OFF


@dataclass(frozen=True, kw_only=True, slots=True)
class Switches:
    """The services that are off now, for the texts of a batch. The conversation has a way of its own (filing.shut)."""

    off: Off
    handlers: Handlers
    keywords: Mapping[str, str]

    def closed(self, command: Command | Misread) -> Closed | None:
        """Return the service that a text is for, when it is off; also of a misread text and of a call for its help."""
        handler = _handler_of(command, self.handlers)
        switch = None if handler is None else switch_of(handler)
        if handler is None or switch is None or switch not in self.off:
            return None
        return Closed(
            switch=switch,
            outcome=_OUTCOMES.get(switch, Outcome.TABLE_OFF),
            keyword=self.keywords.get(handler.service, ""),
            sentence=self.off[switch],
        )


def all_services_on() -> Switches | None:
    """Return no switch: for a part that is built without them."""
    return None


def switch_of(handler: AnyHandler) -> str | None:
    """Return the name of the switch of a command; None: nothing switches it off.

    Notices are ended in any case, and commands of the conversation are refused where they are filed.
    """
    if handler.command is Subscribe:
        return NOTICES
    if handler.handle is None or handler.command is WithdrawTicket or not handler.is_answered:
        return None
    return handler.service


def without_services(service: ServiceFacts, off: Off) -> ServiceFacts:
    """Return the facts while services are off: no answer names their keywords, and the help does not list them."""
    hidden = {Subscribe.name if name == NOTICES else name for name in off}
    return replace(service, keywords={name: word for name, word in service.keywords.items() if name not in hidden})


def _handler_of(command: Command | Misread, handlers: Handlers) -> AnyHandler | None:
    """Return the handler of the command that a text is for, as far as that is known."""
    if isinstance(command, ShowHelp):
        return handlers.named(command.topic)
    if not isinstance(command, Misread):
        return handlers.find(command)
    if command.command is not None:
        return handlers.named(command.command)
    return next((one for one in handlers.every if command.kind in one.misreads), None)


def switches_of(handlers: Handlers, keywords: Mapping[str, str], *, converses: bool) -> Mapping[str, str]:
    """Return the switch of each service that is on by the settings, with the keyword that citizens write to it."""
    found = {
        switch: keywords[one.service]
        for one in handlers.every
        if one.service in keywords and (switch := switch_of(one)) is not None
    }
    return {**found, CONVERSATION: keywords.get(AskQuestion.name, "")} if converses else found


def wrong_with(words: str) -> LocalisedMessage | None:
    """Return what keeps words from being sent while a service is off; None: nothing. They go out as `plain` makes them.

    >>> str(wrong_with("Xem tại https://abc.vn"))
    'the sentence holds a link; name the place in words'
    """
    sentence = plain(words)
    if any(map(find_links, (words, sentence, _SPREAD.sub(".", sentence)))):
        return _FAULTS.message("link")  # also one that would be left out: the sentence says something else without it
    if not sentence:
        return _FAULTS.message("empty")
    if len(sentence) > SEGMENT:
        return _FAULTS.message("long")
    return _FAULTS.message("secret") if find_secret_requests(sentence) else None
