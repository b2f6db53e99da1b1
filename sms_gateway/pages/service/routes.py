"""The pages of the service itself: today, links, wording, system and retention."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.service.alarms import acknowledge_alarm, alarms, test_way
from sms_gateway.pages.service.links import control_link, links
from sms_gateway.pages.service.retention import retention
from sms_gateway.pages.service.switches import services, switch_service
from sms_gateway.pages.service.system import system
from sms_gateway.pages.service.today import today
from sms_gateway.pages.service.wordings import change_wording, undo_wording, wording, wordings
from sms_gateway.pages.site.page import BOTH, POST, Page, PageGroup, Top
from sms_gateway.settings.switches import ALARMS

_VIEWER, _OPERATOR, _ADMINISTRATOR = OperatorRole.VIEWER, OperatorRole.OPERATOR, OperatorRole.ADMINISTRATOR

TODAY = PageGroup(top=Top.TODAY, pages=(Page(rule="", view=today, least=_VIEWER, entry="menu.today"),))

SERVICE = PageGroup(
    top=Top.SERVICE,
    pages=(
        Page(rule="/links", view=links, least=_VIEWER, entry="menu.links"),
        Page(rule="/links/<name>", view=control_link, least=_ADMINISTRATOR, methods=BOTH),
        Page(rule="/services", view=services, least=_VIEWER, entry="menu.services"),
        Page(rule="/services/<name>", view=switch_service, least=_ADMINISTRATOR, methods=BOTH),
        Page(rule="/wording", view=wordings, least=_OPERATOR, entry="menu.wording"),
        Page(rule="/wording/<phrase>", view=wording, least=_OPERATOR),
        Page(rule="/wording/<phrase>/change", view=change_wording, least=_ADMINISTRATOR, methods=POST),
        Page(rule="/wording/<phrase>/undo", view=undo_wording, least=_ADMINISTRATOR, methods=BOTH),
        Page(rule="/retention", view=retention, least=_VIEWER, entry="menu.retention"),
        Page(rule="/system", view=system, least=_ADMINISTRATOR, entry="menu.system"),
    ),
)

ALARM_LIST = PageGroup(
    top=Top.SERVICE,
    service=ALARMS,
    pages=(
        Page(rule="/alarms", view=alarms, least=_VIEWER, entry="menu.alarms"),
        Page(rule="/alarms/<int:alarm_id>/acknowledge", view=acknowledge_alarm, least=_OPERATOR, methods=POST),
        Page(rule="/alarms/test/<way>", view=test_way, least=_ADMINISTRATOR, methods=POST),
    ),
)
