"""Who may open a page: its least role, and what an operator must do first."""

from __future__ import annotations

from collections.abc import Sequence

from db.schema import OperatorRole
from db.staff.operator_row import Operator
from sms_gateway.pages.site.page import Page, site
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import current_session_or_none

WITH_A_ONE_TIME_PASSWORD = ("admin.choose_password", "admin.log_out")
"""All that an operator without a password of their own can do. They are led to the first page."""

BEFORE_THE_SECOND_FACTOR = ("admin.second_factor", "admin.log_out")
"""The same for an operator whose role needs a second factor (web.second_factor), and who has none."""

EXPORTS_CLEAR = OperatorRole.ADMINISTRATOR
"""Who may export numbers and texts unmasked."""

_RANKS = (OperatorRole.VIEWER, OperatorRole.OPERATOR, OperatorRole.ADMINISTRATOR)


def reaches(role: OperatorRole, least: OperatorRole) -> bool:
    """Return whether a role includes another. An agent's includes no other, and no other includes it.

    >>> reaches(OperatorRole.ADMINISTRATOR, OperatorRole.VIEWER), reaches(OperatorRole.VIEWER, OperatorRole.OPERATOR)
    (True, False)
    """
    return role in _RANKS and _RANKS.index(role) >= _RANKS.index(least)


def opens(role: OperatorRole, page: Page) -> bool:
    """Return whether an operator of this role may use a page."""
    if page.least is None:
        return True
    return page.agents if role is OperatorRole.AGENT else reaches(role, page.least)


def lists(role: OperatorRole, page: Page) -> bool:
    """Return whether the menu of an operator of this role has an entry for a page."""
    return bool(page.entry) and opens(role, page) and not (page.agents_by_link and role is OperatorRole.AGENT)


def confined_to(operator: Operator) -> Sequence[str]:
    """Return the only pages for an operator who must do something first. The first of them is the page to do it."""
    if operator.must_change:
        return WITH_A_ONE_TIME_PASSWORD
    return BEFORE_THE_SECOND_FACTOR if lacks_second_factor(operator) else ()


def lacks_second_factor(operator: Operator) -> bool:
    """Return whether an operator has no second factor and must have one."""
    return operator.totp_secret is None and operator.role in dependencies().settings.web.second_factor


def home(role: OperatorRole) -> str:
    """Return the page that an operator of this role sees first."""
    listed = (page for group in site().groups if group.top for page in group.pages)
    return next((page.endpoint for page in listed if lists(role, page)), "admin.sessions")


def may(endpoint: str) -> bool:
    """Return whether the operator of this request may use a page that exists: for menus and buttons."""
    session, page = current_session_or_none(), site().pages.get(endpoint)
    if session is None or page is None:
        return False
    only = confined_to(session.operator)
    return opens(session.operator.role, page) and (not only or endpoint in only)


def may_list(page: Page) -> bool:
    """Return whether the menu of this request has an entry for a page."""
    session = current_session_or_none()
    return session is not None and may(page.endpoint) and lists(session.operator.role, page)
