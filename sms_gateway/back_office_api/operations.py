"""The table of operations. The endpoints and the OpenAPI document are made from it, so an operation is in both."""

from __future__ import annotations

from collections.abc import Sequence

from sms_gateway.back_office_api import dossiers
from sms_gateway.back_office_api.accounts import account_operations
from sms_gateway.back_office_api.operation import Operation
from sms_gateway.back_office_api.tables import TABLES
from sms_gateway.settings.back_office_model import AccountMode, BackOfficeSettings
from sms_gateway.web.request_reader import BACK_OFFICE

PREFIX = BACK_OFFICE

DOSSIERS: Sequence[Operation] = (dossiers.PUSH, dossiers.LIMITS)
OPERATIONS: Sequence[Operation] = (*DOSSIERS, *TABLES, *account_operations())


def operations_of(settings: BackOfficeSettings, *, has_tables: bool) -> Sequence[Operation]:
    """Return the operations that are on; those of own tables where a service has any."""
    accounts = account_operations() if settings.accounts is AccountMode.VERIFY else ()
    return (*DOSSIERS, *(TABLES if has_tables else ()), *accounts)
