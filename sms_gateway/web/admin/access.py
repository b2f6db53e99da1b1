"""Who may do what: every address of the operators' pages and the least role that opens it.

An address that stands in neither table opens for nobody, so a page that is added without a thought is shut.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import current_app

from db.schema import OperatorRole
from sms_gateway.web.forms import current_session_or_none

OPEN_TO_ALL = frozenset({"admin.log_in", "admin.second_step"})
"""Addresses that lead to a log-in."""

WITH_A_ONE_TIME_PASSWORD = frozenset({"admin.choose_password", "admin.log_out"})
"""All that an operator can do who has not yet chosen a password."""

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


def may(endpoint: str) -> bool:
    """Tell whether whoever asks may use an address that exists: for menus and buttons."""
    session = current_session_or_none()
    return session is not None and endpoint in current_app.view_functions and opens(session.operator.role, endpoint)
