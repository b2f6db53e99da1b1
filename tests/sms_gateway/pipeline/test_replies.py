"""The one writer of what goes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import db
import handlers
import sms_gateway
from db.schema import outbound
from db.store.address import Address
from db.store.engine import Database
from sms_gateway.pipeline.replies import Replies
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from tests.sms_gateway.conftest import NOON

LONG = "a" * 200


@pytest.fixture
def nudges() -> list[str]:
    return []


@pytest.fixture
def writer(new_id: Callable[[], int], nudges: list[str]) -> Replies:
    return Replies(
        new_id=new_id,
        traits=TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15))),
        nudge=lambda: nudges.append("nudged"),
    )


def queue(writer: Replies, database: Database, *, lasts: timedelta | None = None) -> None:
    with database.write() as connection:
        text = writer.compose(
            link="main", sender="8188", recipient=Address("84905123456"), body=LONG, now=NOON, lasts=lasts
        )
        writer.queue(connection, [text], now=NOON)


def test_long_texts_to_one_phone_have_different_references(writer: Replies, database: Database) -> None:
    for _ in range(3):
        queue(writer, database)
    with database.read() as connection:
        references = list(connection.scalars(select(outbound.c.reference)))
    assert len(set(references)) == 3


def test_a_text_waits_as_long_as_an_answer_or_as_it_says(writer: Replies, database: Database) -> None:
    queue(writer, database)
    queue(writer, database, lasts=timedelta(days=1))
    with database.read() as connection:
        expiry = list(connection.scalars(select(outbound.c.expires_at).order_by(outbound.c.id)))
    assert expiry == [NOON + timedelta(minutes=15), NOON + timedelta(days=1)]


def test_the_pipeline_is_woken_after_the_commit_and_not_after_a_rollback(
    writer: Replies, database: Database, nudges: list[str]
) -> None:
    with database.write() as connection:
        text = writer.compose(link="main", sender="8188", recipient=Address("84905123456"), body="HD", now=NOON)
        writer.queue(connection, [text], now=NOON)
        assert nudges == []
    assert nudges == ["nudged"]
    with database.write() as connection:
        writer.queue(connection, [replace(text, id=text.id + 1)], now=NOON)
    assert nudges == ["nudged", "nudged"]

    def fail() -> None:
        with database.write() as connection:
            writer.queue(connection, [replace(text, id=text.id + 2)], now=NOON)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    with database.write():
        pass
    assert nudges == ["nudged", "nudged"]


def test_nothing_else_inserts_into_the_outbox() -> None:
    packages = [Path(str(package.__file__)).parent for package in (db, handlers, sms_gateway)]
    files = [file for package in packages for file in package.rglob("*.py")]
    inserting = {file.name for file in files if re.search(r"insert\w*\(\s*outbound\b", file.read_text("utf-8"))}
    of_the_demo = "sample_tickets.py"  # what went out long before the demo began
    assert inserting == {"outbox_insert.py", of_the_demo}
