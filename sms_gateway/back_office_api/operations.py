"""The table of operations. The endpoints and the OpenAPI document are made from it, so an operation is in both."""

from __future__ import annotations

from collections.abc import Sequence

from sms_gateway.back_office_api import dossiers
from sms_gateway.back_office_api.operation import Operation

PREFIX = "/back-office"

OPERATIONS: Sequence[Operation] = (dossiers.PUSH, dossiers.LIMITS)
