"""Secrets of look-ups on pages: masked wherever a text is shown, until somebody reveals it; never told of a dossier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from db.citizens.dossiers import import_dossiers
from db.store.engine import Database
from handlers.context import ServiceFacts
from sms_gateway.demo.sample_dossiers import PRINTED_EXAMPLE, SAMPLE_DIGITS, SAMPLE_PASSWORD, sample_dossiers
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import WebDependencies
from tests.db.citizens.dossier_rows import find_by_code
from tests.sms_gateway.conftest import NOON, Clock, log_in
from tests.sms_gateway.pages.acting import act, did, get, noted, post
from tests.sms_gateway.pages.message_rows import MessageRows

CODE = "000.00.12.H17-230815-0007"
SECRET = "KX7QWT2M"
HEX = SECRET.encode().hex(" ")


@pytest.fixture
def parts(parts: WebDependencies) -> WebDependencies:
    return replace(parts, service=ServiceFacts(asks_secret=True))


@pytest.fixture
def rows(database: Database, new_id: Callable[[], int]) -> Callable[..., int]:
    def text(body: str, reading: str = "look_up_status", **fields: object) -> int:
        with database.write() as connection:
            made = MessageRows(connection=connection, new_id=new_id, now=NOON)
            return made.text(body, reading=reading, outcome="status_told", **fields)  # type: ignore[arg-type] # by name

    return text


TEXTS = [
    (f"DVC {CODE} {SECRET}", "look_up_status"),
    (f"dvc {CODE}, {SECRET.lower()}", "look_up_status"),
    (f"DVC{CODE}\u200b mk {SECRET}", "look_up_status"),
    (f"DVC {CODE} {SECRET} 4321", "misread:receipt_code"),
    (f"DCV {CODE} {SECRET}", "misread:unknown_keyword"),
]


@pytest.mark.parametrize(("body", "reading"), TEXTS)
def test_every_masked_page_hides_the_secret_and_a_reveal_shows_it(
    logged_in: FlaskClient, rows: Callable[..., int], body: str, reading: str
) -> None:
    made = rows(body, reading)
    pages = [
        get(logged_in, "/admin"),
        get(logged_in, "/admin/messages"),
        get(logged_in, f"/admin/messages/{made}"),
        get(logged_in, f"/admin/messages/{made}/conversation"),
        get(logged_in, "/admin/misreads"),
        post(logged_in, "/admin/messages/export", kind="csv"),
    ]
    shown = "\n".join(page.text for page in pages).upper()
    assert "•" * len(SECRET) in shown
    assert SECRET not in shown
    assert HEX not in shown.lower()
    if reading == "look_up_status":
        assert CODE in shown
    clear = act(logged_in, f"/admin/messages/{made}/reveal")
    assert SECRET in clear.text.upper()


def test_ucs2_octets_hide_it_too(logged_in: FlaskClient, rows: Callable[..., int]) -> None:
    body = f"ĐVC {CODE} {SECRET}"
    made = rows(body, octets=body.encode("utf-16-be"), data_coding=8)
    page = get(logged_in, f"/admin/messages/{made}").text
    assert SECRET.encode("utf-16-be").hex(" ") not in page
    assert SECRET not in page


def test_a_look_up_without_secret_stays_readable(logged_in: FlaskClient, rows: Callable[..., int]) -> None:
    made = rows(f"DVC {CODE} cua toi")
    page = get(logged_in, f"/admin/messages/{made}").text
    assert f"DVC {CODE} cua toi" in page
    assert "it is missing, so nothing will be told" in page


def bring_in(client: FlaskClient, content: str) -> str:
    response = post(client, "/admin/dossiers/import", file=(BytesIO(content.encode()), "ho-so.csv"))
    assert response.status_code == 303, response.text
    return str(response.location)


def test_a_file_brings_secrets_in_and_no_page_shows_them(logged_in: FlaskClient, database: Database) -> None:
    place = bring_in(logged_in, f"code;status;Số CCCD;Mã tra cứu;cột lạ\n{CODE};4;079201987391;{SECRET};\n")
    preview = get(logged_in, place)
    assert "Identity number, last four digits" in preview.text
    assert "••••" in preview.text
    post(logged_in, f"{place}/finish")
    done = get(logged_in, place)
    with database.read() as connection:
        found = find_by_code(connection, CODE)
    assert found is not None
    assert found.identity_mark is not None
    detail = get(logged_in, f"/admin/dossiers/{found.id}")
    assert "Identity number, last four digits, Look-up password" in detail.text
    for page in (preview, done, detail, get(logged_in, "/admin/dossiers")):
        assert "7391" not in page.text
        assert SECRET not in page.text
    assert not any("7391" in entry.detail or SECRET in entry.detail for entry in noted(database))


def test_a_faulty_secret_is_told_by_line_and_not_quoted(logged_in: FlaskClient) -> None:
    place = bring_in(logged_in, f"code;status;cccd\n{CODE};4;12399\n")
    page = get(logged_in, place).text
    assert "line 2: Identity number, last four digits:" in page
    assert "12399" not in page


def test_a_column_can_be_mapped_to_a_secret(logged_in: FlaskClient, database: Database) -> None:
    place = bring_in(logged_in, f"code;status;giấy tờ\n{CODE};4;079201987391\n")
    post(logged_in, f"{place}/columns", **{"column-0": "code", "column-1": "status", "column-2": "identity"})
    post(logged_in, f"{place}/finish")
    with database.read() as connection:
        found = find_by_code(connection, CODE)
    assert found is not None
    assert found.identity_mark is not None
    assert found.password_mark is None


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        (SAMPLE_DIGITS, "da xu ly xong"),
        (SAMPLE_PASSWORD, "da xu ly xong"),
        ("9999", "Khong tra duoc ho so"),
        ("", "Khong tra duoc ho so"),
    ],
)
def test_the_try_page_opens_samples_with_their_secrets(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int], secret: str, words: str
) -> None:
    with database.write() as connection:
        import_dossiers(connection, sample_dossiers(NOON.date()), new_id=new_id, now=NOON)
    page = act(logged_in, "/admin/try", text=f"DVC {PRINTED_EXAMPLE} {secret}").text
    assert words in page


class TestGuessingOnTheTryPage:
    @pytest.fixture(autouse=True)
    def _samples(self, database: Database, new_id: Callable[[], int]) -> None:
        with database.write() as connection:
            import_dossiers(connection, sample_dossiers(NOON.date()), new_id=new_id, now=NOON)

    def test_each_try_names_the_dossier_and_wrong_ones_are_as_many_as_a_telephone_has(
        self, logged_in: FlaskClient, database: Database, clock: Clock
    ) -> None:
        with database.read() as connection:
            found = find_by_code(connection, PRINTED_EXAMPLE)
        assert found is not None
        subject = f"dossier:{found.id}"
        most = Settings().limits.misses_per_day
        post(logged_in, "/admin/try", text=f"DVC {PRINTED_EXAMPLE} {SAMPLE_DIGITS}")
        for number in range(most):
            assert act(logged_in, "/admin/try", text=f"DVC {PRINTED_EXAMPLE} {number:04d}").status_code == 200
        refused = post(logged_in, "/admin/try", text=f"DVC {PRINTED_EXAMPLE} {SAMPLE_DIGITS}")
        assert refused.status_code == 429
        assert "You have tried too many wrong secrets today." in refused.text
        assert "It would be answered so" not in refused.text
        assert did(database) == [("tried", subject), *[("secret_guessed", subject)] * most]
        assert SAMPLE_DIGITS not in str(noted(database))
        assert act(logged_in, "/admin/try", text="HD").status_code == 200
        clock.advance(timedelta(days=1, seconds=1))
        log_in(logged_in)
        assert "da xu ly xong" in act(logged_in, "/admin/try", text=f"DVC {PRINTED_EXAMPLE} {SAMPLE_DIGITS}").text

    def test_a_secret_for_a_code_that_is_none_is_a_guess_too(self, logged_in: FlaskClient, database: Database) -> None:
        post(logged_in, "/admin/try", text="DVC 000.00.12.H17-990101-9999 1234")
        assert did(database) == [("secret_guessed", "")]
