"""T1, intake: citizens' texts become rows; only after the commit may they be acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.messages import duplicates, events, inbox
from db.messages.duplicates import ID_OCTETS, EarlierText
from db.messages.inbox import Handled, NewInbound, WaitingText
from db.schema import InboundState
from db.store.address import Address, as_name
from db.store.column_types import keyring_of
from db.store.ids import first_id_at
from db.store.record import record
from db.store.sealing import Keyring
from sms_gateway.pipeline.intake.unacknowledged import Unacknowledged
from sms_gateway.pipeline.ports import InboundText, Verdict

REDELIVERY_WINDOW = timedelta(minutes=10)
"""How long a carrier may send an unacknowledged text again; of an unknown session, any text of this time."""

DOUBLE_TAP_WINDOW = timedelta(seconds=10)
"""The same text from the same sender within this time of the first is a double tap."""

_SHORT_CODE_LENGTH = 24
_NAME_LENGTH = 64


@record
class Stored:
    """The result of one text: the verdict for its source, and the text to handle when it is new."""

    verdict: Verdict
    inbound_id: int
    waiting: WaitingText | None


@record
class Looked:
    """Texts that are checked and not written yet: their rows, events and results."""

    rows: Sequence[NewInbound]
    stored: Sequence[Stored]
    happened: Sequence[events.NewEvent]


@record
class _Marked:
    """A text with the keys that recognise its repetition."""

    text: InboundText
    sender: Address | None
    shown_sender: str  # as it is stored: its address, or the name that it came from
    once: bytes | None
    signature: bytes | None
    fingerprint: bytes


@record
class _Earlier:
    """Which texts came before: by once key, signature and fingerprint; grows with the batch itself.

    `by_id` holds the first once key of each provider's id in the batch. `shared` has the ids that several texts have,
    which prove nothing.
    """

    once: dict[bytes, int]
    signatures: dict[bytes, int]
    by_id: dict[bytes, bytes]
    shared: set[bytes]
    fingerprints: dict[bytes, list[EarlierText]]
    unacknowledged: Unacknowledged


def store_texts(
    connection: Connection,
    texts: Sequence[InboundText],
    *,
    new_id: Callable[[], int],
    lease_until: datetime | None,
    unacknowledged: Unacknowledged | None = None,
) -> list[Stored]:
    """Store texts in their order; a repetition is stored as a duplicate and never handled.

    With `lease_until` the new texts are held by the caller, who hands them to dispatch at once. With None the dispatch
    of any process claims them. Safe to repeat after a rollback. IntegrityError means that another process stored one of
    the texts under the same id or signature at this moment: roll back and store one by one. `unacknowledged` knows what
    the carrier may send again on the same session; without it only repetitions in one batch are recognised so.
    """
    looked = look_at(connection, texts, new_id=new_id, lease_until=lease_until, unacknowledged=unacknowledged)
    write_texts(connection, looked.rows, looked.happened)
    return list(looked.stored)


def look_at(
    connection: Connection,
    texts: Sequence[InboundText],
    *,
    new_id: Callable[[], int],
    lease_until: datetime | None,
    unacknowledged: Unacknowledged | None = None,
) -> Looked:
    """Do what `store_texts` does, and leave the writing to `write_texts` in the same transaction."""
    marked = [_mark(keyring_of(connection.dialect), text) for text in texts]
    earlier = _look_back(connection, marked, unacknowledged or Unacknowledged())
    rows, stored, happened = [], [], []
    for item in marked:
        row = _row(item, new_id(), earlier, lease_until)
        if row.duplicate_of is not None:
            happened.append(_duplicate_event(row, new_id()))
        rows.append(row)
        stored.append(_stored(row, item))
    return Looked(rows=rows, stored=stored, happened=happened)


def write_texts(
    connection: Connection,
    rows: Sequence[NewInbound],
    happened: Sequence[events.NewEvent],
    handled: Sequence[Handled] = (),
    *,
    at: datetime | None = None,
) -> None:
    """Write texts that were checked; those that were handled meanwhile, `at` that time, as handled."""
    inbox.store(connection, rows, handled, at=at)
    events.add(connection, happened)


def find_stored(connection: Connection, text: InboundText) -> tuple[int, InboundState] | None:
    """Return the row that holds this text and its state; of a text that came twice, the row that was handled."""
    item = _mark(keyring_of(connection.dialect), text)
    since_id = first_id_at(text.received_at - REDELIVERY_WINDOW)
    return duplicates.find_original(
        connection, sender=item.shown_sender, fingerprint=item.fingerprint, since_id=since_id
    )


def _mark(keyring: Keyring, text: InboundText) -> _Marked:
    sender = text.sender_kind.read(text.sender)
    stored = sender or as_name(text.sender)
    fingerprint = keyring.mark(b"fingerprint", _octets(stored, text.recipient, text.body))
    once = None
    if text.provider_id is not None:
        once = duplicates.once_key(keyring.mark(b"once", _octets(text.link, text.provider_id)), fingerprint)
    signature = None
    if text.signature is not None:
        signature = keyring.mark(b"signature", _octets(text.link, text.signature))
    return _Marked(
        text=text,
        sender=sender,
        shown_sender=stored[:_NAME_LENGTH],
        once=once,
        signature=signature,
        fingerprint=fingerprint,
    )


def _look_back(connection: Connection, marked: Sequence[_Marked], unacknowledged: Unacknowledged) -> _Earlier:
    if not marked:
        return _Earlier(once={}, signatures={}, by_id={}, shared=set(), fingerprints={}, unacknowledged=unacknowledged)
    since = min(item.text.received_at for item in marked) - max(REDELIVERY_WINDOW, DOUBLE_TAP_WINDOW)
    since = min(since, unacknowledged.earliest or since)  # the clock may have been set forward meanwhile
    once = duplicates.find_by_once(connection, {item.once for item in marked if item.once is not None})
    signed = {item.signature for item in marked if item.signature is not None}
    shared = {key[:ID_OCTETS] for key in once if duplicates.is_id_of_others(connection, key)}
    senders = {item.fingerprint: item.shown_sender for item in marked}
    alike = duplicates.find_alike(connection, senders, since, first_id_at(since))
    fingerprints = {mark: list(rows) for mark, rows in alike.items()}
    by_id = {key[:ID_OCTETS]: key for key in once}
    return _Earlier(
        once=dict(once),
        signatures=dict(duplicates.find_by_signature(connection, signed)),
        by_id=by_id,
        shared=shared,
        fingerprints=fingerprints,
        unacknowledged=unacknowledged,
    )


def _row(item: _Marked, row_id: int, earlier: _Earlier, lease_until: datetime | None) -> NewInbound:
    text = item.text
    state, original = _recognise(item, earlier)
    if original is None:
        if item.sender is None or text.is_for_program:
            state = InboundState.UNANSWERABLE
        seen = EarlierText(id=row_id, link=text.link, session=text.session, received_at=text.received_at)
        earlier.fingerprints.setdefault(item.fingerprint, []).append(seen)
        earlier.unacknowledged.write(row_id, text.received_at)
    known_once = item.once is not None and item.once in earlier.once
    if item.once is not None and not known_once:
        earlier.once[item.once] = original or row_id
    known_signature = item.signature is not None and item.signature in earlier.signatures
    if item.signature is not None and not known_signature:
        earlier.signatures[item.signature] = original or row_id
    return NewInbound(
        id=row_id,
        link=text.link,
        reply_link=text.reply_link or text.link,
        session=text.session,
        once=None if known_once else item.once,  # the first row holds it; a later one could not
        signature=None if known_signature else item.signature,  # as above
        fingerprint=item.fingerprint,
        sender=item.shown_sender,
        recipient=_plain(text.recipient)[:_SHORT_CODE_LENGTH],
        data_coding=text.data_coding,
        octets=text.octets,
        wire=text.wire,
        body=text.body,
        received_at=text.received_at,
        state=state,
        duplicate_of=original,
        lease_until=lease_until if state is InboundState.RECEIVED else None,
    )


def _recognise(item: _Marked, earlier: _Earlier) -> tuple[InboundState, int | None]:
    """Return whether a text came before, and as which row."""
    if item.signature is not None and item.signature in earlier.signatures:
        return InboundState.REDELIVERY, earlier.signatures[item.signature]
    if item.once is not None and _is_known(item.once, earlier):
        return InboundState.REDELIVERY, earlier.once[item.once]
    for seen in earlier.fingerprints.get(item.fingerprint, ()):
        repeated = _repeated(item.text, seen, earlier.unacknowledged)
        if repeated is not None:
            return repeated, seen.id
    return InboundState.RECEIVED, None


def _is_known(once: bytes, earlier: _Earlier) -> bool:
    """Return whether this text came before under this provider's id, and no other text did."""
    provider_id = once[:ID_OCTETS]
    if earlier.by_id.setdefault(provider_id, once) != once:
        earlier.shared.add(provider_id)
    return once in earlier.once and provider_id not in earlier.shared


def _repeated(text: InboundText, seen: EarlierText, unacknowledged: Unacknowledged) -> InboundState | None:
    """Return whether this text repeats that one, and who repeats it.

    Neither the age nor the session's number need grow: the clock may have been set back meanwhile.
    """
    if text.link == seen.link and _came_after_a_fall(text, seen, unacknowledged):
        return InboundState.REDELIVERY
    age = abs(text.received_at - seen.received_at)
    if age <= DOUBLE_TAP_WINDOW:
        return InboundState.DOUBLE_TAP
    expected = text.link == seen.link and age <= REDELIVERY_WINDOW and unacknowledged.expects(seen.id, text.received_at)
    return InboundState.REDELIVERY if expected else None


def _came_after_a_fall(text: InboundText, seen: EarlierText, unacknowledged: Unacknowledged) -> bool:
    """Return whether a session ended between the two, so that the acknowledgement of the first may be lost.

    Of a session that this process did not see end, only the time is known. The time proves nothing when the clock was
    set back since: then the first minutes of this process count.
    """
    if text.session is None or seen.session is None or text.session == seen.session:
        return False
    known = unacknowledged.of_session(text.link, seen.session, seen.received_at)
    if known is not None:
        return known
    age = text.received_at - seen.received_at
    return abs(age) <= REDELIVERY_WINDOW or (age < timedelta(0) and unacknowledged.is_young)


def _stored(row: NewInbound, item: _Marked) -> Stored:
    if row.duplicate_of is not None:
        return Stored(verdict=Verdict.DUPLICATE, inbound_id=row.duplicate_of, waiting=None)
    if item.sender is None or row.lease_until is None:  # the latter also for what is never answered
        return Stored(verdict=Verdict.STORED, inbound_id=row.id, waiting=None)
    waiting = WaitingText(
        id=row.id,
        link=row.reply_link,
        sender=item.sender,
        recipient=row.recipient,
        body=row.body,
        received_at=row.received_at,
        lease_until=row.lease_until,
        attempts=0,
    )
    return Stored(verdict=Verdict.STORED, inbound_id=row.id, waiting=waiting)


def _duplicate_event(row: NewInbound, event_id: int) -> events.NewEvent:
    redelivered = row.state is InboundState.REDELIVERY
    return events.NewEvent(
        id=event_id,
        at=row.received_at,
        kind=events.EventKind.REDELIVERED if redelivered else events.EventKind.DOUBLE_TAPPED,
        inbound_id=row.duplicate_of,
    )


def _plain(address: str) -> str:
    """Remove what no address holds and no database stores."""
    if address.isascii() and address.isprintable():
        return address
    return "".join(character for character in address if character.isascii() and character.isprintable())


def _octets(*parts: str) -> bytes:
    return "\0".join(parts).encode("utf-8", "surrogatepass")
