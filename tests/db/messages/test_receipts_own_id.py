"""Receipts that name our id of the answer beside the carrier's."""

from __future__ import annotations

import pytest

from db.messages.receipts import adopt, record
from db.schema import OutboundState
from db.store.engine import Database
from tests.db.messages.test_receipts import NOW, said, send, state_of


@pytest.mark.parametrize(
    "response", ["d533", "77"], ids=["the carrier's id", "ours, since its first response was lost"]
)
@pytest.mark.parametrize("early", [False, True], ids=["after the response", "before the response"])
def test_a_receipt_with_both_ids_finds_its_message_by_either(database: Database, response: str, *, early: bool) -> None:
    told = said("d533")
    by_own_id = {told.id: said("77")}
    with database.write() as connection:
        if early:
            assert record(connection, [told], at=NOW, by_own_id=by_own_id) == 1
        sent = send(connection, response)
        if early:
            assert adopt(connection, sent, at=NOW) == 1
        else:
            assert record(connection, [told], at=NOW, by_own_id=by_own_id) == 0
        assert state_of(connection, 1) is OutboundState.DELIVERED
