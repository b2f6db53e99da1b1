"""The audit log in words: no raw subjects, no raw details, in both languages."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.staff.audit import Action, append
from db.store.engine import Database
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.messages.test_messages_actions import Make


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what asks it nothing of its own."""
    return sqlite_database


ROW = 382757083545604097  # an id of 22/11/2026 12:00
FILTER = "{'state': 'failed', 'from': '2026-11-01', 'reading': 'misread:full_name', 'unsure': '1'}"
ENTRIES = (
    (Action.REVEALED, f"inbound:{ROW}", "", "message of 22/11/2026 12:00", ""),
    (Action.SENT_AGAIN, f"inbound:{ROW}", f"outbound:{ROW}", None, "answer of 22/11/2026 12:00"),
    (Action.BLOCKED, "block", "1 days", "blocked numbers", "1 day"),
    (Action.BLOCKED, "", "30 days", "", "30 days"),
    (Action.REVEALED, f"account:{ROW}", "", "account of 22/11/2026 12:00", ""),
    (
        Action.DOSSIER_CHANGED,
        f"dossier:{ROW}",
        "4 -> 9 links_confirmed=1",
        None,
        "In progress → Done, links or numbers",
    ),
    (
        Action.DOSSIERS_IMPORTED,
        "dossier",
        "new=2 changed=1 same=0 left_out=3",
        "dossiers",
        "2 new, 1 changed, 0 the same",
    ),
    (Action.DOSSIERS_IMPORTED, "dossier", "1 new, 0 changed", "dossiers", "1 new, 0 changed"),
    (Action.DOSSIERS_IMPORTED, "dossier", "begun: 130 lines", "dossiers", "begun, 130 lines"),
    (
        Action.EXPORTED,
        "inbound",
        f"csv rows=1 masked {FILTER}",
        "messages",
        "CSV, 1 row, masked, State: Failed, From day: 01/11",
    ),
    (Action.EXPORTED, "inbound", f"xlsx rows=7 clear {FILTER[:40]}", "messages", "XLSX, 7 rows, unmasked"),
    (Action.EXPORTED, "person", "person by number, 3 texts and answers", "a person", "by telephone number, 3 texts"),
    (Action.PERSON_ERASED, "person", "by id_number, 1 texts", "a person", "by identity number, 1 text"),
    (Action.NUMBER_SEARCHED, "account", "", "accounts", ""),
    (Action.ACCOUNT_CORRECTED, f"account:{ROW}", "full_name, phone", None, "Full name, Telephone"),
    (Action.ACCOUNT_PHONE_CONFIRMED, f"account:{ROW}", "changed by huy", None, "changed by huy"),
    (
        Action.WORDING_CHANGED,
        "wording:help",
        "changed language=en links_confirmed=1",
        "Help: all commands",
        "changed, English, links or numbers confirmed",
    ),
    (Action.WORDING_CHANGED, "wording:help", "as delivered language=de", "Help: all commands", "as delivered, de"),
    (Action.WORDING_CHANGED, "wording:help", "as delivered", "Help: all commands", "as delivered"),
    (Action.WORDING_CHANGED, "wording:help", "brought back links_confirmed=1", None, "brought back, links or numbers"),
    (Action.ALARM_ACKNOWLEDGED, f"alarm:{ROW}", "link_down", "alarm of 22/11/2026 12:00", "link down"),
    (Action.ALARM_TESTED, "way:email", "", "e-mail", ""),
    (Action.SERVICE_SWITCHED, "service:look_up_dossier", "off: Tam ngung.", None, "off: Tam ngung."),
    (Action.LINK_STOPPED, "link:viettel", "", "link viettel", ""),
    (Action.OPERATOR_ROLE_CHANGED, "operator:lan", "viewer -> operator", "operator lan", "Viewer → Operator"),
    (Action.OPERATOR_ADDED, "operator:lan", "viewer", None, "Viewer"),
    (Action.UNIT_CHANGED, f"unit:{ROW}", "member lan", None, "member lan"),
    (Action.UNIT_CHANGED, f"unit:{ROW}", "no member lan", None, "no longer a member: lan"),
    (Action.CALENDAR_CHANGED, f"calendar:{ROW}", "2026-09-02 as weekday", None, "02/09/2026: as its weekday"),
    (Action.CALENDAR_CHANGED, f"calendar:{ROW}", "2026 proposed", None, "2026 proposed"),
    (Action.TICKET_CHANGED, f"ticket:{ROW}", "ticket sort", None, "set topic and ward"),
    (Action.SESSION_REVOKED, "operator:lan", "others", None, "all other sessions"),
    (Action.LOG_IN_REFUSED, "operator:lan", "wrong_password", None, "wrong password"),
    (Action.TRIED, "", "misread:full_name", "", "Misread: name"),
    (Action.TRIED, "", "register_account", "", "TK: open account"),
    (Action.RUN_AGAIN, "inbound", "2 parked", "messages", "2 parked texts"),
    (Action.KEY_ADDED, "key:2", "opens, does not seal yet", "key 2", "decrypts, does not encrypt yet"),
    (Action.DATABASE_COPIED, "", "into another database", "", "into another database"),
)


def test_every_entry_is_in_words(logged_in: FlaskClient, database: Database, make: Make) -> None:
    make(OperatorRole.ADMINISTRATOR)
    with database.write() as connection:
        for action, subject, detail, _, _ in ENTRIES:
            append(connection, at=NOON, operator="command-line", action=action, subject=subject, detail=detail)
    lines = [re.findall(r"<td>(.*?)</td>", row) for row in get(logged_in, "/admin/audit").text.split("<tr>")[2:]]
    for (action, subject, _, about, words), line in zip(reversed(ENTRIES), lines, strict=False):
        assert line[2] == "command line"
        assert line[5].startswith(words), (action, line)
        assert about is None or re.sub("<[^>]+>", "", line[4]) == about, (action, line)
        assert ("<a href=" in line[4]) is (":" in subject and not subject.startswith("key:")), line


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_raw_is_left(logged_in: FlaskClient, database: Database, make: Make, language: str) -> None:
    make(OperatorRole.ADMINISTRATOR)
    with database.write() as connection:
        for action, subject, detail, _, _ in ENTRIES:
            append(connection, at=NOON, operator="lan", action=action, subject=subject, detail=detail)
    page = logged_in.get("/admin/audit", headers={"Accept-Language": language}).text
    shown = re.sub("<[^>]+>", " ", page.split("<tbody")[1])
    assert re.findall(r"\b[a-z]+_[a-z_]+\b|\w+=\w+|\b[a-z]+:\w+|-&gt;|\d{4}-\d\d", shown) == []
