"""Who may do what: every address of the operators' pages and the least role that opens it.

An address that stands in neither table opens for nobody, so a page that is added without a thought is shut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import current_app

from db.schema import OperatorRole
from db.staff.operator_row import Operator
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import current_session_or_none

OPEN_TO_ALL = frozenset({"admin.log_in", "admin.second_step"})
"""Addresses that lead to a log-in."""

WITH_A_ONE_TIME_PASSWORD = ("admin.choose_password", "admin.log_out")
"""All that an operator can do who has not yet chosen a password; the first one is where they are led."""

BEFORE_THE_SECOND_FACTOR = ("admin.second_factor", "admin.log_out")
"""The same for an operator whose role needs a second factor (web.second_factor), and who has none."""

_VIEWER = OperatorRole.VIEWER
_OPERATOR = OperatorRole.OPERATOR
_ADMINISTRATOR = OperatorRole.ADMINISTRATOR

LEAST_ROLE: Mapping[str, OperatorRole] = MappingProxyType(
    {
        # One's own log-in
        "admin.log_out": _VIEWER,
        "admin.choose_password": _VIEWER,
        "admin.second_factor": _VIEWER,
        "admin.remove_own_second_factor": _VIEWER,
        "admin.sessions": _VIEWER,
        "admin.end_own_session": _VIEWER,
        # What a viewer sees: masked, and nothing of accounts
        "admin.today": _VIEWER,
        "admin.log": _VIEWER,
        "admin.filter_log": _VIEWER,
        "admin.message": _VIEWER,
        "admin.misreads": _VIEWER,
        "admin.misread_texts": _VIEWER,
        "admin.dossiers": _VIEWER,
        "admin.dossier": _VIEWER,
        "admin.links": _VIEWER,
        "admin.retention": _VIEWER,
        # What an operator does besides
        "admin.reveal_message": _OPERATOR,
        "admin.conversation": _OPERATOR,
        "admin.reveal_conversation": _OPERATOR,
        "admin.export_log": _OPERATOR,
        "admin.send_again": _OPERATOR,
        "admin.run_again": _OPERATOR,
        "admin.block_sender": _OPERATOR,
        "admin.unblock_sender": _OPERATOR,
        "admin.blocks": _OPERATOR,
        "admin.add_block": _OPERATOR,
        "admin.reveal_blocks": _OPERATOR,
        "admin.unblock_number": _OPERATOR,
        "admin.change_dossier": _OPERATOR,
        "admin.import_dossiers": _OPERATOR,
        "admin.preview_import": _OPERATOR,
        "admin.map_import": _OPERATOR,
        "admin.finish_import": _OPERATOR,
        "admin.confirm_import": _OPERATOR,
        "admin.import_faults": _OPERATOR,
        "admin.accounts": _OPERATOR,
        "admin.search_accounts": _OPERATOR,
        "admin.account": _OPERATOR,
        "admin.reveal_account": _OPERATOR,
        "admin.disable_account": _OPERATOR,
        "admin.enable_account": _OPERATOR,
        "admin.send_password": _OPERATOR,
        "admin.correct_account": _OPERATOR,
        "admin.confirm_phone": _OPERATOR,
        "admin.release_account": _OPERATOR,
        "admin.wordings": _OPERATOR,
        "admin.wording": _OPERATOR,
        "admin.try_text": _OPERATOR,
        # What only an administrator does
        "admin.erase_account": _ADMINISTRATOR,
        "admin.person": _ADMINISTRATOR,
        "admin.export_person": _ADMINISTRATOR,
        "admin.erase_person": _ADMINISTRATOR,
        "admin.change_wording": _ADMINISTRATOR,
        "admin.undo_wording": _ADMINISTRATOR,
        "admin.control_link": _ADMINISTRATOR,
        "admin.operators": _ADMINISTRATOR,
        "admin.add_operator": _ADMINISTRATOR,
        "admin.change_operator": _ADMINISTRATOR,
        "admin.audit": _ADMINISTRATOR,
        "admin.system": _ADMINISTRATOR,
    }
)

EXPORTS_CLEAR = _ADMINISTRATOR
"""Who may export numbers and texts unmasked."""

_RANKS = (_VIEWER, _OPERATOR, _ADMINISTRATOR)


def reaches(role: OperatorRole, least: OperatorRole) -> bool:
    """Tell whether a role includes another.

    >>> reaches(OperatorRole.ADMINISTRATOR, OperatorRole.VIEWER), reaches(OperatorRole.VIEWER, OperatorRole.OPERATOR)
    (True, False)
    """
    return _RANKS.index(role) >= _RANKS.index(least)


def opens(role: OperatorRole, endpoint: str) -> bool:
    """Tell whether this role may use an address."""
    least = LEAST_ROLE.get(endpoint)
    return least is not None and reaches(role, least)


def confined_to(operator: Operator) -> Sequence[str]:
    """Return the only addresses for an operator who must do something first, the address to do it at first."""
    if operator.must_change:
        return WITH_A_ONE_TIME_PASSWORD
    return BEFORE_THE_SECOND_FACTOR if lacks_second_factor(operator) else ()


def lacks_second_factor(operator: Operator) -> bool:
    """Tell whether an operator has no second factor and must have one."""
    return operator.totp_secret is None and operator.role in dependencies().settings.web.second_factor


def may(endpoint: str) -> bool:
    """Tell whether whoever asks may use an address that exists: for menus and buttons."""
    session = current_session_or_none()
    if session is None or endpoint not in current_app.view_functions:
        return False
    only = confined_to(session.operator)
    return opens(session.operator.role, endpoint) and (not only or endpoint in only)
