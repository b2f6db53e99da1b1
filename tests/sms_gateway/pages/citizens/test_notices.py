"""Notices on pages: the list by state, those of a dossier, nothing of it when they are off; the consent of a file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.notices.release import give_terms
from db.notices.subscriptions import Subscriber, end_all, subscribe
from db.notices.terms import NoticeTerms
from db.schema import DossierStatus as S
from db.schema import NoticeState, OperatorRole, OutboundState, audit_entry, consent, notice, outbound
from db.store.address import Address
from db.store.engine import Database
from parsers.vocabulary import NOTICES_VOCABULARY
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.replies import Replies
from sms_gateway.settings.back_office_model import NoticesSettings
from sms_gateway.settings.model import OfferedService, Settings
from sms_gateway.settings.services import is_on, keyword_faults
from sms_gateway.settings.switches import NOTICES
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import act, get, post
from tests.sms_gateway.pages.citizens.conftest import CODE

PHONE = Address("84905123456")
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def app(parts: WebDependencies) -> Flask:
    """The application with the keywords that notices name."""
    taught = NOTICES_VOCABULARY.taught
    keywords = {one.service: taught[one.name] for one in NOTICES_VOCABULARY.grammars if one.default_keywords}
    return create_app(replace(parts, service=replace(parts.service, keywords=keywords)))


@pytest.fixture
def told(database: Database, known: int, parts: WebDependencies, new_id: Callable[[], int]) -> int:
    """A dossier with one notice that failed and one that waits."""
    give_terms(database, NoticeTerms(hold=timedelta(hours=1), new_id=new_id, zone=LOCAL_ZONE))
    replies = Replies(new_id=new_id, traits=parts.traits)
    with database.write() as connection:
        who = Subscriber(phone=PHONE, inbound_id=1)
        subscribe(connection, who, [known], new_id=new_id, now=NOON)
        for status in (S.PAPERS_WANTED, S.DONE):
            facts = DossierFacts(code=CODE, status=status, wanted="CCCD", fix="quay 3")
            import_dossiers(connection, [facts], new_id=new_id, now=NOON)
        text = replies.compose(link="main", sender="8188", recipient=PHONE, body="Ho so", now=NOON)
        replies.queue(connection, [text], now=NOON)
        row = update(notice).where(notice.c.kind == "papers_wanted")
        connection.execute(row.values(state=NoticeState.RELEASED, released_at=NOON, outbound_id=text.id))
        connection.execute(update(outbound).values(state=OutboundState.FAILED))
    return known


def test_notices_are_listed_by_state_and_on_the_page_of_their_dossier(logged_in: FlaskClient, told: int) -> None:
    page = unescape(get(logged_in, "/admin/notices").text)
    for shown in (CODE, "8490***3456", "papers wanted", "failed", "done", "waiting", "1 did not arrive"):
        assert shown in page, shown
    assert "84905123456" not in page
    failed = get(logged_in, "/admin/notices?state=failed").text.split("<table", 1)[1]
    assert "papers wanted" in failed
    assert "not before" not in failed
    assert "There are no notices" in get(logged_in, "/admin/notices?state=delivered").text
    for wrong in ("?state=lost", "?before=-1"):
        assert get(logged_in, f"/admin/notices{wrong}").status_code == 404, wrong
    dossier = unescape(get(logged_in, f"/admin/dossiers/{told}").text)
    for shown in ("Phones that are told: 1", "8490***3456: failed", "quay 3"):
        assert shown in dossier, shown


def test_a_change_shows_the_notice_too_and_who_gets_it(logged_in: FlaskClient, told: int) -> None:
    form = {"status": "5", "wanted": "CCCD", "fix": "nop tai quay 7", "pick_up": "", "due_on": ""}
    question = unescape(act(logged_in, f"/admin/dossiers/{told}/change", **form).text)
    assert "telephones that follow it: 1" in question
    assert "nop tai quay 7" in re.split('class="body answer"', question)[2]
    again = act(logged_in, f"/admin/dossiers/{told}/change", status="9", wanted="", fix="", pick_up="", due_on="").text
    assert "that follow it" not in again, "nothing else is told than before"


def test_it_is_said_why_a_notice_is_not_sent_and_when_one_waits_for_the_day(
    logged_in: FlaskClient, database: Database, told: int, new_id: Callable[[], int], make: Callable[..., None]
) -> None:
    night = datetime(2026, 11, 22, 20, 8, tzinfo=UTC)  # 03:08 of the 23rd
    with database.write() as connection:
        connection.execute(update(notice).where(notice.c.state == NoticeState.WAITING).values(not_before=night))
    assert "not before 23/11/2026 07:00" in get(logged_in, "/admin/notices").text
    with database.write() as connection:
        end_all(connection, PHONE, inbound_id=2, new_id=new_id, now=NOON)
    for address in ("/admin/notices", f"/admin/dossiers/{told}"):
        assert "the citizen ended the notices" in get(logged_in, address).text
    make(OperatorRole.ADMINISTRATOR)
    person = get(logged_in, str(post(logged_in, "/admin/person", kind="number", who=PHONE).location)).text
    found = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", person))
    assert (found["Dossiers that it is told of"], found["Dossiers that it is told of no more"]) == ("0", "1")


def test_a_file_subscribes_telephones_only_with_the_statement(
    logged_in: FlaskClient, database: Database, told: int, new_id: Callable[[], int]
) -> None:
    content = "code;status;phone\nH17-261129-0001;2;0905 777 777\n"
    for agreed, expected in [("", []), ("yes", ["84905777777"])]:
        file = (io.BytesIO(content.encode()), "a.csv")
        address = str(post(logged_in, "/admin/dossiers/import", file=file, phones_agreed=agreed).location)
        assert ('<option value="phone"' in get(logged_in, address).text) is bool(expected)
        assert "0905" not in get(logged_in, address).text
        post(logged_in, f"{address}/finish")
        with database.read() as connection:
            stated = list(connection.scalars(select(consent.c.stated_by).where(consent.c.stated_by.is_not(None))))
        assert len(stated) == len(expected), agreed


def test_an_import_says_what_became_of_each_telephone(
    logged_in: FlaskClient, database: Database, told: int, new_id: Callable[[], int]
) -> None:
    with database.write() as connection:
        end_all(connection, Address("84905888888"), inbound_id=2, new_id=new_id, now=NOON)
    lines = [f"H17-261129-000{number};2;{phone}" for number, phone in enumerate(("0905777777", "0905888888", "66677"))]
    content = "\n".join(["code;status;phone", *lines]).encode()
    told_of_it = "Telephones: 1 get notices, 1 do not since their owners sent HUY or STOP, 1 are wrong."
    for agreed in ("", "yes"):
        file = (io.BytesIO(content), "a.csv")
        address = str(post(logged_in, "/admin/dossiers/import", file=file, phones_agreed=agreed).location)
        preview = get(logged_in, address).text
        assert ("column of telephones, and it is not read" in preview) is not bool(agreed)
        for shown in (told_of_it, "line 4: the telephone is no mobile number"):
            assert (shown in preview) is bool(agreed), (agreed, shown)
    post(logged_in, f"{address}/finish")
    assert told_of_it in get(logged_in, address).text
    assert "66677" not in (faults := get(logged_in, f"{address}/faults.csv").text)
    assert '4,"the telephone is no mobile number' in faults
    with database.read() as connection:
        details = list(connection.scalars(select(audit_entry.c.detail)))
    assert "new=3 changed=0 same=0 consents_stated=1" in details


def test_there_is_nothing_of_it_when_notices_are_off(parts: WebDependencies, database: Database) -> None:
    settings = Settings(notices=NoticesSettings(enabled=True))
    assert is_on(settings, NOTICES_VOCABULARY)(NOTICES)
    assert not is_on(Settings(), NOTICES_VOCABULARY)(NOTICES)
    for needed in ("look_up_dossier", "withdrawal"):
        faulty = Settings(notices=NoticesSettings(enabled=True), services={needed: OfferedService(enabled=False)})
        (fault,) = keyword_faults(faulty)
        assert fault.where == f"services.{needed}.enabled"
    assert list(keyword_faults(settings)) == []
    app: Flask = create_app(replace(parts, is_on=lambda service: service != NOTICES))
    assert "admin.notices" not in app.view_functions
