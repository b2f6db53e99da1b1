"""Texts that are kept: until the citizen says which ticket they belong to, or whether they are to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.schema import AskKind, KeptReason
from db.tickets.asks import end_ask
from db.tickets.kept_texts import NewKept, drop_kept, has_unfiled, keep_text, leave_to_staff
from handlers.answer import Outcome
from handlers.conversation.answers import about_service, asks, intake, status
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.conversation.effects.effect import Effect, FiledText, FilingDesk, Question
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.effects.words import is_choice
from handlers.conversation.filing.filed import Rule
from handlers.conversation.situation import NEW
from parsers.fields.codes.ticket_numbers import PREFIX, find_numbers
from parsers.text.normal_form import fold, normalise

CHOSEN_WITHIN = timedelta(hours=24)
"""How long the citizen may choose; then staff sort what is kept."""

NEW_TICKET = 0
"""Stands for a new ticket among the ids of choices."""

_OFFERED = 2
"""Tickets that one answer offers."""


def ask_which(text: FiledText, desk: FilingDesk) -> Effect:
    """Keep a text and ask which ticket it belongs to; a number with a slip that fits two is only told."""
    if not text.filed.is_kept:
        said = status.which_number(number_in(text), text.filed.choices, text.service)
        return Effect(outcome=FilingOutcome.NUMBER_ASKED, text=said)
    first_id = _kept(text, desk, AskKind.WHICH, KeptReason.WHICH)
    by_number = {one.number: one for one in text.rows.tickets}
    choices = text.filed.choices
    offered: list[TicketFacts | None] = [
        None if number == NEW else TicketFacts(number=number, subject=_subject(text, number)) for number in choices
    ]
    are_all = len(text.situation.at_hand) <= _OFFERED
    return Effect(
        outcome=FilingOutcome.WHICH_ASKED,
        text=asks.which(offered, text.service, are_all=are_all),
        question=Question(
            kind=AskKind.WHICH,
            subject_id=first_id,
            until=desk.now + CHOSEN_WITHIN,
            choices=[by_number[one].id if one in by_number else NEW_TICKET for one in choices],
        ),
    )


def ask_send(text: FiledText, desk: FilingDesk) -> Effect:
    """Keep a text and ask whether it is to be sent."""
    first_id = _kept(text, desk, AskKind.SEND_KEPT, KeptReason.SEND)
    question = Question(kind=AskKind.SEND_KEPT, subject_id=first_id, until=desk.now + CHOSEN_WITHIN)
    return Effect(outcome=FilingOutcome.SEND_ASKED, text=asks.send_kept(text.service), question=question)


def join(text: FiledText, desk: FilingDesk) -> Effect:
    """Keep a text beside the one that waits for a choice; the question stays as it is."""
    asked = text.ask
    is_which = asked is not None and asked.kind is AskKind.WHICH
    _keep(text, desk, KeptReason.WHICH if is_which else KeptReason.SEND, None if asked is None else asked.subject_id)
    return Effect(outcome=FilingOutcome.KEPT)


def drop(text: FiledText, desk: FilingDesk) -> Effect:
    """Delete what is kept, as the citizen chose."""
    if (asked := text.ask) is not None:
        drop_kept(desk.connection, asked.subject_id)
        end_ask(desk.connection, text.sender, text.short_code, made_at=asked.made_at)
    return Effect(outcome=FilingOutcome.DROPPED, text=asks.dropped(text.service))


def unfiled(text: FiledText, desk: FilingDesk) -> Effect:
    """Keep a text for staff that would open one ticket too many today; the citizen is told once a day.

    Of a choice the kept texts are for staff now, and not the digit.
    """
    is_told = has_unfiled(desk.connection, text.sender, since=desk.today_since, besides=text.inbound_id)
    asked = text.ask
    if asked is not None and is_choice(text):
        if not leave_to_staff(desk.connection, asked.subject_id, at=desk.now):
            return Effect(outcome=Outcome.HELPED, text=about_service.short_help(text.service))
        end_ask(desk.connection, text.sender, text.short_code, made_at=asked.made_at)
    else:
        _keep(text, desk, KeptReason.UNFILED, None)
    said = "" if is_told else intake.day_full(desk.policy.most_new_a_day, text.service)
    return Effect(outcome=FilingOutcome.UNFILED if said else FilingOutcome.KEPT, text=said)


def number_in(text: FiledText) -> str:
    """Return the ticket number that a text holds, as it was read."""
    return next((f"{PREFIX}{one.digits}" for one in find_numbers(fold(normalise(text.body)))), "")


def _kept(text: FiledText, desk: FilingDesk, asked: AskKind, reason: KeptReason) -> int:
    """Keep a text; return the first of those that the choice files. A choice that was none is not kept itself."""
    live = text.ask
    first_id = live.subject_id if live is not None and live.kind is asked else None
    if text.filed.rule is Rule.ASKED and first_id is not None:
        return first_id
    return _keep(text, desk, reason, first_id)


def _keep(text: FiledText, desk: FilingDesk, reason: KeptReason, first_id: int | None) -> int:
    new = NewKept(
        inbound_id=text.inbound_id,
        sender=text.sender,
        short_code=text.short_code,
        reply_link=text.link,
        reason=reason,
        body=text.body,
        kept_at=text.at,
        until=text.at + CHOSEN_WITHIN,
        candidates=_candidates(text),
        first_id=first_id,
    )
    return keep_text(desk.connection, new, new_id=desk.new_id)


def _candidates(text: FiledText) -> Sequence[int]:
    return [one.id for one in text.rows.tickets if one.number in text.filed.choices]


def _subject(text: FiledText, number: str) -> str | None:
    return next((one.subject for one in text.rows.tickets if one.number == number), None)
