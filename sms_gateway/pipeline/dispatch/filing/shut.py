"""Texts that nobody can take now: emergency numbers where somebody may be in danger, and the end of notices."""

from __future__ import annotations

from db.tickets.situation import NOTHING
from handlers.context import ServiceFacts
from handlers.conversation.answers.about_service import conversation_off
from handlers.conversation.answers.intake import urgent_off
from handlers.conversation.effects.effect import Effect
from handlers.conversation.effects.ended_notices import end_notices
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.filing import file
from handlers.conversation.filing.filed import Does, Filed
from parsers.commands import Command, ShowHelp
from parsers.commands.conversation import CallUrgently, WithdrawTicket
from parsers.grammar import Vocabulary
from parsers.misread import Misread
from parsers.text.normal_form import normalise
from parsers.text.urgent_phrases import urgent_phrases
from sms_gateway.pipeline.dispatch.filing.batch import DoneText, FilingBatch, ToFile, answer_of
from sms_gateway.pipeline.dispatch.filing.situations import situation_of
from sms_gateway.settings.switches import CONVERSATION


def is_shut_help(reading: Command | Misread, vocabulary: Vocabulary) -> bool:
    """Return whether a text asks for help with the conversation (`HOI`, `HD HOI`), but not with HUY or SOS."""
    if not isinstance(reading, ShowHelp) or reading.topic in (None, WithdrawTicket.name, CallUrgently.name):
        return False
    return any(one.is_conversation and one.name == reading.topic for one in vocabulary.grammars)


def shut(batch: FilingBatch, one: ToFile) -> DoneText:
    """Answer a text that nobody could take: it is switched off by its button, or no unit is the focal unit."""
    service = batch.parts.facts_for(one.text.link, one.text.recipient, None)
    filed = file(
        one.reading,
        one.text.body,
        situation_of(
            NOTHING,
            one.text.sender,
            "",
            inbound_id=one.text.id,
            at=batch.now,
            duty_phones=(),
            vocabulary=batch.vocabulary,
        ),
        vocabulary=batch.vocabulary,
    )
    effect = _while_shut(batch, one, filed, service)
    return DoneText(text=one.text, filed=filed, effect=effect, answer=answer_of(batch, one, effect))


def _while_shut(batch: FilingBatch, one: ToFile, filed: Filed, service: ServiceFacts) -> Effect | None:
    """Name the emergency numbers where somebody may be in danger; None: it is answered as without conversation."""
    is_other = isinstance(one.reading, Misread) or not (
        batch.vocabulary.of(one.reading).is_conversation or is_shut_help(one.reading, batch.vocabulary)
    )
    speaks_of_danger = filed.does is not Does.ASK_BACK and bool(urgent_phrases(normalise(one.text.body)))
    if _calls_urgently(one.reading) or speaks_of_danger:
        return Effect(outcome=FilingOutcome.EMERGENCY_TOLD, text=urgent_off(service))
    if filed.does is Does.STOP or (isinstance(one.reading, WithdrawTicket) and not one.reading.numbers):
        return end_notices(
            batch.connection,
            one.text.sender,
            one.reading,
            inbound_id=one.text.id,
            service=service,
            new_id=batch.new_id,
            now=batch.now,
        )
    if is_other:
        return None
    sentence = batch.parts.switched_off().get(CONVERSATION)
    return Effect(outcome=FilingOutcome.SHUT, text=sentence or conversation_off(service))


def _calls_urgently(reading: Command | Misread) -> bool:
    """Return whether a text is SOS, also without words."""
    command = reading.command if isinstance(reading, Misread) else reading.name
    return command == CallUrgently.name
