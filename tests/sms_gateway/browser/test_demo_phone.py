"""The whole story on the demo: a citizen texts TK and DVC and reads the answers, over real SMPP."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.sms_gateway.browser.conftest import PATIENCE

pytestmark = pytest.mark.browser

TK = "TK, Nguyen Van A, 201499999, 20/12/1990"
DVC = "DVC000.00.12.H17-230815-0007"


def use_number(page: Page, demo_url: str, number: str) -> None:
    page.goto(f"{demo_url}/phone")
    page.get_by_label("Citizen's number").fill(number)
    page.get_by_role("button", name="Use number").click()
    expect(page.get_by_label("Citizen's number")).to_have_value(number)


def test_a_citizen_texts_and_reads_the_answers(page: Page, demo_url: str) -> None:
    use_number(page, demo_url, "0905111001")
    answers = page.locator(".theirs")
    page.get_by_role("link", name=TK).first.click()
    expect(page.get_by_label("Text to 8188")).to_have_value(TK)
    page.get_by_role("button", name="Send").click()
    expect(answers).to_have_count(1, timeout=PATIENCE)
    expect(page.locator(".mine p")).to_have_text(TK)
    expect(page.get_by_label("Text to 8188")).to_have_value("")

    page.get_by_label("Text to 8188").fill(DVC)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(2, timeout=PATIENCE)
    expect(answers.nth(1)).to_contain_text("000.00.12.H17-230815-0007")
    for number in range(2):
        expect(answers.nth(number)).to_contain_text("GSM 03.38")
        expect(answers.nth(number)).to_contain_text("1 segment")
        expect(answers.nth(number).locator(".tick-delivered")).to_have_text(re.compile("delivered"), timeout=PATIENCE)
    assert page.url == f"{demo_url}/phone"


def test_it_works_without_scripts(plain_page: Page, demo_url: str) -> None:
    page = plain_page
    use_number(page, demo_url, "0905111002")
    page.get_by_label("Send by").select_option("zalo")
    page.get_by_role("button", name="Use number").click()
    page.get_by_role("link", name=DVC, exact=True).click()
    expect(page.get_by_label("Text to 8188")).to_have_value(DVC)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".mine p")).to_have_text(DVC)
    for _ in range(50):
        if page.locator(".theirs").count():
            break
        page.reload()
    expect(page.locator(".theirs p")).to_contain_text("000.00.12.H17-230815-0007")
    expect(page.locator(".theirs small")).to_contain_text("Zalo")
