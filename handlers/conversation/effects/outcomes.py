"""What came of a text that was filed; logged and counted, so free of personal data."""

from __future__ import annotations

from enum import StrEnum


class FilingOutcome(StrEnum):
    """The result of a filed text."""

    OPENED = "ticket_opened"  # a new ticket
    REPEATED = "ticket_repeated"  # the same words as a ticket of today; added to it
    FILED = "text_filed"  # added to a ticket
    FILED_FOR_AGENT = "text_filed_for_agent"  # the same, where an agent takes part in the conversation
    REOPENED = "ticket_reopened"  # added to a ticket that was answered or closed, which goes on
    AGREED = "ticket_agreed"  # thanks or yes: an answered ticket is closed, without a text
    DONE = "ticket_done"  # the citizen wrote that it is done
    WITHDRAWN = "ticket_withdrawn"
    RATED = "ticket_rated"
    WHICH_ASKED = "which_asked"  # which ticket the text belongs to; it is kept
    SEND_ASKED = "send_asked"  # whether the text is to be sent; it is kept
    KEPT = "text_kept"  # joins a text that waits for a choice, without a text of ours
    SCORE_ASKED = "score_asked"
    MEANING_ASKED = "meaning_asked"  # a reaction that reads two ways
    NUMBER_ASKED = "number_asked"  # a number with a slip, or more than a number behind HUY
    NO_TICKET = "no_such_ticket"  # a wrong number, or another phone's
    NOTED = "duty_noted"  # words of a person on duty, as an internal note
    ACKNOWLEDGED = "duty_acknowledged"
    STOPPED = "notices_ended"
    NO_NOTICES = "no_notices"  # the sender gets none of the dossiers that are named
    DROPPED = "text_dropped"  # the citizen withdrew a kept text
    UNFILED = "text_unfiled"  # more tickets than one phone may open a day; kept for staff
    QUIET = "nothing_to_answer"  # a text that needs no answer
    TICKETS_TOLD = "tickets_told"
    CONTACT_TOLD = "contact_told"
    PRIVACY_TOLD = "privacy_told"
    LANGUAGE_CHOSEN = "language_chosen"
    EMERGENCY_TOLD = "emergency_numbers_told"  # urgent texts are not taken
    SHUT = "conversation_off"  # nobody could answer, so nothing was filed


UNANSWERED = frozenset({FilingOutcome.AGREED, FilingOutcome.KEPT, FilingOutcome.QUIET})
"""Outcomes without a text of ours: they use up nothing and show nothing of a machine."""

WITH_AGENT = frozenset({FilingOutcome.FILED_FOR_AGENT})
"""Outcomes of a conversation between people: they never show a machine."""

FRUITFUL = frozenset({FilingOutcome.OPENED, FilingOutcome.FILED_FOR_AGENT, FilingOutcome.RATED})
"""Outcomes that a person gets by the right texts."""
