"""Ticket numbers that are none of the sender's: what is said of them."""

from __future__ import annotations

from handlers.conversation.answers import status
from handlers.conversation.effects.choices import number_in
from handlers.conversation.effects.effect import Effect, FiledText
from handlers.conversation.effects.outcomes import FilingOutcome
from parsers.commands.conversation import WithdrawTicket
from parsers.fields.codes.ticket_numbers import PREFIX, is_number, near


def not_yours(text: FiledText) -> Effect:
    """Say that the number is wrong, or that this phone has no such ticket; nothing is filed."""
    number = number_in(text)
    is_whole = is_number(number.removeprefix(PREFIX))
    say = status.not_yours if is_whole else status.wrong_number
    return Effect(outcome=FilingOutcome.NO_TICKET, text=say(number, text.service))


def withdraw_back(text: FiledText) -> Effect:
    """Ask back about a withdrawal: the number has a slip, or more than one number was written."""
    number = number_in(text)
    own = [one.number for one in text.rows.tickets]
    numbers = text.reading.numbers if isinstance(text.reading, WithdrawTicket) else ()
    slip = near(number.removeprefix(PREFIX), own) if len(numbers) == 1 and number not in own else ()
    said = status.withdraw_wanted(text.service)
    if len(slip) == 1:
        said = status.withdraw_slip(number, slip[0], text.service)
    elif slip:
        said = status.which_number(number, slip, text.service)
    return Effect(outcome=FilingOutcome.NUMBER_ASKED, text=said)
