"""`python -m tools.reference.write`: write the pages of docs/reference/ from the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.reference import api, commands, metrics, states

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
FIX = "fix: python -m tools.reference.write"

PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": api.page,
    "commands.md": commands.page,
    "metrics.md": metrics.page,
    "states.md": states.page,
}


def text(name: str) -> str:
    """Return a page as its file holds it: below its heading it says what writes it."""
    heading, _, rest = PAGES[name]().partition("\n")
    return f"{heading}\n\n<!-- written by python -m tools.reference.write -->\n{rest.rstrip()}\n"


def main(folder: Path = FOLDER) -> None:
    """Write each page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / name).write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
