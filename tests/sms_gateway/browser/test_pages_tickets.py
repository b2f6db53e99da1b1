"""An agent's day in a browser: three clicks or the keyboard for an answer, then the next one; also without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from db.schema import OperatorRole, TicketKind, TicketState, outbound, ticket
from db.staff.operators import find_operator, set_role
from db.store.address import Address
from db.tickets.opening import NewTicket, open_tickets
from db.units.memberships import Membership, set_membership
from tests.sms_gateway.browser.conftest import A_LOOK, Served, Watch
from tests.sms_gateway.city_office import WARD, ticket_numbers, write_units
from tests.sms_gateway.conftest import NAME, PASSWORD

pytestmark = pytest.mark.browser

ANSWER = "Den da duoc sua sang nay."


@pytest.fixture
def numbers(served: Served) -> list[str]:
    """Three tickets of an agent's unit, the first due first; their numbers."""
    now = served.clock.now
    with served.database.write() as connection:
        write_units(connection)
        operator = find_operator(connection, NAME)
        assert operator is not None
        set_role(connection, operator.id, OperatorRole.AGENT)
        set_membership(connection, Membership(operator_id=operator.id, unit_id=WARD))
        new = [
            NewTicket(
                kind=TicketKind.REPORT,
                sender=Address(f"8490512345{place}"),
                short_code="8188",
                reply_link="viettel",
                subject=f"den duong hong so {place}",
                body=f"PA den duong hong so {place}",
                language="vi",
                unit_id=WARD,
                routed_by="ward",
                created_at=now,
                first_due=now + timedelta(hours=place),
                final_due=now + timedelta(hours=place),
                promised_at=now,
                inbound_id=served.ids.new(),
            )
            for place in (1, 2, 3)
        ]
        return [one.number for one in open_tickets(connection, new, draw=ticket_numbers(), new_id=served.ids.new)]


def states(served: Served) -> list[TicketState]:
    with served.database.read() as connection:
        return list(connection.scalars(select(ticket.c.state).order_by(ticket.c.id)))


def sent(served: Served) -> list[str]:
    with served.database.read() as connection:
        return [body or "" for body in connection.scalars(select(outbound.c.body).order_by(outbound.c.id))]


def begin(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/admin/log-in")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{served.address}/admin/tickets")


def test_an_answer_takes_three_clicks_and_the_next_ticket_opens(page: Page, served: Served, numbers: list[str]) -> None:
    begin(page, served)
    page.get_by_role("link", name=numbers[0]).click()
    page.get_by_label("Words", exact=True).click()
    page.keyboard.type(ANSWER)
    expect(page.locator("#sms .body")).to_contain_text(ANSWER)
    expect(page.locator("#sms")).to_contain_text("1 segment")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=numbers[1])).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(f"{numbers[0]} is answered and resolved.")
    assert states(served) == [TicketState.RESOLVED, TicketState.NEW, TicketState.NEW]
    (sms,) = sent(served)
    assert ANSWER in sms


def test_the_keyboard_is_enough(page: Page, served: Served, numbers: list[str]) -> None:
    begin(page, served)
    page.get_by_role("link", name=numbers[0]).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.address}/admin/tickets/*")
    for place in (0, 1):
        expect(page.get_by_role("heading", name=numbers[place])).to_be_visible()
        box = page.get_by_label("Words", exact=True)
        if place == 0:  # where the next ticket opened by itself, the box has the focus
            for _ in range(60):
                if box.evaluate("one => one === document.activeElement"):
                    break
                page.keyboard.press("Tab")
        expect(box).to_be_focused()
        page.keyboard.type(ANSWER)
        expect(page.locator("#sms .body")).to_contain_text(ANSWER)
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=numbers[2])).to_be_visible()
    assert states(served) == [TicketState.RESOLVED, TicketState.RESOLVED, TicketState.NEW]
    assert len(sent(served)) == 2


def test_it_works_without_scripts(plain_page: Page, watch: Watch, served: Served, numbers: list[str]) -> None:
    page = plain_page
    begin(page, served)
    page.get_by_role("link", name=numbers[0]).click()
    page.get_by_label("Words", exact=True).fill(ANSWER)
    page.get_by_role("button", name="Send").click()  # shows the SMS first
    expect(page.locator("#words-faults")).to_contain_text("Read the SMS below")
    expect(page.locator("#sms .body")).to_contain_text(ANSWER)
    assert sent(served) == []
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=numbers[1])).to_be_visible()
    page.get_by_label("ask the citizen").check()
    page.get_by_label("Words", exact=True).fill("Ban cho biet so nha?")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=numbers[2])).to_be_visible()
    page.get_by_text("More to do").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("status")).to_contain_text("is yours")
    assert states(served) == [TicketState.RESOLVED, TicketState.PENDING_CITIZEN, TicketState.OPEN]
    watch.complaints[:] = [words for words in watch.complaints if "400" not in words]  # the SMS had to be read first


def test_the_inbox_renews_itself(page: Page, served: Served, numbers: list[str]) -> None:
    page.clock.install()
    begin(page, served)
    expect(page.locator("#lines tr")).to_have_count(3)
    with served.database.write() as connection:
        connection.execute(update(ticket).where(ticket.c.number == numbers[0]).values(state=TicketState.PENDING_THIRD))
    page.clock.fast_forward(A_LOOK)
    expect(page.locator("#lines tr")).to_have_count(2, timeout=15_000)
    expect(page.locator("#list-pending strong")).to_have_text("1")


def test_on_a_telephone_a_ticket_is_answered_too(page: Page, served: Served, numbers: list[str]) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    begin(page, served)
    page.get_by_role("link", name=numbers[0]).click()
    page.get_by_label("Words", exact=True).fill(ANSWER)
    expect(page.locator("#sms .body")).to_contain_text(ANSWER)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=numbers[1])).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
