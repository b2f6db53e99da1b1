"""Parts of one text that two processes take at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

from db.messages.parts import PartRow, find, store
from db.store.engine import Database

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MARK, OTHER = b"\x01" * 24, b"\x02" * 24


def test_who_takes_the_second_part_sees_the_first_that_another_process_is_storing(postgres_database: Database) -> None:
    def take(mark: bytes) -> list[int]:
        with postgres_database.write() as connection:
            return [row.number for row in find(connection, [mark])]

    with ThreadPoolExecutor(2) as pool:
        with postgres_database.write() as connection:
            assert find(connection, [MARK, OTHER]) == []
            second = pool.submit(take, MARK)
            assert wait([second], timeout=0.3).not_done, "it looked before the first part was stored"
            assert pool.submit(take, b"\x03" * 24).result(timeout=10) == []
            store(connection, [part(1)])
        assert second.result(timeout=10) == [1]


def part(number: int) -> PartRow:
    return PartRow(
        id=number,
        text_mark=MARK,
        number=number,
        total=2,
        content_mark=b"-",
        link="agg",
        session=None,
        sender="84905123456",
        recipient="8188",
        octets=b"HD",
        data_coding=0,
        received_at=NOW,
    )
