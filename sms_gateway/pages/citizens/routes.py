"""The pages of citizens' data: blocked numbers, dossiers, accounts, and all data about one person.

A person's data can be exported and erased even when all services are off.
"""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.citizens import account_changes, accounts, blocked_numbers, dossier_import, person
from sms_gateway.pages.citizens.dossiers import change_dossier, dossier, dossiers
from sms_gateway.pages.citizens.notices import notices
from sms_gateway.pages.site.page import BOTH, POST, Page, PageGroup, Top
from sms_gateway.settings.switches import LOOK_UP_DOSSIER, NOTICES, REGISTER_ACCOUNT

_VIEWER, _OPERATOR, _ADMINISTRATOR = OperatorRole.VIEWER, OperatorRole.OPERATOR, OperatorRole.ADMINISTRATOR
_MESSAGE = "/messages/<int:inbound_id>"
_UPLOAD = "/dossiers/import/<int:upload_id>"
_ACCOUNT = "/accounts/<int:account_id>"

BLOCKS = PageGroup(
    top=Top.MESSAGES,
    pages=(
        Page(rule=f"{_MESSAGE}/block", view=blocked_numbers.block_sender, least=_OPERATOR, methods=BOTH),
        Page(rule=f"{_MESSAGE}/unblock", view=blocked_numbers.unblock_sender, least=_OPERATOR, methods=BOTH),
        Page(rule="/blocks", view=blocked_numbers.blocks, least=_OPERATOR, entry="menu.blocks"),
        Page(rule="/blocks/add", view=blocked_numbers.add_block, least=_OPERATOR, methods=POST),
        Page(rule="/blocks/reveal", view=blocked_numbers.reveal_blocks, least=_OPERATOR, methods=POST),
        Page(rule="/blocks/remove", view=blocked_numbers.unblock_number, least=_OPERATOR, methods=BOTH),
    ),
)

DOSSIERS = PageGroup(
    top=Top.DOSSIERS,
    service=LOOK_UP_DOSSIER,
    pages=(
        Page(rule="/dossiers", view=dossiers, least=_VIEWER, entry="menu.dossiers"),
        Page(rule="/dossiers/<int:dossier_id>", view=dossier, least=_VIEWER),
        Page(rule="/dossiers/<int:dossier_id>/change", view=change_dossier, least=_OPERATOR, methods=BOTH),
        Page(
            rule="/dossiers/import",
            view=dossier_import.import_dossiers_page,
            name="import_dossiers",
            least=_OPERATOR,
            methods=BOTH,
            entry="menu.import",
        ),
        Page(rule=_UPLOAD, view=dossier_import.preview_import, least=_OPERATOR),
        Page(rule=f"{_UPLOAD}/columns", view=dossier_import.map_import, least=_OPERATOR, methods=POST),
        Page(rule=f"{_UPLOAD}/finish", view=dossier_import.finish_import, least=_OPERATOR, methods=POST),
        Page(rule=f"{_UPLOAD}/contacts", view=dossier_import.confirm_import, least=_OPERATOR),
        Page(rule=f"{_UPLOAD}/faults.csv", view=dossier_import.import_faults, least=_OPERATOR),
    ),
)

NOTICE_LIST = PageGroup(
    top=Top.DOSSIERS,
    service=NOTICES,
    pages=(Page(rule="/notices", view=notices, least=_VIEWER, entry="menu.notices"),),
)

ACCOUNTS = PageGroup(
    top=Top.ACCOUNTS,
    service=REGISTER_ACCOUNT,
    pages=(
        Page(rule="/accounts", view=accounts.accounts, least=_OPERATOR, entry="menu.accounts"),
        Page(rule="/accounts/search", view=accounts.search_accounts, least=_OPERATOR, methods=POST),
        Page(rule=_ACCOUNT, view=accounts.account, least=_OPERATOR),
        Page(rule=f"{_ACCOUNT}/reveal", view=accounts.reveal_account, least=_OPERATOR, methods=POST),
        Page(rule=f"{_ACCOUNT}/disable", view=accounts.disable_account, least=_OPERATOR, methods=BOTH),
        Page(rule=f"{_ACCOUNT}/enable", view=accounts.enable_account, least=_OPERATOR, methods=POST),
        Page(rule=f"{_ACCOUNT}/password", view=account_changes.send_password, least=_OPERATOR, methods=BOTH),
        Page(rule=f"{_ACCOUNT}/correct", view=account_changes.correct_account, least=_OPERATOR, methods=POST),
        Page(rule=f"{_ACCOUNT}/confirm-phone", view=account_changes.confirm_phone, least=_OPERATOR, methods=POST),
        Page(rule=f"{_ACCOUNT}/release", view=account_changes.release_account, least=_OPERATOR, methods=BOTH),
        Page(rule=f"{_ACCOUNT}/erase", view=accounts.erase_account, least=_ADMINISTRATOR, methods=POST),
    ),
)

PERSON = PageGroup(
    top=Top.SERVICE,
    pages=(
        Page(rule="/person", view=person.person, least=_ADMINISTRATOR, methods=BOTH, entry="menu.person"),
        Page(rule="/person/export", view=person.export_person, least=_ADMINISTRATOR, methods=POST),
        Page(rule="/person/erase", view=person.erase_person, least=_ADMINISTRATOR, methods=POST),
    ),
)
