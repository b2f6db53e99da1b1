"""What is wrong with a site is found."""

from __future__ import annotations

import json
from pathlib import Path

from tools.docs.verification import faults

WELL = '<link rel="stylesheet" href="a.css"><h1 id="top">A</h1><a href="#top">up</a><a href="b/index.html#in">b</a>'


def site(
    folder: Path, page: str, *, style: str = "", known: tuple[str, ...] = ("index.html", "b/index.html")
) -> list[str]:
    (folder / "b").mkdir(parents=True)
    (folder / "search").mkdir()
    (folder / "index.html").write_text(page)
    (folder / "b/index.html").write_text(
        '<a href="../index.html">a</a><p id="in"></p><a href="https://out.invalid">out</a>'
    )
    (folder / "a.css").write_text(style)
    (folder / "search/search_index.json").write_text(json.dumps({"docs": [{"location": f"{one}#x"} for one in known]}))
    return list(faults(folder))


def test_each_fault_is_found_and_a_good_site_has_none(tmp_path: Path) -> None:
    cases = {
        "good": (site(tmp_path / "good", WELL), []),
        "script": (
            site(tmp_path / "script", '<script src="https://cdn.invalid/a.js"></script>'),
            ["index.html: loads https://cdn.invalid/a.js"],
        ),
        "protocol": (
            site(tmp_path / "protocol", '<img src="//cdn.invalid/a.png">'),
            ["index.html: loads //cdn.invalid/a.png"],
        ),
        "font": (
            site(tmp_path / "font", WELL, style="@font-face{src:url('https://f.invalid/a')}"),
            ["a.css: loads https://f.invalid/a"],
        ),
        "link": (site(tmp_path / "link", '<a href="c.html">c</a>'), ["index.html: leads nowhere: c.html"]),
        "anchor": (site(tmp_path / "anchor", '<a href="b/#out">c</a>'), ["index.html: leads nowhere: b/#out"]),
        "picture": (site(tmp_path / "picture", '<img src="c.png">'), ["index.html: is not there: c.png"]),
        "search": (
            site(tmp_path / "search", WELL, known=("index.html",)),
            ["b/index.html: the search does not know it"],
        ),
    }
    assert {label: found for label, (found, _) in cases.items()} == {
        label: wanted for label, (_, wanted) in cases.items()
    }
