"""The first tables: messages, operators, citizens and dossiers, and the service itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration keeps the types of its day: it may not import db.store.column_types, which goes on changing.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
OCTETS = sa.LargeBinary()
CHOICE = sa.String(24)
ZERO = sa.text("0")
ACTIVE = "state IN ('new', 'open', 'pending_citizen', 'pending_third')"


def upgrade() -> None:
    _create_texts()
    _index_texts()
    _create_answers()
    _index_answers()
    _create_segments()
    _create_receipts()
    _create_parts()
    _create_events()
    _create_operators()
    _create_log_ins()
    _create_audit_log()
    _keep_audit_log()
    _create_wording_changes()
    _create_switched_off()
    _create_accounts()
    _create_dossiers()
    _create_dossier_changes()
    _create_notices()
    _create_limits()
    _create_calendars()
    _create_units()
    _create_names_of_units()
    _create_people_of_units()
    _create_routing()
    _create_citizens()
    _create_tickets()
    _index_tickets()
    _create_entries()
    _create_kept_texts()
    _create_lookups()
    _create_links()
    _create_counts()
    _create_webhooks()
    _create_api_clients()
    _create_alarms()


def _create_texts() -> None:
    _create(
        "inbound",
        _required(ROW_ID, "id"),
        _required(sa.String(64), "link"),
        _optional(ROW_ID, "session"),
        _optional(OCTETS, "once_key"),
        _required(OCTETS, "fingerprint", "sender", "sender_mark"),
        _required(sa.String(24), "recipient"),
        _required(sa.String(64), "reply_link"),
        _required(sa.SmallInteger(), "data_coding"),
        _required(OCTETS, "octets"),
        _optional(OCTETS, "wire"),
        _required(OCTETS, "body"),
        _required(TIME, "received_at"),
        _required(CHOICE, "state"),
        _optional(ROW_ID, "duplicate_of"),
        _optional(TIME, "lease_until"),
        _required(sa.SmallInteger(), "attempts", default=ZERO),
        _optional(sa.String(64), "reading"),
        _optional(sa.String(32), "outcome"),
        _optional(TIME, "handled_at"),
        _optional(OCTETS, "told", "signature_mark"),
        _unique("inbound", "once_key"),
    )


def _index_texts() -> None:
    if _is_sqlite():  # there the span of the row's id comes first: see db.schema.time_buckets
        _index("inbound", "sender", sa.text("(id >> 50)"), "sender_mark", "state", "id", "fingerprint")
    else:
        _index("inbound", "fingerprint", "fingerprint", "id")
        _index("inbound", "sender", "sender_mark", "state", "id")
    _index("inbound", "state", "state", "id")
    _index("inbound", "signature", "signature_mark", where="signature_mark IS NOT NULL", unique=True)
    _index("inbound", "reading", "reading", "id")
    _index("inbound", "not_found", "id", where="outcome = 'status_not_found'")


def _create_answers() -> None:
    _create(
        "outbound",
        _required(ROW_ID, "id"),
        _optional(ROW_ID, "inbound_id"),
        _required(sa.String(64), "link"),
        _required(sa.String(24), "sender"),
        _required(OCTETS, "recipient", "recipient_mark"),
        _optional(OCTETS, "body", "masked"),
        _required(sa.SmallInteger(), "reference"),
        _required(CHOICE, "state"),
        _required(TIME, "created_at", "expires_at", "not_before"),
        _optional(TIME, "lease_until"),
        _required(sa.SmallInteger(), "attempts", default=ZERO),
        _required(sa.Boolean(), "unsure", default=sa.false()),
        _required(sa.SmallInteger(), "unanswered", default=ZERO),
        _optional(sa.String(16), "provider", "perhaps_taken_by"),
        _optional(sa.SmallInteger(), "data_coding", "segments"),
        _optional(TIME, "sent_at", "settled_at"),
        _optional(sa.String(64), "error"),
        _required(sa.Boolean(), "alarm", default=sa.false()),
        _reference("outbound", "inbound_id", "inbound"),
    )


def _index_answers() -> None:
    _index("outbound", "inbound", "inbound_id")
    _index("outbound", "state", "state", "id")
    _index("outbound", "unsure", "id", where="unsure")
    _index("outbound", "alarm", "state", "id", where="alarm")
    _index("outbound", "unsettled", "recipient_mark", "id", where="state IN ('queued', 'claimed')")
    _index("outbound", "without_text", "recipient_mark", "id", where="inbound_id IS NULL")
    _index("outbound", "waiting", "link", "id", where="state IN ('queued', 'claimed') AND lease_until IS NULL")


def _create_segments() -> None:
    _create(
        "segment",
        _required(ROW_ID, "outbound_id"),
        _required(sa.SmallInteger(), "number"),
        _required(sa.String(64), "link"),
        _required(sa.String(65), "message_id", "message_key"),
        _required(TIME, "sent_at"),
        _optional(TIME, "submitted_at"),
        _optional(CHOICE, "receipt"),
        _optional(sa.String(16), "receipt_error"),
        _optional(TIME, "receipt_at"),
        _reference("segment", "outbound_id", "outbound", ondelete="CASCADE"),
        key=("outbound_id", "number"),
    )
    if _is_sqlite():
        _index("segment", "message", sa.text("(outbound_id >> 50)"), "message_key")
    else:
        _index("segment", "message", "message_key", "link")


def _create_receipts() -> None:
    _create(
        "stray_receipt",
        _required(ROW_ID, "id"),
        _required(sa.String(64), "link"),
        _required(sa.String(65), "message_id", "message_key"),
        _required(CHOICE, "state"),
        _optional(sa.String(16), "error"),
        _optional(OCTETS, "sender_mark"),
        _required(TIME, "received_at"),
    )
    _index("stray_receipt", "message", "message_key", "link")
    _index("stray_receipt", "sender", "sender_mark", "link")
    _index("stray_receipt", "link", "link", "id")
    _create(
        "receipt_rule",
        _required(sa.String(64), "link"),
        _required(sa.String(24), "rule"),
        _required(ROW_ID, "hits"),
        _required(TIME, "last_at"),
        key=("link", "rule"),
    )


def _create_parts() -> None:
    _create(
        "part",
        _required(ROW_ID, "id"),
        _required(OCTETS, "text_mark"),
        _required(sa.SmallInteger(), "number", "total"),
        _required(OCTETS, "content_mark"),
        _optional(OCTETS, "once_key", "signature_mark"),
        _required(sa.String(64), "link"),
        _optional(ROW_ID, "session"),
        _optional(OCTETS, "sender", "recipient", "octets", "wire"),
        _optional(sa.String(64), "reply_link"),
        _required(sa.SmallInteger(), "data_coding"),
        _required(TIME, "received_at"),
        _optional(TIME, "joined_at"),
    )
    _index("part", "text", "text_mark")
    _index("part", "open", "received_at", where="joined_at IS NULL")
    _index("part", "joined", "joined_at")
    _index("part", "once", "once_key", where="once_key IS NOT NULL")
    _index("part", "signature", "signature_mark", where="signature_mark IS NOT NULL")


def _create_events() -> None:
    _create(
        "event",
        _required(ROW_ID, "id"),
        _optional(ROW_ID, "inbound_id", "outbound_id"),
        _required(TIME, "at"),
        _required(sa.String(32), "kind"),
        _optional(sa.String(200), "detail"),
        _optional(TIME, "submitted_at"),
    )
    _index("event", "inbound", "inbound_id")
    _index("event", "outbound", "outbound_id")
    _index("event", "scanning", "id", where="kind = 'scanning'")
    _index("event", "carrier_loop", "id", where="kind = 'carrier_loop'")
    _index("event", "accounts", "id", where="kind = 'many_accounts' OR kind = 'accounts_closed'")
    _index("event", "answers", "id", where="kind = 'many_answers' OR kind = 'answers_closed'")


def _create_operators() -> None:
    _create(
        "operator",
        _required(ROW_ID, "id"),
        _required(sa.String(64), "name"),
        _required(sa.Text(), "password_hash"),
        _required(CHOICE, "role"),
        _required(sa.Boolean(), "must_change"),
        _optional(TIME, "password_until"),
        _required(sa.Boolean(), "disabled", default=sa.false()),
        _required(sa.Integer(), "failures", default=ZERO),
        _optional(TIME, "locked_until"),
        _optional(OCTETS, "totp_secret"),
        _optional(sa.Integer(), "totp_step"),
        _required(TIME, "created_at"),
        _unique("operator", "name"),
    )
    _create(
        "recovery_code",
        _required(ROW_ID, "operator_id"),
        _required(OCTETS, "code_mark"),
        _reference("recovery_code", "operator_id", "operator", ondelete="CASCADE"),
        key=("operator_id", "code_mark"),
    )


def _create_log_ins() -> None:
    _create("address_try", _required(OCTETS, "address_mark"), *_tries(), key=("address_mark",))
    _create(
        "log_in_try",
        _required(ROW_ID, "operator_id"),
        _required(OCTETS, "place_mark"),
        *_tries(),
        _reference("log_in_try", "operator_id", "operator", ondelete="CASCADE"),
        key=("operator_id", "place_mark"),
    )
    _create(
        "operator_session",
        _required(OCTETS, "token_mark"),
        _required(ROW_ID, "operator_id"),
        _required(sa.String(64), "csrf"),
        _optional(OCTETS, "address"),
        _required(TIME, "created_at", "seen_at", "expires_at"),
        _optional(TIME, "open_at"),
        _reference("operator_session", "operator_id", "operator", ondelete="CASCADE"),
        key=("token_mark",),
    )
    _index("operator_session", "operator", "operator_id")


def _tries() -> Sequence[Sequence[SchemaItem]]:
    return [_required(sa.Integer(), "failures"), _optional(TIME, "locked_until"), _required(TIME, "tried_at")]


def _create_audit_log() -> None:
    _create(
        "audit_entry",
        _required(ROW_ID, "number"),
        _required(TIME, "at"),
        _required(sa.String(64), "operator"),
        _required(sa.String(32), "action"),
        _required(sa.String(80), "subject"),
        _required(sa.String(200), "detail"),
        _required(OCTETS, "chain"),
        key=("number",),
    )
    _index("audit_entry", "doing", "operator", "action", "at")


def _keep_audit_log() -> None:
    """Let the database itself refuse to change or delete what was written into the audit log."""
    if _is_sqlite():
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_stays_{change.lower()} BEFORE {change} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def _create_switched_off() -> None:
    op.create_table(
        "switched_off",
        sa.Column("service", sa.String(32), primary_key=True),
        sa.Column("operator", sa.String(64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("sentence", sa.String(160), nullable=False),
    )


def _create_wording_changes() -> None:
    _create(
        "wording_change",
        _required(ROW_ID, "id"),
        _required(sa.String(64), "phrase"),
        _required(TIME, "at"),
        _required(sa.String(64), "operator"),
        _required(sa.String(8), "language"),
        _optional(sa.Text(), "forms"),
    )
    _index("wording_change", "phrase", "phrase", "id")


def _create_accounts() -> None:
    _create(
        "account",
        _required(ROW_ID, "id"),
        _required(sa.String(32), "user_name"),
        _required(OCTETS, "id_number_mark", "id_number", "full_name", "birth_date", "phone", "phone_mark"),
        _required(sa.Text(), "password_hash"),
        _optional(TIME, "password_expires_at"),
        _required(CHOICE, "state"),
        _required(TIME, "created_at"),
        _optional(ROW_ID, "inbound_id", "released_id"),
        _optional(TIME, "activated_at", "phone_changed_at"),
        _optional(sa.String(64), "phone_changed_by", "phone_approved_by"),
        _unique("account", "user_name"),
    )
    _index("account", "phone", "phone_mark")
    _index("account", "id_number", "id_number_mark")
    _index("account", "one_each", "id_number_mark", where="state <> 'released'", unique=True)
    _create("account_day", _required(ROW_ID, "first_id"), _required(sa.Integer(), "busiest_hour"), key=("first_id",))


def _create_dossiers() -> None:
    _create(
        "dossier",
        _required(ROW_ID, "id"),
        _required(sa.String(64), "code", "canonical", "lookalike"),
        _required(CHOICE, "status"),
        _optional(sa.String(200), "procedure"),
        _optional(sa.Date(), "received_on", "due_on"),
        _optional(sa.String(200), "wanted", "fix"),
        _optional(sa.String(100), "pick_up"),
        _required(TIME, "updated_at"),
        _optional(TIME, "changed_at"),
        _optional(OCTETS, "identity_mark", "password_mark"),
        _unique("dossier", "code"),
    )
    op.create_index("uq_dossier_canonical", "dossier", ["canonical"], unique=True)
    _index("dossier", "lookalike", "lookalike", "id")
    _index("dossier", "status", "status", "lookalike", "id")


def _create_dossier_changes() -> None:
    _create(
        "dossier_change",
        _required(ROW_ID, "id", "dossier_id"),
        _required(TIME, "at"),
        _required(sa.String(64), "operator"),
        _required(CHOICE, "before", "after"),
        _reference("dossier_change", "dossier_id", "dossier", ondelete="CASCADE"),
    )
    _index("dossier_change", "dossier", "dossier_id")
    _create(
        "dossier_upload",
        _required(ROW_ID, "id", "operator_id"),
        _required(CHOICE, "kind"),
        _required(OCTETS, "name", "octets"),
        _optional(OCTETS, "preview", "facts"),
        _required(TIME, "created_at"),
        _reference("dossier_upload", "operator_id", "operator", ondelete="CASCADE"),
    )


def _create_notices() -> None:
    _create(
        "consent",
        _required(ROW_ID, "id"),
        _required(OCTETS, "phone_mark"),
        _required(sa.String(32), "purpose"),
        _required(sa.SmallInteger(), "text_version"),
        _required(sa.Boolean(), "given"),
        _optional(ROW_ID, "inbound_id"),
        _optional(sa.String(64), "stated_by"),
        _required(TIME, "at"),
        _optional(TIME, "until"),
    )
    _index("consent", "phone", "phone_mark")
    _index("consent", "at", "at")
    _create(
        "subscription",
        _required(ROW_ID, "id", "dossier_id"),
        _required(OCTETS, "phone", "phone_mark"),
        _required(ROW_ID, "consent_id"),
        _required(sa.Boolean(), "with_secret"),
        _optional(sa.String(64), "link"),
        _optional(sa.String(24), "short_code"),
        _required(TIME, "since"),
        _optional(TIME, "until"),
        _optional(sa.String(16), "ended_by"),
        _reference("subscription", "dossier_id", "dossier", ondelete="CASCADE"),
        _reference("subscription", "consent_id", "consent"),
    )
    _index("subscription", "one_each", "dossier_id", "phone_mark", where="until IS NULL", unique=True)
    _index("subscription", "phone", "phone_mark")
    _index("subscription", "consent", "consent_id")
    _index("subscription", "ended", "until", where="until IS NOT NULL")
    _create(
        "notice",
        _required(ROW_ID, "id", "subscription_id"),
        _required(CHOICE, "kind"),
        _required(sa.String(64), "value"),
        _required(CHOICE, "state"),
        _required(TIME, "made_at", "not_before"),
        _optional(TIME, "released_at"),
        _optional(ROW_ID, "outbound_id"),
        _reference("notice", "subscription_id", "subscription", ondelete="CASCADE"),
    )
    _index("notice", "sms", "outbound_id")
    _index("notice", "once", "subscription_id", "kind", "value", unique=True)
    _index("notice", "waiting", "not_before", "id", where="state = 'waiting'")


def _create_limits() -> None:
    _create(
        "attempt",
        _required(ROW_ID, "id"),
        _required(CHOICE, "kind"),
        _required(OCTETS, "sender_mark", "subject_mark"),
        _optional(OCTETS, "area_mark"),
        _required(sa.Boolean(), "hit"),
    )
    _index("attempt", "sender", "sender_mark", "id")
    _index("attempt", "subject", "subject_mark", "id", where="kind = 'register'")
    _index("attempt", "area", "area_mark", "id", where="NOT hit")
    _index("attempt", "missed", "id", where="NOT hit")
    _index("attempt", "registered", "id", "kind", where="kind = 'register'")
    _create(
        "block",
        _required(OCTETS, "number_mark", "number", "reason"),
        _required(sa.String(64), "made_by"),
        _required(TIME, "since", "until"),
        key=("number_mark",),
    )


def _create_calendars() -> None:
    _create("calendar", _required(ROW_ID, "id"), _required(sa.String(80), "name"), _unique("calendar", "name"))
    _create(
        "calendar_hours",
        _required(ROW_ID, "calendar_id"),
        _required(sa.SmallInteger(), "weekday", "opens", "closes"),
        _reference("calendar_hours", "calendar_id", "calendar", ondelete="CASCADE"),
        key=("calendar_id", "weekday", "opens"),
    )
    _create(
        "calendar_day",
        _required(ROW_ID, "calendar_id"),
        _required(sa.Date(), "day"),
        _required(sa.Boolean(), "open"),
        _required(sa.String(80), "name"),
        _required(CHOICE, "source"),
        _required(sa.Boolean(), "confirmed"),
        _reference("calendar_day", "calendar_id", "calendar", ondelete="CASCADE"),
        key=("calendar_id", "day"),
    )


def _create_units() -> None:
    _create(
        "unit",
        _required(ROW_ID, "id"),
        _required(sa.String(32), "code"),
        _required(sa.String(120), "name"),
        _optional(sa.String(30), "sms_name"),
        _required(sa.String(120), "folded"),
        _optional(ROW_ID, "parent_id"),
        _required(ROW_ID, "calendar_id"),
        _optional(sa.String(40), "phone"),
        _optional(sa.String(120), "address"),
        _required(sa.Boolean(), "is_focal", "is_duty", default=sa.false()),
        _required(sa.Integer(), "busy_capacity"),
        _required(sa.Boolean(), "assigns", "disabled", default=sa.false()),
        _unique("unit", "code"),
        _reference("unit", "parent_id", "unit", deferred=True),
        _reference("unit", "calendar_id", "calendar"),
    )
    _index("unit", "folded", "folded")


def _create_names_of_units() -> None:
    _create(
        "unit_alias",
        _required(sa.String(120), "folded"),
        _required(ROW_ID, "unit_id"),
        _optional(sa.Date(), "until"),
        _reference("unit_alias", "unit_id", "unit", ondelete="CASCADE"),
        key=("folded",),
    )
    _index("unit_alias", "unit", "unit_id")
    _create(
        "ward",
        _required(ROW_ID, "id"),
        _required(sa.String(120), "name", "folded"),
        _required(ROW_ID, "unit_id"),
        _optional(sa.Date(), "until"),
        _reference("ward", "unit_id", "unit", ondelete="CASCADE"),
    )
    _index("ward", "folded", "folded")
    _index("ward", "unit", "unit_id")


def _create_people_of_units() -> None:
    _create(
        "unit_contact",
        _required(ROW_ID, "id", "unit_id"),
        _required(sa.String(80), "place"),
        _required(OCTETS, "name", "phone", "phone_mark"),
        _optional(sa.SmallInteger(), "duty_from", "duty_to"),
        _required(sa.Integer(), "position"),
        _reference("unit_contact", "unit_id", "unit", ondelete="CASCADE"),
    )
    _index("unit_contact", "unit", "unit_id", "position")
    _index("unit_contact", "phone", "phone_mark")
    _create(
        "operator_unit",
        _required(ROW_ID, "operator_id", "unit_id"),
        _required(sa.Boolean(), "leads", default=sa.false()),
        _optional(sa.Integer(), "capacity"),
        _optional(sa.Text(), "topics"),
        _optional(TIME, "until"),
        _reference("operator_unit", "operator_id", "operator", ondelete="CASCADE"),
        _reference("operator_unit", "unit_id", "unit", ondelete="CASCADE"),
        key=("operator_id", "unit_id"),
    )
    _index("operator_unit", "unit", "unit_id")
    _create(
        "canned_answer",
        _required(ROW_ID, "id"),
        _optional(ROW_ID, "unit_id", "operator_id"),
        _required(sa.String(8), "language"),
        _required(sa.String(80), "title"),
        _required(sa.Text(), "body"),
        _required(TIME, "changed_at"),
        _reference("canned_answer", "unit_id", "unit", ondelete="CASCADE"),
        _reference("canned_answer", "operator_id", "operator", ondelete="CASCADE"),
    )
    _index("canned_answer", "unit", "unit_id")
    _index("canned_answer", "operator", "operator_id")


def _create_routing() -> None:
    _create(
        "topic",
        _required(ROW_ID, "id"),
        _required(sa.String(32), "code"),
        _required(sa.String(80), "name"),
        _required(sa.Text(), "words"),
        _optional(ROW_ID, "unit_id"),
        _required(CHOICE, "priority"),
        _required(sa.Boolean(), "is_accusation", default=sa.false()),
        _unique("topic", "code"),
        _reference("topic", "unit_id", "unit", ondelete="SET NULL"),
    )
    _create(
        "route_rule",
        _required(ROW_ID, "id"),
        _required(sa.Integer(), "position"),
        _optional(sa.String(16), "kind"),
        _required(sa.Text(), "any_of", "all_of", "area"),
        _optional(ROW_ID, "topic_id", "unit_id"),
        _optional(CHOICE, "priority"),
        _required(ROW_ID, "hits", default=ZERO),
        _reference("route_rule", "topic_id", "topic", ondelete="SET NULL"),
        _reference("route_rule", "unit_id", "unit", ondelete="CASCADE"),
    )
    _index("route_rule", "position", "position")
    _create(
        "level",
        _required(ROW_ID, "id"),
        _required(sa.String(16), "code"),
        _required(sa.Integer(), "first_amount"),
        _required(CHOICE, "first_clock"),
        _required(sa.Integer(), "final_amount"),
        _required(CHOICE, "final_clock"),
        _unique("level", "code"),
    )


def _create_citizens() -> None:
    _create(
        "citizen",
        _required(ROW_ID, "id"),
        _required(OCTETS, "phone", "phone_mark"),
        _optional(OCTETS, "name"),
        _optional(sa.String(8), "language"),
        _required(sa.Boolean(), "language_set", default=sa.false()),
        _required(TIME, "created_at", "seen_at"),
        _optional(ROW_ID, "previous_ticket_id"),
        _optional(TIME, "previous_at"),
        _unique("citizen", "phone_mark"),
    )
    _index("citizen", "seen", "seen_at")


def _create_tickets() -> None:
    _create(
        "ticket",
        _required(ROW_ID, "id"),
        _required(sa.String(16), "number"),
        _required(CHOICE, "kind", "state"),
        _optional(CHOICE, "close_reason"),
        _required(CHOICE, "channel"),
        _optional(ROW_ID, "citizen_id"),
        _required(OCTETS, "sender_mark"),
        _required(sa.String(24), "short_code"),
        _required(sa.String(64), "reply_link"),
        _optional(OCTETS, "subject"),
        _required(sa.String(8), "language"),
        _optional(ROW_ID, "topic_id"),
        _required(ROW_ID, "unit_id"),
        _optional(ROW_ID, "assignee_id", "ward_id", "dossier_id"),
        _required(CHOICE, "priority"),
        _required(sa.Boolean(), "is_accusation", "is_unsure", default=sa.false()),
        _optional(ROW_ID, "level_id", "rule_id"),
        _required(sa.String(24), "routed_by"),
        _optional(ROW_ID, "inbound_id", "parent_id", "merged_into"),
        _required(TIME, "created_at", "said_at"),
        _optional(TIME, "taken_at", "first_answer_at", "resolved_at", "closed_at"),
        _required(TIME, "first_due", "final_due", "promised_at"),
        _optional(TIME, "first_promised_at"),
        _optional(sa.Integer(), "minutes_left", "working_minutes"),
        _required(sa.SmallInteger(), "reopened", "transfers", default=ZERO),
        _optional(OCTETS, "public_reason"),
        _required(sa.Integer(), "version", default=sa.text("1")),
        _unique("ticket", "number"),
        _unique("ticket", "inbound_id"),
        _reference("ticket", "citizen_id", "citizen"),
        _reference("ticket", "unit_id", "unit"),
        _reference("ticket", "level_id", "level"),
        _reference("ticket", "topic_id", "topic", ondelete="SET NULL"),
        _reference("ticket", "assignee_id", "operator", ondelete="SET NULL"),
        _reference("ticket", "ward_id", "ward", ondelete="SET NULL"),
        _reference("ticket", "dossier_id", "dossier", ondelete="SET NULL"),
        _reference("ticket", "rule_id", "route_rule", ondelete="SET NULL"),
        _reference("ticket", "parent_id", "ticket", deferred=True),
        _reference("ticket", "merged_into", "ticket", deferred=True),
    )


def _index_tickets() -> None:
    _index("ticket", "sender", "sender_mark", "state", "id")
    lists = ("state", "final_due", "id", "unit_id", "assignee_id", "is_accusation", "priority")
    _index("ticket", "unit", "unit_id", "state", "final_due", "id", "assignee_id", "is_accusation", "priority")
    _index("ticket", "due", *lists)
    _index("ticket", "urgent", *lists, where="priority = 'urgent'")
    mine = f"assignee_id IS NOT NULL AND {ACTIVE}"
    _index("ticket", "assignee", "assignee_id", "state", "final_due", "id", where=mine)
    _index("ticket", "unit_newest", "unit_id", "id")
    _index("ticket", "state_newest", "state", "id")
    to_sort = ("final_due", "id", "unit_id", "is_accusation", "priority", "is_unsure")
    _index("ticket", "to_sort", *to_sort, where="is_unsure")
    _index("ticket", "taken", "unit_id", "taken_at", where="taken_at IS NOT NULL")
    _index("ticket", "closed", "closed_at", where="closed_at IS NOT NULL AND citizen_id IS NOT NULL")
    _index("ticket", "citizen", "citizen_id")
    _index("ticket", "merged_into", "merged_into", where="merged_into IS NOT NULL")


def _create_entries() -> None:
    _create(
        "ticket_entry",
        _required(ROW_ID, "id", "ticket_id"),
        _required(CHOICE, "kind"),
        _optional(ROW_ID, "inbound_id", "outbound_id"),
        _optional(sa.String(64), "operator"),
        _optional(ROW_ID, "unit_id"),
        _optional(OCTETS, "body"),
        _optional(CHOICE, "from_state", "to_state"),
        _optional(ROW_ID, "moved_from"),
        _optional(sa.Text(), "replaced"),
        _required(TIME, "at"),
        _unique("ticket_entry", "inbound_id"),
        _reference("ticket_entry", "ticket_id", "ticket", ondelete="CASCADE"),
        _reference("ticket_entry", "unit_id", "unit"),
        _reference("ticket_entry", "moved_from", "ticket", ondelete="SET NULL"),
    )
    _index("ticket_entry", "ticket", "ticket_id", "id")
    _index("ticket_entry", "outbound", "outbound_id", where="outbound_id IS NOT NULL")
    _create(
        "ticket_timer",
        _required(ROW_ID, "ticket_id"),
        _required(CHOICE, "kind"),
        _required(TIME, "at"),
        _optional(TIME, "done_at"),
        _reference("ticket_timer", "ticket_id", "ticket", ondelete="CASCADE"),
        key=("ticket_id", "kind"),
        with_rowid=False,
    )
    _index("ticket_timer", "due", "at", where="done_at IS NULL")
    _create(
        "rating",
        _required(ROW_ID, "ticket_id"),
        _required(sa.SmallInteger(), "score"),
        _required(sa.Boolean(), "by_words"),
        _optional(OCTETS, "words"),
        _required(ROW_ID, "unit_id"),
        _optional(sa.String(64), "operator"),
        _required(TIME, "at"),
        _reference("rating", "ticket_id", "ticket", ondelete="CASCADE"),
        _reference("rating", "unit_id", "unit"),
        key=("ticket_id",),
    )
    _index("rating", "unit", "unit_id", "at")


def _create_kept_texts() -> None:
    _create(
        "kept_text",
        _required(ROW_ID, "id", "inbound_id", "first_id", "citizen_id"),
        _required(OCTETS, "sender_mark"),
        _required(sa.String(24), "short_code"),
        _required(sa.String(64), "reply_link"),
        _required(CHOICE, "reason"),
        _required(OCTETS, "body"),
        _required(sa.Text(), "candidates"),
        _required(TIME, "kept_at", "until"),
        _optional(ROW_ID, "filed_as"),
        _optional(TIME, "sorted_at"),
        _optional(sa.String(64), "sorted_by"),
        _unique("kept_text", "inbound_id"),
        _reference("kept_text", "citizen_id", "citizen"),
        _reference("kept_text", "filed_as", "ticket", ondelete="CASCADE"),
    )
    _index("kept_text", "sender", "sender_mark")
    _index("kept_text", "first", "first_id")
    _index("kept_text", "waiting", "until", where="sorted_at IS NULL")
    _index("kept_text", "sorted", "sorted_at")
    _index("kept_text", "citizen", "citizen_id")
    _create(
        "ask",
        _required(OCTETS, "sender_mark"),
        _required(sa.String(24), "short_code"),
        _required(CHOICE, "kind"),
        _required(ROW_ID, "subject_id", "outbound_id"),
        _required(sa.Text(), "choices"),
        _required(TIME, "made_at", "until"),
        key=("sender_mark", "short_code"),
    )
    _index("ask", "until", "until")
    _index("ask", "subject", "subject_id")


def _create_lookups() -> None:
    _create(
        "lookup",
        _required(ROW_ID, "id"),
        _required(sa.String(24), "name"),
        _required(CHOICE, "state"),
        _required(sa.Text(), "definition"),
        _required(sa.Integer(), "row_count"),
        _required(sa.Text(), "faults"),
        _required(sa.String(64), "made_by"),
        _required(TIME, "made_at"),
        _optional(TIME, "submitted_at"),
        _optional(sa.String(64), "approved_by"),
        _optional(TIME, "approved_at"),
        _required(sa.Boolean(), "off", default=sa.false()),
    )
    _index("lookup", "name", "name", "id")
    _create(
        "lookup_row",
        _required(ROW_ID, "id", "lookup_id"),
        _required(OCTETS, "key_mark"),
        _optional(OCTETS, "phone_mark", "id_number_mark"),
        _required(OCTETS, "cells"),
        _reference("lookup_row", "lookup_id", "lookup", ondelete="CASCADE"),
    )
    _index("lookup_row", "key", "lookup_id", "key_mark")
    _index("lookup_row", "phone", "phone_mark", where="phone_mark IS NOT NULL")
    _index("lookup_row", "id_number", "id_number_mark", where="id_number_mark IS NOT NULL")


def _create_links() -> None:
    _create(
        "link_state",
        _required(sa.String(64), "link"),
        _required(sa.Boolean(), "bound"),
        _required(TIME, "since"),
        _required(sa.SmallInteger(), "binds", "wanted"),
        _required(sa.Integer(), "in_flight", "window"),
        _optional(sa.Integer(), "round_trip_ms"),
        _optional(sa.String(200), "last_error"),
        _optional(TIME, "worked_at", "failed_at"),
        _optional(sa.String(200), "failed_for"),
        _required(sa.String(64), "holder"),
        _required(TIME, "seen_at"),
        key=("link",),
    )
    _create(
        "access_token",
        _required(sa.String(64), "link"),
        _optional(OCTETS, "access"),
        _required(OCTETS, "refresh"),
        _optional(TIME, "access_until"),
        _required(TIME, "refresh_until"),
        _optional(TIME, "renewing_until", "refused_at"),
        _required(TIME, "changed_at"),
        key=("link",),
    )
    _create(
        "duty",
        _required(sa.String(80), "name"),
        _required(sa.String(64), "owner"),
        _required(TIME, "lease_until", "since"),
        key=("name",),
    )


def _create_counts() -> None:
    _create(
        "job_run",
        _required(sa.String(64), "name"),
        _optional(TIME, "ran_at", "changed_at"),
        _required(ROW_ID, "changed_rows"),
        _optional(TIME, "failed_at"),
        key=("name",),
    )
    _create("emptied", _required(sa.String(16), "kind"), _required(ROW_ID, "up_to"), key=("kind",))
    _create(
        "minute_count",
        _required(ROW_ID, "minute"),
        _required(sa.Integer(), "texts", "misread"),
        _required(sa.Integer(), "look_ups", "not_found", default=ZERO),
        _required(sa.Integer(), "answers", "sent", "delivered", "failed", "expired"),
        key=("minute",),
    )
    for counted in ("day_count", "month_count"):
        _create(
            counted,
            _required(sa.String(16), "kind"),
            _required(sa.Date(), "day"),
            _required(sa.String(64), "key", "detail"),
            _required(sa.Integer(), "count"),
            key=("kind", "day", "key", "detail"),
            with_rowid=False,
        )
    figures = (_required(sa.String(32), "name"), _required(ROW_ID, "value"), _required(TIME, "taken_at"))
    _create("figure", *figures, key=("name",))


def _create_webhooks() -> None:
    _create(
        "webhook",
        _required(sa.String(40), "key"),
        _required(sa.String(64), "endpoint"),
        _required(CHOICE, "type"),
        _required(sa.Text(), "payload"),
        _required(TIME, "made_at"),
        _required(CHOICE, "state"),
        _required(TIME, "next_try"),
        _required(sa.SmallInteger(), "tries"),
        _optional(TIME, "tried_at"),
        _optional(sa.SmallInteger(), "last_status"),
        _optional(sa.String(120), "last_error"),
        key=("key",),
        with_rowid=False,
    )
    _index("webhook", "due", "endpoint", "next_try", where="state = 'waiting'")
    _create(
        "dossier_asked",
        _required(ROW_ID, "id"),
        _required(TIME, "at"),
        _required(sa.Text(), "dossiers"),
    )
    _create(
        "webhook_endpoint",
        _required(sa.String(64), "name"),
        _required(sa.SmallInteger(), "failures"),
        _optional(TIME, "not_before", "stopped_at", "delivered_at", "failed_at"),
        key=("name",),
    )


def _create_api_clients() -> None:
    _create(
        "api_client",
        _required(ROW_ID, "id"),
        _required(sa.String(64), "name"),
        _required(sa.Text(), "scopes"),
        _required(OCTETS, "key_mark"),
        _optional(OCTETS, "previous_mark", "secret", "previous_secret"),
        _optional(sa.String(64), "key_made_by", "previous_made_by"),
        _optional(TIME, "previous_until"),
        _required(TIME, "made_at", "key_made_at"),
        _optional(TIME, "used_at", "disabled_at"),
        _unique("api_client", "name"),
        _unique("api_client", "key_mark"),
    )
    _index("api_client", "previous", "previous_mark", where="previous_mark IS NOT NULL")


def _create_alarms() -> None:
    _create(
        "alarm",
        _required(ROW_ID, "id"),
        _required(sa.String(32), "name"),
        _required(sa.String(80), "subject"),
        _required(sa.Boolean(), "urgent"),
        _required(sa.Text(), "words"),
        _required(TIME, "began_at"),
        _optional(TIME, "gone_at"),
        _required(sa.Boolean(), "announced"),
        _optional(TIME, "told_at", "repeat_at", "acknowledged_at"),
        _optional(sa.String(64), "acknowledged_by"),
        _optional(sa.String(200), "note"),
        _optional(TIME, "ended_at"),
    )
    _index("alarm", "open", "name", "subject", where="ended_at IS NULL", unique=True)
    _index("alarm", "ended", "ended_at")
    _create(
        "alarm_notice",
        _required(sa.String(40), "number"),
        _required(sa.String(16), "way"),
        _required(ROW_ID, "alarm_id"),
        _required(sa.String(16), "kind"),
        _required(sa.Text(), "title", "fix"),
        _required(TIME, "since", "at"),
        _required(CHOICE, "state"),
        _required(TIME, "next_try"),
        _required(sa.SmallInteger(), "tries"),
        _optional(TIME, "failed_at"),
        _optional(TIME, "tried_at"),
        _optional(sa.String(200), "last_error"),
        _reference("alarm_notice", "alarm_id", "alarm", ondelete="CASCADE"),
        key=("number", "way"),
    )
    _index("alarm_notice", "alarm", "alarm_id")
    _index("alarm_notice", "due", "way", "next_try", where="state = 'waiting'")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _create(table: str, *items: Sequence[SchemaItem], key: Sequence[str] = ("id",), with_rowid: bool = True) -> None:
    """Create a table of these columns and constraints, with its primary key."""
    op.create_table(
        table,
        *(one for each in items for one in each),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
        sqlite_with_rowid=with_rowid,
    )


def _required(
    kind: TypeEngine[Any], *names: str, default: sa.TextClause | sa.ColumnElement[bool] | None = None
) -> Sequence[SchemaItem]:
    # No number is given by the database: autoincrement=False.
    return [sa.Column(name, kind, nullable=False, autoincrement=False, server_default=default) for name in names]


def _optional(kind: TypeEngine[Any], *names: str) -> Sequence[SchemaItem]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _unique(table: str, column: str) -> Sequence[SchemaItem]:
    return [sa.UniqueConstraint(column, name=f"uq_{table}_{column}")]


def _reference(
    table: str, column: str, target: str, *, ondelete: str | None = None, deferred: bool = False
) -> Sequence[SchemaItem]:
    return [
        sa.ForeignKeyConstraint(
            [column],
            [f"{target}.id"],
            name=f"fk_{table}_{column}_{target}",
            ondelete=ondelete,
            deferrable=True if deferred else None,
            initially="DEFERRED" if deferred else None,  # checked at the commit
        )
    ]


def _index(
    table: str, name: str, *columns: str | sa.TextClause, where: str | None = None, unique: bool = False
) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(
        f"ix_{table}_{name}",
        table,
        list(columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
