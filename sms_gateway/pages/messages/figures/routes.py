"""The pages of figures. Agents find them by a link of their Numbers; the menu of an agent has the inbox alone."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.messages.figures.figures_page import figures, figures_csv
from sms_gateway.pages.messages.figures.report_page import report, report_csv
from sms_gateway.pages.site.page import Page, PageGroup, Top

_OPERATOR = OperatorRole.OPERATOR

FIGURES = PageGroup(
    top=Top.TODAY,
    pages=(
        Page(rule="/figures", view=figures, least=_OPERATOR, agents=True, entry="menu.figures", agents_by_link=True),
        Page(rule="/figures.csv", view=figures_csv, least=_OPERATOR, agents=True),
        Page(rule="/figures/report", view=report, least=_OPERATOR, agents=True),
        Page(rule="/figures/report.csv", view=report_csv, least=_OPERATOR, agents=True),
    ),
)
