"""A city whose citizens ask by text: 86 units, 625 contacts, 300 wards and 500 rules, and what people write to it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import select, update

from bench.gateway import Installation
from db.schema import calendar, unit
from db.store.engine import Database, open_database
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.demo.sample_city import ALL_DAY
from sms_gateway.demo.sample_directory import add_sample_city
from sms_gateway.process import keyfile

RULES = 500

CONVERSATION = "[conversation]\nenabled = true\n"
"""The settings that turn it on; the rest has its default."""

_MATTERS = (
    *("den duong hong", "rac chat dong", "hang xom hat karaoke ca dem", "nap cong bi mat", "mat nuoc tu sang"),
    *("dang ky tam tru", "lam can cuoc cho con", "cap lai ho chieu", "xin phep xay nha", "xe buyt tuyen 5"),
    *("sang ten so do", "doi the BHYT", "thue dat phi nong nghiep", "chuyen truong cho con", "lich tiem chung"),
    *("tien dien tang gap doi", "dang ky ho kinh doanh", "dang ky khai sinh", "sao y giay to", "cay do chan duong"),
)
_PLACES = ("phuong Hai Chau", "phuong Thanh Khe", "phuong An Hai", "xa Hoa Vang", "phuong Cam Le", "phuong Hoi An")
_ENDS = ("can giay to gi", "lam o dau", "bao gio xong", "hoi ai thi duoc", "may ngay roi chua ai xem")


def add_city(database: Database) -> None:
    """Write the city into a new database; every office is open all day, so that no result depends on the hour."""
    ids = count(1)
    with database.write() as connection:
        today = utc_now().astimezone(LOCAL_ZONE).date()
        add_sample_city(connection, new_id=lambda: next(ids), today=today, rules=RULES)
        all_day = select(calendar.c.id).where(calendar.c.name == ALL_DAY).scalar_subquery()
        connection.execute(update(unit).values(calendar_id=all_day))


def settle_city(place: Installation) -> None:
    """Write the city into the database of an installation that nobody serves."""
    database = open_database(place.url, keyfile.load(place.key_file))
    add_city(database)
    database.close()


def question_texts(number: int, *, seed: int) -> Iterator[str]:
    """Give texts with the keyword HOI, some with a place, some of several sentences; each fits into one segment."""
    chance = random.Random(seed)  # noqa: S311 - draws texts, guards nothing
    for _ in range(number):
        place = f" o {chance.choice(_PLACES)}" if chance.random() < 0.4 else ""  # noqa: PLR2004 - as many name one
        more = f". Nha so {chance.randrange(1, 400)}" if chance.random() < 0.3 else ""  # noqa: PLR2004 - the same
        yield f"HOI {chance.choice(_MATTERS)}{place} {chance.choice(_ENDS)}{more}"


def count_tickets(file: Path) -> int:
    """Count the tickets of an SQLite database; a text opens at most one."""
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(DISTINCT inbound_id) FROM ticket").fetchone()[0])
