"""The pages of webhooks; they exist when a system of the city gets events."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.site.page import POST, Page, PageGroup, Top
from sms_gateway.pages.webhooks.receivers import send_webhook, start_webhook, webhooks
from sms_gateway.settings.switches import WEBHOOKS

_VIEWER, _OPERATOR, _ADMINISTRATOR = OperatorRole.VIEWER, OperatorRole.OPERATOR, OperatorRole.ADMINISTRATOR

RECEIVERS = PageGroup(
    top=Top.SERVICE,
    service=WEBHOOKS,
    pages=(
        Page(rule="/webhooks", view=webhooks, least=_VIEWER, entry="menu.webhooks"),
        Page(rule="/webhooks/event/<key>/again", view=send_webhook, least=_OPERATOR, methods=POST),
        Page(rule="/webhooks/system/<name>/start", view=start_webhook, least=_ADMINISTRATOR, methods=POST),
    ),
)
