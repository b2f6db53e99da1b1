"""Time the readers over the corpus, and read the same corpus with simpler readers for comparison.

Run `.venv/bin/python bench/parse.py`. Times are the best of several runs, so that a busy machine disturbs little.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from datetime import date
from pathlib import Path

from parsers import LONGEST_TEXT, read
from parsers.printed import as_json

TODAY = date(2026, 11, 22)
CORPUS = Path(__file__).parent.parent / "tests" / "parsers" / "corpus"
ROUNDS = 9
WORST_UNITS = (
    *("a", "1", "1 ", "1.", "1/", "1,2,", "-", "O", "nam sinh ", "CMND ", "TK, ", "gui 8188 ", "cam on ", "&amp;"),
    *("Ã©", "á»…", "20/12/1990 ", "201499999 ", "H17.12-230815-0007 ", "aeiou", "dau cach ", "e\u0302\u0303"),
    *("\ud835", "\n", "? ", "ho ten ", "so cmnd hoac cccd ", "xin chao ", "dang ky tai khoan ", "mo tk ", "sinh nam "),
    *(
        "0905123456 ",
        "090 ",
        "90512345 ",
        "1:",
        "12x",
        "12**",
        "µ",
        "Traàn ",
        "TrÇn ",
        "Thiò ",
        "gioi tinh nam ",
        "a.",
        "Aa-",
    ),
    *("cua toi ", "tru tai ", "1,2,1990 ", "Hoas "),
    *("\ud835", "\n", "? ", "H17 230815 ", "H17.12-230815-", "O00.", "cccd ", "0905 "),
)
Expected = dict[str, object]


def load() -> list[tuple[str, Expected]]:
    """Load text and expected reading of every message of the corpus."""
    lines = [line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    return [(message["text"], message["expected"]) for message in map(json.loads, lines)]


def best_seconds(text: str, rounds: int = ROUNDS) -> float:
    """Return the shortest time one reading took, in seconds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        read(text, today=TODAY)
        best = min(best, time.perf_counter() - start)
    return best


def read_at_commas(text: str) -> Expected:
    """Read as most gateways do: the first word is the keyword, commas separate, nothing is forgiven."""
    keyword, *fields = [field.strip() for field in re.split(r"[,;]", text)]
    if keyword.upper() == "TK" and len(fields) == 3:  # noqa: PLR2004 -- the three fields of a registration
        born = re.fullmatch(r"(\d\d)[/.](\d\d)[/.](\d{4})", fields[2])
        if born is not None and re.fullmatch(r"\d{9}|\d{12}", fields[1]):
            day = f"{born[3]}-{born[2]}-{born[1]}"
            return {"command": "register_account", "full_name": fields[0], "id_number": fields[1], "birth_date": day}
    if text.upper().startswith("DVC"):
        code = text[3:].strip().upper()
        return {"command": "look_up_status", "codes": [code], "canonical": [re.sub(r"[^A-Z0-9]", "", code)]}
    return {"misread": "unknown_keyword"}


def verdict(got: Expected, expected: Expected) -> str:
    """Judge one reading: right, asked back, or silently wrong, which alone does harm."""
    if got == expected or ("misread" in got and "misread" in expected):
        return "right"
    return "asked" if "misread" in got else "silently wrong"


def compare_dates(messages: list[tuple[str, Expected]]) -> str:
    """Read the dates of the corpus with dateparser, where that is installed."""
    try:
        dateparser = importlib.import_module("dateparser")
    except ImportError:
        return "dateparser: not installed, not compared"
    counts = {"right": 0, "asked": 0, "silently wrong": 0}
    for text, expected in messages:
        pieces = re.split(r"[,;]", text)
        if "birth_date" not in expected or len(pieces) != 4:  # noqa: PLR2004 -- keyword and three fields, date last
            continue
        found = dateparser.parse(pieces[3], languages=["vi"], settings={"DATE_ORDER": "DMY"})
        day = found.date().isoformat() if found is not None else None
        counts["asked" if day is None else "right" if day == expected["birth_date"] else "silently wrong"] += 1
    return f"dateparser, dates of plain registrations: {counts}"


def main() -> None:
    """Print the figures."""
    messages = load()
    times = sorted(best_seconds(text) * 1e6 for text, _ in messages)
    out = sys.stdout.write
    out(f"messages: {len(messages)}\n")
    median, high = times[len(times) // 2], times[len(times) * 99 // 100]
    out(f"us per message: median {median:.0f}, p99 {high:.0f}, max {times[-1]:.0f}\n")
    worst = max((best_seconds((unit * LONGEST_TEXT)[:LONGEST_TEXT], 3), unit) for unit in WORST_UNITS)
    ten_kilobytes = max(best_seconds((unit * 10_000)[:10_000], 3) for unit in WORST_UNITS)
    out(f"worst text of {LONGEST_TEXT} characters: {worst[0] * 1e3:.1f} ms (rows of {worst[1]!r})\n")
    out(f"worst text of 10,000 characters: {ten_kilobytes * 1e3:.3f} ms\n")
    readers = {"parsers": lambda text: as_json(read(text, today=TODAY)), "split at commas": read_at_commas}
    for name, reader in readers.items():
        counts = {"right": 0, "asked": 0, "silently wrong": 0}
        for text, expected in messages:
            counts[verdict(reader(text), expected)] += 1
        out(f"{name}: {counts}\n")
    out(compare_dates(messages) + "\n")


if __name__ == "__main__":
    main()
