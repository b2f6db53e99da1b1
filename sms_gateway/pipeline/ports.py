"""What enters and leaves the pipeline: the values, and the two kinds of neighbours (sources and carriers)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum, StrEnum
from typing import Protocol

from db.schema import ReceiptState
from db.store.address import Address
from db.store.record import record
from sms_gateway.pipeline.addresses import PHONES, AddressKind

WORDLESS = "\ufffc"
"""The body of a message that holds a picture, a sticker or a file, and no words (Unicode: object replacement)."""


class Verdict(Enum):
    """The pipeline's verdict on an arrival; the source reports it to the other side in its own way."""

    STORED = "stored"  # committed: acknowledge (ESME_ROK, HTTP 200)
    DUPLICATE = "duplicate"  # known already: acknowledge again, nothing was done twice
    TRY_LATER = "try_later"  # the database cannot take it now: ESME_RX_T_APPN, HTTP 503; the carrier keeps it


@record
class InboundText:
    """One whole text of a citizen, decoded; with the octets that were received."""

    link: str  # name of the SMPP link or HTTP channel
    session: int | None  # number of the bind session, growing with each bind; None over HTTP
    provider_id: str | None  # the provider's own id of the message, if it gives one
    sender: str  # as received
    recipient: str  # our short code, as the settings write it
    body: str
    octets: bytes
    data_coding: int
    received_at: datetime
    reply_link: str | None = None  # where the answer goes; None: the link it came in on
    wire: bytes | None = None  # the whole PDU, or the request's fields without its secrets; stored only for the pages
    is_for_program: bool = False  # addressed to a port: stored and never answered
    signature: str | None = None  # of a signed request: only its copy has the same
    sender_kind: AddressKind = PHONES  # named by the channel, never by what is in `sender`


@record
class InboundPart:
    """One part of a citizen's long text; the pipeline joins the parts."""

    link: str
    session: int | None
    sender: str  # as received; always a telephone number
    recipient: str  # our short code, as the settings write it
    reference: int  # of 8 or 16 bits; over HTTP a larger one may be
    total: int
    number: int  # 1 … total
    octets: bytes  # without header
    data_coding: int
    received_at: datetime
    reply_link: str | None = None  # as of a text
    wire: bytes | None = None  # the whole PDU, or the request's fields without its secrets; stored only for the pages
    provider_id: str | None = None  # the provider's own id of the part, or of the whole text
    signature: str | None = None  # as of a text


@record
class Piece:
    """What one part of a long text holds."""

    octets: bytes
    data_coding: int


class PartReader(Protocol):
    """Reads a long text, of which parts may be missing."""

    def __call__(self, link: str, total: int, pieces: Mapping[int, Piece]) -> str:
        """Read the parts by number as one text, with `parsers.GAP` for each gap; never raises."""


@record
class DeliveryReceipt:
    """A carrier's report on one segment that we sent."""

    link: str
    message_id: str  # as the carrier wrote it
    state: ReceiptState
    error: str | None  # the carrier's own error code, at most 16 characters
    received_at: datetime
    sender: str | None = None  # the phone that it comes from, as received: checked besides the id
    own_id: str | None = None  # our id of the answer, where the carrier repeats it: if it knows the message by no other


class Source(Protocol):
    """Something that arrivals come from: a link or an HTTP endpoint."""

    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        """Report the verdict to the other side; must not block.

        Called from the pipeline's thread once a round, after the commit; or from within `offer`, which refuses at once
        what cannot be taken.
        """


@record
class Arrival:
    """An inbound text or receipt, and the source that gets the verdict. The ticket belongs to the source."""

    source: Source
    ticket: int
    content: InboundText | InboundPart | DeliveryReceipt


class Refusal(StrEnum):
    """How a segment was not taken."""

    PERMANENT = "permanent"  # will never be taken: bad number, bad data
    TEMPORARY = "temporary"  # may be taken later
    THROTTLED = "throttled"  # we are too fast (ESME_RTHROTTLED, ESME_RMSGQFUL)
    UNANSWERED = "unanswered"  # sent, and no response came: it may have been taken
    NOT_SENT = "not_sent"  # the link was lost before it was written: surely not taken


TAKEN = "taken"
"""What metrics call a segment that was taken."""

NO_RESPONSE = "no response"
"""The error of an unanswered segment."""


@record
class SegmentTaken:
    """The carrier took the segment under this id."""

    number: int  # 1 … total
    message_id: str
    submitted_at: datetime | None = None  # when its submit_sm was written; None where that is not known


@record
class SegmentRefused:
    """The carrier did not take the segment, or we do not know."""

    number: int
    refusal: Refusal
    error: str  # `ESME_RTHROTTLED`; at most 64 characters, no personal data
    submitted_at: datetime | None = None  # None: it was never written


@record
class Submission:
    """An answer to send. Segments in `already_taken` were taken at an earlier try and are not sent again."""

    outbound_id: int
    sender: str  # our short code
    recipient: Address
    body: str
    reference: int  # joins segments, 0 … 255
    expires_at: datetime
    already_taken: frozenset[int] = frozenset()


@record
class SendReport:
    """The result of one submission: exactly one report for each, when its last segment is answered or given up.

    With `late_on` it is a further report, on a segment that the carrier of this link answered after it was given up.
    """

    outbound_id: int
    data_coding: int  # as sent: 0 GSM 03.38, 8 UCS-2
    total: int  # segments of the whole answer, those taken earlier included
    segments: tuple[SegmentTaken | SegmentRefused, ...]  # of this try
    at: datetime
    late_on: str | None = None


@record
class SessionsEnded:
    """Ended sessions of a link, and what the carrier may send again of them: by session and time received.

    Everything else of them was acknowledged, and the carrier surely has the acknowledgement.
    """

    link: str
    sessions: tuple[int, ...]
    unacknowledged: frozenset[tuple[int, datetime]]


class Carrier(Protocol):
    """Something that answers are sent by."""

    @property
    def name(self) -> str:
        """The link's name, as in the settings and in outbound.link."""

    def room(self) -> int:
        """How many more segments it would take now; 0 while it is not bound. Called from the pipeline's thread."""

    def submit(self, submissions: Sequence[Submission]) -> None:
        """Send these; must not block. A SendReport follows for each by `Intake.report`."""


class Intake(Protocol):
    """The pipeline as its neighbours see it; every method may be called from any thread and does not block."""

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        """Take arrivals in. Each gets exactly one verdict, later, by its source."""

    def report(self, reports: Sequence[SendReport]) -> None:
        """Take the results of submissions."""

    def fell(self, ended: SessionsEnded) -> None:
        """Note that sessions have ended, before anything comes in by a later one."""

    def nudge(self) -> None:
        """Look again for work: a link was bound, or has room."""
