from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert, select

from db.messages.events import EventKind
from db.schema import InboundState, event, inbound
from db.store.engine import open_database
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile
from tests.sms_gateway.cli.surroundings import begin, run

ROW = {
    "link": "main",
    "reply_link": "main",
    "fingerprint": b"f",
    "sender": "84905123456",
    "sender_mark": "84905123456",
    "recipient": "8188",
    "data_coding": 0,
    "octets": b"HD",
    "body": "HD",
}


def park(number: int) -> None:
    database = open_database("sqlite:///var/gateway.db", keyfile.load(Path("var/keys")))
    with database.write() as connection:
        row = {**ROW, "id": number, "state": InboundState.PARKED, "received_at": utc_now()}
        connection.execute(insert(inbound).values(row))
        told = {
            "id": number + 1,
            "inbound_id": number,
            "at": utc_now(),
            "kind": "parked",
            "detail": "KeyError at x.py:3",
        }
        connection.execute(insert(event).values(told))
    database.close()


def test_parked_texts_are_listed_and_run_again(tmp_path: Path) -> None:
    begin()
    assert run("messages", "parked").stdout == ""
    park(7)
    park(17)
    lines = run("messages", "parked").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["7", "17"]
    assert lines[0].endswith("main  KeyError at x.py:3")
    assert run("messages", "rerun", "7").stdout == "1 text will be handled again\n"
    again = run("messages", "rerun", "7", "17")
    assert (again.exit_code, again.stdout) == (1, "1 text will be handled again\n")
    assert "not parked: 7; fix: " in again.stderr
    park(27)
    assert run("messages", "rerun", "--all").stdout == "1 text will be handled again\n"
    database = open_database("sqlite:///var/gateway.db", keyfile.load(Path("var/keys")))
    with database.read() as connection:
        assert set(connection.scalars(select(inbound.c.state))) == {InboundState.RECEIVED}
        kinds = list(connection.scalars(select(event.c.kind).where(event.c.kind != "parked")))
    database.close()
    assert kinds == [EventKind.RUN_AGAIN] * 3


def test_rerun_wants_texts_or_all(tmp_path: Path) -> None:
    begin()
    assert run("messages", "rerun").exit_code == 2
    assert run("messages", "rerun", "7", "--all").exit_code == 2
