"""The pages of staff: the log-in, one's own credentials, operators and the audit log."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.site.page import BOTH, POST, Page, PageGroup, Top
from sms_gateway.pages.staff.api_clients import add_api_client, api_clients, change_api_client, show_openapi
from sms_gateway.pages.staff.audit import audit
from sms_gateway.pages.staff.log_in import log_in, log_out, second_step
from sms_gateway.pages.staff.operators import add, change, operators
from sms_gateway.pages.staff.own_credentials import (
    choose_password,
    end_own_session,
    remove_own_second_factor,
    second_factor,
    sessions,
)
from sms_gateway.settings.switches import BACK_OFFICE

_VIEWER, _ADMINISTRATOR = OperatorRole.VIEWER, OperatorRole.ADMINISTRATOR

STAFF = PageGroup(
    top=Top.SERVICE,
    pages=(
        Page(rule="/operators", view=operators, least=_ADMINISTRATOR, entry="menu.operators"),
        Page(rule="/operators/add", view=add, name="add_operator", least=_ADMINISTRATOR, methods=POST),
        Page(
            rule="/operators/<int:operator_id>",
            view=change,
            name="change_operator",
            least=_ADMINISTRATOR,
            methods=POST,
        ),
        Page(rule="/audit", view=audit, least=_ADMINISTRATOR, entry="menu.audit"),
    ),
)

SYSTEMS = PageGroup(
    top=Top.SERVICE,
    service=BACK_OFFICE,
    pages=(
        Page(rule="/systems", view=api_clients, least=_ADMINISTRATOR, entry="menu.api_clients"),
        Page(rule="/systems/add", view=add_api_client, least=_ADMINISTRATOR, methods=POST),
        Page(rule="/systems/<name>", view=change_api_client, least=_ADMINISTRATOR, methods=POST),
        Page(rule="/openapi.json", view=show_openapi, least=_ADMINISTRATOR),
    ),
)

OWN = PageGroup(
    top=None,
    pages=(
        Page(rule="/log-in", view=log_in, least=None, methods=BOTH),
        Page(rule="/log-in/second", view=second_step, least=None, methods=POST),
        Page(rule="/log-out", view=log_out, least=_VIEWER, agents=True, methods=POST),
        Page(rule="/sessions", view=sessions, least=_VIEWER, agents=True, entry="menu.sessions"),
        Page(rule="/sessions/end", view=end_own_session, least=_VIEWER, agents=True, methods=POST),
        Page(rule="/password", view=choose_password, least=_VIEWER, agents=True, methods=BOTH, entry="menu.password"),
        Page(
            rule="/second-factor",
            view=second_factor,
            least=_VIEWER,
            agents=True,
            methods=BOTH,
            entry="menu.second_factor",
        ),
        Page(rule="/second-factor/remove", view=remove_own_second_factor, least=_VIEWER, agents=True, methods=POST),
    ),
)
