"""The English sentences of accounts, dossiers, help, misreads and limits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

ACCOUNTS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        # A word follows the password: a full stop would be typed with it.
        Phrase.ACCOUNT_OPENED: (
            (
                "User: {user_name}, password: {password} open your e-government account. "
                "Change the password within {days} days at {place}. {short_code} never asks for it. "
                "Help: {hotline}"
            ),
            (
                "User: {user_name}, password: {password} open your account. "
                "Change the password within {days} days at {place}. {short_code} never asks for it."
            ),
            (
                "User: {user_name}, password: {password} open your account. "
                "Change the password within {days} days at {place}. Help: {hotline}"
            ),
            (
                "User: {user_name}, password: {password} is yours. "
                "Change it within {days} days at {place}. Help: {hotline}"
            ),
        ),
        Phrase.ACCOUNT_EXISTS: (
            (
                "You already have an account, user: {user_name} (no other was opened, the password is the same). "
                "Password lost? Call {hotline}. Thank you!"
            ),
            "You already have the account {user_name}. Password lost? Call {hotline}.",
        ),
        Phrase.ACCOUNT_EXPIRED: (
            (
                "You already have an account, user: {user_name}, but its first password has expired. "
                "Call {hotline} for a new one. Thank you!"
            ),
            "Account {user_name}: the first password has expired. Call {hotline} for a new one.",
        ),
        Phrase.ACCOUNT_DISABLED: ("Account {user_name} is closed. For help, please call {hotline}.",),
        Phrase.ACCOUNT_REFUSED: (
            (
                "No account can be opened by this text. For help, please call {hotline} "
                "or come to the one-stop office with your identity papers."
            ),
            "No account can be opened by this text. For help, please call {hotline}.",
        ),
        Phrase.ACCOUNTS_CLOSED: (
            (
                "Too many accounts are being asked for now. Please text again in an hour, call {hotline}, "
                "or come to the one-stop office."
            ),
            "Too many accounts are asked for now. Please text again in an hour or call {hotline}.",
        ),
        Phrase.ACCOUNT_RELEASED: (
            (
                "Account {user_name} has ended, its password no longer works. "
                "If you do not know why, please call {hotline}."
            ),
            "Account {user_name} has ended. Please call {hotline}.",
        ),
        Phrase.PHONE_CHANGED: (
            (
                "The phone number of account {user_name} was changed to another. "
                "If you did not ask for this, call {hotline} now."
            ),
            "Account {user_name} has a new phone number. Not you? Call {hotline} now.",
        ),
        Phrase.DOSSIER: ("Dossier {code}: {state}.", "{code}: {state}."),
        Phrase.DATES: ("Received {received}, due {due}.", "Got {received}, due {due}."),
        Phrase.DATE_RECEIVED: ("Received {received}.", "Got {received}."),
        Phrase.DATE_DUE: ("Due on {due}.", "Due {due}."),
        Phrase.STATE_1: ("newly submitted",),
        Phrase.STATE_2: ("accepted",),
        Phrase.STATE_3: ("not accepted",),
        Phrase.STATE_4: ("in progress",),
        Phrase.STATE_5: ("more papers are needed", "papers needed"),
        Phrase.STATE_5_WANTED: ("more papers are needed: {wanted}", "needed: {wanted}"),
        Phrase.STATE_6: ("a payment is needed", "please pay"),
        Phrase.STATE_6_WANTED: ("a payment is needed: {wanted}", "to pay: {wanted}"),
        Phrase.STATE_7: ("the applicant asked to withdraw it", "withdrawn"),
        Phrase.STATE_8: ("processing has ended",),
        Phrase.STATE_9: ("processing is complete",),
        Phrase.STATE_10: ("the result was handed over",),
        Phrase.ASK_WANTED: ("Call {hotline} to learn what is needed.", "Ask {hotline}."),
        Phrase.PICK_UP: ("Collect the result at {pick_up}.", "Collect at {pick_up}."),
        Phrase.PICK_UP_UNKNOWN: ("Collect the result where you applied.", "Collect where you applied."),
        Phrase.CUT: ("... (more: call {hotline})", "...(call {hotline})"),
        Phrase.ADVICE: ("Help: {hotline}",),
        Phrase.ADVICE_PICK_UP: ("Bring the receipt and identity papers.",),
        Phrase.NOT_FOUND: ("Dossier {code} was not found.", "{code}: not found."),
        Phrase.NOT_FOUND_ADVICE: (
            # The same words when a phone has tried too many codes: the dossier may exist, and is not shown.
            "Please check the code on the receipt. After many wrong codes, wait a day. Help: {hotline}",
            "Please check the code. After many wrong ones, wait a day. Help: {hotline}",
        ),
        # The same words for a wrong code, a wrong secret, none, and too many tries: they show nobody what exists.
        Phrase.NOT_OPENED: ("No answer about {code}.", "{code}: no answer."),
        Phrase.NOT_OPENED_ADVICE: (
            (
                "Text {look_up_dossier} code, last 4 digits of ID (or look-up password) to {short_code}. "
                "Many wrong: wait a day. Help: {hotline}"
            ),
            "Text {look_up_dossier} code, last 4 digits of ID to {short_code}.",
        ),
        Phrase.AMBIGUOUS: ("Code {code} fits several dossiers.", "{code}: fits several."),
        Phrase.AMBIGUOUS_ADVICE: (
            "Please check digit 0 or letter O, digit 1 or letters I, L, dots and dashes. Help: {hotline}",
            "Please check 0/O, 1/I/L, dots and dashes.",
        ),
        Phrase.CODE_UNSAID: ("(your code)",),
        Phrase.HELP: (
            "Text {short_code}: {commands}; {topics} (how to). Help: {hotline}",
            "Text {short_code}: {commands}; {topics} (how to). {hotline}",
            "Text {short_code}: {commands}.",
        ),
        Phrase.LINE_TK: (
            "{register_account}, name, ID, birth date (open account)",
            "{register_account} (open account)",
        ),
        Phrase.LINE_DVC: ("{look_up_dossier} receipt code (dossier)", "{look_up_dossier} (dossier)"),
        Phrase.LINE_DVC_CLOSED: (
            "{look_up_dossier} receipt code, last 4 digits of ID (dossier)",
            "{look_up_dossier} (dossier)",
        ),
        # No whole example: a citizen would send it unchanged and open an account for it.
        Phrase.HELP_TK: (
            (
                "To open an account, text: {register_account}, full name, ID, birth date to {short_code}. "
                "Write dates dd/mm/yyyy: 20/12/1990. Help: {hotline}"
            ),
            "For an account, text: {register_account}, full name, ID, birth date (dd/mm/yyyy) to {short_code}.",
        ),
        Phrase.HELP_DVC: (
            (
                "For a dossier, text: {look_up_dossier} receipt code to {short_code}. "
                "Example: {look_up_dossier} 000.00.12.H17-230815-0007. "
                "At most 3 codes, with commas. Help: {hotline}"
            ),
            "For a dossier, text: {look_up_dossier} receipt code to {short_code}.",
        ),
        Phrase.HELP_PASSWORD: (
            ("Password lost? Call {hotline}. To change it, go to {place}. {short_code} never asks for a password."),
            "Password lost? Call {hotline}. To change it, go to {place}.",
            "Password lost or to be changed? Call {hotline}.",
        ),
        Phrase.HELP_DVC_CLOSED: (
            (
                "For a dossier, text: {look_up_dossier} receipt code, last 4 digits of ID to {short_code}. "
                "Example: {look_up_dossier} 000.00.12.H17-230815-0007, 1234. Call {hotline}"
            ),
            "For a dossier, text: {look_up_dossier} receipt code, last 4 digits of ID to {short_code}.",
        ),
        Phrase.SEND: ("Text: {copy} to {short_code}",),
        Phrase.COPY_TK: ("{register_account}, {full_name}, {id_number}, {birth_date}",),
        Phrase.COPY_DVC: ("{look_up_dossier} {receipt_code}",),
        Phrase.COPY_DVC_CLOSED: ("{look_up_dossier} {receipt_code}, last 4 digits of ID",),
        Phrase.BLANK_FULL_NAME: ("full name",),
        Phrase.BLANK_QUOTED_NAME: ('"full name"',),
        Phrase.BLANK_ID_NUMBER: ("ID number",),
        Phrase.BLANK_BIRTH_DATE: ("dd/mm/yyyy",),
        Phrase.BLANK_RECEIPT_CODE: ("receipt code",),
        Phrase.FIELD_FULL_NAME: ("full name",),
        Phrase.FIELD_ID_NUMBER: ("ID number",),
        Phrase.FIELD_BIRTH_DATE: ("birth date",),
        Phrase.FIELD_RECEIPT_CODE: ("receipt code",),
        Phrase.AND: ("and",),
        Phrase.WRONG_FULL_NAME: (
            "The full name is missing or wrong: family and given name, letters only.",
            "The full name is wrong.",
        ),
        Phrase.ONE_WORD_NAME: ("The name needs family and given name.",),
        Phrase.TWO_NAMES: (
            "It is not clear which part is the name. Put the name in quotes.",
            "Which part is the name?",
        ),
        Phrase.TWO_SPELLINGS: (
            "Is it {typed} or {meant} in the name? If {typed}, put the full name in quotes.",
            "Is it {typed} or {meant} in the name?",
        ),
        Phrase.LOST_LETTERS: ("Letters of the name were lost: write it without accents.", "Letters were lost."),
        Phrase.WRONG_ID_NUMBER: (
            "{wrong} is wrong: an identity number has 12 digits, an old one 9.",
            "The identity number is missing or wrong (12 or 9 digits).",
            "The identity number is wrong.",
        ),
        Phrase.ID_IS_PHONE: (
            "That is a phone number; an identity number (12 or 9 digits) is needed.",
            "An identity number is needed, not a phone number.",
        ),
        Phrase.ID_LOST_ZERO: (
            "{wrong} has too few digits, maybe a leading 0 is missing, please check.",
            "The identity number may lack a leading 0.",
        ),
        Phrase.ID_IS_PASSPORT: (
            "{wrong} is a passport number; an identity number (12 or 9 digits) is needed.",
            "A passport cannot be used; an identity number is needed.",
        ),
        Phrase.TWO_ID_NUMBERS: (
            "There are two different identity numbers, send only one.",
            "Two identity numbers, send one.",
        ),
        Phrase.WRONG_BIRTH_DATE: (
            "The birth date {wrong} is wrong, write day/month/year.",
            "The birth date is missing or wrong, write dd/mm/yyyy.",
            "The birth date is wrong.",
        ),
        Phrase.DATE_IMPOSSIBLE: ("There is no birth date {wrong}.", "There is no such date."),
        Phrase.DATE_MONTH_FIRST: (
            "Birth date {wrong}: write the day first, then the month, please check.",
            "Birth date: day first, then month.",
        ),
        Phrase.DATE_FUTURE: ("The birth date {wrong} is in the future.", "The birth date is in the future."),
        Phrase.DATE_TOO_OLD: (
            "The birth date {wrong} is over 120 years ago.",
            "The birth date is over 120 years ago.",
        ),
        Phrase.DATE_IN_WORDS: (
            "Please write the birth date in digits: 20/12/1990.",
            "Birth date in digits.",
        ),
        Phrase.TWO_BIRTH_DATES: ("There are two dates, send only the birth date.",),
        Phrase.ID_BIRTH_MISMATCH: (
            "Identity number and birth date differ in the year, please check both.",
            "Identity number and birth date differ.",
        ),
        Phrase.MISSING: ("Missing: {fields}.",),
        Phrase.ALSO: ("Check also {fields}.",),
        Phrase.TOO_MANY_PEOPLE: ("Each text opens one account, for one person.",),
        Phrase.WRONG_RECEIPT_CODE: (
            "{wrong} is no receipt code. Please see the code on the receipt.",
            "The receipt code is missing. Please see the receipt.",
        ),
        Phrase.CODE_IS_CARD: (
            "That is an identity number, not a receipt code. Please see the receipt.",
            "An identity number is no receipt code.",
        ),
        Phrase.CODE_IS_PHONE: (
            "That is a phone number, not a receipt code. Please see the receipt.",
            "A phone number is no receipt code.",
        ),
        Phrase.TOO_MANY_CODES: ("Each text looks up at most 3 receipt codes.",),
        Phrase.MEANT_TK: ("Command not clear. Do you want to open an account?",),
        Phrase.MEANT_DVC: ("Command not clear. Do you want to look up a dossier?",),
        Phrase.TWO_COMMANDS: ("Please send one text for each request.",),
        Phrase.UNKNOWN: ("Text not understood.",),
        Phrase.EMPTY: ("The text is empty.",),
        Phrase.TOO_LONG: ("The text is too long.",),
        Phrase.INCOMPLETE: (
            "A part of your text did not arrive, please send all of it again, short.",
            "A part did not arrive, please send all of it again.",
        ),
        Phrase.APOLOGY: (
            (
                "Sorry, the system has a fault and your text was not processed. Staff will look at it. "
                "If urgent, please call {hotline}."
            ),
        ),
        Phrase.HOUR_LIMIT: (
            (
                "You sent many texts in an hour. Please wait an hour before you text again; earlier texts get no "
                "answer. If urgent, call {hotline}."
            ),
        ),
        Phrase.DAY_LIMIT: (
            (
                "You sent many texts today. Please text again tomorrow; texts before that get no answer. "
                "If urgent, please call {hotline}."
            ),
        ),
        Phrase.PHONE_NEEDED: (
            (
                "This service needs your telephone number. Please send your text again by SMS to {short_code}. "
                "Help: {hotline}"
            ),
            "Please send your text again by SMS to {short_code}.",
        ),
        Phrase.WORDS_NEEDED: (
            (
                "We can read words only, no pictures, stickers or files. Please write what you need in words. "
                "Help: {hotline}"
            ),
            "Please write what you need in words.",
        ),
        Phrase.REST: (
            (
                "Your number sends texts too fast, so answers are paused and this text was not processed. "
                "Please call {hotline} or text again in a few hours."
            ),
        ),
    }
)
