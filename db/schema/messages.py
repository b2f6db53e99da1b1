"""The pipeline: texts, answers, their segments and receipts, parts of long texts, and what happened to each."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, text

from db.schema.metadata import metadata
from db.schema.states import InboundState, OutboundState, ReceiptState
from db.store.column_types import Choice, Mark, RowId, SealedOctets, SealedText, Utc

NOT_FOUND = "status_not_found"
"""The outcome of a look-up that found nothing (handlers.answer.Outcome): the only one that is counted."""

inbound = Table(
    "inbound",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("link", String(64), nullable=False),  # SMPP link or HTTP channel it came in on
    Column("session", RowId),  # which bind of the link; later binds have greater numbers; None over HTTP
    Column("once_key", Mark("once"), unique=True),  # provider's id and fingerprint: db.messages.duplicates.once_key
    Column("fingerprint", Mark("fingerprint"), nullable=False),  # sender, recipient and text
    Column("sender", SealedText("inbound.sender"), nullable=False),
    Column("sender_mark", Mark("phone"), nullable=False),
    Column("recipient", String(24), nullable=False),  # the short code, as the carrier wrote it
    Column("reply_link", String(64), nullable=False),  # where its answer goes out
    Column("data_coding", SmallInteger, nullable=False),
    Column("octets", SealedOctets("inbound.octets"), nullable=False),  # as they came, before any decoding
    Column("wire", SealedOctets("inbound.wire")),  # whole PDUs, one after another, or the request's fields; as it came
    Column("body", SealedText("inbound.body"), nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("state", Choice(InboundState), nullable=False),
    Column("duplicate_of", RowId),
    Column("lease_until", Utc),  # somebody is handling it until then
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("reading", String(64)),  # `register_account`, `misread:birth_date`: free of personal data
    Column("outcome", String(32)),  # handlers.answer.Outcome
    Column("handled_at", Utc),
    Column("told", Mark("attempt")),  # of the codes whose dossiers were told, one mark after another
    Column("signature_mark", Mark("signature")),  # of a signed request with its channel; None for all other texts
    Index("ix_inbound_fingerprint", "fingerprint", "id").ddl_if("postgresql"),
    # With the state: limits count what was answered, so a flood of texts without an answer does not make them slow.
    # On SQLite the span comes first (db.schema.time_buckets), and a text is known again among those of its sender: a
    # second index that is written at random would cost as much as the row itself.
    Index("ix_inbound_sender", text("(id >> 50)"), "sender_mark", "state", "id", "fingerprint").ddl_if("sqlite"),
    Index("ix_inbound_sender", "sender_mark", "state", "id").ddl_if("postgresql"),
    Index("ix_inbound_state", "state", "id"),
    Index(
        "ix_inbound_signature",
        "signature_mark",
        unique=True,
        sqlite_where=text("signature_mark IS NOT NULL"),
        postgresql_where=text("signature_mark IS NOT NULL"),
    ),
    Index("ix_inbound_reading", "reading", "id"),
    Index(
        "ix_inbound_not_found",
        "id",
        sqlite_where=text(f"outcome = '{NOT_FOUND}'"),
        postgresql_where=text(f"outcome = '{NOT_FOUND}'"),
    ),
)

outbound = Table(
    "outbound",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("inbound_id", RowId, ForeignKey("inbound.id")),
    Column("link", String(64), nullable=False),  # the link it goes out by, or the HTTP channel whose response it is
    Column("sender", String(24), nullable=False),  # our short code
    Column("recipient", SealedText("outbound.recipient"), nullable=False),
    Column("recipient_mark", Mark("phone"), nullable=False),
    Column("body", SealedText("outbound.body")),  # None once an answer with a secret is settled
    Column("masked", SealedText("outbound.masked")),  # what operators see when the body holds a secret
    Column("reference", SmallInteger, nullable=False),  # joins the segments of a long answer, 0 … 255
    Column("state", Choice(OutboundState), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("lease_until", Utc),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("unsure", Boolean, nullable=False, server_default=text("false")),  # may have been sent more than once
    Column("unanswered", SmallInteger, nullable=False, server_default=text("0")),  # tries that nobody knows the fate of
    Column("provider", String(16)),  # of the last claim, if it knows an answer by our id: db.messages.outbox
    Column("perhaps_taken_by", String(16)),  # such a provider may have it, and would send it once: not unsure there
    Column("data_coding", SmallInteger),  # as sent: 0 GSM 03.38, 8 UCS-2
    Column("segments", SmallInteger),
    Column("sent_at", Utc),
    Column("settled_at", Utc),  # delivered, failed or expired then
    Column("error", String(64)),  # `ESME_RINVDSTADR`, `receipt:undeliverable:001`
    Column("alarm", Boolean, nullable=False, server_default=text("false")),  # a notice to people on duty: no answer
    Index("ix_outbound_inbound", "inbound_id"),
    Index("ix_outbound_state", "state", "id"),
    Index("ix_outbound_unsure", "id", sqlite_where=text("unsure"), postgresql_where=text("unsure")),
    Index("ix_outbound_alarm", "state", "id", sqlite_where=text("alarm"), postgresql_where=text("alarm")),
    Index(
        "ix_outbound_unsettled",
        "recipient_mark",
        "id",
        sqlite_where=text("state IN ('queued', 'claimed')"),
        postgresql_where=text("state IN ('queued', 'claimed')"),
    ),
    Index(
        "ix_outbound_without_text",  # few: what nobody asked for
        "recipient_mark",
        "id",
        sqlite_where=text("inbound_id IS NULL"),
        postgresql_where=text("inbound_id IS NULL"),
    ),
    Index(
        "ix_outbound_waiting",
        "link",
        "id",
        sqlite_where=text("state IN ('queued', 'claimed') AND lease_until IS NULL"),
        postgresql_where=text("state IN ('queued', 'claimed') AND lease_until IS NULL"),
    ),
)

segment = Table(
    "segment",
    metadata,
    Column("outbound_id", RowId, ForeignKey("outbound.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),  # 1 … total
    Column("link", String(64), nullable=False),
    Column("message_id", String(65), nullable=False),  # as the carrier wrote it in submit_sm_resp
    Column("message_key", String(65), nullable=False),  # as receipts are matched: lower case, no leading zeros
    Column("sent_at", Utc, nullable=False),  # when the carrier took it
    Column("submitted_at", Utc),  # when its submit_sm was written; None where that is not known
    Column("receipt", Choice(ReceiptState)),
    Column("receipt_error", String(16)),
    Column("receipt_at", Utc),
    Index("ix_segment_message", text("(outbound_id >> 50)"), "message_key").ddl_if("sqlite"),
    Index("ix_segment_message", "message_key", "link").ddl_if("postgresql"),
)

stray_receipt = Table(  # receipts whose message is not known (yet): they may come before submit_sm_resp
    "stray_receipt",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("link", String(64), nullable=False),
    Column("message_id", String(65), nullable=False),
    Column("message_key", String(65), nullable=False),
    Column("state", Choice(ReceiptState), nullable=False),
    Column("error", String(16)),
    Column("sender_mark", Mark("phone")),  # the phone that the receipt speaks of, where it names one
    Column("received_at", Utc, nullable=False),
    Index("ix_stray_receipt_message", "message_key", "link"),
    Index("ix_stray_receipt_sender", "sender_mark", "link"),
    Index("ix_stray_receipt_link", "link", "id"),
)

receipt_rule = Table(  # what a link's receipts have taught: how the id in them differs from the one in submit_sm_resp
    "receipt_rule",
    metadata,
    Column("link", String(64), primary_key=True),
    Column("rule", String(24), primary_key=True),  # db.messages.message_ids.Rule
    Column("hits", RowId, nullable=False),  # segments found by it
    Column("last_at", Utc, nullable=False),
)

part = Table(  # parts of long texts: until the text is whole or overdue, and a while after, to know a repetition
    "part",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("text_mark", Mark("long_text"), nullable=False),  # link, sender, recipient, reference and total
    Column("number", SmallInteger, nullable=False),  # 1 … total
    Column("total", SmallInteger, nullable=False),
    Column("content_mark", Mark("part"), nullable=False),  # data_coding and octets
    Column("once_key", Mark("once_part")),  # provider's id and part: db.messages.duplicates.once_key; None: no id
    Column("signature_mark", Mark("signature")),  # as of a text
    Column("link", String(64), nullable=False),
    Column("session", RowId),
    Column("sender", SealedText("part.sender")),  # these three are None once the text is joined
    Column("recipient", SealedText("part.recipient")),
    Column("octets", SealedOctets("part.octets")),  # header off
    Column("wire", SealedOctets("part.wire")),  # the whole PDU or request, until the text is joined
    Column("reply_link", String(64)),  # where the answer to the text goes; None: the link it came in on
    Column("data_coding", SmallInteger, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("joined_at", Utc),  # since when the text is stored as an inbound; None while parts are missing
    Index("ix_part_text", "text_mark"),
    Index(
        "ix_part_open",
        "received_at",
        sqlite_where=text("joined_at IS NULL"),
        postgresql_where=text("joined_at IS NULL"),
    ),
    Index("ix_part_joined", "joined_at"),
    Index(
        "ix_part_once",
        "once_key",
        sqlite_where=text("once_key IS NOT NULL"),
        postgresql_where=text("once_key IS NOT NULL"),
    ),
    Index(
        "ix_part_signature",
        "signature_mark",
        sqlite_where=text("signature_mark IS NOT NULL"),
        postgresql_where=text("signature_mark IS NOT NULL"),
    ),
)

event = Table(  # what happened to a message besides the normal course, which its own columns tell
    "event",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("inbound_id", RowId),
    Column("outbound_id", RowId),
    Column("at", Utc, nullable=False),
    Column("kind", String(32), nullable=False),  # db.messages.events.EventKind
    Column("detail", String(200)),  # never personal data
    Column("submitted_at", Utc),  # of a try that was not taken: when it was written to the carrier
    Index("ix_event_inbound", "inbound_id"),
    Index("ix_event_outbound", "outbound_id"),
    Index(
        "ix_event_scanning", "id", sqlite_where=text("kind = 'scanning'"), postgresql_where=text("kind = 'scanning'")
    ),
    Index(
        "ix_event_carrier_loop",
        "id",
        sqlite_where=text("kind = 'carrier_loop'"),
        postgresql_where=text("kind = 'carrier_loop'"),
    ),
    Index(
        "ix_event_accounts",
        "id",
        sqlite_where=text("kind = 'many_accounts' OR kind = 'accounts_closed'"),
        postgresql_where=text("kind = 'many_accounts' OR kind = 'accounts_closed'"),
    ),
    Index(
        "ix_event_answers",
        "id",
        sqlite_where=text("kind = 'many_answers' OR kind = 'answers_closed'"),
        postgresql_where=text("kind = 'many_answers' OR kind = 'answers_closed'"),
    ),
)
