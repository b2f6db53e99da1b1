"""What the numbers in a PDU's fields mean: each octet taken apart by its bits (SMPP 3.4 §5.2)."""

from __future__ import annotations

from collections.abc import Mapping

from parsers.localised_message import LocalisedMessage, MessageTable

Meaning = str | LocalisedMessage
"""One thing that a field says. A string stands for itself in every language."""

TABLES: Mapping[str, frozenset[int]] = {
    "ton": frozenset(range(7)),  # §5.2.5
    "npi": frozenset({0, 1, 3, 4, 6, 8, 9, 10, 14, 18}),  # §5.2.6
    "replace": frozenset({0, 1}),  # §5.2.18
    "message_state": frozenset(range(1, 9)),  # §5.2.28
    "privacy_indicator": frozenset(range(4)),  # §5.3.2.14
    "language_indicator": frozenset(range(6)),  # §5.3.2.19
    "payload_type": frozenset({0, 1}),  # §5.3.2.10
    "network": frozenset({1, 2, 3}),  # §5.3.2.31
    "dest_addr_subunit": frozenset(range(5)),  # §5.3.2.1
    "source_addr_subunit": frozenset(range(5)),
    "dest_network_type": frozenset(range(9)),  # §5.3.2.3
    "source_network_type": frozenset(range(9)),
    "dest_bearer_type": frozenset(range(9)),  # §5.3.2.5
    "source_bearer_type": frozenset(range(9)),
}
"""The values that have a name, by field. Any other is the carrier's own."""

_SHARED = {
    "dest_addr_subunit": "subunit",
    "source_addr_subunit": "subunit",
    "dest_network_type": "network_type",
    "source_network_type": "network_type",
    "dest_bearer_type": "bearer",
    "source_bearer_type": "bearer",
}

_TYPES = frozenset({0, 1, 2, 4, 6, 8})
CODINGS: Mapping[int, str] = {
    1: "IA5 / ASCII",
    3: "ISO 8859-1 (Latin-1)",
    5: "JIS X 0208-1990",
    6: "ISO 8859-5",
    7: "ISO 8859-8",
    8: "UCS-2",
    10: "ISO-2022-JP",
    13: "JIS X 0212-1990",
    14: "KS C 5601",
}

MEANINGS = MessageTable(
    "wire",
    {
        "octets": ("{count} octet", "{count} octets"),
        "ack_wanted.1": "SME delivery acknowledgement wanted",
        "ack_wanted.2": "SME manual/user acknowledgement wanted",
        "ack_wanted.3": "both SME acknowledgements wanted",
        "bearer.0": "bearer not known",
        "bearer.1": "SMS",
        "bearer.2": "circuit switched data (CSD)",
        "bearer.3": "packet data",
        "bearer.4": "USSD",
        "bearer.5": "CDPD",
        "bearer.6": "DataTAC",
        "bearer.7": "FLEX/ReFLEX",
        "bearer.8": "cell broadcast",
        "coding.class": "message class {value}",
        "coding.compressed": "compressed",
        "coding.default": "the carrier's default alphabet (GSM 03.38)",
        "coding.octet": "octets, 8 bit",
        "coding.pictogram": "pictogram",
        "coding.waiting": "message waiting indication",
        "empty": "empty",
        "esm.mode.1": "datagram mode",
        "esm.mode.2": "forward (transaction) mode",
        "esm.mode.3": "store and forward mode",
        "esm.reply_path": "reply path is set",
        "esm.type.0": "a normal message",
        "esm.type.1": "SMSC delivery receipt",
        "esm.type.2": "SME delivery acknowledgement",
        "esm.type.4": "SME manual/user acknowledgement",
        "esm.type.6": "conversation abort",
        "esm.type.8": "intermediate delivery notification",
        "esm.udhi": "a user data header stands before the text (UDHI)",
        "intermediate_wanted": "intermediate notification wanted",
        "language_indicator.0": "no language told",
        "language_indicator.1": "English",
        "language_indicator.2": "French",
        "language_indicator.3": "Spanish",
        "language_indicator.4": "German",
        "language_indicator.5": "Portuguese",
        "message_state.1": "ENROUTE: on its way",
        "message_state.2": "DELIVERED: at the phone",
        "message_state.3": "EXPIRED: too late",
        "message_state.4": "DELETED: deleted",
        "message_state.5": "UNDELIVERABLE: cannot be delivered",
        "message_state.6": "ACCEPTED: accepted",
        "message_state.7": "UNKNOWN: not known",
        "message_state.8": "REJECTED: rejected",
        "network.1": "ANSI-136 network, error code",
        "network.2": "IS-95 network, error code",
        "network.3": "GSM network, error code",
        "network_type.0": "network not known",
        "network_type.1": "GSM",
        "network_type.2": "ANSI-136 (TDMA)",
        "network_type.3": "IS-95 (CDMA)",
        "network_type.4": "PDC",
        "network_type.5": "PHS",
        "network_type.6": "iDEN",
        "network_type.7": "AMPS",
        "network_type.8": "paging network",
        "npi.0": "unknown",
        "npi.1": "telephone, E.164 (ISDN)",
        "npi.10": "ERMES",
        "npi.14": "Internet (IP)",
        "npi.18": "WAP client id",
        "npi.3": "data, X.121",
        "npi.4": "telex, F.69",
        "npi.6": "land mobile, E.212",
        "npi.8": "national",
        "npi.9": "private",
        "payload_type.0": "default: a WAP message (WDP)",
        "payload_type.1": "a WAP control message (WCMP)",
        "privacy_indicator.0": "not restricted",
        "privacy_indicator.1": "restricted",
        "privacy_indicator.2": "confidential",
        "privacy_indicator.3": "secret",
        "receipt_wanted.0": "no receipt wanted",
        "receipt_wanted.1": "a receipt wanted, of success or failure",
        "receipt_wanted.2": "a receipt wanted of failure only",
        "replace.0": "does not replace an earlier message",
        "replace.1": "replaces an earlier message",
        "reserved": "not in the standard: {value}",
        "subunit.0": "part of the phone not known",
        "subunit.1": "MS display",
        "subunit.2": "mobile equipment",
        "subunit.3": "smart card 1, the SIM",
        "subunit.4": "external unit 1",
        "ton.0": "unknown",
        "ton.1": "international",
        "ton.2": "national",
        "ton.3": "network specific",
        "ton.4": "subscriber number",
        "ton.5": "alphanumeric",
        "ton.6": "abbreviated",
        "udh.locking_shift": "national language locking shift table {value}",
        "udh.part": "part {value}",
        "udh.ports": "destination and source port: {value}",
        "udh.reference": "reference {value}",
        "udh.single_shift": "national language single shift table {value}",
        "unread": "cannot be read",
    },
)
"""English words by key: one key for each value that has a name."""

means = MEANINGS.message


def table_word(table: str, value: int) -> Meaning:
    """Return the word for a value out of a table."""
    if value in TABLES.get(table, ()):
        return means(f"{_SHARED.get(table, table)}.{value}")
    return means("reserved", value=str(value))


def esm_class_words(value: int, *, is_deliver: bool) -> tuple[Meaning, ...]:
    """Take esm_class apart (§5.2.12); its mode says nothing in deliver_sm."""
    words: list[Meaning] = []
    kind = value >> 2 & 0x0F
    words.append(means(f"esm.type.{kind}") if kind in _TYPES else means("reserved", value=f"{kind:04b}"))
    if value & 0x03 and not is_deliver:
        words.append(means(f"esm.mode.{value & 0x03}"))
    if value & 0x40:
        words.append(means("esm.udhi"))
    if value & 0x80:
        words.append(means("esm.reply_path"))
    return tuple(words)


def registered_delivery_words(value: int) -> tuple[Meaning, ...]:
    """Take registered_delivery apart (§5.2.17)."""
    wanted = value & 0x03
    reserved = 3
    words: list[Meaning] = []
    words.append(means("reserved", value="11") if wanted == reserved else means(f"receipt_wanted.{wanted}"))
    acknowledged = value >> 2 & 0x03
    if acknowledged:
        words.append(means(f"ack_wanted.{acknowledged}"))
    if value & 0x10:
        words.append(means("intermediate_wanted"))
    return tuple(words)


def data_coding_words(value: int) -> tuple[Meaning, ...]:
    """Name a data coding (§5.2.19), or take it apart by the groups of GSM 03.38 §4."""
    if value in CODINGS:
        return (CODINGS[value],)
    match value:
        case 0:
            return (means("coding.default"),)
        case 2 | 4:
            return (means("coding.octet"),)
        case 9:
            return (means("coding.pictogram"),)
    group = value >> 4
    if group == 0x0F:  # noqa: PLR2004 - §4: coding and class
        return (_alphabet(value >> 2 & 0x01), means("coding.class", value=str(value & 0x03)))
    if group in (0x0C, 0x0D, 0x0E):
        return (_alphabet(2 if group == 0x0E else 0), means("coding.waiting"))  # noqa: PLR2004 - §4: this group is UCS-2
    if 0 < group < 8:  # noqa: PLR2004 - §4: general groups 00xx and 01xx
        words: list[Meaning] = [_alphabet(value >> 2 & 0x03)]
        if value & 0x20:
            words.append(means("coding.compressed"))
        if value & 0x10:
            words.append(means("coding.class", value=str(value & 0x03)))
        return tuple(words)
    return (means("reserved", value=f"0x{value:02x}"),)


def _alphabet(value: int) -> Meaning:
    match value:
        case 0:
            return means("coding.default")
        case 1:
            return means("coding.octet")
        case 2:
            return "UCS-2"
        case _:
            return means("reserved", value="11")
