"""A service with notices, over SMPP: subscribe, be told of a change, stop; and what there is with them off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import DossierStatus
from db.store.engine import Database, open_database
from handlers.commands import HANDLERS
from parsers.vocabulary import NOTICES_VOCABULARY, VOCABULARY
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.conversation import Bubble, Direction
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.back_office_model import NoticesSettings
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, OfferedService, Settings, WebSettings
from sms_gateway.settings.services import keyword_faults, vocabulary_for
from sms_gateway.wiring.conversation_parts import handlers_for
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade

AN, CODE = "84905123456", "H17-261129-0001"
ON = NoticesSettings(enabled=True, hold_minutes=0)
BEGIN = datetime(2026, 11, 30, 5, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> DatabaseSettings:
    made = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    with closing(open_database(made.url, keyfile.load_or_make(made.key_file))) as database:
        upgrade(database)
    return made


def by_day() -> Callable[[], datetime]:
    """Return a clock that begins at noon in Viet Nam."""
    started = datetime.now(UTC)
    return lambda: BEGIN + (datetime.now(UTC) - started)


@contextmanager
def running(place: DatabaseSettings, notices: NoticesSettings) -> Iterator[tuple[Simulator, Gateway, Database]]:
    simulator = Simulator()
    simulator.start()
    settings = Settings(
        database=place,
        web=WebSettings(port=0),
        notices=notices,
        links={"main": LinkSettings(host="127.0.0.1", port=simulator.port, system_id="gw")},
    )
    with opened(settings) as database:
        gateway = Gateway(settings, database, now=by_day())
        gateway.start()
        try:
            simulator.wait_bound(1)
            yield simulator, gateway, database
        finally:
            gateway.stop()
            simulator.stop()


def answers(smsc: Simulator, count: int) -> list[str]:
    """Wait for so many texts to the phone, and return them."""

    def received(bubbles: Sequence[Bubble]) -> list[str]:
        return [one.text for one in bubbles if one.direction is Direction.MT]

    return received(smsc.wait_for(AN, lambda bubbles: len(received(bubbles)) >= count))


def store(gateway: Gateway, database: Database, status: DossierStatus) -> None:
    facts = DossierFacts(code=CODE, status=status, wanted="ban sao CCCD", fix="nop tai quay 3")
    with database.write() as connection:
        import_dossiers(connection, [facts], new_id=gateway.replies.new_id, now=BEGIN + timedelta(seconds=1))


@pytest.mark.long
def test_a_citizen_subscribes_is_told_of_a_change_and_stops(place: DatabaseSettings) -> None:
    with running(place, ON) as (smsc, gateway, database):
        assert {"release_notices", "note_due_dossiers"} <= set(gateway.job_names)
        store(gateway, database, DossierStatus.IN_PROGRESS)
        smsc.send_text(AN, "8188", f"DK {CODE}")
        assert answers(smsc, 1)[0].startswith(f"So nay se nhan tin khi ho so {CODE} thay doi.")
        store(gateway, database, DossierStatus.PAPERS_WANTED)
        assert answers(smsc, 2)[1] == (
            f"Ho so {CODE} can bo sung: ban sao CCCD. Cach nop: nop tai quay 3. Ngung nhan tin: soan HUY gui 8188"
        )
        smsc.send_text(AN, "8188", "STOP")
        assert answers(smsc, 3)[2].startswith("Da ngung gui tin ve ho so den so dien thoai nay.")
        smsc.send_text(AN, "8188", "HD")
        assert "DK ma ho so (nhan tin)" in answers(smsc, 4)[3]


def test_with_notices_off_there_is_no_keyword_no_handler_and_no_job(place: DatabaseSettings) -> None:
    assert vocabulary_for(Settings()).taught == VOCABULARY.taught
    assert handlers_for(Settings(), HANDLERS) is HANDLERS
    with running(place, NoticesSettings()) as (smsc, gateway, database):
        assert "release_notices" not in gateway.job_names
        store(gateway, database, DossierStatus.IN_PROGRESS)
        smsc.send_text(AN, "8188", f"DK {CODE}")
        assert answers(smsc, 1)[0].startswith(f"Ho so {CODE}: dang xu ly.")  # a code in a sentence


def test_the_commands_are_there_once_whatever_else_is_on() -> None:
    alone = Settings(notices=ON)
    both = Settings(notices=ON, conversation=ConversationSettings(enabled=True))
    assert vocabulary_for(alone).taught == NOTICES_VOCABULARY.taught
    for settings in (alone, both):
        names = [one.name for one in handlers_for(settings, HANDLERS).every]
        assert (names.count("withdrawal"), names.count("subscription")) == (1, 1)
        assert list(keyword_faults(settings)) == []
    renamed = Settings(notices=ON, services={"subscription": OfferedService(keywords=["TK"])})
    assert [fault.where for fault in keyword_faults(renamed)] == ["services.subscription.keywords"]
