"""The menu of a request: the top entries that the operator may open, and the entries of the current group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from sms_gateway.pages.site.access import may_list
from sms_gateway.pages.site.page import Page, PageGroup, Top, site


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry: its target, its label, and its `aria-current`: page, true, or empty."""

    endpoint: str
    label: str
    current: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Menu:
    """What the frame of a page shows."""

    tops: Sequence[Entry]
    beneath: Sequence[Entry]  # of the current group; empty when it has one entry only
    top: Top | None
    """The label of the current group."""
    is_own: bool
    """Whether the page is one of the operator's own, which the name in the header leads to."""


def menu() -> Menu:
    """Return the menu for this request. It is empty without a log-in."""
    here = site()
    groups = [(group, opened) for group in here.groups if (opened := _opened(group))]
    current = here.group_of(request.endpoint or "")
    beneath = next((opened for group, opened in groups if group is current), [])
    return Menu(
        tops=[_top_entry(group, opened, is_current=group is current) for group, opened in groups if group.top],
        beneath=_beneath(current, beneath) if current and len(beneath) > 1 else (),
        top=current.top if current else None,
        is_own=current is not None and current.top is None,
    )


def _opened(group: PageGroup) -> list[Page]:
    """Return the pages with a menu entry that the operator may open."""
    return [page for page in group.pages if may_list(page)]


def _top_entry(group: PageGroup, opened: Sequence[Page], *, is_current: bool) -> Entry:
    first = opened[0].endpoint
    current = "page" if first == request.endpoint else "true" if is_current else ""
    return Entry(endpoint=first, label=group.top or "", current=current)


def _beneath(group: PageGroup, opened: Sequence[Page]) -> Sequence[Entry]:
    page = site().pages[request.endpoint or ""]
    entry = group.entry_of(page)
    return [
        Entry(
            endpoint=one.endpoint,
            label=one.entry,
            current="page" if one is page else "true" if one is entry else "",
        )
        for one in opened
    ]
