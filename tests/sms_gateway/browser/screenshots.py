"""Make the pictures of the documents from a demo that really runs: `make screenshots`.

Made anew when the pages change; everything on them is demo data and the person of the printed example.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

from sms_gateway.demo.service import OPERATOR, RunningDemo, started

TARGET = Path(__file__).parents[3] / "docs" / "screenshots"
PAGES = {
    "today": "/admin",
    "misreads": "/admin/misreads",
    "dossiers": "/admin/dossiers",
    "import": "/admin/dossiers/import",
    "accounts": "/admin/accounts",
    "wording": "/admin/wording",
    "one-wording": "/admin/wording/help_tk",
    "units": "/admin/units?name=hai+chau",
    "rules": "/admin/units/rules",
    "numbers": "/admin/numbers",
    "links": "/admin/links",
    "operators": "/admin/operators",
    "audit": "/admin/audit?check=1",
    "system": "/admin/system",
    "sessions": "/admin/sessions",
    "second-factor": "/admin/second-factor",
}
SIZE = (960, 880)
"""CSS pixels: two pictures side by side in a README are still readable."""

MOST_OCTETS = 150 * 1024
OWN_PASSWORD = "a demo on this machine only"
SECONDS = 10.0

PHONE = ("TK, Nguyen Van A, 201499999, 20/12/1990", "DVC000.00.12.H17-230815-0007")
OTHERS = (
    ("0905000101", "HD"),
    ("0905000102", "TK, Tran Thi B, 201499998, 31/02/1990"),
    ("0905000103", "tra cuu hs gui 8188"),
    ("0905000104", "DVC 000.00.12.H17-230815-9999"),
)
"""Who else wrote, so that the log shows more than what goes well."""


def main() -> None:
    """Run the demo and a browser, and write the pictures."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as directory, started(Path(directory), 0) as demo:
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=_chromium())
                _take(browser, demo, target)
                browser.close()
        finally:
            demo.gateway.stop()


def _chromium() -> str:
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        raise SystemExit("no Chromium; fix: apt-get install chromium-headless-shell")
    return found


def _take(browser: Browser, demo: RunningDemo, target: Path) -> None:
    page = browser.new_page(
        viewport={"width": SIZE[0], "height": SIZE[1]},
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-GB",
        base_url=demo.address,
    )
    page.set_default_timeout(SECONDS * 1000)
    for number, text in OTHERS:
        demo.smsc.send_text(f"84{number[1:]}", "8188", text)
        demo.smsc.wait_for(
            f"84{number[1:]}", lambda found: len(found) > 1 and found[-1].settled_at is not None, SECONDS
        )
    page.goto("/phone")
    for count, text in enumerate(PHONE, start=1):
        page.fill("#text", text)
        page.click("#compose > button")
        expect(page.locator(".theirs .tick-delivered")).to_have_count(count)
    _shoot(page, target / "phone.png")
    assert demo.password is not None  # the demo is new
    _log_in(page, demo.password)
    page.goto("/admin/messages")
    _shoot(page, target / "admin.png")
    page.locator("main table a").first.click()
    page.wait_for_load_state()
    _shoot(page, target / "message.png")
    page.get_by_role("link", name="conversation").click()
    _shoot(page, target / "conversation.png")
    for name, path in PAGES.items():
        page.goto(path)
        _shoot(page, target / f"{name}.png")
    page.goto("/admin/dossiers")
    page.locator("main table a").first.click()
    _shoot(page, target / "dossier.png")
    page.goto("/admin/accounts")
    page.locator("main table a").first.click()
    _shoot(page, target / "account.png")
    page.goto("/admin/try")
    page.fill("[name=text]", PHONE[0])
    page.click("main form button")
    _shoot(page, target / "try.png")


def _log_in(page: Page, one_time_password: str) -> None:
    page.goto("/admin")
    page.fill("[name=name]", OPERATOR)
    page.fill("[name=password]", one_time_password)
    page.click("main form button")
    page.fill("[name=current]", one_time_password)
    page.fill("[name=new]", OWN_PASSWORD)
    page.fill("[name=again]", OWN_PASSWORD)
    page.click("main form button")
    page.wait_for_selector("main table")


def _shoot(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > MOST_OCTETS:
        raise SystemExit(f"{path} has {size} octets, more than {MOST_OCTETS}")


if __name__ == "__main__":
    main()
