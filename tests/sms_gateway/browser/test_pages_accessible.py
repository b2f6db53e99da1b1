"""What holds on every page: axe finds nothing, nothing scrolls sideways, it works without scripts and by keyboard."""

from __future__ import annotations

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
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture
def written(served: Served) -> Written:
    """A little of everything, and the operator an administrator."""
    with served.database.write() as connection:
        operator = find_operator(connection, NAME)
        assert operator is not None
        set_role(connection, operator.id, OperatorRole.ADMINISTRATOR)
    return write_everything(served.database, served.ids.new, served.clock.now)


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]


@pytest.mark.timeout(300)  # half of all pages, one after another
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        pytest.param("vi", "light", 1280, id="Vietnamese, light, desk"),
        pytest.param("en", "dark", 390, id="English, dark, telephone"),
    ],
)
def test_axe_finds_nothing_on_any_page(  # noqa: PLR0917 - pytest asks for fixtures by name
    browser: Browser, watch: Watch, served: Served, written: Written, language: str, scheme: str, width: int
) -> None:
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
    found = {"log-in": violations(page)}
    sign_in(page, served)
    shown = list(written.pages().items())
    for name, path in (
        shown if LONG else shown[2 * (scheme == "dark") :: 4]
    ):  # half of the pages, the others in the long run
        page.goto(served.address + path)
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        found[name] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}
    watch.complaints[:] = [words for words in watch.complaints if "404" not in words]  # the error page is one


def test_every_page_works_without_scripts(plain_page: Page, watch: Watch, served: Served, written: Written) -> None:
    plain_page.goto(f"{served.address}/admin/log-in")
    sign_in(plain_page, served)
    for name, path in written.pages().items():
        response = plain_page.goto(served.address + path)
        assert response is not None
        assert response.status == (404 if name == "error" else 200), name
        assert plain_page.locator("h1").count() == 1, name
    watch.complaints[:] = [words for words in watch.complaints if "404" not in words]


@pytest.mark.parametrize("width", [320, pytest.param(640, marks=pytest.mark.long)])
def test_no_page_scrolls_sideways_when_zoomed(
    page: Page, watch: Watch, served: Served, written: Written, width: int
) -> None:
    log_in(page, served)
    page.set_viewport_size({"width": width, "height": 720})
    shown = list(written.pages().items())
    for name, path in shown if LONG else shown[1::2]:
        page.goto(served.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    watch.complaints[:] = [words for words in watch.complaints if "404" not in words]


def test_on_a_telephone_nothing_sticks_out_or_is_cut_off(
    page: Page, watch: Watch, served: Served, written: Written
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    log_in(page, served)
    for name, path in written.pages().items():
        page.goto(served.address + path)
        for details in page.locator("main details").all():
            details.evaluate("one => one.open = true")
        assert page.evaluate(OUTSIDE) == [], name
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
