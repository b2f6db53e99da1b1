"""plain: an aggregator without a protocol of its own. Names of fields, proof and address of sending are settings."""

from __future__ import annotations

from db.schema import ReceiptState
from sms_gateway.channels.http.network import (
    Arrivals,
    Checked,
    Network,
    NetworkOption,
    PartFields,
    ReceiptFields,
    TextFields,
)
from sms_gateway.channels.http.proofs.proof import Proof
from sms_gateway.channels.http.proofs.shared_secret import BasicPassword, PathSecret, SharedHeader
from sms_gateway.channels.http.proofs.stamped import StampedSignature
from sms_gateway.channels.http.proofs.standard_webhooks import StandardWebhook
from sms_gateway.channels.http.request import (
    PLAIN_TEXT,
    Acknowledgement,
    RequestOutcome,
    Said,
    json_acknowledgement,
    refuse,
)
from sms_gateway.channels.http.sending.departure import (
    Departure,
    OutgoingRequest,
    OutgoingText,
    basic_authorization,
    get_query,
    post_form,
    post_json,
)
from sms_gateway.channels.http.sending.plain_responses import TAKEN_PATTERN, PlainResponses, read_taken
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.pipeline.dispatch.receipt_texts import state_of_number
from sms_gateway.settings.link_model import ChannelSettings, SendFormat

_TAKEN = {outcome: json_acknowledgement(200, status=outcome.value) for outcome in RequestOutcome}
_STATES = {
    "ENROUTE": ReceiptState.ENROUTE,
    "SENT": ReceiptState.ENROUTE,
    "BUFFRED": ReceiptState.ENROUTE,
    "BUFFERED": ReceiptState.ENROUTE,
    "SCHEDULED": ReceiptState.ENROUTE,
    "DELIVRD": ReceiptState.DELIVERED,
    "DELIVERED": ReceiptState.DELIVERED,
    "EXPIRED": ReceiptState.EXPIRED,
    "DELETED": ReceiptState.DELETED,
    "UNDELIV": ReceiptState.UNDELIVERABLE,
    "UNDELIVRD": ReceiptState.UNDELIVERABLE,
    "UNDELIVERED": ReceiptState.UNDELIVERABLE,
    "UNDELIVERABLE": ReceiptState.UNDELIVERABLE,
    "FAILED": ReceiptState.UNDELIVERABLE,
    "ACCEPTD": ReceiptState.ACCEPTED,
    "ACCEPTED": ReceiptState.ACCEPTED,
    "UNKNOWN": ReceiptState.UNKNOWN,
    "REJECTD": ReceiptState.REJECTED,
    "REJECTED": ReceiptState.REJECTED,
    "SKIPPED": ReceiptState.REJECTED,
}
"""The words of SMPP (SMPP 3.4 appendix B) and what providers make of them; whole words only.

A provider may write `delivery_failed`. Its first letters would say the opposite.
"""

_MOST_DIGITS = 2


def arrivals(settings: ChannelSettings) -> Arrivals:
    """Read names and proof from the settings."""
    return Arrivals(
        proof=proof(settings),
        text=TextFields(
            sender=settings.sender_field,
            recipient=settings.recipient_field,
            text=settings.text_field,
            id=settings.id_field,
            part=part_fields(settings),
        ),
        receipt=ReceiptFields(
            id=settings.receipt_id_field,
            state=settings.receipt_state_field,
            error=settings.receipt_error_field,
            read_state=read_state,
        ),
    )


def part_fields(settings: ChannelSettings) -> PartFields | None:
    """Return where the parts of a long text are numbered; None where long texts come whole."""
    names = settings.options.get("part_fields", "").split()
    if not names:
        return None
    reference, number, total = names
    return PartFields(reference=reference, number=number, total=total)


def proof(settings: ChannelSettings) -> Proof:
    """Return the proof that `auth` names."""
    secret = settings.secret.get_secret_value()
    match settings.auth:
        case "header":
            return SharedHeader(header=settings.secret_header, secret=secret)
        case "basic":
            return BasicPassword(secret=secret)
        case "signed":
            return StampedSignature(secret=secret, seconds=settings.replay_seconds)
        case "standard-webhooks":
            return StandardWebhook(secret=secret, seconds=settings.replay_seconds)
        case "path":
            return PathSecret(secret=secret)


def read_state(word: str) -> ReceiptState | None:
    """Read the words and numbers of SMPP, in which most providers report; None for any other word."""
    if word.isascii() and word.isdigit():
        return state_of_number(int(word)) if len(word) <= _MOST_DIGITS else None
    return _STATES.get(word.upper())


def acknowledge(said: Said) -> Acknowledgement:
    """Return the response to a request: JSON, and the bare answer to a GET, as Kannel expects it."""
    match said.outcome:
        case RequestOutcome.STORED | RequestOutcome.DUPLICATE | RequestOutcome.IGNORED:
            return _taken(said)
        case _:
            return refuse(said)


def _taken(said: Said) -> Acknowledgement:
    if said.method == "GET":
        # Kannel sends any body to the citizen, so an empty body means: send nothing.
        return Acknowledgement(status=200, body=said.answer or "", content_type=PLAIN_TEXT)
    if said.answers_in_response:
        return json_acknowledgement(200, status=said.outcome.value, answer=said.answer)
    return _TAKEN[said.outcome]


def departure(settings: ChannelSettings) -> Departure:
    """Send to `send_url`, with the field names of the settings."""
    headers = _authorization(settings)

    def build(text: OutgoingText) -> OutgoingRequest:
        fields = {
            settings.send_from_field: text.sender,
            settings.send_to_field: text.recipient,
            settings.send_text_field: text.body,
        }
        if settings.send_id_field:
            fields[settings.send_id_field] = text.key
        match settings.send_format:
            case SendFormat.JSON:
                return post_json(settings.send_url, fields, headers)
            case SendFormat.FORM:
                return post_form(settings.send_url, fields, headers)
            case SendFormat.QUERY:
                return get_query(settings.send_url, fields, headers)

    taken = read_taken(settings.options.get("taken", ""))
    read = PlainResponses(table=ResponseTable(ids=settings.message_id_field), taken=taken)
    return Departure(url=settings.send_url, build=build, read=read)


def _authorization(settings: ChannelSettings) -> dict[str, str]:
    password = settings.password.get_secret_value()
    if settings.user:
        return {"Authorization": basic_authorization(settings.user, password)}
    return {"Authorization": f"Bearer {password}"} if password else {}


NETWORK = Network(
    name="plain",
    title="plain HTTP",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    options={
        "part_fields": NetworkOption(
            description='fields of a part of a long text: its reference, number and total, such as "ref part parts"',
            default="",
            pattern=r"\s*|\s*\S+\s+\S+\s+\S+\s*",
        ),
        "taken": NetworkOption(
            description='what a response holds when the answer was taken, such as "status=ok|sent", "id=*" (any '
            "value), or words at its beginning",
            default="",
            pattern=TAKEN_PATTERN,
        ),
    },
    checked=Checked.OUR_READING,
    sources="the form of this project; ask your aggregator for the names of its fields",
    needs=("secret",),
)
