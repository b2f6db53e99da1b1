"""PDUs as values: a frame in, one of a closed set out; rare PDUs use smpplib's classes (SMPP 3.4 §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from smpplib import command as smpplib_command

from db.store.record import record
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import HEADER_LENGTH, Frame, pack_header
from sms_gateway.channels.smpp.pdu.short_message import (
    ShortMessage,
    c_octets,
    decode_data_message,
    decode_message_id,
    decode_short_message,
)
from sms_gateway.settings.checks.conflicts import LONGEST_PASSWORD

_BINDS = {
    codes.BIND_TRANSCEIVER: "bind_transceiver",
    codes.BIND_RECEIVER: "bind_receiver",
    codes.BIND_TRANSMITTER: "bind_transmitter",
}
_BIND_FIELDS = 3  # system_id, password, system_type come first and end in NUL
_BIND_TAIL = 4  # interface_version, addr_ton, addr_npi and the NUL of address_range, at least
_MESSAGES = (codes.DELIVER_SM, codes.SUBMIT_SM)
INTERFACE_VERSION = 0x34


@record
class Message:
    """deliver_sm, submit_sm or data_sm; the command shows which response it wants."""

    command: int
    sequence: int
    message: ShortMessage


@record
class MessageResponse:
    """submit_sm_resp, deliver_sm_resp or data_sm_resp."""

    command: int
    sequence: int
    status: int
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BindRequest:
    """bind_transceiver, bind_receiver or bind_transmitter (§4.1)."""

    command: int
    sequence: int
    system_id: str
    password: str
    system_type: str = ""
    address_range: str = ""

    def __repr__(self) -> str:
        """Leave the password out, since a repr may be logged."""
        return f"BindRequest(command={self.command:#x}, system_id={self.system_id!r})"


@dataclass(frozen=True, kw_only=True, slots=True)
class BindResponse:
    """The answer to a bind."""

    sequence: int
    status: int
    system_id: str


@record
class Plain:
    """A PDU whose body is empty or unimportant: enquire_link, unbind, generic_nack, outbind, alert_notification."""

    command: int
    sequence: int
    status: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadablePdu:
    """A whole frame that cannot be read: costs one PDU, answered with `status` (unless it is itself a response)."""

    command: int
    sequence: int
    status: int


Pdu = Message | MessageResponse | BindRequest | BindResponse | Plain | UnreadablePdu


def read_pdu(frame: Frame) -> Pdu:
    """Read a frame; never raises."""
    command = frame.command
    if command in _MESSAGES or command == codes.DATA_SM:
        decode = decode_data_message if command == codes.DATA_SM else decode_short_message
        message = decode(frame.pdu, HEADER_LENGTH)
        if message is None:
            return _unreadable(frame, codes.ESME_RINVCMDLEN)
        return Message(command=command, sequence=frame.sequence, message=message)
    if command in (codes.SUBMIT_SM_RESP, codes.DELIVER_SM_RESP, codes.DATA_SM_RESP):
        return MessageResponse(
            command=command, sequence=frame.sequence, status=frame.status, message_id=decode_message_id(frame.body)
        )
    if command in _PLAIN:
        return Plain(command=command, sequence=frame.sequence, status=frame.status)
    if command in _BINDS:
        return _read_bind(frame)
    if command & ~codes.RESPONSE in _BINDS:
        return BindResponse(sequence=frame.sequence, status=frame.status, system_id=decode_message_id(frame.body))
    return _unreadable(frame, codes.ESME_RINVCMDID)


_PLAIN = frozenset(
    {
        codes.ENQUIRE_LINK,
        codes.ENQUIRE_LINK_RESP,
        codes.UNBIND,
        codes.UNBIND_RESP,
        codes.GENERIC_NACK,
        codes.OUTBIND,
        codes.ALERT_NOTIFICATION,
    }
)


def _unreadable(frame: Frame, status: int) -> UnreadablePdu:
    return UnreadablePdu(command=frame.command, sequence=frame.sequence, status=status)


def _read_bind(frame: Frame) -> BindRequest | UnreadablePdu:
    """Read a bind with smpplib's class, after a check that no field runs past the end."""
    fields = frame.body.split(b"\x00", _BIND_FIELDS)
    if len(fields) <= _BIND_FIELDS or len(fields[_BIND_FIELDS]) < _BIND_TAIL or 0 not in fields[_BIND_FIELDS][3:]:
        return _unreadable(frame, codes.ESME_RINVCMDLEN)
    pdu = smpplib_command.factory(_BINDS[frame.command], need_sequence=False)
    pdu.parse_params(frame.body[: frame.body.index(0, len(frame.body) - len(fields[_BIND_FIELDS]) + 3) + 1])
    return BindRequest(
        command=frame.command,
        sequence=frame.sequence,
        system_id=pdu.system_id.decode("latin-1"),
        password=pdu.password.decode("latin-1"),
        system_type=pdu.system_type.decode("latin-1"),
        address_range=pdu.address_range.decode("latin-1"),
    )


def write_plain(command: int, sequence: int, status: int = codes.ESME_ROK) -> bytes:
    """Write a PDU that consists of a header."""
    return pack_header(HEADER_LENGTH, command, status, sequence)


def write_pdu(command: int, sequence: int, body: bytes, status: int = codes.ESME_ROK) -> bytes:
    """Put the header before a body."""
    return pack_header(HEADER_LENGTH + len(body), command, status, sequence) + body


def write_response(command: int, sequence: int, status: int, message_id: str = "") -> bytes:
    """Write the response to a message: `command` is the request's; message_id is NUL in deliver_sm_resp (§4.6.2)."""
    return write_pdu(command | codes.RESPONSE, sequence, message_id.encode("latin-1", "replace")[:64] + b"\x00", status)


def write_bind(request: BindRequest) -> bytes:
    """Write a bind; the password is sent whole, although §5.2.2 has room for eight characters: some have more."""
    body = b"".join(
        (
            c_octets(_plain_ascii(request.system_id), 15),
            c_octets(_plain_ascii(request.password), LONGEST_PASSWORD),
            c_octets(_plain_ascii(request.system_type), 12),
            bytes((INTERFACE_VERSION, 0, 0)),
            c_octets(_plain_ascii(request.address_range), 40),
        )
    )
    return write_pdu(request.command, request.sequence, body)


def write_bind_response(command: int, sequence: int, status: int, system_id: str) -> bytes:
    """Write the response to a bind; `command` is the request's. A refusal has no body (§4.1.2)."""
    if status != codes.ESME_ROK:
        return write_plain(command | codes.RESPONSE, sequence, status)
    return _write_with_smpplib(
        _BINDS[command] + "_resp",
        sequence,
        status,
        system_id=_plain_ascii(system_id),
        sc_interface_version=INTERFACE_VERSION,
    )


def _write_with_smpplib(name: str, sequence: int, status: int, **fields: str | int) -> bytes:
    """Write with smpplib's class. Sequence and status are set after, since its constructor takes neither."""
    flags = {} if name.endswith("_resp") else {"need_sequence": False}  # a response class that is given it raises
    pdu = smpplib_command.factory(name, **flags, **fields)
    pdu.sequence = sequence
    pdu.status = status
    return cast("bytes", pdu.generate())


def _plain_ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")
