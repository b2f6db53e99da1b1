"""A file of units, contacts, wards or rules: a preview that writes nothing, faults by line, and the good lines."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.citizens.dossiers import count as count_dossiers
from db.store.engine import Database
from db.units.contacts import list_contacts
from db.units.route_rules import list_rules
from db.units.unit_rows import list_units, list_wards
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.acting import ENGLISH, act, did, get, post

UNITS = """Mã đơn vị;Tên đơn vị;Lịch làm việc;Đơn vị cấp trên
H17.50;Sở Xây dựng;Office hours;H17.01
H17.51;Thanh tra;Office hours;H17.52
H17.52;Đội thanh tra;Office hours;H17.51
H17.53;Ủy ban nhân dân phường có tên rất dài;Office hours;
H17.54;Sở Y tế;;
H17.02;UBND phường 2;Office hours;
"""
CONTACTS = "Đơn vị;Họ tên;Điện thoại\nH17.02;Lê Văn Ba;0905111222\nH17.99;Bùi Thị Tư;0905111223\nH17.02;Võ Năm;12\n"


def upload(client: FlaskClient, kind: str, content: str, name: str = "a.csv") -> TestResponse:
    token = form_token(client.get("/admin/sessions"))
    fields = {"csrf": token, "kind": kind, "file": (BytesIO(content.encode()), name)}
    response = client.post("/admin/units/import", data=fields, headers=ENGLISH)
    return get(client, response.location) if response.status_code == 303 else response


def address(page: TestResponse) -> str:
    return page.request.path


def test_faults_are_told_by_line_and_the_good_lines_go_on(administrator: FlaskClient, database: Database) -> None:
    page = upload(administrator, "units", UNITS)
    assert "Some lines have faults." in page.text
    for told in ("line 3:", "is above itself", "line 5:", "line 6:", "a unit needs a calendar"):
        assert told in page.text, told
    with database.read() as connection:
        assert len(list_units(connection)) == 3  # a preview writes nothing
    assert post(administrator, f"{address(page)}/finish").status_code == 409  # faults are left out only when wanted
    page = act(administrator, f"{address(page)}/finish", leave_out="1")
    assert "Imported 2 lines." in page.text
    with database.read() as connection:
        assert {one.code for one in list_units(connection)} == {"H17.01", "H17.02", "H17.03", "H17.50"}
    again = act(administrator, f"{address(page)}/finish", leave_out="1")
    assert "imported" in again.text
    assert did(database) == [("units_imported", "unit")]
    faults = administrator.get(f"{address(page)}/faults.csv", headers=ENGLISH)
    assert faults.status_code == 200
    assert faults.text.count("\n") == 5


def test_units_that_a_file_changes_are_listed_by_name(administrator: FlaskClient) -> None:
    lines = "".join(f"H17.0{number};Đổi tên {number};Office hours\n" for number in (2, 3))
    page = upload(administrator, "units", f"Mã đơn vị;Tên đơn vị;Lịch làm việc\n{lines}").text
    changes = page.split("What changes (the first 20)", 1)[1].split("</ul>", 1)[0]
    assert changes.count("→ Đổi tên") == 2
    assert "H17.02: UBND phường 2 → Đổi tên 2" in changes, changes


def test_contacts_are_imported_and_their_phones_are_not_shown(administrator: FlaskClient, database: Database) -> None:
    page = upload(administrator, "contacts", CONTACTS)
    assert "905111222" not in page.text
    assert "no unit has the code H17.99" in page.text
    assert "is no telephone number" in page.text
    act(administrator, f"{address(page)}/finish", leave_out="1")
    with database.read() as connection:
        assert [one.phone for one in list_contacts(connection, 2)] == ["84937654321", "84905111222"]


def test_wards_and_rules_are_imported(administrator: FlaskClient, database: Database) -> None:
    page = upload(administrator, "wards", "Phường xã;Đơn vị\nPhường Hải Châu;H17.02\n")
    act(administrator, f"{address(page)}/finish")
    page = upload(administrator, "rules", "Từ khóa;Đơn vị\nđèn đường;H17.03\n")
    act(administrator, f"{address(page)}/finish")
    page = upload(administrator, "rules", "Từ khóa;Đơn vị\nngập;H17.03\n")
    assert "Rules that are not in the file are removed." in page.text
    act(administrator, f"{address(page)}/finish")
    page = upload(administrator, "rules", "Từ khóa;Đơn vị\nmưa;H17.03\n;H17.03\n")
    assert "A file of rules is taken as a whole" in page.text
    assert post(administrator, f"{address(page)}/finish", leave_out="1").status_code == 409
    with database.read() as connection:
        assert [one.folded for one in list_wards(connection)] == ["HAI CHAU"]
        assert [one.any_of for one in list_rules(connection)] == [("NGAP",)]


@pytest.mark.parametrize("name", ["a.doc", ""])
def test_another_kind_of_file_is_refused(administrator: FlaskClient, name: str) -> None:
    page = upload(administrator, "units", "x", name)
    assert (page.status_code, "Choose a .csv, .xlsx or .json file." in page.text) == (400, True)


def test_a_file_without_the_columns_is_refused_whole(administrator: FlaskClient) -> None:
    page = upload(administrator, "wards", "x;y\n1;2\n")
    assert "Nothing of this file can be imported." in page.text
    assert post(administrator, f"{address(page)}/finish", leave_out="1").status_code == 409
    assert "dropped" in act(administrator, f"{address(page)}/finish", drop="1").text
    assert get(administrator, address(page)).status_code == 404


def test_the_pages_of_dossiers_do_not_take_a_file_of_units(administrator: FlaskClient, database: Database) -> None:
    page = upload(administrator, "units", UNITS)
    number = address(page).rsplit("/", 1)[1]
    assert get(administrator, f"/admin/dossiers/import/{number}").status_code == 404
    assert post(administrator, f"/admin/dossiers/import/{number}/finish").status_code == 404
    with database.read() as connection:
        assert count_dossiers(connection) == 0
