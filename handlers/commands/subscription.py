"""DK: this phone is told when a dossier changes; and HUY where the conversation is off, which ends it.

DK finds and opens dossiers as DVC does, within the same limits, and answers as DVC does where it finds none. So it
shows nothing that DVC does not.
"""

from __future__ import annotations

from db.notices.changes import ENDED
from db.notices.subscriptions import Subscriber, subscribe
from handlers.answer import Answer, Outcome
from handlers.commands.dossier_codes import fetch, guessable, secrets_tried
from handlers.commands.status_lookup import echo_content, look_up_status, name_dossiers
from handlers.context import Context
from handlers.conversation.answers import dossier_notices
from handlers.conversation.effects.ended_notices import NOTHING_ENDED, NOTICES_ENDED, end_notices
from handlers.handler import Handler
from handlers.wording.phrases import Phrase
from parsers.commands.conversation import WithdrawTicket
from parsers.commands.notices import Subscribe

SUBSCRIBED, PARTLY = "subscribed", "subscribed_partly"


def subscribe_phone(command: Subscribe, context: Context) -> Answer:
    """Record the consent and subscribe the phone to the dossiers that are found; safe to repeat.

    Dossiers that have ended are not followed: their state is shown as DVC shows it.
    """
    named = name_dossiers(command, context)
    followed = [found for _, found in named if found is not None and found.status not in ENDED]
    if not followed:
        return look_up_status(command, context)
    who = Subscriber(
        phone=context.phone,
        inbound_id=context.inbound_id,
        link=context.link,
        short_code=context.service.short_code,
        with_secret=context.service.asks_secret,
    )
    ids = [found.id for found in followed]
    subscribe(context.connection, who, ids, new_id=context.new_id, now=context.now)
    others = [code.written for code, found in named if found is None or found.status in ENDED]
    text = dossier_notices.subscribed([found.code for found in followed], others, context.service)
    return Answer(text=text, outcome=PARTLY if others else SUBSCRIBED)


def end_by_text(command: WithdrawTicket, context: Context) -> Answer:
    """End the notices to a phone, of the dossiers that it names or of all; safe to repeat."""
    ended = end_notices(
        context.connection,
        context.sender,
        command,
        inbound_id=context.inbound_id,
        service=context.service,
        new_id=context.new_id,
        now=context.now,
    )
    return Answer(text=ended.text, outcome=ended.outcome)


def _answered(command: Subscribe) -> str:
    codes = ", ".join(f"{code.written} (as {code.canonical})" for code in command.codes)
    return f"that this phone is told when {codes} changes, where there is such a dossier."


HANDLER = Handler(
    command=Subscribe,
    service="subscription",
    handle=subscribe_phone,
    help=Phrase.HELP_SUBSCRIPTION,
    line=Phrase.LINE_SUBSCRIPTION,
    meant=Phrase.MEANT_SUBSCRIPTION,
    copyable=Phrase.COPY_SUBSCRIPTION,
    with_secret={
        Phrase.HELP_SUBSCRIPTION: Phrase.HELP_SUBSCRIPTION_CLOSED,
        Phrase.COPY_SUBSCRIPTION: Phrase.COPY_SUBSCRIPTION_CLOSED,
    },
    echo=echo_content,
    outcomes=frozenset({SUBSCRIBED, PARTLY, Outcome.STATUS_NOT_FOUND, Outcome.STATUS_WITHHELD}),
    fruitful=frozenset({SUBSCRIBED, PARTLY}),
    unfound=frozenset({Outcome.STATUS_NOT_FOUND, Outcome.STATUS_WITHHELD}),
    answered=_answered,
    needs_phone=True,
    prefetch=fetch,
    guard=guessable,
    secrets_tried=secrets_tried,
)

ENDING = Handler(
    command=WithdrawTicket,
    service="withdrawal",
    handle=end_by_text,
    help=Phrase.HELP_UNSUBSCRIBE,
    outcomes=frozenset({NOTICES_ENDED, NOTHING_ENDED}),
    fruitful=frozenset({NOTICES_ENDED}),
)
"""HUY and STOP where the conversation is off."""

NOTICE_HANDLERS = (HANDLER, ENDING)
"""The handlers of notices, in the order in which the help lists them."""
