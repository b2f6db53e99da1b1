"""The story of a matter on the demo, by its pages: reported, asked about, answered, rated 2, reopened, thanked."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from db.schema import CloseReason, TicketState, ticket
from db.staff.operators import find_operator
from db.store.engine import Database
from handlers.conversation import situation
from handlers.conversation.filing import entries
from sms_gateway.demo.service import AGENT, RunningDemo, started
from sms_gateway.pipeline.dispatch.filing import situations
from tests.sms_gateway.browser.conftest import PATIENCE, Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OWN_PASSWORD = "canary agent phrase 8188"
UNTIL_LIVE = 0.3
"""Seconds after which a text may answer what was asked; test_situation.py tests the three of the service."""

AT_ALL = 3 * PATIENCE
"""An SMS goes through gateway, carrier and back, on a busy machine."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with started(tmp_path_factory.mktemp("conversation"), 0) as running:
        yield running
        assert running.gateway.dead_parts() == []
        assert running.gateway.stop()


@pytest.fixture
def agent(browser: Browser, watch: Watch, demo: RunningDemo) -> Iterator[Page]:
    """A browser of the agent, beside the citizen's."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(AT_ALL)
    watch.over(context)
    page = context.new_page()
    log_in(page, demo)
    yield page
    context.close()


@pytest.fixture(autouse=True)
def _soon_live(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the citizen answer sooner: the story waits several times."""
    for module in (situation, entries, situations):
        monkeypatch.setattr(module, "SECONDS_UNTIL_LIVE", UNTIL_LIVE)


def log_in(page: Page, demo: RunningDemo) -> None:
    """Log in as the agent; the first time with the one-time password, and a password of one's own after it."""
    with demo.database.read() as connection:
        known = find_operator(connection, AGENT)
    assert known is not None
    password = demo.agent_password if known.must_change else OWN_PASSWORD
    assert password is not None
    page.goto(f"{demo.address}/admin/log-in")
    page.locator("[name=name]").fill(AGENT)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").click()
    if known.must_change:
        page.locator("[name=current]").fill(password)
        page.locator("[name=new]").fill(OWN_PASSWORD)
        page.locator("[name=again]").fill(OWN_PASSWORD)
        page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/admin/(tickets|sessions)"))


def text(phone: Page, words: str, answer: str | None) -> str:
    """Text as the citizen; return the answer, which holds these words, or wait until the text is there."""
    before = phone.locator(".theirs").count()
    phone.locator("[name=text]").fill(words)
    phone.locator(".composer .button").click()
    if answer is None:
        expect(phone.locator(".mine p").last).to_have_text(words, timeout=AT_ALL)
        return ""
    expect(phone.locator(".theirs")).to_have_count(before + 1, timeout=AT_ALL)
    expect(phone.locator(".theirs p").last).to_contain_text(answer)
    return phone.locator(".theirs p").last.inner_text()


def write(agent: Page, address: str, way: str, words: str) -> None:
    """Write to the citizen as the agent: what the page shows is what is sent."""
    agent.goto(address)
    agent.locator(f"[name=way][value={way}]").check()
    agent.locator("[name=words]").fill(words)
    expect(agent.locator("#sms .body")).to_contain_text(words)
    agent.locator("#answer .button[accesskey=s]").click()
    expect(agent.locator("#was-done")).to_be_visible()


def get(phone: Page, words: str) -> None:
    """Wait until the citizen has an SMS with these words and may answer it."""
    expect(phone.locator(".theirs p").last).to_contain_text(words, timeout=AT_ALL)
    time.sleep(2 * UNTIL_LIVE)


def state_of(database: Database, number: str) -> tuple[TicketState, CloseReason | None, int]:
    with database.read() as connection:
        asked = select(ticket.c.state, ticket.c.close_reason, ticket.c.reopened).where(ticket.c.number == number)
        row = connection.execute(asked).one()
    return row.state, row.close_reason, row.reopened


@pytest.mark.parametrize(
    ("language", "citizen"), [pytest.param("en", "0905333001", marks=pytest.mark.long), ("vi", "0905333002")]
)
def test_a_matter_from_its_report_to_thanks(
    page: Page, agent: Page, demo: RunningDemo, language: str, citizen: str
) -> None:
    for one in (page, agent):
        one.goto(f"{demo.address}/phone" if one is page else f"{demo.address}/admin/tickets")
        one.locator(f".languages [value={language}]").click()
    page.locator("[name=number]").fill(citizen)
    page.locator("[name=show]").click()
    opened = text(page, f"PA den duong hong truoc nha {citizen[-1]} o phuong Hai Chau", "YC")
    number = next(iter(re.findall(r"YC\d{9}", opened)))

    agent.goto(f"{demo.address}/admin/tickets")
    agent.get_by_role("link", name=number).click()
    agent.wait_for_url(re.compile(r"/admin/tickets/\d+"))
    address = agent.url
    write(agent, address, "ask", "So nha bao nhieu")
    get(page, "So nha bao nhieu")
    text(page, "so 25 duong Le Duan", f"Da ghi them vao {number}")
    write(agent, address, "resolve", "Den da duoc sua.")
    get(page, "Den da duoc sua.")
    text(page, "2", "2/5")
    time.sleep(2 * UNTIL_LIVE)
    text(page, "den van chua sang", f"Da mo lai {number}")
    assert state_of(demo.database, number) == (TicketState.OPEN, None, 1)
    write(agent, address, "resolve", "Doi sua chua da den lan nua.")
    get(page, "Doi sua chua da den lan nua.")
    text(page, "cam on nhieu nha", None)
    for _ in range(200):
        if state_of(demo.database, number)[0] is TicketState.CLOSED:
            break
        time.sleep(0.05)
    assert state_of(demo.database, number) == (TicketState.CLOSED, CloseReason.ANSWERED, 1)
