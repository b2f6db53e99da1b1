"""The English sentences of agents' answers, notices, duty and help, and the words inside sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

NOTICES: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.AGENT_ANSWER: ("{number}: {words}",),
        Phrase.RESOLVED_TAIL: (
            "If not solved, {how_to_reply}. To rate: {how_to_rate}.",
            "If not solved, {how_to_reply}.",
        ),
        Phrase.PENDING_TAIL: ("Please {how_to_reply} by {day}.", "Please {how_to_reply}."),
        Phrase.REMINDER: (
            (
                "{number} waits for your reply: {asked}. Please {how_to_reply} by {day}; after that it will be "
                "closed. Help: {hotline}"
            ),
            "{number} waits for your reply: {asked}. Please {how_to_reply} by {day}; after that it will be closed.",
            (
                "{number} waits for your reply. Please {how_to_reply} by {day}; after that it will be closed. Help: "
                "{hotline}"
            ),
            "{number} waits for your reply. Please {how_to_reply} by {day}; after that it will be closed.",
        ),
        Phrase.LATE: (
            "{number}: sorry, this is late. It is with {unit}, new date {day}. You need not reply.",
            "{number}: sorry, this is late, new date {day}. You need not reply.",
        ),
        Phrase.NO_REPLY: (
            (
                "{number} was closed, since you did not reply. To reopen, text: {reply} {number} words to "
                "{short_code}. Help: {hotline}"
            ),
            "{number} was closed, since you did not reply. To reopen, call {hotline}",
        ),
        Phrase.UNMERGED: (
            (
                "{number} is a request of its own again, not joined with {other} any more. To add, text: {reply} "
                "{number} words to {short_code}"
            ),
            "{number} is a request of its own again, not joined with {other} any more.",
        ),
        Phrase.MERGED: (
            (
                "{number} was joined with {other}, the same matter. Further texts go to {other}. Status: "
                "{ticket_status} to {short_code}"
            ),
            "{number} was joined with {other}, the same matter. Further texts go to {other}.",
        ),
        Phrase.NOT_OURS: (
            "{number}: {unit} is not in charge of this. Please contact {where}. The request is closed. Help: {hotline}",
            "{number}: {unit} is not in charge of this. Please contact {where}. Help: {hotline}",
            "{number}: please contact {where}. Help: {hotline}",
            "{number}: closed. Please call {hotline}",
        ),
        Phrase.DUTY_CALL: (
            "URGENT {number}, {ward}: {words}. To acknowledge, text: {acknowledge} {number} to {short_code}",
            "URGENT {number}: {words}. To acknowledge, text: {acknowledge} {number} to {short_code}",
            "URGENT {number}, {ward}. To acknowledge, text: {acknowledge} {number} to {short_code}",
            "URGENT {number}. To acknowledge, text: {acknowledge} {number}",
            "URGENT {number}. Call {hotline}",
        ),
        Phrase.DUTY_NEXT: (
            "URGENT {number}, nobody for {minutes} min, {ward}: {words}. To acknowledge, text: {acknowledge} {number}",
            "URGENT {number}, nobody yet, {ward}: {words}. To acknowledge, text: {acknowledge} {number}",
            "URGENT {number}, nobody yet: {words}. To acknowledge, text: {acknowledge} {number}",
            "URGENT {number}, nobody yet. To acknowledge, text: {acknowledge} {number}",
            "URGENT {number}, nobody yet. Call {hotline}",
        ),
        Phrase.DUTY_ACKNOWLEDGED: (
            "Noted: you handle {number}. Please take it on the page before {time}; after that the next one is called.",
            "Noted: you handle {number}. Please take it on the page.",
        ),
        Phrase.NOTE_FILED: (
            "Your internal note was added to {number}. Citizens do not see it. Help: {hotline}",
            "Your internal note was added to {number}. Citizens do not see it.",
        ),
        Phrase.SHORT_HELP: (
            (
                "Not clear what you need. Text to {short_code}: {question} words (ask staff), {report} words "
                "(report), {ticket_status} (your requests), {help} (help). Call {hotline}"
            ),
            (
                "Not clear what you need. Text to {short_code}: {question} words (ask staff), {ticket_status} (your "
                "requests), {help} (help). Call {hotline}"
            ),
            (
                "Not clear what you need. Text to {short_code}: {question} words (ask staff), {help} (help). Call "
                "{hotline}"
            ),
            "Not clear what you need. Text {help} to {short_code} for help. Call {hotline}",
        ),
        Phrase.CONVERSATION_OFF: (
            (
                "Questions and reports are not taken by SMS now. Please call {hotline} or come to the one-stop "
                "office. Requests already sent are handled."
            ),
            "Questions and reports are not taken by SMS now. Please call {hotline}",
        ),
        Phrase.STOPPED: (
            "Notices to this phone number have ended. Requests already sent will still be answered. Help: {hotline}",
            "Notices to this phone number have ended.",
        ),
        Phrase.NOTHING_TO_STOP: (
            (
                "This phone number gets no notices. To withdraw a request, text: {withdrawal} and the number to "
                "{short_code}. Help: {hotline}"
            ),
            "This phone number gets no notices. Help: {hotline}",
        ),
        Phrase.PRIVACY: (
            (
                "{short_code} stores {stored} to serve you. To learn how long, see, correct or delete: one-stop "
                "office with your ID, or {hotline}"
            ),
            "{short_code} stores {stored}. To see, correct or delete: one-stop office, or {hotline}",
        ),
        Phrase.LANGUAGE_CHOSEN: (
            (
                "From now on {short_code} answers about your requests in English. To change it, text: {other_language} "
                "to {short_code}"
            ),
            "From now on {short_code} answers about your requests in English.",
        ),
        Phrase.CONTACT: (
            "{unit}: {phone}, {address}. Open {hours}. {now}. Hotline {hotline}",
            "{unit}: {phone}, {address}. Open {hours}. Hotline {hotline}",
            "{unit}: {phone}, {address}. {now}. Hotline {hotline}",
            "{unit}: {phone}, {address}. Hotline {hotline}",
            "{unit}: {phone}. Open {hours}. Hotline {hotline}",
            "{unit}, {address}. Hotline {hotline}",
            "{unit}: {phone}. {now}. Hotline {hotline}",
            "{unit}: {phone}. Hotline {hotline}",
            "{unit}: hotline {hotline}",
        ),
        Phrase.CONTACT_UNKNOWN: (
            (
                "No unit {asked} was found. Text: {contacts} and the name of a unit or ward to {short_code}. Hotline "
                "{hotline}"
            ),
            (
                "No such unit was found. Text: {contacts} and the name of a unit or ward to {short_code}. Hotline "
                "{hotline}"
            ),
            "No such unit was found. Hotline {hotline}",
        ),
        Phrase.HELP_QUESTION: (
            (
                "To ask staff, text: {question} words to {short_code}. You get a number, a date, and the answer by "
                "SMS. Help: {hotline}"
            ),
            "To ask staff, text: {question} words to {short_code}. Help: {hotline}",
        ),
        Phrase.HELP_REPORT: (
            (
                "To report something near you (lamps, waste, floods), text: {report} words, house, street, ward to "
                "{short_code}. Help: {hotline}"
            ),
            "To report something near you, text: {report} words, street, ward to {short_code}. Help: {hotline}",
        ),
        Phrase.HELP_PROPOSAL: (
            (
                "To propose, text: {proposal} words to {short_code}. By law, complaints and accusations must be "
                "filed in writing or in person. Help: {hotline}"
            ),
            (
                "To propose, text: {proposal} words to {short_code}. Complaints and accusations must be filed in "
                "writing or in person."
            ),
        ),
        Phrase.HELP_SUGGESTION: (
            "To suggest something to the city, text: {suggestion} words to {short_code}. Help: {hotline}",
        ),
        Phrase.HELP_URGENT: (
            (
                "If life is in danger call 113, 114 or 115 now. Other urgent matters, text: {urgent} words, place to "
                "{short_code}. Help: {hotline}"
            ),
            (
                "If life is in danger call 113, 114 or 115 now. Other urgent matters, text: {urgent} words to "
                "{short_code}."
            ),
        ),
        Phrase.HELP_TICKET_STATUS: (
            (
                "To see your requests, text: {ticket_status} to {short_code}. To see one, text: {ticket_status} and "
                "its number. Help: {hotline}"
            ),
            "To see your requests, text: {ticket_status} to {short_code}. Help: {hotline}",
        ),
        Phrase.HELP_REPLY: ("To add to a request, text: {reply}, its number, words to {short_code}. Help: {hotline}",),
        Phrase.HELP_RATING: (
            "To rate an answered request, text: {rating} and 1 (bad) to 5 (very good) to {short_code}. Help: {hotline}",
            "To rate, text: {rating} and 1 (bad) to 5 (very good) to {short_code}.",
        ),
        Phrase.HELP_CONTACTS: (
            (
                "For phone, address and hours, text: {contacts} and the name of a unit or ward to {short_code}. "
                "Help: {hotline}"
            ),
            "For a unit's phone, text: {contacts} and its name to {short_code}. Help: {hotline}",
        ),
        Phrase.HELP_WITHDRAWAL: (
            (
                "To withdraw a request, text: {withdrawal} and its number to {short_code}. To stop notices: "
                "{withdrawal} to {short_code}. Help: {hotline}"
            ),
            "To withdraw a request, text: {withdrawal} and its number to {short_code}. Help: {hotline}",
        ),
        Phrase.HELP_PRIVACY: (
            (
                "To see what {short_code} stores about you, why and how long, text: {privacy} to {short_code}. Help: "
                "{hotline}"
            ),
            "To see what is stored, text: {privacy} to {short_code}. Help: {hotline}",
        ),
        Phrase.HELP_LANGUAGE: (
            "To change the language of answers, text: {other_language} to {short_code}. Help: {hotline}",
            "To change the language: call {hotline} ({short_code}).",
        ),
        Phrase.HELP_ACKNOWLEDGE: (
            "Duty staff acknowledge an urgent text by: {acknowledge} and its number to {short_code}. Help: {hotline}",
        ),
        Phrase.LINE_QUESTION: ("{question} words (ask staff)", "{question} (ask)"),
        Phrase.LINE_REPORT: ("{report} words (report)", "{report} (report)"),
        Phrase.LINE_PROPOSAL: ("{proposal} words (propose)", "{proposal} (propose)"),
        Phrase.LINE_SUGGESTION: ("{suggestion} words (suggest)", "{suggestion} (suggest)"),
        Phrase.LINE_URGENT: ("{urgent} words (urgent)", "{urgent} (urgent)"),
        Phrase.LINE_TICKET_STATUS: ("{ticket_status} (your requests)",),
        Phrase.LINE_CONTACTS: ("{contacts} unit (contact)", "{contacts} (contact)"),
        Phrase.HOW_TO_REPLY: ("reply to this SMS",),
        Phrase.HOW_TO_REPLY_KEYED: ("text {reply} {number} words",),
        Phrase.HOW_TO_CALL: ("call {hotline}",),
        Phrase.HOW_TO_RATE: ("text 1 (bad) to 5 (very good)", "text 1 to 5"),
        Phrase.HOW_TO_RATE_KEYED: ("text {rating} and 1 (bad) to 5 (very good)", "text {rating} and 1 to 5"),
        Phrase.TICKET_NEW: ("waiting",),
        Phrase.TICKET_OPEN: ("in progress",),
        Phrase.TICKET_PENDING_CITIZEN: ("waits for you",),
        Phrase.TICKET_PENDING_THIRD: ("waits for an office",),
        Phrase.TICKET_RESOLVED: ("answered",),
        Phrase.TICKET_ENDED: ("closed",),
        Phrase.CLOSED_ANSWERED: ("answered",),
        Phrase.CLOSED_NO_REPLY: ("you did not reply",),
        Phrase.CLOSED_WITHDRAWN: ("you withdrew it",),
        Phrase.CLOSED_NOT_OURS: ("belongs elsewhere",),
        Phrase.LINE_TICKET: ("{number} {state}, due {day}", "{number} {state}"),
        Phrase.LINE_TICKET_LATE: ("{number} {state}, past due", "{number} {state}"),
        Phrase.CHOICE_TICKET: ("{digit}: {number} {subject}", "{digit}: {number}"),
        Phrase.CHOICE_NEW: ("{digit}: new matter",),
        Phrase.OR: ("or",),
        Phrase.OPEN_NOW: ("Open now",),
        Phrase.SHUT_NOW: ("Closed now, opens {opens}", "Closed now"),
        Phrase.STORED_TEXTS: ("your number, texts",),
        Phrase.STORED_TICKETS: ("requests",),
        Phrase.STORED_ACCOUNTS: ("account data (if any)", "account (if any)"),
        Phrase.MOMENT: ("{time} {weekday} {day}", "{time} {day}"),
        Phrase.DAY: ("{day_number}/{month_number}",),
        Phrase.TIME: ("{hour}:{minute}",),
        Phrase.WEEKDAYS: ("{first}-{last}",),
        Phrase.MONDAY: ("Mon",),
        Phrase.TUESDAY: ("Tue",),
        Phrase.WEDNESDAY: ("Wed",),
        Phrase.THURSDAY: ("Thu",),
        Phrase.FRIDAY: ("Fri",),
        Phrase.SATURDAY: ("Sat",),
        Phrase.SUNDAY: ("Sun",),
    }
)
