"""The standard's names of fields in the order of the wire, and of optional parameters by tag (SMPP 3.4 §4, §5.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from sms_gateway.channels.smpp.pdu import codes

_HEAD = (
    "service_type",
    "source_addr_ton",
    "source_addr_npi",
    "source_addr",
    "dest_addr_ton",
    "dest_addr_npi",
    "destination_addr",
    "esm_class",
)
_SHORT = (
    *_HEAD,
    "protocol_id",
    "priority_flag",
    "schedule_delivery_time",
    "validity_period",
    "registered_delivery",
    "replace_if_present_flag",
    "data_coding",
    "sm_default_msg_id",
    "sm_length",
)
LAYOUTS: Mapping[int, tuple[str, ...]] = {
    codes.DELIVER_SM: _SHORT,
    codes.SUBMIT_SM: _SHORT,
    codes.DATA_SM: (*_HEAD, "registered_delivery", "data_coding"),
}
"""The fields of a body by command, up to its text or its parameters: strings that end in NUL, and single octets."""

STRINGS = frozenset({"service_type", "source_addr", "destination_addr", "schedule_delivery_time", "validity_period"})
ADDRESSES = frozenset({"source_addr", "destination_addr"})


class TlvKind(Enum):
    """What a parameter's value is."""

    INTEGER = "integer"
    CHOICE = "choice"  # one octet out of a table
    STRING = "string"  # plain characters that hold nobody's data
    NETWORK_ERROR = "network_error"  # type and code
    ADDRESS = "address"  # may hold a person's number
    TEXT = "text"  # the words of the message
    UNKNOWN = "unknown"  # not in the standard, or octets of any meaning


TLVS: Mapping[int, tuple[str, TlvKind]] = {
    0x0005: ("dest_addr_subunit", TlvKind.CHOICE),
    0x0006: ("dest_network_type", TlvKind.CHOICE),
    0x0007: ("dest_bearer_type", TlvKind.CHOICE),
    0x0008: ("dest_telematics_id", TlvKind.INTEGER),
    0x000D: ("source_addr_subunit", TlvKind.CHOICE),
    0x000E: ("source_network_type", TlvKind.CHOICE),
    0x000F: ("source_bearer_type", TlvKind.CHOICE),
    0x0010: ("source_telematics_id", TlvKind.INTEGER),
    0x0017: ("qos_time_to_live", TlvKind.INTEGER),
    0x0019: ("payload_type", TlvKind.CHOICE),
    0x001D: ("additional_status_info_text", TlvKind.UNKNOWN),
    0x001E: ("receipted_message_id", TlvKind.STRING),
    0x0030: ("ms_msg_wait_facilities", TlvKind.INTEGER),
    0x0201: ("privacy_indicator", TlvKind.CHOICE),
    0x0202: ("source_subaddress", TlvKind.ADDRESS),
    0x0203: ("dest_subaddress", TlvKind.ADDRESS),
    0x0204: ("user_message_reference", TlvKind.INTEGER),
    0x0205: ("user_response_code", TlvKind.INTEGER),
    0x020A: ("source_port", TlvKind.INTEGER),
    0x020B: ("destination_port", TlvKind.INTEGER),
    0x020C: ("sar_msg_ref_num", TlvKind.INTEGER),
    0x020D: ("language_indicator", TlvKind.CHOICE),
    0x020E: ("sar_total_segments", TlvKind.INTEGER),
    0x020F: ("sar_segment_seqnum", TlvKind.INTEGER),
    0x0210: ("SC_interface_version", TlvKind.INTEGER),
    0x0302: ("callback_num_pres_ind", TlvKind.INTEGER),
    0x0303: ("callback_num_atag", TlvKind.ADDRESS),
    0x0304: ("number_of_messages", TlvKind.INTEGER),
    0x0381: ("callback_num", TlvKind.ADDRESS),
    0x0420: ("dpf_result", TlvKind.INTEGER),
    0x0421: ("set_dpf", TlvKind.INTEGER),
    0x0422: ("ms_availability_status", TlvKind.INTEGER),
    0x0423: ("network_error_code", TlvKind.NETWORK_ERROR),
    0x0424: ("message_payload", TlvKind.TEXT),
    0x0425: ("delivery_failure_reason", TlvKind.INTEGER),
    0x0426: ("more_messages_to_send", TlvKind.INTEGER),
    0x0427: ("message_state", TlvKind.CHOICE),
    0x0501: ("ussd_service_op", TlvKind.INTEGER),
    0x1201: ("display_time", TlvKind.INTEGER),
    0x1203: ("sms_signal", TlvKind.INTEGER),
    0x1204: ("ms_validity", TlvKind.INTEGER),
    0x130C: ("alert_on_message_delivery", TlvKind.INTEGER),
    0x1380: ("its_reply_type", TlvKind.INTEGER),
    0x1383: ("its_session_info", TlvKind.INTEGER),
}
