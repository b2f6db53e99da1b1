"""Time routing at the size of a large city beside the reading of the same texts, so that machines can be compared.

Run `.venv/bin/python -m bench.routing`. Times are the best of several runs, so that a busy machine disturbs little.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from db.store.engine import open_database
from db.store.sealing import Keyring
from db.upkeep.revision import upgrade
from handlers.conversation.routing import route
from handlers.conversation.routing.directory import Directory
from handlers.conversation.routing.directory_rows import read_directory
from parsers import LONGEST_TEXT, read
from parsers.text.normal_form import normalise
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.demo.sample_directory import add_sample_city

TODAY = date(2026, 11, 28)
RULES = 500
BOUND_US = 100
"""Most time for one text on the machine of docs/performance.md."""
ROUNDS = 15
TEXTS = (
    "den duong hong 3 ngay nay tai 25 Le Duan phuong Hai Chau",
    "rac chat dong o duong Nguyen Van Linh phuong Thanh Khe, hoi thoi ca khu",
    "cho toi hoi dang ky tam tru can giay to gi a",
    "HAI CHAU: nap cong bi mat truoc so nha 12 Tran Phu",
    "ho so 000.00.06.H17-230815-0007 cua toi sao lau the",
    "karaoke keo loa den 12h dem o Hoa Khanh Bac, to dan pho da nhac nhieu lan ma khong duoc",
    "mat nuoc tu sang den gio, bao gio co lai",
)


def main() -> None:
    """Print the figures."""
    directory = _directory()
    out = sys.stdout.write
    wards = len({ward.id for text in directory.wards.phrases() for ward in directory.wards.get(text)})
    out(f"units {len(directory.units)}, wards {wards}, rules {len(directory.rules)}\n")
    routed, parsed = [], []
    for text in map(normalise, TEXTS):
        routed.append(_best_us(partial(route, text, "report", directory)))
        parsed.append(_best_us(partial(read, text, today=TODAY)))
    out(f"us a text: routing median {median(routed):.0f}, most {max(routed):.0f} (bound {BOUND_US})\n")
    out(f"us a text: reading median {median(parsed):.0f}; routing takes {median(routed) / median(parsed):.2f} of it\n")
    longest = normalise(("den duong hong phuong Hai Chau " * LONGEST_TEXT)[:LONGEST_TEXT])
    out(f"us for {LONGEST_TEXT} characters: {_best_us(partial(route, longest, 'report', directory)):.0f}\n")


def _best_us(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def _directory() -> Directory:
    ids = count(1)
    with TemporaryDirectory() as folder:
        keyring = Keyring(keys={1: bytes(32)}, mark_key=bytes(32))
        database = open_database(f"sqlite:///{Path(folder) / 'city.db'}", keyring)
        upgrade(database)
        with database.write() as connection:
            add_sample_city(connection, new_id=lambda: next(ids), today=TODAY, rules=RULES)
            directory = read_directory(connection, zone=LOCAL_ZONE, today=TODAY)
        database.close()
    return directory


if __name__ == "__main__":
    main()
