"""Messages in each state, by names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.schema import InboundState, OutboundState
from db.store.engine import Database
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.message_rows import MessageRows

ID_NUMBER = "079201987654"


TEXT = f"TK， Canary Van Nguyen, {ID_NUMBER}, 20/12/1990"


CODE = "000.00.12.H17-230815-0007"


@pytest.fixture
def written(database: Database, new_id: Callable[[], int]) -> dict[str, int]:
    """Messages by a name of the test's own."""
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        opened = rows.text(TEXT, reading="register_account", outcome="account_opened")
        secret = rows.answer(opened, None, masked="TK: nvc, MK: ****")
        asked = rows.text(f"DVC {CODE}", reading="look_up_status", outcome="status_told", sender="84935111222")
        told = rows.answer(asked, f"Ho so {CODE}: " + "dang xu ly " * 20, state=OutboundState.FAILED, segments=2)
        parked = rows.text("=HD()", state=InboundState.PARKED, reading=None, outcome=None, link="gapit")
        waiting = rows.answer(parked, "cho", state=OutboundState.QUEUED)
    return {"opened": opened, "secret": secret, "asked": asked, "told": told, "parked": parked, "waiting": waiting}
