"""Look-ups that need a secret: what a stranger is told, what guessing is worth, and that the secret is kept nowhere."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from random import Random

import pytest
from sqlalchemy import select

from db.citizens.dossier_secrets import count_closed, opened_by
from db.schema import attempt, dossier
from db.store.engine import Database
from handlers.context import ServiceFacts
from sms_gateway.log import setup
from sms_gateway.pipeline.dispatch.guessing import GuessLimits
from sms_gateway.settings.model import LogSettings
from tests.db.citizens.dossier_rows import find_by_code
from tests.generators.generated import LONG
from tests.sms_gateway.canaries import Search
from tests.sms_gateway.cli.surroundings import logging_kept
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk, Fate

pytestmark = pytest.mark.no_cover  # the same lines many times

AREA = "000.00.12.H17-230815"
CODE = f"{AREA}-0007"
PERSON = "84905123456"
DIGITS, PASSWORD = "7391", "KX7QWT2M"


@pytest.fixture
def desk(sqlite_database: Database) -> Counterdesk:
    return Counterdesk(database=sqlite_database, service=ServiceFacts(asks_secret=True))


def told(fate: Fate) -> bool:
    return fate.answer is not None and "dang xu ly" in fate.answer


@pytest.mark.parametrize(
    "body",
    [
        f"DVC {CODE} {DIGITS}",
        f"DVC {CODE} {PASSWORD}",
        f"dvc {CODE.lower()}, {PASSWORD.lower()}",
        f"DVC {CODE} CCCD 04809012{DIGITS}",
        f"DVC {CODE.replace('0', 'O')} {DIGITS.replace('1', 'l')}",
    ],
)
def test_either_secret_opens(desk: Counterdesk, body: str) -> None:
    desk.dossiers([CODE], identity=DIGITS, password=PASSWORD)
    assert told(desk.text(PERSON, body))


def test_a_stranger_learns_nothing(desk: Counterdesk) -> None:
    """A code with a wrong secret, without one, one that is nowhere, one without secrets on file: the same words."""
    there, nowhere, closed = f"{AREA}-0001", f"{AREA}-0002", f"{AREA}-0003"
    desk.dossiers([there], identity=DIGITS)
    desk.dossiers([closed])
    answers = set()
    for place, (code, secret) in enumerate(
        (code, secret) for code in (there, nowhere, closed) for secret in ("", " 1111", " ZZZZ9999")
    ):
        fate = desk.text(f"8490500000{place}", f"DVC {code}{secret}")
        assert fate.outcome == "status_not_found"
        answers.add((fate.answer or "").replace(code, "CODE"))
    (words,) = answers
    assert words.startswith("Khong tra duoc ho so CODE.")
    assert "Soan: DVC ma, 4 so cuoi CCCD" in words


def test_what_the_limits_withhold_is_told_in_the_same_words(desk: Counterdesk) -> None:
    desk.dossiers([CODE], identity=DIGITS)
    first = desk.text(PERSON, f"DVC {CODE} 1111").answer
    for secret in range(2222, 2222 + GuessLimits().misses):
        desk.pass_(minutes=5)
        assert desk.text(PERSON, f"DVC {CODE} {secret}").answer == first
    desk.pass_(minutes=5)
    withheld = desk.text(PERSON, f"DVC {CODE} {DIGITS}")
    assert withheld.answer == first
    assert withheld.outcome == "status_withheld"


def test_a_forgotten_secret_costs_no_try(desk: Counterdesk) -> None:
    desk.dossiers([CODE], identity=DIGITS)
    for _ in range(8):
        desk.pass_(minutes=6)
        assert not told(desk.text(PERSON, f"DVC {CODE}"))
    desk.pass_(minutes=6)
    assert told(desk.text(PERSON, f"DVC {CODE} {DIGITS}"))
    assert desk.events("scanning") == 0


def test_one_secret_opens_several_and_a_closed_one_is_told_how(desk: Counterdesk) -> None:
    other = f"{AREA}-0008"
    desk.dossiers([CODE], identity=DIGITS)
    desk.dossiers([other], identity="1111")
    answer = desk.text(PERSON, f"DVC {CODE}, {other}, {DIGITS}").answer or ""
    assert answer.splitlines()[0].startswith(f"Ho so {CODE}: dang xu ly.")
    assert answer.splitlines()[1] == f"Khong tra duoc ho so {other}."
    assert "4 so cuoi CCCD" in answer.splitlines()[2]


def test_a_batch_keeps_the_tries_of_several_phones_apart(desk: Counterdesk) -> None:
    desk.dossiers([CODE], identity=DIGITS)
    fates = desk.batch([(f"849050000{place:02d}", f"DVC {CODE} {DIGITS if place % 2 else 1111}") for place in range(6)])
    assert [told(fate) for fate in fates] == [False, True] * 3


def test_without_the_setting_codes_alone_are_told(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    desk.dossiers([CODE], identity=DIGITS)
    assert told(desk.text(PERSON, f"DVC {CODE}"))


@pytest.mark.parametrize("known", [1, pytest.param(100, marks=pytest.mark.long)])
def test_thousands_of_wrong_digits_on_known_codes_disclose_what_the_limits_allow(desk: Counterdesk, known: int) -> None:
    """Secrets of one known code (in the long run all, or over a hundred), from 100 numbers, as slowly as people."""
    random = Random(known)
    codes = [f"{AREA}-{number:04d}" for number in range(known)]
    secrets = {code: f"{random.randrange(10_000):04d}" for code in codes}
    for code, secret in secrets.items():
        desk.dossiers([code], identity=secret)
    guesses = [f"{number:04d}" for number in random.sample(range(10_000), 10_000)]
    tried: set[tuple[str, str]] = set()
    disclosed = 0
    for start in range(0, 10_000 if LONG else 1_000, 100):
        desk.pass_(seconds=80)
        batch = [
            (f"849051{place:05d}", f"DVC {codes[(start + place) % known]} {guess}")
            for place, guess in enumerate(guesses[start : start + 100])
        ]
        for (_, body), fate in zip(batch, desk.batch(batch), strict=True):
            disclosed += told(fate)
            if fate.outcome == "status_not_found":
                _, code, guess = body.split()
                tried.add((code, guess))
    allowed = GuessLimits().area_misses + 100 * 2 + 100  # until it is a scan, then two a number; a batch is judged late
    assert len(tried) <= allowed
    assert disclosed <= 2 + allowed * 3 // 10_000
    assert all(guess != secrets[code] for code, guess in tried)
    assert desk.events("scanning") == 1


def test_equal_digits_on_two_dossiers_have_different_marks(desk: Counterdesk, sqlite_database: Database) -> None:
    codes = [f"{AREA}-{number:04d}" for number in range(50)]
    desk.dossiers(codes, identity=DIGITS, password=DIGITS)
    with sqlite_database.read() as connection:
        marks = connection.execute(select(dossier.c.identity_mark)).scalars().all()
        assert len(set(marks)) == 50
        assert count_closed(connection) == 0
        one = find_by_code(connection, codes[0])
        assert one is not None
        assert opened_by(connection, [one], one.canonical, DIGITS) == [one]
        assert opened_by(connection, [one], one.canonical, "1111") == []
        assert opened_by(connection, [], one.canonical, DIGITS) == []


def test_an_import_without_secrets_leaves_them_and_a_new_one_replaces(
    desk: Counterdesk, sqlite_database: Database
) -> None:
    def on_file() -> tuple[bytes | None, bytes | None]:
        with sqlite_database.read() as connection:
            one = find_by_code(connection, CODE)
        assert one is not None
        assert "mark" not in repr(one)
        return one.identity_mark, one.password_mark

    desk.dossiers([CODE])
    assert on_file() == (None, None)
    desk.dossiers([CODE], identity=DIGITS)
    identity, password = on_file()
    assert identity is not None
    assert password is None
    desk.dossiers([CODE], password=PASSWORD)
    assert on_file()[0] == identity
    desk.dossiers([CODE], identity="1111")
    assert on_file()[0] not in {None, identity}
    assert on_file()[1] is not None


@pytest.fixture
def debug_log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    with logging_kept():
        with redirect_stderr(stream):
            setup(LogSettings(level="debug"))
        logging.getLogger().setLevel(logging.DEBUG)
        yield stream


def test_the_secret_is_nowhere_in_the_database_or_the_log(
    desk: Counterdesk, sqlite_database: Database, debug_log: io.StringIO
) -> None:
    search = Search(
        canaries={"digits": (f"{DIGITS}{DIGITS}",), "password": (PASSWORD,), "text": (f"DVC {CODE} {PASSWORD}",)}
    )
    desk.dossiers([CODE], identity=DIGITS, password=PASSWORD)
    desk.text(PERSON, f"DVC {CODE} {PASSWORD}")
    desk.text(PERSON, f"DVC {CODE} mk {PASSWORD}1")
    desk.text(PERSON, f"DCV {CODE} {PASSWORD}")
    path = sqlite_database.writer.url.database
    assert path is not None
    for suffix in ("", "-wal"):
        with open(f"{path}{suffix}", "rb") as file:  # noqa: PTH123 - the name is SQLite's
            search.look(f"database{suffix}", file.read())
    search.look("log", debug_log.getvalue())
    assert all(search.octets[place] for place in ("database", "database-wal"))
    for canary in ("digits", "password", "text"):
        assert search.places_with(canary) == set(), search.table()
    with sqlite_database.read() as connection:
        for column in dossier.columns:
            values = connection.execute(select(column)).scalars()
            assert not any(re.search(rf"{PASSWORD}|\b{DIGITS}\b", str(value)) for value in values), column
        assert connection.execute(select(attempt)).all()
