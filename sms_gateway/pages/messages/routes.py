"""The pages of messages."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.messages.conversation import conversation, reveal_conversation
from sms_gateway.pages.messages.detail.message import message, reveal_message
from sms_gateway.pages.messages.export import export_log
from sms_gateway.pages.messages.message_log import filter_log, log
from sms_gateway.pages.messages.misreads import misread_texts, misreads
from sms_gateway.pages.messages.repeat_actions import run_again, send_again
from sms_gateway.pages.messages.try_text import try_text
from sms_gateway.pages.site.page import BOTH, POST, Page, PageGroup, Top

_VIEWER, _OPERATOR = OperatorRole.VIEWER, OperatorRole.OPERATOR
_ONE = "/messages/<int:inbound_id>"

MESSAGES = PageGroup(
    top=Top.MESSAGES,
    pages=(
        Page(rule="/messages", view=log, least=_VIEWER, entry="menu.log"),
        Page(rule="/messages/filter", view=filter_log, least=_VIEWER, methods=POST),
        Page(rule="/messages/export", view=export_log, least=_OPERATOR, methods=POST),
        Page(rule=_ONE, view=message, least=_VIEWER),
        Page(rule=f"{_ONE}/reveal", view=reveal_message, least=_OPERATOR, methods=POST),
        Page(rule=f"{_ONE}/send-again/<int:outbound_id>", view=send_again, least=_OPERATOR, methods=BOTH),
        Page(rule=f"{_ONE}/run-again", view=run_again, least=_OPERATOR, methods=BOTH),
        Page(rule=f"{_ONE}/conversation", view=conversation, least=_OPERATOR),
        Page(rule=f"{_ONE}/conversation/reveal", view=reveal_conversation, least=_OPERATOR, methods=POST),
        Page(rule="/misreads", view=misreads, least=_VIEWER, entry="menu.misreads"),
        Page(rule="/misreads/<key>", view=misread_texts, least=_VIEWER),
        Page(rule="/try", view=try_text, least=_OPERATOR, methods=BOTH, entry="menu.try"),
    ),
)
