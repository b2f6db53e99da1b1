"""A kind of address that is defined in this test alone, from the text to the answer and the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from flask.testing import FlaskClient

from db.citizens.block_list import LOOP_BREAKER, Block, put_on_list
from db.schema import OperatorRole, account, attempt, inbound, outbound
from db.store.address import Address, address_of
from sms_gateway.channels.address_kinds import AddressKinds
from sms_gateway.pipeline.addresses import PHONES, AddressKind
from sms_gateway.pipeline.ports import WORDLESS, InboundText, Submission, Verdict
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.pages.acting import post
from tests.sms_gateway.pipeline.conftest import Stage
from tests.sms_gateway.pipeline.edges import PaperCarrier, arrive, text

USER = "6142494823000001"
ADDRESS = Address(f"chat:{USER}")
MASKED = "chat:6142***01"
REGISTRATION = "TK, Nguyen Van A, 201499999, 20/12/1990"


def read_user(raw: str) -> Address | None:
    return address_of("chat", raw) if raw.isascii() and raw.isdecimal() else None


CHAT = AddressKind(name="chat", read=read_user, mask=lambda stored: f"{stored[:9]}***{stored[-2:]}")
KINDS = AddressKinds((PHONES, CHAT))


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """A channel whose users have no telephone number, beside a carrier of SMS."""

    stage: Stage
    channel: PaperCarrier

    def answers_to(self, *bodies: str) -> Sequence[Submission]:
        """Bring texts of one user, one after the other, and return all that the channel has sent."""
        for body in bodies:
            self.take(from_user(body))
            self.stage.clock.pass_(seconds=30)
        return self.channel.wait_for(len(bodies))

    def take(self, content: InboundText) -> None:
        [verdict] = arrive(self.stage.pipeline, replace(content, received_at=self.stage.clock()))
        assert verdict is Verdict.STORED
        self.stage.eventually(lambda: all(row["state"] != "received" for row in self.stage.rows(inbound)))

    def outcomes(self) -> list[tuple[object, object]]:
        return [(row["state"], row["outcome"]) for row in self.stage.rows(inbound)]


def from_user(body: str, sender: str = USER) -> InboundText:
    return replace(text(body, sender=sender, link="app", session=None), sender_kind=CHAT)


@pytest.fixture
def app_channel(stage: Stage) -> App:
    channel = PaperCarrier(stage.pipeline, stage.clock, name="app")
    stage.pipeline.attach(channel)
    return App(stage=stage, channel=channel)


@pytest.fixture
def parts(parts: WebDependencies) -> WebDependencies:
    return replace(parts, addresses=KINDS)


def test_a_text_is_answered_by_the_channel_that_it_came_by(app_channel: App) -> None:
    (answer,) = app_channel.answers_to("HD")
    assert answer.recipient == ADDRESS
    assert "DVC" in answer.body
    (row,) = app_channel.stage.rows(outbound)
    assert (row["link"], row["recipient"]) == ("app", ADDRESS)
    assert app_channel.outcomes() == [("handled", "helped")]
    assert app_channel.stage.carrier.sent == []


def test_a_command_that_needs_a_phone_is_answered_by_where_to_send_it(app_channel: App) -> None:
    (answer,) = app_channel.answers_to(REGISTRATION)
    assert answer.body == (
        "Dich vu nay can so dien thoai cua ban. Xin gui lai bang tin nhan SMS den 8188. Ho tro: 1022"
    )
    assert app_channel.outcomes() == [("handled", "phone_needed")]
    assert app_channel.stage.rows(account) == []
    assert app_channel.stage.rows(attempt) == []


def test_a_picture_without_words_is_answered_once_an_hour(app_channel: App) -> None:
    for minutes, wanted in ((0, "words_needed"), (5, "wordless"), (40, "wordless"), (20, "words_needed")):
        app_channel.stage.clock.pass_(minutes=minutes)
        app_channel.take(from_user(WORDLESS))
        assert app_channel.outcomes()[-1][1] == wanted, minutes
    sent = app_channel.channel.wait_for(2)
    asked = (
        "He thong chi doc duoc chu, khong xem duoc hinh anh, nhan dan hay tep. Xin viet dieu ban can bang chu. "
        "Ho tro: 1022"
    )
    assert [answer.body for answer in sent] == [asked, asked]
    app_channel.take(from_user("HD"))
    assert app_channel.outcomes()[-1] == ("handled", "helped")


def test_users_cannot_use_up_what_phones_may_try_of_an_identity_number(app_channel: App) -> None:
    for place in range(4):
        app_channel.take(from_user(REGISTRATION, sender=f"{int(USER) + place}"))
    app_channel.take(text(REGISTRATION))
    assert app_channel.outcomes()[-1] == ("handled", "account_opened")


def test_what_is_read_as_no_address_is_stored_and_not_answered(app_channel: App) -> None:
    app_channel.take(from_user("HD", sender="not-a-user"))
    assert app_channel.outcomes() == [("unanswerable", None)]
    assert app_channel.stage.rows(outbound) == []


def test_a_text_under_the_name_of_an_address_is_not_filed_with_it(app_channel: App) -> None:
    app_channel.answers_to("HD")
    app_channel.take(text("HD", sender=ADDRESS))
    first, second = app_channel.stage.rows(inbound)
    assert second["state"] == "unanswerable"  # and no repetition of the first
    assert second["sender"] != first["sender"]
    assert second["sender_mark"] != first["sender_mark"]


def test_the_mark_of_an_address_is_not_that_of_a_phone_with_the_same_digits(app_channel: App) -> None:
    app_channel.take(from_user("HD", sender="84905123456"))
    app_channel.take(text("HD", sender="84905123456"))
    first, second = app_channel.stage.rows(inbound)
    assert first["sender_mark"] != second["sender_mark"]
    assert [row["state"] for row in (first, second)] == ["handled", "handled"]


def test_an_address_that_answers_like_a_machine_is_blocked(app_channel: App, logged_in: FlaskClient) -> None:
    app_channel.answers_to(*(f"{place} tin" for place in range(5)))
    app_channel.take(from_user("6 tin"))
    assert app_channel.outcomes() == [("handled", "corrected")] * 5 + [("silenced", "loop")]
    page = logged_in.get("/admin/blocks")
    assert MASKED in page.text
    assert USER not in page.text


def test_the_limit_of_an_hour_counts_each_address(app_channel: App) -> None:
    for place in range(22):
        app_channel.take(from_user(f"DVC 000.00.12.H17-230815-{place:04}"))
        app_channel.stage.clock.pass_(seconds=100)
    app_channel.take(from_user("HD", sender=f"{int(USER) + 1}"))
    silenced = [place for place, (state, _) in enumerate(app_channel.outcomes()) if state == "silenced"]
    assert silenced == [21]
    assert app_channel.outcomes()[21] == ("silenced", "hour_limit")


def test_a_blocked_address_gets_no_answer(app_channel: App) -> None:
    stage = app_channel.stage
    now = stage.clock()
    entry = Block(number=ADDRESS, reason="loop", made_by=LOOP_BREAKER, since=now, until=now.replace(year=2030))
    with stage.database.write() as connection:
        put_on_list(connection, replace(entry, made_by="lan"))
    app_channel.take(from_user("HD"))
    assert app_channel.outcomes() == [("silenced", "blocked")]


def test_pages_show_an_address_as_its_kind_masks_it(app_channel: App, logged_in: FlaskClient) -> None:
    app_channel.answers_to("HD")
    (row,) = app_channel.stage.rows(inbound)
    for place in ("messages", f"messages/{row['id']}", f"messages/{row['id']}/conversation"):
        page = logged_in.get(f"/admin/{place}")
        assert page.status_code == 200, place
        assert MASKED in page.text, place
        assert USER not in page.text, place
        assert " ".join(f"{octet:02x}" for octet in USER.encode()) not in page.text, place


def test_a_person_is_found_by_the_exact_address(
    app_channel: App, logged_in: FlaskClient, make: Callable[[OperatorRole], None]
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    app_channel.answers_to("HD")
    found = post(logged_in, "/admin/person", kind="number", who=ADDRESS)
    page = logged_in.get(found.headers["Location"])
    assert MASKED in page.text
    assert USER not in page.text
    sealed = re.search(r'name="person" value="([^"]+)"', page.text)
    assert sealed is not None
    exported = post(logged_in, "/admin/person/export", person=sealed[1]).get_json()
    assert [(one["way"], one["number"]) for one in exported["texts"]] == [("received", ADDRESS), ("sent", ADDRESS)]
    post(logged_in, "/admin/person/erase", person=sealed[1], digits=USER[-4:])
    assert [row["sender"] for row in app_channel.stage.rows(inbound)] == [""]
