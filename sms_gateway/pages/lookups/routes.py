"""The pages of own look-up tables; they exist only when these are on."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.lookups import version
from sms_gateway.pages.lookups.tables import lookup_tables, new_table
from sms_gateway.pages.site.page import BOTH, POST, Page, PageGroup, Top
from sms_gateway.settings.switches import LOOKUPS as SWITCH

_OPERATOR = OperatorRole.OPERATOR
_VERSION = "/tables/<int:table_id>"

LOOKUPS = PageGroup(
    top=Top.SERVICE,
    service=SWITCH,
    pages=(
        Page(rule="/tables", view=lookup_tables, least=_OPERATOR, entry="menu.tables"),
        Page(rule="/tables/new", view=new_table, least=_OPERATOR, methods=BOTH),
        Page(rule=_VERSION, view=version.table_version, least=_OPERATOR),
        Page(rule=f"{_VERSION}/submit", view=version.submit_version, least=_OPERATOR, methods=POST),
        Page(rule=f"{_VERSION}/approve", view=version.approve_version, least=_OPERATOR, methods=POST),
        Page(rule=f"{_VERSION}/remove", view=version.remove_version, least=_OPERATOR, methods=POST),
        Page(rule=f"{_VERSION}/off", view=version.switch_table_off, least=_OPERATOR, methods=POST),
        Page(rule=f"{_VERSION}/on", view=version.switch_table_on, least=_OPERATOR, methods=POST),
    ),
)
