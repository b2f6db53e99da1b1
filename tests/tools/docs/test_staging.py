"""The sources of the site: every page of the project is in it, and every link holds inside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools.docs.navigation import HOME
from tools.docs.pieces import CODE, FENCE, LINK, OUTSIDE
from tools.docs.staging import ROOT, page_of_site, stage


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("site")).parent


def test_the_project_s_pages_are_all_in_the_navigation_once(staged: Path) -> None:
    groups = json.loads((staged / "mkdocs.yml").read_text())["nav"]
    listed = [
        page for group in groups for pages in group.values() for page in ([pages] if isinstance(pages, str) else pages)
    ]
    there = [str(path.relative_to(staged / "docs")) for path in (staged / "docs").rglob("*.md")]
    assert sorted(listed) == sorted(there)
    assert len(there) == len(list((ROOT / "docs").rglob("*.md"))) + 4 + 1
    assert listed[0] == HOME


def test_every_link_of_the_site_leads_to_a_page_and_a_heading_of_it(staged: Path) -> None:
    docs = staged / "docs"
    texts = {path: path.read_text("utf-8") for path in docs.rglob("*.md")}
    ids = {path: set(re.findall(r"\{: #(\S+) \}$", text, re.MULTILINE)) for path, text in texts.items()}
    lost, seen = [], 0
    for path, text in texts.items():
        for link in LINK.finditer(CODE.sub("", FENCE.sub("", text))):
            target, _, anchor = link["target"].partition("#")
            if link["target"].startswith(OUTSIDE):
                continue
            file = (path.parent / target).resolve() if target else path
            seen += 1
            if not file.is_file() or (anchor and anchor not in ids[file]):
                lost.append(f"{path.relative_to(docs)}: {link['target']}")
    assert lost == []
    assert seen > 300


def test_links_out_of_the_site_become_names_and_names_of_pages_become_titles(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "how-to"
    folder.mkdir(parents=True)
    page = folder / "a.md"
    page.write_text(
        "[b](../b.md#top), [b.md](../b.md), [code/x.py](../../code/x.py), [code](../../code/x.py), `[not](one.md)`, [web](https://a.invalid)\n"
    )
    other = tmp_path / "docs" / "b.md"
    other.write_text("# The other page\n")
    places = {page: "how-to/a.md", other: "b.md"}
    assert page_of_site(page, places, root=tmp_path) == (
        "[b](../b.md#top), [The other page](../b.md), `code/x.py`, code (`code/x.py`), `[not](one.md)`, [web](https://a.invalid)\n"
    )
