"""What operators do on the pages, by hand, in a browser: as a viewer, an operator, an administrator."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.schema import OperatorRole, OutboundState, outbound
from db.staff.operators import find_operator, set_role
from tests.sms_gateway.browser.conftest import Served, log_in
from tests.sms_gateway.browser.pages import CODE, Written, write_everything
from tests.sms_gateway.conftest import NAME, PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def written(served: Served) -> Written:
    return write_everything(served.database, served.ids.new, served.clock.now)


def become(served: Served, role: OperatorRole) -> None:
    with served.database.write() as connection:
        operator = find_operator(connection, NAME)
        assert operator is not None
        set_role(connection, operator.id, role)


@pytest.mark.usefixtures("written")
def test_one_sees_on_today_what_is_wrong_and_goes_there(page: Page, served: Served) -> None:
    log_in(page, served)
    expect(page.locator("#alarms")).to_contain_text("Link mobifone has been down")
    expect(page.locator("#chart figure > svg")).to_be_visible()
    page.get_by_role("link", name=re.compile("1 text is parked")).click()
    expect(page.locator("#lines tr")).to_have_count(1)


@pytest.mark.usefixtures("written")
def test_one_finds_a_code_that_a_caller_reads_out_and_sends_the_answer_again(page: Page, served: Served) -> None:
    log_in(page, served)
    page.get_by_role("link", name="Messages", exact=True).click()
    page.get_by_role("textbox", name="Receipt code").fill("h17 230815 0007")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name=re.compile("Open the message")).click()
    page.get_by_role("link", name="Send again").click()
    expect(page.get_by_role("heading", name="Send this answer again?")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("status")).to_contain_text("queued again")
    expect(page.locator("#timeline")).to_contain_text("Sent again by an operator")
    with served.database.read() as connection:
        states = connection.execute(select(outbound.c.state)).scalars().all()
    assert states.count(OutboundState.QUEUED) == 1


def test_one_reveals_a_text_and_it_is_hidden_again(page: Page, served: Served, written: Written) -> None:
    log_in(page, served)
    page.goto(f"{served.address}/admin/messages/{written.message}")
    expect(page.locator("#text .body")).not_to_contain_text("201499999")
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator("#text .body")).to_contain_text("201499999")
    page.get_by_role("link", name="Hide again").click()
    expect(page.locator("#text .body")).not_to_contain_text("201499999")
    page.go_back()  # no form is sent again, and nothing is clear
    expect(page.locator("#text .body")).not_to_contain_text("201499999")
    page.reload()
    expect(page.locator("#text .body")).not_to_contain_text("201499999")


def test_a_viewer_is_offered_nothing_to_do(page: Page, served: Served, written: Written) -> None:
    become(served, OperatorRole.VIEWER)
    log_in(page, served)
    page.goto(f"{served.address}/admin/messages/{written.message}")
    expect(page.get_by_role("heading", name="Why this reading")).to_be_visible()
    for name in ("Reveal", "Run again", "Block the sender", "Send again"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    expect(page.get_by_role("link", name="Accounts")).to_have_count(0)
    page.goto(f"{served.address}/admin/dossiers/{written.dossier}")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_a_file_of_dossiers_is_previewed_and_imported(page: Page, served: Served) -> None:
    log_in(page, served)
    page.goto(f"{served.address}/admin/dossiers/import")
    content = f"MaHoSo;TrangThaiHoSo\n{CODE};4\nH17-2;9\n".encode()
    page.locator("[type=file]").set_input_files({"name": "ho-so.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".counts")).to_contain_text("2 new")
    page.get_by_role("button", name="Import all").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    page.goto(f"{served.address}/admin/dossiers")
    page.get_by_role("link", name=CODE).click()
    page.get_by_label("State").select_option("9")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".body.answer")).to_contain_text(CODE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("saved")
    expect(page.get_by_text("In progress → Done")).to_be_visible()


def test_the_good_lines_of_a_file_are_imported_without_its_links(page: Page, served: Served) -> None:
    log_in(page, served)
    page.goto(f"{served.address}/admin/dossiers/import")
    lines = f"{CODE};9;Quay 1\nH17-2222;9;vao vneid.top/nop\nH17-3333;?;\n"
    content = f"MaHoSo;TrangThaiHoSo;NoiTra\n{lines}".encode()
    page.locator("[type=file]").set_input_files({"name": "ho-so.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[name^=column-]")).to_have_count(3)
    with page.expect_download() as given:
        page.get_by_role("link", name="Download all faults").click()
    assert given.value.suggested_filename == "faults.csv"
    page.get_by_role("button", name="Import the good lines, leave out 1").click()
    expect(page.get_by_role("heading", name="Links and telephone numbers")).to_be_visible()
    page.get_by_role("button", name="Leave out these lines (1)").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    expect(page.locator(".counts")).to_contain_text("2 left out")
    page.reload()
    expect(page.locator(".counts")).to_contain_text("1 new")


def test_a_preview_of_a_sentence_follows_the_typing(page: Page, served: Served) -> None:
    become(served, OperatorRole.ADMINISTRATOR)
    log_in(page, served)
    page.goto(f"{served.address}/admin/wording/help_tk")
    page.get_by_label("One form a line").fill("Gui TK toi {short_code} nhe")
    expect(page.locator("#previews")).to_contain_text("Gui TK toi 8188 nhe")
    expect(page.locator("#previews")).to_contain_text("1 segment")
    page.get_by_label("One form a line").fill("Gui TK {shortcode}")
    expect(page.locator("#forms-faults .fault").first).to_contain_text("unknown placeholder")


def test_one_tries_a_text_by_hand(page: Page, served: Served) -> None:
    log_in(page, served)
    page.get_by_role("link", name="Messages", exact=True).click()
    page.get_by_role("link", name="Try it").click()
    page.get_by_label("Citizen's text").fill("tk nguyen van a 201499999 20/12/1990")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_text("account opened")).to_be_visible()


def test_one_sets_a_second_factor_and_logs_in_with_it(page: Page, served: Served) -> None:
    log_in(page, served)
    page.goto(f"{served.address}/admin/second-factor")
    secret = page.locator("main code").inner_text()
    page.get_by_label("six digits").fill(pyotp.TOTP(secret).at(served.clock.now))
    page.get_by_label("present password").fill(PASSWORD)
    page.get_by_role("button", name="Turn on").click()
    spare = page.locator(".codes code").first.inner_text()
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_an_administrator_adds_an_operator_and_finds_it_in_the_audit_log(page: Page, served: Served) -> None:
    become(served, OperatorRole.ADMINISTRATOR)
    log_in(page, served)
    page.goto(f"{served.address}/admin/operators")
    page.get_by_label("Name", exact=True).fill("huy")
    page.get_by_role("button", name="Add operator").click()
    expect(page.get_by_role("status")).to_contain_text("One-time password of huy")
    page.goto(f"{served.address}/admin/audit")
    page.get_by_role("button", name="Check the whole chain").click()
    expect(page.get_by_role("status")).to_contain_text("whole")
    expect(page.locator("tbody tr").first).to_contain_text("operator huy")
