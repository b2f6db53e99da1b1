"""The numbers of SMPP 3.4: commands (§5.1.2.1), statuses (§5.1.3), TLV tags (§5.3.2); and what refusals mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smpplib import consts

from sms_gateway.pipeline.ports import Refusal

RESPONSE = 0x80000000
"""Set in the command id of every response."""

GENERIC_NACK = 0x80000000
BIND_RECEIVER = 0x00000001
BIND_TRANSMITTER = 0x00000002
SUBMIT_SM = 0x00000004
SUBMIT_SM_RESP = 0x80000004
DELIVER_SM = 0x00000005
DELIVER_SM_RESP = 0x80000005
UNBIND = 0x00000006
UNBIND_RESP = 0x80000006
BIND_TRANSCEIVER = 0x00000009
OUTBIND = 0x0000000B
ENQUIRE_LINK = 0x00000015
ENQUIRE_LINK_RESP = 0x80000015
ALERT_NOTIFICATION = 0x00000102
DATA_SM = 0x00000103
DATA_SM_RESP = 0x80000103

_COMMANDS = {
    BIND_RECEIVER: "bind_receiver",
    BIND_TRANSMITTER: "bind_transmitter",
    SUBMIT_SM: "submit_sm",
    DELIVER_SM: "deliver_sm",
    UNBIND: "unbind",
    BIND_TRANSCEIVER: "bind_transceiver",
    OUTBIND: "outbind",
    ENQUIRE_LINK: "enquire_link",
    ALERT_NOTIFICATION: "alert_notification",
    DATA_SM: "data_sm",
}

BIND_KINDS = {
    BIND_TRANSCEIVER: "transceiver",
    BIND_RECEIVER: "receiver",
    BIND_TRANSMITTER: "transmitter",
}
"""What each way to bind is called."""

ESME_ROK = 0x00000000
ESME_RINVMSGLEN = 0x00000001
ESME_RINVCMDLEN = 0x00000002
ESME_RINVCMDID = 0x00000003
ESME_RINVBNDSTS = 0x00000004
ESME_RALYBND = 0x00000005
ESME_RSYSERR = 0x00000008
ESME_RINVDSTADR = 0x0000000B
ESME_RBINDFAIL = 0x0000000D
ESME_RINVPASWD = 0x0000000E
ESME_RMSGQFUL = 0x00000014
ESME_RTHROTTLED = 0x00000058
ESME_RX_T_APPN = 0x00000064
ESME_RINVOPTPARSTREAM = 0x000000C0

SAR_REFERENCE = 0x020C
DESTINATION_PORT = 0x020B
SAR_TOTAL = 0x020E
SAR_NUMBER = 0x020F
RECEIPTED_MESSAGE_ID = 0x001E
NETWORK_ERROR_CODE = 0x0423
MESSAGE_PAYLOAD = 0x0424
MESSAGE_STATE = 0x0427

UCS2 = 0x08
"""data_coding of UCS-2 (§5.2.19)."""

ESM_UDHI = 0x40
"""A user data header is before the text (§5.2.12)."""

ESM_TYPE = 0x3C
"""The bits of esm_class that distinguish texts from receipts (§5.2.12)."""

ESM_RECEIPT = 0x04

_THROTTLED = frozenset({ESME_RTHROTTLED, ESME_RMSGQFUL})
_TEMPORARY = frozenset(
    {
        ESME_RINVBNDSTS,  # we are not bound as they see it; the next bind fixes that
        ESME_RSYSERR,
        ESME_RX_T_APPN,
        0x00000045,  # ESME_RSUBMITFAIL: gives no reason; carriers send it when they are overloaded
        0x000000FE,  # ESME_RDELIVERYFAILURE: of this try
        0x000000FF,  # ESME_RUNKNOWNERR
    }
)


def _names() -> dict[int, str]:
    """Return the names of the statuses, as smpplib lists them."""
    prefix = "SMPP_"
    return {
        value: name.removeprefix(prefix)
        for name, value in vars(consts).items()
        if name.startswith("SMPP_ESME_R") and isinstance(value, int)
    }


_STATUS_NAMES = _names()


def command_name(command: int) -> str:
    """Return the name of a command_id (§5.1.2.1), or its hexadecimal digits.

    >>> command_name(SUBMIT_SM), command_name(SUBMIT_SM_RESP), command_name(GENERIC_NACK), command_name(0x99)
    ('submit_sm', 'submit_sm_resp', 'generic_nack', '0x00000099')
    """
    if command == GENERIC_NACK:
        return "generic_nack"
    name = _COMMANDS.get(command & ~RESPONSE)
    if name is None:
        return f"0x{command:08x}"
    return f"{name}_resp" if command & RESPONSE else name


def status_name(status: int) -> str:
    """Return the standard's name, `ESME_RTHROTTLED`; a carrier's own status as `ESME_R0x00000401`."""
    return _STATUS_NAMES.get(status) or f"ESME_R0x{status:08X}"


def read_status(told: str) -> int | None:
    """Read a status as settings write it, by its name or as `0x00000401`; None for an unknown name."""
    if told.lower().startswith("0x"):
        return int(told, 16)
    return next((status for status, name in _STATUS_NAMES.items() if name == told), None)


def overrides(temporary: Iterable[str], permanent: Iterable[str], throttling: Iterable[str]) -> dict[int, Refusal]:
    """Return how a carrier's settings read these statuses; unknown names are ignored."""
    kinds = ((Refusal.TEMPORARY, temporary), (Refusal.PERMANENT, permanent), (Refusal.THROTTLED, throttling))
    found = ((read_status(told), kind) for kind, statuses in kinds for told in statuses)
    return {status: kind for status, kind in found if status is not None}


def refusal_of(status: int, carrier: Mapping[int, Refusal] | None = None) -> Refusal:
    """Return the meaning of a refused submit_sm: whether it may be taken later, and whether we are too fast.

    `carrier` holds what this carrier means by some statuses, in place of the standard. An unknown status is permanent
    when the standard defines it (it is about the message). A carrier's own is temporary, since nobody can know.
    """
    if carrier and status in carrier:
        return carrier[status]
    if status in _THROTTLED:
        return Refusal.THROTTLED
    if status in _TEMPORARY or status not in _STATUS_NAMES:
        return Refusal.TEMPORARY
    return Refusal.PERMANENT
