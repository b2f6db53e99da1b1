"""The rights of a person, by hand: looked for, exported, erased; and axe finds nothing on the pages on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from db.schema import OperatorRole
from db.staff.operators import find_operator, set_role
from tests.sms_gateway.browser.conftest import Served, Watch, log_in
from tests.sms_gateway.browser.pages import write_everything
from tests.sms_gateway.browser.test_pages_accessible import violations
from tests.sms_gateway.conftest import NAME
from tests.sms_gateway.pages.message_rows import SENDER

pytestmark = pytest.mark.browser


@pytest.fixture
def _written(served: Served) -> None:
    write_everything(served.database, served.ids.new, served.clock.now)
    with served.database.write() as connection:
        operator = find_operator(connection, NAME)
        assert operator is not None
        set_role(connection, operator.id, OperatorRole.ADMINISTRATOR)


@pytest.mark.usefixtures("_written")
def test_an_administrator_exports_and_erases_a_number(page: Page, watch: Watch, served: Served) -> None:
    log_in(page, served)
    page.get_by_role("link", name="Service", exact=True).click()
    page.get_by_role("link", name="Person", exact=True).click()
    page.get_by_label("Number", exact=True).fill(SENDER)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="What is stored of")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(SENDER)
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    stored = json.loads(Path(download.value.path()).read_text())
    assert stored["accounts"][0]["phone"] == SENDER
    page.get_by_label("Type the last 4 digits").fill("0000")
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was erased")
    assert violations(page) == []
    page.get_by_label("Type the last 4 digits").fill(SENDER[-4:])
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("heading", name="Erased")).to_be_visible()
    assert SENDER not in page.url
    assert violations(page) == []
    watch.complaints[:] = [words for words in watch.complaints if "400" not in words]  # the wrong digits
