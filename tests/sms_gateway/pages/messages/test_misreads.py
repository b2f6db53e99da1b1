"""Misreads: alike texts together, in words that a clerk understands, and a row leads to all its texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from db.store.engine import Database
from parsers.vocabulary import vocabulary_of
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.message_rows import MessageRows

WITHOUT_KEYWORD = (
    "bao gio co ho so vay",
    "ho so cua toi xong chua",
    "Hồ sơ của tôi đâu 048190001234",
    "may gio mo cua",
    "mo cua may gio ha",
    "xyzzy",
)


def write(database: Database, new_id: Callable[[], int], *bodies: str) -> list[int]:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        return [
            rows.text(body, sender=f"8490512345{place}", reading="misread:unknown_keyword", outcome="corrected")
            for place, body in enumerate(bodies)
        ]


def rows_of(page: str) -> list[list[str]]:
    body = page.split("<tbody")[1]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]


def test_texts_without_a_keyword_are_grouped_by_words_that_several_people_use(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    write(database, new_id, *WITHOUT_KEYWORD)
    found = rows_of(get(logged_in, "/admin/misreads").text)
    assert [(alike, people, texts) for _, _, alike, people, texts in found] == [
        ("no keyword, frequent words: ho so", "3", "3"),
        ("no keyword, frequent words: may gio", "2", "2"),
        ("no keyword, other words", "1", "1"),
    ]
    assert "xyzzy" not in "".join(row[2] for row in found)  # a word of one person alone


def test_a_row_opens_its_texts_masked_and_each_leads_to_its_message(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    made = write(database, new_id, *WITHOUT_KEYWORD)
    page = get(logged_in, "/admin/misreads").text
    address = re.findall(r'href="(/admin/misreads/[0-9a-f]{16}\?days=3)"', page)[0]
    texts = get(logged_in, address).text
    assert re.findall(r"/admin/messages/(\d+)", texts) == [str(one) for one in (made[2], made[1], made[0])]
    assert "3 texts, 3 people" in texts
    assert "048190001234" not in texts


def test_the_way_of_writing_is_told_in_words(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    write(database, new_id, "TK. Nguyen Van A 201499999", "tk.  Le Thi B   048123456789")
    assert [row[2:] for row in rows_of(get(logged_in, "/admin/misreads").text)] == [["TK. (words) (number)", "2", "2"]]


def test_a_group_that_is_none_any_more_leads_back(logged_in: FlaskClient) -> None:
    gone = logged_in.get("/admin/misreads/0123456789abcdef?days=7")
    assert gone.location == "/admin/misreads?days=7"


class TestRenamedKeywords:
    @pytest.fixture
    def parts(self, parts: WebDependencies) -> WebDependencies:
        return replace(parts, vocabulary=vocabulary_of(keywords={"register_account": ["MOTK"]}))

    def test_texts_with_the_new_keyword_are_grouped_by_it(
        self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
    ) -> None:
        write(database, new_id, "MOTK, Nguyen Van An, 31/02/1990", "MOTK, Tran Thi Binh, 31/02/1991")
        write(database, new_id, "TK mo cua", "TK dong cua")
        alike = {row[2] for row in rows_of(get(logged_in, "/admin/misreads").text)}
        assert {one.split(",")[0] for one in alike} == {"MOTK", "no keyword"}
        assert not any("TK" in one.removeprefix("MOTK") for one in alike)
