"""Keywords of own tables beside the texts of every other command: what they would take is refused."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import parsers
from db.citizens.lookups import StoredTable, TableDefinition
from db.schema import KeyShape, LookupState
from parsers.commands import PRICE, ShowHelp
from parsers.commands.conversation import Remark
from parsers.commands.tables import AskTable
from parsers.grammars import GRAMMARS
from parsers.misread import Misread
from parsers.text.normal_form import fold, normalise
from parsers.vocabulary import grammars_of, vocabulary_of
from sms_gateway.back_office.own_tables.commands_of_tables import clashes, near_ones, table_grammar
from sms_gateway.settings.model import Settings

TODAY = date(2026, 11, 29)
TESTS = Path(__file__).parents[3]
CORPORA = (*(TESTS / "parsers" / "corpus").glob("*.jsonl"), *(TESTS / "corpus").glob("*.jsonl"))
FORGOTTEN = {"QUEN"}
"""An office may say itself what somebody does who forgot a password."""


def answer(keyword: str) -> StoredTable:
    about = TableDefinition(title="dia chi", keywords=(keyword,), shape=KeyShape.NONE, template="12 Le Loi.")
    made = datetime(2026, 11, 29, tzinfo=UTC)
    return StoredTable(id=1, name="x", state=LookupState.DRAFT, definition=about, made_by="an", made_at=made)


def texts_by_first_word() -> Mapping[str, Sequence[str]]:
    found = defaultdict(list)
    for line in (line for path in CORPORA for line in path.read_text("utf-8").splitlines()):
        text = json.loads(line)["text"]
        first = re.match(r"\W*([A-Z]{2,10})(?![^\W\d_])", fold(normalise(text)))
        if first is not None:
            found[first[1]].append(text)
    return found


def test_a_keyword_that_is_taken_leaves_the_texts_of_other_commands_alone() -> None:
    taken = 0
    parts = [grammars_of(GRAMMARS, has_conversation=there, has_notices=there) for there in (False, True)]
    for word, texts in texts_by_first_word().items():
        table = answer(word)
        if word in FORGOTTEN or clashes(Settings(), table, ()) or near_ones(Settings(), table, ()):
            continue
        taken += 1
        for base in parts:
            before, after = (vocabulary_of(every) for every in (base, (*base, table_grammar(table))))
            for text in texts:
                was = parsers.read(text, today=TODAY, vocabulary=before)
                of_the_office = was == ShowHelp(topic=PRICE)  # an office may say itself what a text costs
                if not isinstance(was, Misread | Remark) and not of_the_office:
                    assert type(parsers.read(text, today=TODAY, vocabulary=after)) is type(was), (word, text)
    assert taken > 20, "words of an office stay free"


def test_polite_words_and_keywords_of_parts_that_are_off_are_refused_and_words_of_an_office_are_not() -> None:
    for word in ("XIN", "TOI", "CHO", "GUI", "SO", "LAI", "TRA", "HOI", "VN", "EM", "DK", "HUY", "TT"):
        assert clashes(Settings(), answer(word), ()), word
    for word in ("BUS", "NUOC", "DIEN", "GIO", "DIACHI", "TRUONG", "DIEM", "RAC", "QUENMK"):
        assert not clashes(Settings(), answer(word), ()), word


def test_an_own_answer_gives_way_to_a_command_behind_its_keyword() -> None:
    vocabulary = vocabulary_of((*GRAMMARS, table_grammar(answer("DIACHI"))))
    for text in ("DIACHI DVC HS777/2023", "diachi: TK, Nguyen Van A, 201499999, 20/12/1990"):
        reading = parsers.read(text, today=TODAY, vocabulary=vocabulary)
        assert reading == parsers.read(text, today=TODAY), text
        assert isinstance(reading, Misread)
        assert reading.suggestion, "the text to copy"
    assert isinstance(parsers.read("DIACHI o dau", today=TODAY, vocabulary=vocabulary), AskTable)
