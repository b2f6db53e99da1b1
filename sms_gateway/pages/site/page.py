"""A page of the site: its address, its view, who may open it, its menu entry, and its service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app

from db.schema import OperatorRole
from sms_gateway.settings.switches import IsOn, offered

if TYPE_CHECKING:
    from flask.typing import RouteCallable

BLUEPRINT = "admin"
GET = ("GET",)
POST = ("POST",)
BOTH = ("GET", "POST")

_EXTENSION = "sms_gateway.site"


class Top(StrEnum):
    """The entries of the top menu, in their order. The value is the key of the entry's label."""

    TODAY = "menu.today"
    MESSAGES = "menu.log"
    TICKETS = "menu.tickets"
    DOSSIERS = "menu.dossiers"
    ACCOUNTS = "menu.accounts"
    SERVICE = "menu.service"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page. Its endpoint is the name of its view, unless `name` gives another."""

    rule: str  # below /admin
    view: RouteCallable
    least: OperatorRole | None  # None: opens without a log-in
    agents: bool = False  # opens for agents too, whom `least` does not rank
    methods: Sequence[str] = GET
    entry: str = ""  # the key of its label in the menu; "": the menu does not list it
    name: str = ""
    agents_by_link: bool = False  # the menu of agents does not list it: another page of theirs leads to it

    @property
    def endpoint(self) -> str:
        """Return the name by which Flask and `url_for` know the page."""
        return f"{BLUEPRINT}.{self.name or self.view.__name__}"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageGroup:
    """Pages of one subject and one service.

    The top menu leads to them. With `top=None` the operator's name in the header does.
    """

    top: Top | None
    pages: Sequence[Page]
    service: str | None = None  # None: always there; else the pages exist only when this service is on

    def entry_of(self, page: Page) -> Page | None:
        """Return the page whose menu entry is current on this page: the one with the longest common address."""
        above = [one for one in self.pages if one.entry and f"{page.rule}/".startswith(f"{one.rule}/")]
        return max(above, key=lambda one: len(one.rule), default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The pages that exist in this application."""

    groups: Sequence[PageGroup]
    pages: Mapping[str, Page]  # by endpoint

    def group_of(self, endpoint: str) -> PageGroup | None:
        """Return the group of a page; None for what is no page of the site."""
        page = self.pages.get(endpoint)
        return next((group for group in self.groups if page in group.pages), None) if page else None

    def add_to(self, blueprint: Blueprint) -> None:
        """Add a route for each page, and keep the site where `site` finds it."""
        for page in self.pages.values():
            name = page.endpoint.removeprefix(f"{BLUEPRINT}.")
            blueprint.add_url_rule(page.rule, name, page.view, methods=page.methods)
        blueprint.record(lambda state: state.app.extensions.update({_EXTENSION: self}))


def site_of(groups: Sequence[PageGroup], is_on: IsOn) -> Site:
    """Return the site without the pages of services that are off. Groups with one top entry become one group."""
    there = offered(groups, is_on)
    tops = dict.fromkeys(group.top for group in there)
    merged = [
        PageGroup(top=top, pages=[page for group in there if group.top is top for page in group.pages]) for top in tops
    ]
    return Site(groups=merged, pages={page.endpoint: page for group in merged for page in group.pages})


def site() -> Site:
    """Return the site of the application that serves this request."""
    return cast("Site", current_app.extensions[_EXTENSION])
