"""The English sentences about tickets: filed, shown, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

TICKETS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.QUESTION_OPENED: (
            (
                "Question received, no. {number}, sent to {unit}. Answer by {due_time}. Status: {ticket_status} to "
                "{short_code}. To add: {how_to_reply}. Help: {hotline}"
            ),
            (
                "Question received, no. {number}, sent to {unit}. Answer by {due_time}. To add: {how_to_reply}. "
                "Help: {hotline}"
            ),
            "Question received, no. {number}, sent to {unit}. Answer by {due_time}. Help: {hotline}",
            "Question received, no. {number}. Answer by {due_time}. Help: {hotline}",
        ),
        Phrase.REPORT_OPENED: (
            (
                "Report received, no. {number}, sent to {unit}. Answer by {due_time}. Status: {ticket_status} to "
                "{short_code}. To add: {how_to_reply}. Help: {hotline}"
            ),
            (
                "Report received, no. {number}, sent to {unit}. Answer by {due_time}. To add: {how_to_reply}. Help: "
                "{hotline}"
            ),
            "Report received, no. {number}, sent to {unit}. Answer by {due_time}. Help: {hotline}",
            "Report received, no. {number}. Answer by {due_time}. Help: {hotline}",
        ),
        Phrase.PROPOSAL_OPENED: (
            (
                "Received, no. {number}, answer by {due_time}. Note: by law, complaints and accusations must be "
                "filed in writing or in person. How to: {hotline}"
            ),
            (
                "Received, no. {number}. Note: by law, complaints and accusations must be filed in writing or in "
                "person. How to: {hotline}"
            ),
            "Received, no. {number}. By law, complaints and accusations must be filed in writing or in person.",
        ),
        Phrase.SUGGESTION_OPENED: (
            (
                "Suggestion received, no. {number}, sent to {unit}. Answer by {due_time}. Status: {ticket_status} to "
                "{short_code}. To add: {how_to_reply}. Help: {hotline}"
            ),
            (
                "Suggestion received, no. {number}, sent to {unit}. Answer by {due_time}. To add: {how_to_reply}. "
                "Help: {hotline}"
            ),
            "Suggestion received, no. {number}, sent to {unit}. Answer by {due_time}. Help: {hotline}",
            "Suggestion received, no. {number}. Answer by {due_time}. Help: {hotline}",
        ),
        Phrase.CALLER_OPENED: (
            (
                "We noted your request, no. {number}, for {unit}. Answer by {due_time}. To add: {how_to_reply}. "
                "Help: {hotline}"
            ),
            "We noted your request, no. {number}, for {unit}. Answer by {due_time}. Help: {hotline}",
            "We noted your request, no. {number}. Answer by {due_time}. Help: {hotline}",
        ),
        Phrase.ACCUSATION_OPENED: (
            (
                "Received, no. {number}, kept confidential. By law, accusations must be filed in writing or in "
                "person. How to: {hotline}"
            ),
            "Received, no. {number}, kept confidential. By law, accusations must be filed in writing or in person.",
        ),
        Phrase.OUT_OF_HOURS: (
            (
                "Received, no. {number}. Offices are closed now; staff will answer by {due_time}. If urgent, call "
                "{hotline}. Status: {ticket_status} to {short_code}"
            ),
            (
                "Received, no. {number}. Offices are closed now; staff will answer by {due_time}. If urgent, call "
                "{hotline}"
            ),
        ),
        Phrase.OVERLOADED: (
            (
                "Received, no. {number}. Many people are asking, {ahead} requests are before yours, answer expected "
                "by {due_time}. If urgent, call {hotline}"
            ),
            "Received, no. {number}. Many people are asking, answer expected by {due_time}. If urgent, call {hotline}",
        ),
        Phrase.WARD_WANTED: (
            (
                "Report received, no. {number}. In which ward and street is it? Please {how_to_reply}. Status: "
                "{ticket_status} to {short_code}"
            ),
            "Report received, no. {number}. In which ward and street is it? Please {how_to_reply}.",
        ),
        Phrase.URGENT_CALLED: (
            (
                "This is no emergency number. If life is in danger call 113, 114 or 115 now. {number} was passed to "
                "the duty staff of {unit}."
            ),
            (
                "This is no emergency number. If life is in danger call 113, 114 or 115 now. {number} was passed to "
                "duty staff."
            ),
        ),
        Phrase.URGENT_FILED: (
            "This is no emergency number. If life is in danger call 113, 114 or 115 now. {number} was sent to {unit}.",
            "This is no emergency number. If life is in danger call 113, 114 or 115 now. {number} was filed.",
        ),
        Phrase.URGENT_OFF: (
            (
                "This is no emergency number. If life is in danger call 113 (police), 114 (fire) or 115 (ambulance) "
                "now. For the rest call {hotline}"
            ),
        ),
        Phrase.REPEATED: (
            (
                "This already has no. {number}, your text was added. If it is another matter, text: {question} MOI "
                "words to {short_code}. Status: {ticket_status} to {short_code}"
            ),
            (
                "This already has no. {number}, your text was added. If it is another matter, text: {question} MOI "
                "words to {short_code}"
            ),
            "This already has no. {number}, your text was added. If it is another matter, call {hotline}",
        ),
        Phrase.DAY_FULL: (
            (
                "You sent {count} requests today. This text is kept for staff, without a number of its own. If "
                "urgent, call {hotline}. Status: {ticket_status} to {short_code}"
            ),
            (
                "You sent {count} requests today. This text is kept for staff, without a number of its own. If "
                "urgent, call {hotline}"
            ),
            "You sent many requests today. This text is kept for staff. If urgent, call {hotline}",
        ),
        Phrase.TICKET_STATUS: (
            "{number} ({subject}): {state} at {unit}, answer due {due_time}. To add: {how_to_reply}. Help: {hotline}",
            "{number} ({subject}): {state} at {unit}, answer due {due_time}. Help: {hotline}",
            "{number}: {state} at {unit}, answer due {due_time}. Help: {hotline}",
            "{number}: {state} at {unit}. Help: {hotline}",
            "{number}: {state}, answer due {due_time}. Help: {hotline}",
            "{number}: {state}. Help: {hotline}",
        ),
        Phrase.TICKET_THIRD: (
            "{number} ({subject}): {unit} waits for another office ({reason}), answer due {due_time}. Help: {hotline}",
            "{number}: {unit} waits for another office ({reason}), answer due {due_time}. Help: {hotline}",
            "{number}: waits for another office ({reason}), answer due {due_time}. Help: {hotline}",
            "{number}: waits for another office ({reason}). Help: {hotline}",
            "{number}: waits for another office, due {due_time}. Help: {hotline}",
            "{number}: waits for another office. Help: {hotline}",
        ),
        Phrase.TICKET_LATE: (
            "{number} ({subject}): {state} at {unit}, past its due date. To add: {how_to_reply}. Urgent: {hotline}",
            "{number} ({subject}): {state} at {unit}, past its due date. Urgent: {hotline}",
            "{number}: {state} at {unit}, past its due date. Urgent: {hotline}",
            "{number}: {state}, past its due date. Urgent: {hotline}",
        ),
        Phrase.TICKET_THIRD_LATE: (
            "{number} ({subject}): {unit} waits for another office ({reason}), past its due date. Urgent: {hotline}",
            "{number}: {unit} waits for another office ({reason}), past its due date. Urgent: {hotline}",
            "{number}: waits for another office ({reason}), past its due date. Urgent: {hotline}",
            "{number}: waits for another office, past its due date. Urgent: {hotline}",
        ),
        Phrase.PENDING: (
            "{number}: staff need to know: {asked}. Please {how_to_reply} by {day}. Not clear? Call {hotline}",
            "{number}: staff need to know: {asked}. Please {how_to_reply} by {day}.",
            "{number}: staff need to know more. Please {how_to_reply} by {day}. {hotline}",
            "{number}: staff need to know more. Please {how_to_reply}. {hotline}",
        ),
        Phrase.RESOLVED: (
            "{number}: answered on {day}. If not solved, {how_to_reply} by {last_day}. To rate: {how_to_rate}.",
            "{number}: answered on {day}. If not solved, {how_to_reply} by {last_day}.",
            "{number}: answered. If not solved, {how_to_reply}. {hotline}",
        ),
        Phrase.TICKET_CLOSED: (
            (
                "{number} ({subject}): closed ({why}). To reopen, text: {reply} {number} words to {short_code}. "
                "Help: {hotline}"
            ),
            "{number}: closed ({why}). To reopen, text: {reply} {number} words to {short_code}. Help: {hotline}",
            "{number} ({subject}): closed ({why}). Help: {hotline}",
            "{number}: closed ({why}). Help: {hotline}",
            "{number}: closed. Help: {hotline}",
        ),
        Phrase.TICKET_LIST: (
            "Your requests: {tickets}. Details, text: {ticket_status} and the number",
            "Your requests: {tickets}. Help: {hotline}",
            "Your requests: {tickets}.",
            "{tickets}.",
        ),
        Phrase.TICKET_LIST_MORE: (
            "Your requests: {tickets}; and {more} more. Details, text: {ticket_status} and the number",
            "Your requests: {tickets}; and {more} more. Help: {hotline}",
            "{tickets}; and {more} more.",
            "{tickets}; and more.",
        ),
        Phrase.NO_TICKETS: (
            (
                "No request was sent from this phone number yet. To ask staff, text: {question} words to "
                "{short_code}. Help: {hotline}"
            ),
            "No request was sent from this phone number yet. Help: {hotline}",
        ),
        Phrase.NOT_YOURS: (
            (
                "No request {number} was sent from this phone number. Text {ticket_status} to {short_code} to see "
                "your requests. Help: {hotline}"
            ),
            "No request {number} was sent from this phone number. Help: {hotline}",
        ),
        Phrase.WRONG_NUMBER: (
            (
                "The request number {number} is mistyped. Text {ticket_status} to {short_code} to see your requests. "
                "Help: {hotline}"
            ),
            "The request number {number} is mistyped. Help: {hotline}",
        ),
        Phrase.WHICH_NUMBER: (
            "There is no request {number}. Is it {numbers}? Please text again with the exact number. Help: {hotline}",
            "There is no request {number}. Is it {numbers}? Please text again with the exact number.",
        ),
        Phrase.FILED: (
            "Added to {number}. If it is another matter, text: {question} words to {short_code}",
            "Added to {number}. If it is another matter, call {hotline}",
        ),
        Phrase.FILED_LOOK_UP: (
            (
                "Added to {number}. For a dossier, text: {look_up_dossier} code to {short_code}. Another matter: "
                "{question} words to {short_code}"
            ),
            "Added to {number}. For a dossier, text: {look_up_dossier} code to {short_code}.",
            "Added to {number}. If it is another matter, call {hotline}",
        ),
        Phrase.REOPENED: (
            (
                "{number} was reopened with your text. {unit} answers by {due_time}. Another matter, text: "
                "{question} words. Help: {hotline}"
            ),
            "{number} was reopened with your text. {unit} answers by {due_time}. Help: {hotline}",
            "{number} was reopened with your text. Answer by {due_time}. Help: {hotline}",
        ),
        Phrase.WITHDRAWN: (
            (
                "{number} was withdrawn as you asked. To reopen, text: {reply} {number} words to {short_code}. Help: "
                "{hotline}"
            ),
            "{number} was withdrawn as you asked. Help: {hotline}",
        ),
        Phrase.WITHDRAWN_BEFORE: (
            "{number} was closed before, nothing has changed. Status: {ticket_status} to {short_code}. Help: {hotline}",
            "{number} was closed before, nothing has changed. Help: {hotline}",
        ),
        Phrase.DONE_CLOSED: (
            (
                "{number} was closed, since you wrote it is done. To reopen, text: {reply} {number} words to "
                "{short_code}. Help: {hotline}"
            ),
            "{number} was closed, since you wrote it is done. Help: {hotline}",
        ),
        Phrase.WITHDRAW_SLIP: (
            (
                "There is no request {number}. If it is {near}, text: {withdrawal} {near} to {short_code}. Nothing "
                "was withdrawn. Help: {hotline}"
            ),
            "There is no request {number}. If it is {near}, text: {withdrawal} {near}. Nothing was withdrawn.",
        ),
        Phrase.WITHDRAW_WANTED: (
            (
                "Nothing was withdrawn. To withdraw, text: {withdrawal} and the number to {short_code}. Your "
                "numbers: {ticket_status} to {short_code}. Help: {hotline}"
            ),
            "Nothing was withdrawn. To withdraw, text: {withdrawal} and the number to {short_code}. Help: {hotline}",
        ),
    }
)
