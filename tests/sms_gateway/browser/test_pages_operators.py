"""What an operator does, by hand, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from db.staff.operators import find_operator
from db.staff.sessions import close_sessions_of
from tests.sms_gateway.browser.conftest import A_LOOK, Served, Watch, log_in
from tests.sms_gateway.conftest import NAME, PASSWORD
from tests.sms_gateway.pages.message_rows import MessageRows

pytestmark = pytest.mark.browser

WIDTHS = [
    pytest.param(320, id="400 % zoom", marks=pytest.mark.long),
    pytest.param(390, id="telephone"),
    pytest.param(640, id="200 % zoom", marks=pytest.mark.long),
    pytest.param(1280, id="desk"),
]


def write(served: Served, body: str, *, reading: str = "help") -> int:
    with served.database.write() as connection:
        rows = MessageRows(connection=connection, new_id=served.ids.new, now=served.clock.now)
        made = rows.text(body, reading=reading)
        rows.answer(made, "Soan HD gui 8188 de duoc giup. " * 6, segments=2)
    return made


def test_a_new_text_appears_without_a_reload(page: Page, served: Served) -> None:
    page.clock.install()
    log_in(page, served)
    page.get_by_role("link", name="Messages", exact=True).click()
    expect(page.get_by_text("No messages yet.")).to_be_visible()
    write(served, "first text")
    page.clock.fast_forward(A_LOOK)
    expect(page.get_by_text("first text")).to_be_visible()
    expect(page.get_by_text("No messages yet.")).to_have_count(0)
    write(served, "second text")
    page.clock.fast_forward(A_LOOK)
    expect(page.locator("#lines tr").first).to_contain_text("second text")
    expect(page.locator("#lines tr")).to_have_count(2)


def test_one_looks_for_a_number_and_opens_its_message(page: Page, served: Served) -> None:
    made = write(served, "HD")
    log_in(page, served)
    page.goto(f"{served.address}/admin/messages")
    page.get_by_role("textbox", name="Number").fill("0905 123 456")
    page.get_by_role("button", name="Filter").click()
    assert "905123456" not in page.url
    page.get_by_role("link", name="Open the message").click()
    assert page.url.startswith(f"{served.address}/admin/messages/{made}?who=")
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    page.get_by_text("2 octets in hex").click()
    expect(page.locator("#text .octets")).to_contain_text("48 44")


def test_who_was_logged_out_elsewhere_is_led_to_the_log_in(page: Page, served: Served, watch: Watch) -> None:
    page.clock.install()
    log_in(page, served)
    with served.database.write() as connection:
        operator = find_operator(connection, NAME)
        assert operator is not None
        close_sessions_of(connection, operator.id)
    page.clock.fast_forward(A_LOOK)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible(timeout=10_000)
    # The browser itself writes down that it was refused.
    assert all("401" in words for words in watch.complaints)
    watch.complaints.clear()


def test_everything_can_be_done_by_keyboard(page: Page, served: Served) -> None:
    write(served, "HD")
    page.goto(f"{served.address}/admin")
    page.get_by_label("Name").focus()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.address}/admin")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.goto(f"{served.address}/admin/messages")
    page.get_by_role("link", name="Open the message").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Message of")).to_be_visible()


def test_the_language_is_one_press_away(page: Page, served: Served) -> None:
    log_in(page, served)
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("heading", name="Hôm nay")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "vi")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(page: Page, served: Served, width: int) -> None:
    made = write(served, "TK, " + "x" * 150, reading="misread:missing_fields")
    log_in(page, served)
    page.set_viewport_size({"width": width, "height": 720})
    for path in ("/admin", "/admin/messages", f"/admin/messages/{made}", "/admin/password", "/phone"):
        page.goto(served.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_pages_follow_the_readers_colours(context: BrowserContext, served: Served) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{served.address}/phone")
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds[0] != grounds[1]
