"""The page of numbers and its file, for operators and for those who lead units."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.numbers.numbers import numbers, numbers_csv
from sms_gateway.pages.site.page import Page, PageGroup, Top
from sms_gateway.settings.switches import CONVERSATION

NUMBERS = PageGroup(
    top=Top.SERVICE,
    service=CONVERSATION,
    pages=(
        Page(rule="/numbers", view=numbers, least=OperatorRole.OPERATOR, agents=True, entry="menu.numbers"),
        Page(rule="/numbers.csv", view=numbers_csv, least=OperatorRole.OPERATOR, agents=True),
    ),
)
