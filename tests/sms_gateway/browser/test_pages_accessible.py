"""What holds on every page: axe finds nothing, nothing scrolls sideways, it works without scripts and by keyboard."""

from __future__ import annotations

from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from db.schema import OperatorRole
from db.staff.operators import find_operator, set_role
from tests.generators.generated import LONG
from tests.sms_gateway.browser.conftest import PATIENCE, Served, Watch, log_in
from tests.sms_gateway.browser.pages import Written, write_everything
from tests.sms_gateway.conftest import NAME, PASSWORD

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # of other results axe then notes one element each
}


@pytest.fixture
def written(served: Served) -> Written:
    """A little of everything, and the operator an administrator."""
    with served.database.write() as connection:
        operator = find_operator(connection, NAME)
        assert operator is not None
        set_role(connection, operator.id, OperatorRole.ADMINISTRATOR)
    return write_everything(served.database, served.ids.new, served.clock.now)


@cache
def axe() -> str:
    """Return the script, half a megabyte."""
    return str(Axe().axe_script)


def violations(page: Page) -> list[str]:
    page.evaluate(axe())
    found = page.evaluate("(options) => axe.run(options).then((results) => results.violations)", RULES)
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]


def opened(browser: Browser, watch: Watch, served: Served, *, language: str, scheme: str, width: int) -> Page:
    """Return a page of a browser that is at the log-in; the test closes its context."""
    context = browser.new_context(
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        viewport={"width": width, "height": 800},
    )
    context.set_default_timeout(PATIENCE)
    watch.over(context)
    page = context.new_page()
    page.goto(f"{served.address}/admin/log-in")
    return page


def unfold(page: Page, which: str = "details") -> None:
    page.evaluate("(which) => document.querySelectorAll(which).forEach((one) => (one.open = true))", which)


@pytest.mark.timeout(300)  # many pages, one after another
def test_axe_finds_nothing_on_a_desk(browser: Browser, watch: Watch, served: Served, written: Written) -> None:
    page = opened(browser, watch, served, language="vi", scheme="light", width=1280)
    found = {"log-in": violations(page)}
    sign_in(page, served)
    shown = list(written.pages().items())
    for name, path in shown if LONG else shown[::6]:  # the next test looks at as many others, the long run at all
        page.goto(served.address + path)
        unfold(page)
        found[name] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, name
    page.context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}
    watch.complaints[:] = [words for words in watch.complaints if "404" not in words]  # the error page is one


@pytest.mark.timeout(300)  # all pages, one after another
def test_on_a_telephone_nothing_sticks_out_is_cut_off_or_scrolls_sideways_and_axe_finds_nothing(
    browser: Browser, watch: Watch, served: Served, written: Written
) -> None:
    page = opened(browser, watch, served, language="en", scheme="dark", width=390)
    found = {"log-in": violations(page)}
    sign_in(page, served)
    for number, (name, path) in enumerate(written.pages().items()):
        for width in (640, 320) if LONG else (320,):  # as a page is zoomed
            page.set_viewport_size({"width": width, "height": 720})
            page.goto(served.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.set_viewport_size({"width": 390, "height": 800})
        unfold(page, "main details")
        assert page.evaluate(OUTSIDE) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        if LONG or number % 6 == 3:  # pages that the test before leaves out
            unfold(page)
            found[name] = violations(page)
    page.context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}
    watch.complaints[:] = [words for words in watch.complaints if "404" not in words]


def test_every_page_works_without_scripts(plain_page: Page, watch: Watch, served: Served, written: Written) -> None:
    plain_page.goto(f"{served.address}/admin/log-in")
    sign_in(plain_page, served)
    shown = list(written.pages().items())
    for name, path in shown if LONG else shown[4::6]:  # Flask's client, which has no scripts, opens all in other tests
        response = plain_page.goto(served.address + path)
        assert response is not None
        assert response.status == (404 if name == "error" else 200), name
        assert plain_page.locator("h1").count() == 1, name
    watch.complaints[:] = [words for words in watch.complaints if "404" not in words]


def test_on_a_telephone_filters_are_folded_until_they_are_wanted(page: Page, served: Served, written: Written) -> None:
    log_in(page, served)
    for width, is_open in ((390, False), (1280, True)):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/admin/messages", "/admin/dossiers", "/admin/accounts", "/admin/audit"):
            page.goto(served.address + path)
            assert page.locator(".filter").is_visible() is is_open, (width, path)


def test_on_a_telephone_the_menu_is_folded_until_it_is_wanted(
    plain_page: Page, served: Served, written: Written
) -> None:
    page = plain_page
    page.goto(f"{served.address}/admin/log-in")
    sign_in(page, served)
    page.goto(served.address + written.pages()["operators"])
    entries, fold = page.locator(".top .menu").first, page.locator(".unfold summary")
    beneath = page.get_by_role("link", name="Audit", exact=True)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert (entries.is_visible(), fold.is_visible(), beneath.is_visible()) == (True, False, True)
    page.set_viewport_size({"width": 390, "height": 800})
    assert (entries.is_visible(), fold.is_visible(), beneath.is_visible()) == (False, True, True)
    assert fold.inner_text() == "Pages: Service"
    fold.click()
    page.get_by_role("link", name="Messages", exact=True).click()
    page.wait_for_url(f"{served.address}/admin/messages")


OUTSIDE = """() => [...document.querySelectorAll("main *")]
  .filter((one) => !one.closest(".unseen, thead, svg, .samples, .handset") && one.checkVisibility())
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const scrolls = !["INPUT", "SELECT", "TEXTAREA"].includes(one.tagName) && one.scrollWidth > one.clientWidth + 1;
    const cuts = scrolls && ["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX);
    return box.right > innerWidth + 1 || box.left < -1 || cuts;
  })
  .map((one) => one.outerHTML.slice(0, 120))"""
"""What sticks out of the window, or out of a box that cuts it off or scrolls sideways; the handset is the demo's."""


def sign_in(page: Page, served: Served) -> None:
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(f"{served.address}/admin")
