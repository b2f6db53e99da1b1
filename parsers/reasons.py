"""Why a part of a text was taken for something: every sentence that an explanation can hold, by its key."""

from __future__ import annotations

from parsers.localised_message import MessageTable

REASONS = MessageTable(
    "why",
    {
        "normal_form": "blanks, dashes, quotes, digits and accents made plain; emoji and invisible marks dropped",
        "copied": "copied words such as (dau cach) taken out",
        "frame": "brackets, words copied from the instruction, the short code and thanks say nothing",
        "keyword.glued": "glued to its content, which fits it",
        "keyword.way": "one of the ways to write {word}",
        "unfit": "taken for it, but it does not fit",
        "unfit.because": "taken for it, but {why}",
        "date": "digits in the shape of a date: {date}",
        "id_number.born": "{digits} digits, born {year}",
        "id_number.nine": "9 digits, the first 0 to 3",
        "name": "the words between the numbers",
        "name.keystrokes": "the words between the numbers, read as {read}, because {written} "
        "are Telex or VNI keystrokes",
        "code": "compared as {code}",
        "secret": "must be the secret that belongs to it",
        "secret.missing": "it is missing, so nothing will be told",
        "codes_fit": "every code is well formed",
        "own_table.no_key": "the key of the look-up table is missing, or has another shape",
        "own_table": "the keyword of an own table or answer, and what follows fits it",
        "thanks": "thanks, which asks for nothing",
        "help": "a call for help",
        "help.password": "a call for help with a password",
        "help.price": "a question for the price of a text",
        "help.topic": "a call for help with {command}",
        "words": "its keyword begins the text, and what follows fits it",
        "remark": "no command: it is about a ticket of its sender, or is asked about",
        "fields_fit": "all three fields fit together",
        "misread.full_name": "the full name is missing, is one word, or holds what no name holds",
        "misread.id_number": "the identity number is missing or is not 9 or 12 digits",
        "misread.birth_date": "the birth date is missing or is none",
        "misread.id_birth_mismatch": "digits 4 to 6 of the identity number tell another birth year",
        "misread.missing_fields": "several fields are missing",
        "misread.too_many_people": "two people stand in one text",
        "misread.receipt_code": "there is no receipt code: 4 to 40 letters and digits, three digits at least",
        "misread.too_many_codes": "more than three different codes",
        "misread.two_commands": "it asks for an account and for a dossier, and each text carries one command",
        "misread.unknown_keyword": "no keyword begins it",
        "misread.empty": "nothing is left after normalising",
        "misread.too_long": "longer than {most} characters, ten segments",
        "misread.incomplete": "a part of this long text never came, so what touches the gap is not read",
        "misread.because": "{kind}: {why}",
        "misread.meant": "{why}; probably meant: {text}",
        "hint.phone_number": "it is a telephone number",
        "hint.identity_number": "it is an identity number",
        "hint.lost_zero": "a leading zero was probably lost",
        "hint.passport": "it is a passport number",
        "hint.two_values": "there are two, and nothing tells which is meant",
        "hint.month_first": "only month before day gives a date",
        "hint.impossible": "the calendar has no such day",
        "hint.future": "it is later than today",
        "hint.too_old": "it is more than 120 years ago",
        "hint.in_words": "a month written in words can be a lunar one",
        "hint.one_word": "it is a single word",
        "hint.two_spellings": "a word of it can be Telex keys or a foreign name",
        "hint.lost_letters": "letters of it were lost or read by a wrong alphabet",
    },
)

NORMAL_FORM, FRAME, CONTENT, KEYWORD, SECRET = "normal form", "frame", "content", "keyword", "secret"
OWN_KEY = "own key"
MISREAD = "misread "
