"""Dossiers: search, change with history, and files that come in with their good lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import DossierStatus, OperatorRole
from db.store.engine import Database
from tests.db.citizens.dossier_rows import find_by_code
from tests.sms_gateway.conftest import NOON, Clock, log_in
from tests.sms_gateway.pages.acting import act, did, get, noted, post
from tests.sms_gateway.pages.citizens.conftest import CODE, OTHER, find, hand_in


class TestSearching:
    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("", True),
            ("code=000.00.12", True),
            ("code=OOO-00-l2-h17", True),
            ("code=999", False),
            ("status=4", True),
            ("status=9", False),
        ],
    )
    def test_by_code_and_state(self, logged_in: FlaskClient, known: int, query: str, *, is_found: bool) -> None:
        assert (f"/admin/dossiers/{known}" in get(logged_in, f"/admin/dossiers?{query}").text) is is_found

    def test_pages_turn(self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int]) -> None:
        facts = [DossierFacts(code=f"H17-{number:05}", status=DossierStatus.DONE) for number in range(60)]
        with database.write() as connection:
            import_dossiers(connection, facts, new_id=new_id, now=NOON)
        first = get(logged_in, "/admin/dossiers").text
        assert first.count('<th scope="row" role="rowheader"') == 50
        assert "before=" in first

    @pytest.mark.parametrize("path", ["?status=11", "?before=-1", "/99", f"/{1 << 64}"])
    def test_what_is_not_there_is_no_page(self, logged_in: FlaskClient, path: str) -> None:
        assert get(logged_in, f"/admin/dossiers{path}").status_code == 404


class TestChanging:
    def test_another_state_is_stored_with_its_history(
        self, logged_in: FlaskClient, database: Database, known: int, clock: Clock
    ) -> None:
        clock.advance(timedelta(hours=1))
        log_in(logged_in)
        answer = post(
            logged_in,
            f"/admin/dossiers/{known}/change",
            confirmed="yes",
            status="9",
            pick_up="Mot cua",
            wanted="",
            due_on="2026-12-05",
        )
        assert answer.status_code == 303
        found = find(database, CODE)
        assert found is not None
        assert (found.status, found.pick_up, found.wanted, found.due_on) == (
            DossierStatus.DONE, "Mot cua", None, date(2026, 12, 5),
        )  # fmt: skip
        assert found.procedure == "Cấp phép"
        page = get(logged_in, f"/admin/dossiers/{known}").text
        assert "lan: In progress → Done" in page
        assert did(database) == [("dossier_changed", f"dossier:{known}")]

    def test_what_citizens_would_get_is_shown_word_for_word_before_it_is_saved(
        self, logged_in: FlaskClient, database: Database, known: int
    ) -> None:
        form = {"status": "9", "pick_up": "Mot cua", "wanted": "", "due_on": "2026-12-05"}
        question = act(logged_in, f"/admin/dossiers/{known}/change", **form)
        assert "Nothing is saved yet" in question.text
        assert "State: In progress → Done" in question.text
        assert "Due on: 01/12/2026 → 05/12/2026" in question.text
        found = find(database, CODE)
        assert found is not None
        assert found.status is DossierStatus.IN_PROGRESS
        sms = re.search(r'<p class="body answer" lang="vi">([^<]+)</p>', question.text)
        assert sms is not None
        carried = dict(re.findall(r'name="(\w+)" value="([^"]*)"', question.text.split("<h1>")[1]))
        stored = act(logged_in, f"/admin/dossiers/{known}/change", **carried)
        assert "The dossier is saved." in stored.text
        asked = act(logged_in, "/admin/try", text=f"DVC {CODE}").text
        assert sms[1] in asked

    def test_a_question_that_was_made_up_is_no_page(self, logged_in: FlaskClient, known: int) -> None:
        for form in ("", "?form=made-up"):
            assert get(logged_in, f"/admin/dossiers/{known}/change{form}").status_code == 404

    def test_a_field_that_is_not_sent_is_left_as_it_is(
        self, logged_in: FlaskClient, database: Database, known: int
    ) -> None:
        assert post(logged_in, f"/admin/dossiers/{known}/change", confirmed="yes", status="9").status_code == 303
        found = find(database, CODE)
        assert found is not None
        assert (found.status, found.due_on) == (DossierStatus.DONE, date(2026, 12, 1))

    def test_an_old_form_does_not_undo_what_came_meanwhile(
        self, logged_in: FlaskClient, database: Database, known: int, clock: Clock, new_id: Callable[[], int]
    ) -> None:
        page = get(logged_in, f"/admin/dossiers/{known}").text
        found = re.search(r'name="seen" value="([^"]+)"', page)
        assert found is not None
        clock.advance(timedelta(minutes=1))
        facts = DossierFacts(code=CODE, status=DossierStatus.PAPERS_WANTED, wanted="Anh 3x4")
        with database.write() as connection:
            import_dossiers(connection, [facts], new_id=new_id, now=clock.now)
        form = {"status": "4", "due_on": "2026-12-01", "wanted": "", "pick_up": ""}
        refused = post(logged_in, f"/admin/dossiers/{known}/change", seen=found[1], **form)
        assert refused.status_code == 409
        assert "Anh 3x4" in refused.text
        left = find(database, CODE)
        assert left is not None
        assert left.wanted == "Anh 3x4"

    def test_what_was_typed_is_kept_beside_a_fault(self, logged_in: FlaskClient, known: int) -> None:
        refused = post(logged_in, f"/admin/dossiers/{known}/change", status="9", due_on="soon", pick_up="Quay 7")
        assert refused.status_code == 400
        assert 'value="Quay 7"' in refused.text
        assert 'value="soon"' in refused.text

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"status": "9", "due_on": "2020-01-01"}, 400),
            ({"status": "11"}, 400),
            ({"status": "9", "due_on": "soon"}, 400),
            ({"status": "9", "wanted": "x" * 201}, 400),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, logged_in: FlaskClient, database: Database, known: int, fields: dict[str, str], status: int
    ) -> None:
        assert post(logged_in, f"/admin/dossiers/{known}/change", **fields).status_code == status
        assert did(database) == []

    def test_a_viewer_sees_no_form(
        self, logged_in: FlaskClient, known: int, make: Callable[[OperatorRole], None]
    ) -> None:
        assert "/change" in get(logged_in, f"/admin/dossiers/{known}").text
        make(OperatorRole.VIEWER)
        page = get(logged_in, f"/admin/dossiers/{known}")
        assert page.status_code == 200
        assert "/change" not in page.text


LINK = "nop phi tai vneid.top/nop truoc 17h"


class TestContacts:
    """What phones show as a link or a telephone number needs a second word before citizens can get it."""

    def test_an_import_asks_and_leaves_such_lines_out(self, logged_in: FlaskClient, database: Database) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;wanted\n{CODE};5;{LINK}\n{OTHER};5;Anh 3x4\n")
        page = get(logged_in, path).text
        assert "1 line holds links or telephone numbers" in page
        assert "vneid.top/nop" in page
        assert post(logged_in, f"{path}/finish").location == f"{path}/contacts"
        assert find(database, CODE) is None
        asked = get(logged_in, f"{path}/contacts").text
        assert "line 2: Papers or money wanted: phones would show vneid.top/nop" in asked
        post(logged_in, f"{path}/finish", contacts="leave_out")
        assert find(database, CODE) is None
        assert find(database, OTHER) is not None
        assert [entry.detail for entry in noted(database)] == ["new=1 changed=0 same=0 left_out=1"]

    def test_an_import_takes_them_when_somebody_says_so_and_notes_it(
        self, logged_in: FlaskClient, database: Database
    ) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;NoiTra\n{CODE};9;Quay 1, goi 0905123789\n{OTHER};x;\n")
        assert post(logged_in, f"{path}/finish", leave_out="1").location == f"{path}/contacts"
        assert 'name="leave_out"' in get(logged_in, f"{path}/contacts").text
        post(logged_in, f"{path}/finish", leave_out="1", contacts="send")
        found = find(database, CODE)
        assert found is not None
        assert found.pick_up == "Quay 1, goi 0905123789"
        assert noted(database)[0].detail == "new=1 changed=0 same=0 left_out=1 links_confirmed=1"

    @pytest.mark.parametrize("start", ["http://", "https://", "www."])
    def test_the_question_says_which_links_answers_leave_out_all_the_same(
        self, logged_in: FlaskClient, known: int, start: str
    ) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;wanted\n{CODE};5;Anh 3x4 {start}vneid.vn/nop, vneid.vn/xem\n")
        post(logged_in, f"{path}/finish")
        asked = get(logged_in, f"{path}/contacts").text
        changed = post(logged_in, f"/admin/dossiers/{known}/change", status="5", wanted=LINK).text
        for page in (asked, changed):
            assert "Answers leave out links that begin with http://, https:// or www. in any case." in page
            assert "citizens may get these numbers, and links without http or www" in page.replace(
                "Citizens", "citizens"
            )
        post(logged_in, f"{path}/finish", contacts="send")
        answer = act(logged_in, "/admin/try", text=f"DVC {CODE}").text
        assert "vneid.vn/xem" in answer
        assert "vneid.vn/nop" not in answer

    def test_the_services_own_numbers_are_not_asked_about(self, logged_in: FlaskClient) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;NoiTra\n{CODE};9;Quay 1, goi 1022 hoac soan HD gui 8188\n")
        assert "telephone numbers" not in get(logged_in, path).text
        assert get(logged_in, f"{path}/contacts").status_code == 404
        assert post(logged_in, f"{path}/finish").location == path

    @pytest.mark.parametrize(("field", "text"), [("wanted", LINK), ("pick_up", "Quay 1, dt 0236 3 881 888")])
    def test_a_change_is_asked_back_with_what_was_typed(
        self, logged_in: FlaskClient, database: Database, known: int, field: str, text: str
    ) -> None:
        address = f"/admin/dossiers/{known}/change"
        asked = post(logged_in, address, status="9", **{field: text})
        assert asked.status_code == 400
        assert f'value="{text}"' in asked.text
        assert "phones would show" in asked.text
        assert 'name="contacts"' in asked.text
        found = find(database, CODE)
        assert found is not None
        assert found.status is DossierStatus.IN_PROGRESS
        assert (
            post(logged_in, address, status="9", contacts="send", confirmed="yes", **{field: text}).status_code == 303
        )
        assert noted(database)[0].detail == "4 -> 9 links_confirmed=1"
        assert (
            post(logged_in, address, status="10", confirmed="yes", **{field: text}).status_code == 303
        )  # once is enough


@pytest.mark.parametrize("part", ["0007", "230815", "h17-2308", "000.00.12"])
def test_a_dossier_is_found_by_any_part_of_its_code(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int], part: str
) -> None:
    codes = ("000.00.12.H17-230815-0007", "000.00.13.H18-240101-0001")
    facts = [DossierFacts(code=code, status=DossierStatus.DONE) for code in codes]
    with database.write() as connection:
        import_dossiers(connection, facts, new_id=new_id, now=NOON)
    page = get(logged_in, f"/admin/dossiers?code={part}").text
    assert codes[0] in page
    assert codes[1] not in page


def test_a_date_is_read_as_people_write_it_and_a_fault_is_at_its_field(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    with database.write() as connection:
        import_dossiers(connection, [DossierFacts(code="H17-9", status=DossierStatus.DONE)], new_id=new_id, now=NOON)
        found = find_by_code(connection, "H17-9")
    assert found is not None
    address = f"/admin/dossiers/{found.id}"
    wrong = post(logged_in, f"{address}/change", due_on="31/02/2027", wanted="ban sao")
    assert wrong.status_code == 400
    assert 'value="31/02/2027"' in wrong.text
    assert 'value="ban sao"' in wrong.text
    assert 'aria-invalid="true" aria-describedby="fault-due_on"' in wrong.text
    assert post(logged_in, f"{address}/change", due_on="1/2/2027", confirmed="yes").status_code == 303
    assert 'value="01/02/2027"' in get(logged_in, address).text
