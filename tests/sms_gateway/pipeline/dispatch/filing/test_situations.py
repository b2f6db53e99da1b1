"""Rows of a sender as the situation that filing judges by."""

from __future__ import annotations

from datetime import timedelta

from db.schema import AskKind, KeptReason, Priority, TicketKind, TicketState
from db.store.address import Address
from db.tickets.asks import StoredAsk
from db.tickets.situation import NOTHING, KeptWords, OwnTicket, SenderRows
from handlers.conversation.effects.choices import NEW_TICKET
from handlers.conversation.situation import NEW, Situation
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.pipeline.dispatch.filing.situations import situation_of
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import MONDAY

AN = Address("84905000001")
TICKET = OwnTicket(
    id=5,
    number="YC482173051",
    kind=TicketKind.REPORT,
    state=TicketState.OPEN,
    close_reason=None,
    priority=Priority.NORMAL,
    subject="den duong hong",
    words="PA: den duong hong",
    created_at=MONDAY - timedelta(hours=5),
    said_at=MONDAY - timedelta(hours=2),
    resolved_at=None,
    closed_at=None,
    final_due=MONDAY,
    promised_at=MONDAY,
    unit_id=1,
    assignee_id=None,
    version=1,
    score=None,
    merged_into=None,
    merged_id=None,
)
KEPT = KeptWords(
    id=9, first_id=9, inbound_id=3, reason=KeptReason.SEND, body="PAden hong roi", kept_at=MONDAY - timedelta(minutes=5)
)


def asked(kind: AskKind, **changes: object) -> SenderRows:
    values: dict[str, object] = {
        "kind": kind,
        "subject_id": 5,
        "outbound_id": 20,
        "choices": (),
        "made_at": MONDAY - timedelta(minutes=5),
        "until": MONDAY + timedelta(days=1),
        "sent_at": MONDAY - timedelta(minutes=4),
    }
    stored = StoredAsk(**{**values, **changes})  # type: ignore[arg-type] # fields by name
    return SenderRows(tickets=[TICKET], asks={"8188": stored}, kept=[KEPT])


def seen(rows: SenderRows, short_code: str = "8188", *, inbound_id: int = 30) -> Situation:
    return situation_of(
        rows,
        AN,
        short_code,
        inbound_id=inbound_id,
        at=MONDAY,
        duty_phones=(),
        vocabulary=CONVERSATION_VOCABULARY,
    )


def test_a_text_that_came_behind_a_question_can_answer_it_although_the_clock_was_set_back() -> None:
    later = {"made_at": MONDAY + timedelta(hours=2), "sent_at": MONDAY + timedelta(hours=2, seconds=1)}
    for inbound_id, is_live in ((30, True), (10, False)):
        situation = seen(asked(AskKind.DETAILS, **later), inbound_id=inbound_id)
        assert situation.ask is not None
        assert situation.ask.is_live is is_live, inbound_id
    unsent = seen(asked(AskKind.DETAILS, **{**later, "sent_at": None})).ask
    assert unsent is not None
    assert not unsent.is_live


def test_nothing_is_known_of_a_new_phone() -> None:
    assert seen(NOTHING) == Situation()


def test_hours_are_counted_and_the_keyword_is_no_word_of_the_matter() -> None:
    (ticket,) = seen(SenderRows(tickets=[TICKET])).tickets
    assert (ticket.hours, ticket.opened_hours, ticket.words.strip(" :")) == (2.0, 5.0, "den duong hong")


def test_an_ask_belongs_to_its_short_code_and_ends() -> None:
    assert seen(asked(AskKind.DETAILS)).ask is not None
    assert seen(asked(AskKind.DETAILS), "9029").ask is None
    assert seen(asked(AskKind.DETAILS, until=MONDAY)).ask is None


def test_a_question_that_was_not_sent_yet_is_not_live() -> None:
    found = seen(asked(AskKind.DETAILS, sent_at=None))
    assert found.ask is not None
    assert found.live is None


def test_choices_are_numbers_and_a_kept_text_remembers_what_it_was_nearly() -> None:
    which = seen(asked(AskKind.WHICH, subject_id=9, choices=(5, NEW_TICKET))).ask
    assert which is not None
    assert which.choices == ("YC482173051", NEW)
    kept = seen(asked(AskKind.SEND_KEPT, subject_id=9)).ask
    assert kept is not None
    assert (kept.kept_text, kept.kept_command) == ("PAden hong roi", "report")


def test_a_choice_whose_text_staff_filed_is_asked_no_more() -> None:
    assert seen(asked(AskKind.SEND_KEPT, subject_id=77)).ask is None


def test_the_text_before_counts_from_when_it_was_written() -> None:
    rows = SenderRows(tickets=[TICKET], previous_ticket_id=5, previous_at=MONDAY - timedelta(seconds=40))
    found = seen(rows).previous
    assert found is not None
    assert (found.seconds, found.ticket) == (40.0, "YC482173051")
