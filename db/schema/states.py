"""Every state that a row can be in; the comment beside a member tells an operator what it means."""

from __future__ import annotations

from enum import StrEnum


class InboundState(StrEnum):
    """Where a citizen's text is on the pipeline."""

    RECEIVED = "received"  # stored and acknowledged; will be read at once
    HANDLED = "handled"  # read, carried out, and its answer written
    PARKED = "parked"  # handling failed again and again; an operator must look
    REDELIVERY = "redelivery"  # the carrier sent the same text again; nothing was done twice
    DOUBLE_TAP = "double_tap"  # the citizen sent the same text twice within seconds; answered once
    UNANSWERABLE = "unanswerable"  # the sender is no phone, or the message is for a program; never answered
    SILENCED = "silenced"  # not answered: blocked, from abroad, over a limit, a machine, or our own message back


class OutboundState(StrEnum):
    """Where an answer is on the pipeline."""

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
    ACCEPTED = "accepted"  # taken by the carrier; the phone need not have it
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


class UploadKind(StrEnum):
    """What a file is about that waits to be imported."""

    DOSSIERS = "dossiers"
    UNITS = "units"  # or contacts, wards, rules


class AccountState(StrEnum):
    """Whether an account can be used."""

    FIRST_PASSWORD = "first_password"  # noqa: S105 - a state, no secret: opened; the first password must be changed before it expires
    ACTIVE = "active"  # the citizen set a password of their own
    DISABLED = "disabled"  # closed by an operator
    RELEASED = "released"  # ended for good: its identity number may open a new account


class AttemptKind(StrEnum):
    """What was tried that can also be guessed."""

    LOOK_UP = "look_up"  # DVC: a receipt code
    REGISTER = "register"  # TK: an identity number


class OperatorRole(StrEnum):
    """What an operator may do."""

    VIEWER = "viewer"  # sees masked pages
    OPERATOR = "operator"  # also acts: sends again, blocks, changes dossiers
    ADMINISTRATOR = "administrator"  # also manages operators and settings
    AGENT = "agent"  # answers the tickets of own units, and sees nothing else


class Priority(StrEnum):
    """How soon a ticket comes up among those that wait."""

    LOW = "low"  # after the others
    NORMAL = "normal"  # by its due time
    HIGH = "high"  # before the others
    URGENT = "urgent"  # danger: duty contacts, no calendar, no load


class LevelClock(StrEnum):
    """What the amount of a level counts."""

    WALL_MINUTES = "wall_minutes"  # also at night and on holidays
    WORKING_MINUTES = "working_minutes"  # while the unit is open
    WORKING_DAYS = "working_days"  # each as long as the unit's next day with hours


class DaySource(StrEnum):
    """Where a day of a calendar comes from."""

    PROPOSED = "proposed"  # the yearly proposal of holidays
    OPERATOR = "operator"  # entered on a page
    IMPORTED = "imported"  # read from a file


class LookupState(StrEnum):
    """Where a version of a look-up table is on its way to citizens."""

    LOADING = "loading"  # its rows are being stored; a moment later it is a draft
    DRAFT = "draft"  # was made and can be looked at; answers nobody
    WAITING = "waiting"  # waits for a second person; answers after 24 hours without one
    APPROVED = "approved"  # another person approved it


class KeyShape(StrEnum):
    """How the key of a look-up table is read."""

    DIGITS = "digits"  # a number; blanks and marks in it do not count
    CODE = "code"  # letters and digits, with at least one digit
    WORDS = "words"  # any words, compared without accents
    NONE = "none"  # no key: an own answer


class NoticeKind(StrEnum):
    """What a citizen is told of a dossier without asking."""

    RECEIVED = "received"  # the office took the dossier in
    REFUSED = "refused"  # it was not accepted
    PAPERS_WANTED = "papers_wanted"  # papers are missing, and how to supply them
    PAYMENT_WANTED = "payment_wanted"  # money is owed
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    DONE = "done"  # the result is ready: at a desk, by post or online
    RETURNED = "returned"  # the result was handed out
    DUE_TOMORROW = "due_tomorrow"  # by the clock, at 9
    OVERDUE = "overdue"  # by the clock: an apology, with the new date if there is one


class NoticeState(StrEnum):
    """Where a notice is on its way to the outbox; from there on the state of its SMS counts."""

    WAITING = "waiting"  # for its hour, for the day, or until answers have gone out
    RELEASED = "released"  # its SMS was written
    REPLACED = "replaced"  # a later change made it untrue before it was written
    DROPPED = "dropped"  # nobody wants it any more, it waited too long, or it was not true any more


class WebhookType(StrEnum):
    """What a system of the city can be informed of by a webhook."""

    ACCOUNT_OPENED = "account.opened"  # a citizen opened an account by text
    DOSSIER_ASKED = "dossier.asked"  # a citizen asked for the state of a dossier and got it
    DOSSIER_CHANGED = "dossier.changed"  # a dossier is new, or its facts changed
    TICKET_OPENED = "ticket.opened"
    TICKET_CHANGED = "ticket.changed"  # its state, its unit, who has it, or a new entry
    MESSAGE_FAILED = "message.failed"  # an answer did not arrive: refused, failed or too old


class WebhookState(StrEnum):
    """Where an event is on its way to the receiver."""

    WAITING = "waiting"  # for its first or its next try
    DELIVERED = "delivered"  # the receiver said 2xx
    GIVEN_UP = "given_up"  # the last try of the plan failed; an operator can send it again


class AlarmNoticeState(StrEnum):
    """Where a notice of an alarm is on one way out of the house."""

    WAITING = "waiting"  # for the end of the quiet hours, or for its first or next try
    ACCEPTED = "accepted"  # the server on this way took it
    GIVEN_UP = "given_up"  # nobody took it for a whole day
