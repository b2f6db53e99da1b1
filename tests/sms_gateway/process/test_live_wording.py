"""The wording as it is now: changes followed, faults passed over, a dead database outlived."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from db.staff.wordings import WordingChange, add_wording_change
from db.store.engine import Database
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.catalogues.vietnamese import VIETNAMESE
from handlers.wording.phrases import Phrase
from sms_gateway.process.live_wording import LiveSentences, live_wording

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def store(database: Database, number: int, phrase: str, *forms: str, language: str = "vi") -> None:
    with database.write() as connection:
        add_wording_change(
            connection,
            WordingChange(id=number, phrase=phrase, language=language, at=NOW, operator="lan", forms=forms or None),
        )


def test_it_follows_changes_and_passes_over_faulty_ones(database: Database) -> None:
    live = LiveSentences(database, VIETNAMESE)
    assert live[Phrase.APOLOGY] == VIETNAMESE.sentences[Phrase.APOLOGY]
    assert (len(live), set(live)) == (len(VIETNAMESE.sentences), set(VIETNAMESE.sentences))
    store(database, 1, "apology", "Xin loi, goi {hotline}.")
    store(database, 2, "help", "Soan {nobody}")
    store(database, 3, "no_longer_a_phrase", "x")
    live.renew()
    assert live[Phrase.APOLOGY] == ("Xin loi, goi {hotline}.",)
    assert live[Phrase.HELP] == VIETNAMESE.sentences[Phrase.HELP]
    store(database, 4, "apology", "Xin lo\u0302\u0303i, gọi {hotline}.")
    live.renew()
    assert live[Phrase.APOLOGY] == ("Xin lỗi, gọi {hotline}.",)
    store(database, 5, "apology")
    store(database, 6, "apology", "Sorry, call {hotline}.", language="en")
    live.renew()
    assert live[Phrase.APOLOGY] == VIETNAMESE.sentences[Phrase.APOLOGY]


def test_each_language_has_its_own_changes(database: Database) -> None:
    store(database, 1, "apology", "Sorry, call {hotline}.", language="en")
    store(database, 2, "apology", "Xin loi, goi {hotline}.")
    english, vietnamese = (live_wording(database, CATALOGUES[language]) for language in ("en", "vi"))
    assert english.sentences[Phrase.APOLOGY] == ("Sorry, call {hotline}.",)
    assert vietnamese.sentences[Phrase.APOLOGY] == ("Xin loi, goi {hotline}.",)


def test_it_goes_on_with_what_it_knew_when_the_table_cannot_be_read(sqlite_database: Database) -> None:
    live = LiveSentences(sqlite_database, VIETNAMESE)
    store(sqlite_database, 1, "apology", "Xin loi, goi {hotline}.")
    live.renew()
    with sqlite_database.write() as connection:
        connection.execute(text("DROP TABLE wording_change"))
    live.renew()
    assert live[Phrase.APOLOGY] == ("Xin loi, goi {hotline}.",)
