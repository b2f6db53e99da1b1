"""The sources of the site: a copy of docs/ and of the pages of the root, with links that hold inside the site."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tools.docs.diagrams import as_tables
from tools.docs.dialect import translated
from tools.docs.navigation import DECISIONS, FROM_ROOT, navigation
from tools.docs.pieces import LINK, OUTSIDE, outside_code

ROOT = Path(__file__).parents[2]
STYLE = "site.css"

_ASSETS = (".png", ".json", ".svg")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_CSS = """\
/* Tables wrap, long words do not widen a page on a telephone, the search stays in sight, and colours have contrast. */
.wy-table-responsive table td, .wy-table-responsive table th { white-space: normal; }
.wy-nav-content { max-width: 60rem; }
.rst-content { overflow-wrap: anywhere; }
.rst-content table { overflow-wrap: break-word; }
.rst-content code { white-space: normal; color: #9b1c1c; }
.rst-content pre code { white-space: pre; color: inherit; }
.rst-content a:not(.icon) { color: #1f6391; }
.wy-side-nav-search, .wy-nav-top { background-color: #1f6391; }
.wy-side-nav-search { position: sticky; top: 0; z-index: 2; }
.wy-side-scroll { scroll-padding-top: 6rem; }
"""


def stage(into: Path, *, root: Path = ROOT) -> Path:
    """Write the sources of the site and its settings into a new folder; return the file of the settings."""
    places = {root / name: page for name, page in FROM_ROOT.items()}
    for path in sorted((root / "docs").rglob("*")):
        if path.suffix == ".md" or path.suffix in _ASSETS:
            places[path] = str(path.relative_to(root / "docs"))
    places[root / "docs" / "decisions"] = DECISIONS
    places[root / "docs" / "reference"] = "reference/commands.md"
    docs = into / "docs"
    for path, place in places.items():
        (docs / place).parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            (docs / place).write_text(page_of_site(path, places, root=root), encoding="utf-8")
        elif path.is_file():
            shutil.copy(path, docs / place)
    (docs / DECISIONS).write_text(_decisions(root / "docs" / "decisions"), encoding="utf-8")
    (docs / STYLE).write_text(_CSS, encoding="ascii")
    settings = into / "mkdocs.yml"
    pages = [place for place in places.values() if place.endswith(".md")]
    settings.write_text(json.dumps(_settings(pages, root), indent=1), encoding="utf-8")  # JSON is YAML too
    return settings


def page_of_site(path: Path, places: Mapping[Path, str], *, root: Path = ROOT) -> str:
    """Return a page for the site. `places` has the place in the site of each file that is in it."""

    def linked(found: re.Match[str]) -> str:
        target, _, anchor = found["target"].partition("#")
        if not target or found["target"].startswith(OUTSIDE):
            return found[0]
        file = Path(os.path.normpath(path.parent / target))
        if file not in places:  # a source file: the site does not have it, its name is enough
            words = found["words"]
            name = f"`{file.relative_to(root)}`"
            return name if f"`{words}`" == name else f"{words} ({name})"
        link = os.path.relpath(places[file], Path(places[path]).parent)
        words = _title(file) if found["words"].endswith(".md") else found["words"]
        return f"{found['picture']}[{words}]({link}{'#' if anchor else ''}{anchor})"

    text = as_tables(path.read_text("utf-8"))
    return translated(outside_code(text, lambda prose: LINK.sub(linked, prose)))


@cache
def _title(page: Path) -> str:
    """Return the heading of a page; readers of the site do not see the names of files."""
    found = _TITLE.search(page.read_text("utf-8"))
    return found[1] if found else page.name


def _decisions(folder: Path) -> str:
    titles = [(page.name, _title(page)) for page in sorted(folder.glob("*.md"))]
    rows = "\n".join(f"- [{title}]({name})" for name, title in titles)
    return f"# Decisions\n\nEach hard choice has a page: context, decision, alternatives, consequences.\n\n{rows}\n"


def _settings(pages: list[str], root: Path) -> dict[str, object]:
    version = re.findall(
        r'^__version__ = "(.+)"$', (root / "sms_gateway/__init__.py").read_text("utf-8"), re.MULTILINE
    )[0]
    return {
        "site_name": f"SMS gateway {version}",
        "docs_dir": "docs",
        "use_directory_urls": False,
        "strict": True,
        "theme": {"name": "readthedocs", "highlightjs": False, "navigation_depth": 3},
        "extra_css": [STYLE],
        "plugins": ["search"],
        "markdown_extensions": ["attr_list", "sane_lists"],
        "validation": {
            "nav": {"omitted_files": "warn", "not_found": "warn"},
            "links": {"anchors": "warn", "not_found": "warn", "absolute_links": "warn", "unrecognized_links": "warn"},
        },
        "nav": navigation(pages),
    }
