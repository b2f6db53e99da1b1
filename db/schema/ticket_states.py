"""What a ticket, its entries, questions of ours and timers can be; the comment beside a member tells what it means."""

from __future__ import annotations

from enum import StrEnum


class TicketKind(StrEnum):
    """What a citizen wants with it."""

    QUESTION = "question"  # HOI
    REPORT = "report"  # PA, SOS
    PROPOSAL = "proposal"  # KN, GY


class TicketState(StrEnum):
    """Who has to do something next."""

    NEW = "new"  # nobody took it yet
    OPEN = "open"  # an agent, or the unit's queue, works on it
    PENDING_CITIZEN = "pending_citizen"  # we asked the citizen; the clock stands still
    PENDING_THIRD = "pending_third"  # another body has to act; the citizen's clock goes on
    RESOLVED = "resolved"  # answered; the citizen may object or rate it
    CLOSED = "closed"  # over; see CloseReason


class CloseReason(StrEnum):
    """Why a ticket is over."""

    ANSWERED = "answered"  # the citizen agreed, rated it, or said nothing for a week
    NO_REPLY = "no_reply"  # our question was not answered
    WITHDRAWN = "withdrawn"  # by the citizen
    MERGED = "merged"  # the matter goes on in another ticket
    SPAM = "spam"  # no matter at all
    NOT_OURS = "not_ours"  # another body's; the citizen was told whose


class TicketChannel(StrEnum):
    """How the matter reached us."""

    TEXT = "text"  # a message of the citizen
    CALL = "call"  # by telephone; an agent wrote it down
    VISIT = "visit"  # at the desk; an agent wrote it down


class EntryKind(StrEnum):
    """Who says what in a ticket."""

    CITIZEN = "citizen"  # words of the citizen
    ANSWER = "answer"  # words of an agent to the citizen
    QUESTION = "question"  # a question of an agent to the citizen
    NOTE = "note"  # words between agents; never sent
    SYSTEM = "system"  # an automatic message to the citizen
    STAFF = "staff"  # what an agent did: took, transferred, merged


class AskKind(StrEnum):
    """What we asked a number last."""

    DETAILS = "details"  # an agent's question about a ticket
    WHICH = "which"  # which ticket a text belongs to
    SEND_KEPT = "send_kept"  # whether a text is to become a ticket
    RATE = "rate"  # how satisfied the citizen is
    WHY_LOW = "why_low"  # what was not good


class KeptReason(StrEnum):
    """Why a text waits beside the tickets."""

    WHICH = "which"  # the citizen is asked which ticket it belongs to
    SEND = "send"  # the citizen is asked whether it is to be sent
    UNFILED = "unfiled"  # it would have opened one ticket too many on that day


class TimerKind(StrEnum):
    """What is due at a time, once for each ticket and period."""

    WARN_UNIT = "warn_unit"  # 75 % of the time are over
    WARN_LEAD = "warn_lead"  # the time is over
    WARN_PARENT = "warn_parent"  # 150 % of it
    APOLOGY = "apology"  # the citizen gets a new date
    URGENT_5 = "urgent_5"  # an urgent ticket that nobody took in 5 minutes
    URGENT_10 = "urgent_10"  # in 10
    URGENT_15 = "urgent_15"  # in 15: the focal unit
    REMINDER = "reminder"  # our question waits for three working days
    NO_REPLY = "no_reply"  # it waited long enough; the ticket closes
    RATING_END = "rating_end"  # nobody objected; the ticket closes
