"""The English sentences that ask: which ticket, whether to send it, what is meant, how it was."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

ASKS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.WHICH: ("Which matter is this for? {choices}. Reply {digits}. Your text is kept.",),
        Phrase.WHICH_MORE: (
            "Which matter is this for? {choices}. Reply {digits}. Your text is kept. {ticket_status}: all.",
            "Which matter is this for? {choices}. Reply {digits}. Your text is kept.",
        ),
        Phrase.WHICH_KEYED: (
            (
                "Which matter is this for? {numbers}: text again {reply}, number, words. New matter: text {question} "
                "words. Your text is kept. All: {ticket_status}"
            ),
            (
                "Which matter is this for? {numbers}: text again {reply}, number, words. New matter: text {question} "
                "words."
            ),
            "Which matter is this for? {numbers}: text again {reply}, number, words. Your text is kept.",
            "Is this for {numbers} or new? Your text is kept. Call {hotline}",
        ),
        Phrase.SEND_KEPT: (
            (
                "Shall we send this text to staff? Reply 1: send, 2: do not send. Without a reply, staff will look "
                "at it after 24 hours. Help: {hotline}"
            ),
            (
                "Shall we send this text to staff? Reply 1: send, 2: do not send. Without a reply, staff look at it "
                "after 24 hours."
            ),
        ),
        Phrase.SEND_KEPT_KEYED: (
            (
                "To send this text to staff, text again: {question} words to {short_code}. If you do not, staff will "
                "look at it after 24 hours. Help: {hotline}"
            ),
            "Your text is kept, staff will look at it after 24 hours. Help: {hotline}",
        ),
        Phrase.DROPPED: (
            (
                "Your text was deleted and not sent to staff. To ask staff, text: {question} words to {short_code}. "
                "Help: {hotline}"
            ),
            "Your text was deleted and not sent to staff. Help: {hotline}",
        ),
        Phrase.UNCLEAR: (
            (
                "{number}: your text is not clear. If it is done, reply: DA XONG. If not, reply: CHUA XONG. To stop "
                "notices: text {withdrawal} to {short_code}"
            ),
            "{number}: your text is not clear. If it is done, reply: DA XONG. If not, reply: CHUA XONG.",
        ),
        Phrase.UNCLEAR_KEYED: (
            (
                "{number}: your text is not clear. If it is done, text: {reply} {number} DA XONG. If not, text: "
                "{reply} {number} CHUA XONG"
            ),
            "{number}: your text is not clear. Please call {hotline}",
        ),
        Phrase.SCORE_WANTED: (
            "The score is not clear. To rate {number}: {how_to_rate}. Help: {hotline}",
            "The score is not clear. To rate {number}: {how_to_rate}.",
            "The score for {number} is not clear. Help: {hotline}",
        ),
        Phrase.RATED: ("Thank you for rating {number} with {score}/5.", "Thank you for rating {number}."),
        Phrase.LOW_RATING: (
            (
                "Thank you for rating {number} with {score}/5. What is still wrong? Please {how_to_reply}; it will "
                "be reopened and the unit's head informed."
            ),
            (
                "Thank you for rating {number} with {score}/5. What is still wrong? Please {how_to_reply}; it will "
                "be reopened."
            ),
            "Thank you for rating {number}. What is still wrong? Please {how_to_reply}.",
        ),
        Phrase.NOTHING_TO_RATE: (
            "There is no request to rate. Text {ticket_status} to {short_code} to see your requests. Help: {hotline}",
            "There is no request to rate. Help: {hotline}",
        ),
        Phrase.ACCOUNT_IN_QUESTION: (
            (
                "Your text holds an ID and was not sent to staff. For an account, text: {copy} to {short_code}. To "
                "ask, text without the ID."
            ),
            "Not sent to staff. For an account, text: {copy} to {short_code}",
        ),
        Phrase.QUESTION_HINT: (
            "To ask staff, text: {question} words to {short_code}",
            "To ask staff, text: {question} words",
        ),
    }
)
