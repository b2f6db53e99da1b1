"""The site that was made: every link and anchor is there, nothing comes from outside, each page can be found."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
"""What a browser loads without being asked: the elements, and the attribute with the address."""

_NOT_LOADED = {"canonical", "next", "prev", "author"}
"""Relations of `<link>` that browsers do not load."""

_CSS_ADDRESS = re.compile(r"(?:url\(|@import\s+)['\"]?([^'\")\s;]+)")


@dataclass(slots=True)
class Page:
    """What a page names."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.page.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.page.links.append(given["href"])
        address = given.get(_LOADED.get(tag, ""))
        if address is not None and given.get("rel") not in _NOT_LOADED:
            self.page.loaded.append(address)


def faults(site: Path) -> Iterator[str]:
    """Yield what is wrong with a site, each with the page in which it is."""
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site)
        if name.name == "404.html":  # its links begin at the root of a server
            continue
        yield from (f"{name}: loads {one}" for one in page.loaded if _leads_outside(one))
        yield from (f"{name}: leads nowhere: {one}" for one in page.links if not _leads_somewhere(one, path, pages))
        yield from (f"{name}: is not there: {one}" for one in page.loaded if not _is_there(one, path))
    for path in sorted(site.rglob("*.css")):
        for one in _CSS_ADDRESS.findall(path.read_text("utf-8")):
            if _leads_outside(one):
                yield f"{path.relative_to(site)}: loads {one}"
    found = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    known = {one["location"].partition("#")[0] for one in found}
    unknown = {str(path.relative_to(site)) for path in pages} - known - {"404.html", "search.html"}
    yield from (f"{name}: the search does not know it" for name in sorted(unknown))


def _read(path: Path) -> Page:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    return reader.page


def _leads_outside(address: str) -> bool:
    return urlsplit(address).scheme not in {"", "data"} or address.startswith("//")


def _target(address: str, page: Path) -> Path:
    path = unquote(urlsplit(address).path)
    return Path(os.path.normpath(page.parent / path)) if path else page


def _is_there(address: str, page: Path) -> bool:
    return _leads_outside(address) or address.startswith("data:") or _target(address, page).is_file()


def _leads_somewhere(address: str, page: Path, pages: dict[Path, Page]) -> bool:
    if _leads_outside(address):
        return True
    target, anchor = _target(address, page), unquote(urlsplit(address).fragment)
    if target == page.parent / "." or target.is_dir():
        target /= "index.html"
    return target.is_file() and (not anchor or target not in pages or anchor in pages[target].ids)
