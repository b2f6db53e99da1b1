"""The tables. Every state is an enum; the comment beside a member tells an operator what it means."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from db.columns import Choice, Mark, RowId, SealedOctets, SealedText, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class InboundState(StrEnum):
    """Where a citizen's text is on the road."""

    RECEIVED = "received"  # stored and acknowledged; will be read at once
    HANDLED = "handled"  # read, carried out, and its answer written
    PARKED = "parked"  # handling failed again and again; an operator must look
    REDELIVERY = "redelivery"  # the carrier sent the same text again; nothing was done twice
    DOUBLE_TAP = "double_tap"  # the citizen sent the same text twice within seconds; answered once
    UNANSWERABLE = "unanswerable"  # the sender is no phone: a short code or a name; never answered
    SILENCED = "silenced"  # not answered: blocked, over a limit after its notice, or a machine answering us


class OutboundState(StrEnum):
    """Where an answer is on the road."""

    QUEUED = "queued"  # waits for the link, or for its next try
    CLAIMED = "claimed"  # is being sent right now
    SENT = "sent"  # the carrier took it; no receipt yet
    DELIVERED = "delivered"  # the phone has it, says the carrier
    FAILED = "failed"  # refused for good, or the carrier could not deliver it
    EXPIRED = "expired"  # could not be sent while it was still true; not sent late


class ReceiptState(StrEnum):
    """What a delivery receipt says of one segment (SMPP 3.4 §5.2.28, message_state)."""

    ENROUTE = "enroute"  # on its way
    DELIVERED = "delivered"  # the phone has it
    EXPIRED = "expired"  # the phone could not be reached in time
    DELETED = "deleted"  # removed at the carrier
    UNDELIVERABLE = "undeliverable"  # the phone cannot get it
    ACCEPTED = "accepted"  # read by the carrier's customer service in the citizen's place
    UNKNOWN = "unknown"  # the carrier does not know
    REJECTED = "rejected"  # refused at the carrier


class DossierStatus(StrEnum):
    """The ten states of the national portal; the value is the portal's own number."""

    REGISTERED = "1"  # Mới đăng ký
    ACCEPTED = "2"  # Được tiếp nhận
    NOT_ACCEPTED = "3"  # Không được tiếp nhận
    IN_PROGRESS = "4"  # Đang xử lý
    PAPERS_WANTED = "5"  # Yêu cầu bổ sung giấy tờ
    PAYMENT_WANTED = "6"  # Yêu cầu thực hiện nghĩa vụ tài chính
    WITHDRAWN = "7"  # Công dân yêu cầu rút hồ sơ
    STOPPED = "8"  # Dừng xử lý
    DONE = "9"  # Đã xử lý xong
    RETURNED = "10"  # Đã trả kết quả


class AccountState(StrEnum):
    """Whether an account can be used."""

    FIRST_PASSWORD = "first_password"  # noqa: S105 - a state, no secret: opened; the first password must be changed before it expires
    ACTIVE = "active"  # the citizen set a password of their own
    DISABLED = "disabled"  # closed by an operator


class AttemptKind(StrEnum):
    """What was tried that can also be guessed."""

    LOOK_UP = "look_up"  # DVC: a receipt code
    REGISTER = "register"  # TK: an identity number


class OperatorRole(StrEnum):
    """What an operator may do."""

    VIEWER = "viewer"  # sees masked pages
    OPERATOR = "operator"  # also acts: sends again, blocks, changes dossiers
    ADMINISTRATOR = "administrator"  # also manages operators and settings


inbound = Table(
    "inbound",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("link", String(64), nullable=False),  # SMPP link or HTTP channel it came in on
    Column("session", RowId),  # which bind of the link; later binds have greater numbers; None over HTTP
    Column("once_key", Mark("once"), unique=True),  # link and provider's id, when the provider gives one
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
    Index("ix_inbound_fingerprint", "fingerprint", "id"),
    Index("ix_inbound_sender", "sender_mark", "id"),
    Index("ix_inbound_state", "state", "id"),
    Index("ix_inbound_reading", "reading", "id"),
    Index(  # what limits count; texts that get no answer stay out, so a flood never makes the index slow
        "ix_inbound_answered",
        "sender_mark",
        "id",
        # Written so that no other index fits: SQLite took ix_inbound_state and looked through all that was handled.
        sqlite_where=text("state || '' = 'handled'"),
        postgresql_where=text("state || '' = 'handled'"),
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
    Column("data_coding", SmallInteger),  # as sent: 0 GSM 03.38, 8 UCS-2
    Column("segments", SmallInteger),
    Column("sent_at", Utc),
    Column("settled_at", Utc),  # delivered, failed or expired then
    Column("error", String(64)),  # `ESME_RINVDSTADR`, `receipt:undeliverable:001`
    Index("ix_outbound_inbound", "inbound_id"),
    Index("ix_outbound_state", "state", "id"),
    Index("ix_outbound_unsure", "id", sqlite_where=text("unsure"), postgresql_where=text("unsure")),
    Index(
        "ix_outbound_unsettled",
        "recipient_mark",
        "id",
        sqlite_where=text("state IN ('queued', 'claimed')"),
        postgresql_where=text("state IN ('queued', 'claimed')"),
    ),
    Index(
        "ix_outbound_waiting",
        "link",
        "id",
        sqlite_where=text("state IN ('queued', 'claimed')"),
        postgresql_where=text("state IN ('queued', 'claimed')"),
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
    Column("sent_at", Utc, nullable=False),
    Column("receipt", Choice(ReceiptState)),
    Column("receipt_error", String(16)),
    Column("receipt_at", Utc),
    Index("ix_segment_message", "message_key", "link"),
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
    Column("rule", String(24), primary_key=True),  # db.message_ids.Rule
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
    Column("link", String(64), nullable=False),
    Column("session", RowId),
    Column("sender", SealedText("part.sender")),  # these three are None once the text is joined
    Column("recipient", SealedText("part.recipient")),
    Column("octets", SealedOctets("part.octets")),  # header off
    Column("wire", SealedOctets("part.wire")),  # the whole PDU, until the text is joined
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
)

link_state = Table(  # how each link is, written every few seconds by the process that holds it
    "link_state",
    metadata,
    Column("link", String(64), primary_key=True),
    Column("bound", Boolean, nullable=False),  # texts and answers can go; some of its binds may be down
    Column("since", Utc, nullable=False),  # of `bound`; outlives a restart of the process
    Column("binds", SmallInteger, nullable=False),  # how many of its binds stand
    Column("wanted", SmallInteger, nullable=False),  # how many there should be
    Column("in_flight", Integer, nullable=False),  # submit_sm without a response
    Column("window", Integer, nullable=False),
    Column("round_trip_ms", Integer),  # of the last enquire_link, the slowest bind's
    Column("last_error", String(200)),  # free of personal data
    Column("holder", String(64), nullable=False),  # which process wrote this
    Column("seen_at", Utc, nullable=False),  # when; an old row is of a process that is gone
)

event = Table(  # what happened to a message besides the normal course, which its own columns tell
    "event",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("inbound_id", RowId),
    Column("outbound_id", RowId),
    Column("at", Utc, nullable=False),
    Column("kind", String(32), nullable=False),  # db.events.EventKind
    Column("detail", String(200)),  # never personal data
    Index("ix_event_inbound", "inbound_id"),
    Index("ix_event_outbound", "outbound_id"),
    Index(
        "ix_event_scanning", "id", sqlite_where=text("kind = 'scanning'"), postgresql_where=text("kind = 'scanning'")
    ),
)

minute_count = Table(  # what came and went in a minute, by the ids made in it; counted anew, never added to
    "minute_count",
    metadata,
    Column("minute", RowId, primary_key=True, autoincrement=False),  # id divided by the ids of a minute
    Column("texts", Integer, nullable=False),  # redeliveries left out
    Column("misread", Integer, nullable=False),
    Column("answers", Integer, nullable=False),  # in whatever state
    Column("sent", Integer, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("expired", Integer, nullable=False),
)

figure = Table(  # what is too dear to find out for a page: rows of tables, the newest backup
    "figure",
    metadata,
    Column("name", String(32), primary_key=True),  # db.figures.FigureName
    Column("value", RowId, nullable=False),
    Column("taken_at", Utc, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("user_name", String(32), nullable=False, unique=True),
    Column("id_number_mark", Mark("id_number"), nullable=False, unique=True),
    Column("id_number", SealedText("account.id_number"), nullable=False),
    Column("full_name", SealedText("account.full_name"), nullable=False),
    Column("birth_date", SealedText("account.birth_date"), nullable=False),  # ISO 8601, as far as it is known
    Column("phone", SealedText("account.phone"), nullable=False),
    Column("phone_mark", Mark("phone"), nullable=False),
    Column("password_hash", Text, nullable=False),  # argon2id, PHC string format
    Column("password_expires_at", Utc),  # None once the citizen has set their own
    Column("state", Choice(AccountState), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("inbound_id", RowId),  # the text that opened it
    Index("ix_account_phone", "phone_mark"),
)

dossier = Table(
    "dossier",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("code", String(64), nullable=False, unique=True),  # as printed on the receipt
    Column("canonical", String(64), nullable=False),  # upper case, letters and digits only
    Column("lookalike", String(64), nullable=False),  # canonical with O as 0, I and L as 1
    Column("status", Choice(DossierStatus), nullable=False),
    Column("procedure", String(200)),  # what was asked for; not told by SMS
    Column("received_on", Date),
    Column("due_on", Date),
    Column("wanted", String(200)),  # papers missing (status 5) or money owed (status 6)
    Column("pick_up", String(100)),  # where the result lies (status 9)
    Column("updated_at", Utc, nullable=False),
    # What opens the dossier where a look-up needs a secret: of canonical code and secret together, so that equal digits
    # on two dossiers do not show. The secrets themselves stand nowhere.
    Column("identity_mark", Mark("dossier_secret")),  # the identity number's last four digits
    Column("password_mark", Mark("dossier_secret")),  # the printed look-up password
    Index("ix_dossier_lookalike", "lookalike"),
    Index("ix_dossier_status", "status", "lookalike"),
)

attempt = Table(  # who tried which code or identity number, by marks alone; kept for two days, to stop guessing
    "attempt",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("kind", Choice(AttemptKind), nullable=False),
    Column("sender_mark", Mark("phone"), nullable=False),
    Column("subject_mark", Mark("attempt"), nullable=False),  # the code's look-alike key, or the identity number
    Column("area_mark", Mark("area")),  # the code without its last digits
    Column("hit", Boolean, nullable=False),  # a dossier was told; True for every TK
    Index("ix_attempt_sender", "sender_mark", "id"),
    Index(
        "ix_attempt_subject",
        "subject_mark",
        "id",
        sqlite_where=text("kind = 'register'"),
        postgresql_where=text("kind = 'register'"),
    ),
    Index("ix_attempt_area", "area_mark", "id", sqlite_where=text("NOT hit"), postgresql_where=text("NOT hit")),
    Index("ix_attempt_missed", "id", sqlite_where=text("NOT hit"), postgresql_where=text("NOT hit")),
)

emptied = Table(  # how far the schedule has deleted the words of texts
    "emptied",
    metadata,
    Column("kind", String(16), primary_key=True),  # `inbound`, `outbound`
    Column("up_to", RowId, nullable=False),  # the last row done
)

job_run = Table(  # what each job of the schedule did last
    "job_run",
    metadata,
    Column("name", String(64), primary_key=True),  # sms_gateway.schedule.Job
    Column("ran_at", Utc),  # when it last came to its end
    Column("changed_at", Utc),  # when it last found something to do
    Column("changed_rows", RowId, nullable=False),  # how many rows that were
    Column("failed_at", Utc),  # when it last failed; the log says why
)

block = Table(  # numbers that get no answer until a time
    "block",
    metadata,
    Column("number_mark", Mark("phone"), primary_key=True),
    Column("number", SealedText("block.number"), nullable=False),
    Column("reason", SealedText("block.reason"), nullable=False),  # an operator's own words
    Column("made_by", String(64), nullable=False),  # who blocked it; `loop` for the loop breaker
    Column("since", Utc, nullable=False),
    Column("until", Utc, nullable=False),
)

operator = Table(
    "operator",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(64), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Choice(OperatorRole), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # wrong passwords in a row
    Column("locked_until", Utc),
    Column("totp_secret", SealedText("operator.totp_secret")),  # base32; None without a second factor
    Column("totp_step", Integer),  # of the last code that was taken: a code serves once
    Column("created_at", Utc, nullable=False),
)

recovery_code = Table(  # each serves once in the place of a code of the second factor
    "recovery_code",
    metadata,
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("code_mark", Mark("recovery"), primary_key=True),
)

address_try = Table(  # wrong log-ins by the address they came from
    "address_try",
    metadata,
    Column("address_mark", Mark("address"), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Utc),
    Column("tried_at", Utc, nullable=False),
)

operator_session = Table(
    "operator_session",
    metadata,
    Column("token_mark", Mark("session"), primary_key=True),
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("address", SealedText("operator_session.address")),  # where the log-in came from
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Index("ix_operator_session_operator", "operator_id"),
)

duty = Table(  # who does what there must be one of: a link's bind, the schedule, a node number
    "duty",
    metadata,
    Column("name", String(80), primary_key=True),  # `link:viettel`, `schedule`, `node:3`
    Column("owner", String(64), nullable=False),  # which process; `-` once it was given back
    Column("lease_until", Utc, nullable=False),  # by the database's clock; from then on anybody may take it
    Column("since", Utc, nullable=False),
)

audit_entry = Table(  # who did what on the pages; only ever added to, which triggers hold
    "audit_entry",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", Utc, nullable=False),
    Column("operator", String(64), nullable=False),  # name, as it was then
    Column("action", String(32), nullable=False),  # db.audit.Action
    Column("subject", String(80), nullable=False),  # `inbound:1234`, `operator:lan`
    Column("detail", String(200), nullable=False),  # never personal data
    Column("chain", LargeBinary, nullable=False),  # keyed digest of this entry and of the one before
)

dossier_change = Table(  # the history of a dossier's state, as far as operators made it
    "dossier_change",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("dossier_id", RowId, ForeignKey("dossier.id", ondelete="CASCADE"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("before", Choice(DossierStatus), nullable=False),
    Column("after", Choice(DossierStatus), nullable=False),
    Index("ix_dossier_change_dossier", "dossier_id"),
)

dossier_upload = Table(  # a file between its preview and the word to import it; deleted with that word, or by age
    "dossier_upload",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), nullable=False),
    Column("name", SealedText("dossier_upload.name"), nullable=False),
    Column("octets", SealedOctets("dossier_upload.octets"), nullable=False),  # may hold columns that are not taken
    Column("columns", Text),  # JSON: which column, from 0, holds which field; None as the headings say
    Column("created_at", Utc, nullable=False),
)

wording_change = Table(  # what operators made of our sentences; the newest of a phrase holds
    "wording_change",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("phrase", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("forms", Text),  # JSON list, the fullest first; None: as delivered
    Index("ix_wording_change_phrase", "phrase", "id"),
)
