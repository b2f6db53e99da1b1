"""What operators do with messages: reveal, send again, run again, block, follow a conversation, export."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from db.citizens.block_list import read_list
from db.schema import InboundState, OperatorRole, OutboundState, inbound, outbound
from db.store.address import Address
from db.store.engine import Database
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import act, confirm, did, get, noted, post
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows
from tests.sms_gateway.pages.messages.conftest import CODE, ID_NUMBER

Make = Callable[[OperatorRole], None]


class TestTheMicroscope:
    def test_it_marks_what_normalising_changed_and_tells_why(
        self, logged_in: FlaskClient, written: dict[str, int]
    ) -> None:
        page = get(logged_in, f"/admin/messages/{written['opened']}").text
        assert "<del>，</del>" in page
        assert "<ins>,</ins>" in page
        assert "identity number" in page
        assert "12 digits, born" in page
        assert ID_NUMBER not in page

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", "read as Văn, because Vawn are Telex or VNI keystrokes"),
            ("vi", "đọc là Văn, vì Vawn là phím gõ Telex hoặc VNI"),
        ],
    )
    def test_it_says_how_keystrokes_in_a_name_were_read(
        self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int], language: str, words: str
    ) -> None:
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            made = rows.text("TK, Nguyễn Vawn A, 201499999, 20/12/1990", reading="register_account")
        page = logged_in.get(f"/admin/messages/{made}", headers={"Accept-Language": language}).text
        assert words in page

    def test_it_decodes_fields_with_their_hex(self, logged_in: FlaskClient, written: dict[str, int]) -> None:
        page = get(logged_in, f"/admin/messages/{written['asked']}").text
        assert re.search(r"source_addr</code></th><td[^>]*><code>38 34 39 33 \*\* ", page)
        assert "38 31 38 38 00" in page  # 8188 and its terminator
        assert "user_data_header" in page
        assert "05 00 03" in page
        by_http = get(logged_in, f"/admin/messages/{written['parked']}").text
        assert "<code>from</code>" in by_http
        coding = r"data_coding</code></th><td[^>]*><code>00</code></td><td[^>]*>GSM 03.38"
        assert re.search(coding, by_http)  # of the answer

    def test_a_test_case_holds_nobody(self, logged_in: FlaskClient, written: dict[str, int]) -> None:
        page = get(logged_in, f"/admin/messages/{written['opened']}").text
        found = re.search(r"<textarea readonly[^>]*>([^<]+)</textarea>", page)
        assert found
        case = json.loads(found.group(1).replace("&#34;", '"'))
        assert ID_NUMBER not in case["text"]
        assert "Canary" not in case["text"]
        assert case["expected"].get("full_name", "Nguyen Van A") == "Nguyen Van A"


class TestRevealing:
    def test_it_shows_all_but_secrets_and_is_written_down(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int]
    ) -> None:
        page = act(logged_in, f"/admin/messages/{written['opened']}/reveal")
        assert page.status_code == 200
        for shown in (ID_NUMBER, SENDER, "MK: ****", "written into the audit log"):
            assert shown in page.text
        assert did(database) == [("revealed", f"inbound:{written['opened']}")]
        assert ID_NUMBER not in get(logged_in, f"/admin/messages/{written['opened']}").text

    def test_a_get_reveals_nothing(self, logged_in: FlaskClient, written: dict[str, int]) -> None:
        assert get(logged_in, f"/admin/messages/{written['opened']}/reveal").status_code == 405

    @pytest.mark.parametrize("path", ["reveal", "block", "unblock", "conversation/reveal"])
    def test_of_nobody_nothing_is_done(self, logged_in: FlaskClient, database: Database, path: str) -> None:
        assert post(logged_in, f"/admin/messages/1/{path}").status_code == 404
        assert post(logged_in, f"/admin/messages/{1 << 64}/{path}").status_code == 404
        assert did(database) == []


class TestSendingAgain:
    def test_a_copy_is_queued_and_the_first_stays(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int]
    ) -> None:
        page = post(logged_in, f"/admin/messages/{written['asked']}/send-again/{written['told']}")
        assert page.status_code == 303
        with database.read() as connection:
            rows = connection.execute(
                select(outbound).where(outbound.c.inbound_id == written["asked"]).order_by(outbound.c.id)
            ).all()
        assert [row.state for row in rows] == [OutboundState.FAILED, OutboundState.QUEUED]
        assert rows[0].body == rows[1].body
        assert (rows[1].attempts, rows[1].segments, rows[1].sent_at) == (0, None, None)
        assert did(database) == [("sent_again", f"inbound:{written['asked']}")]
        shown = get(logged_in, f"/admin/messages/{written['asked']}").text
        assert "Sent again by an operator" in shown

    @pytest.mark.parametrize("which", ["secret", "waiting"])
    def test_a_secret_and_what_still_waits_are_not(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int], which: str
    ) -> None:
        text = written["opened" if which == "secret" else "parked"]
        assert "/send-again/" not in get(logged_in, f"/admin/messages/{text}").text
        assert post(logged_in, f"/admin/messages/{text}/send-again/{written[which]}").status_code == 409
        assert did(database) == []

    def test_an_answer_of_another_text_is_not(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int]
    ) -> None:
        path = f"/admin/messages/{written['opened']}/send-again/{written['told']}"
        assert post(logged_in, path).status_code == 409
        with database.read() as connection:
            assert connection.execute(select(func.count()).select_from(outbound)).scalar_one() == 3


class TestRunningAgain:
    def test_a_parked_text_waits_for_the_road(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int]
    ) -> None:
        assert post(logged_in, f"/admin/messages/{written['parked']}/run-again").status_code == 303
        with database.read() as connection:
            row = connection.execute(select(inbound).where(inbound.c.id == written["parked"])).one()
        assert (row.state, row.attempts, row.lease_until) == (InboundState.RECEIVED, 0, None)
        assert did(database) == [("run_again", f"inbound:{written['parked']}")]
        assert post(logged_in, f"/admin/messages/{written['parked']}/run-again").status_code == 409


class TestBlocking:
    def test_a_sender_is_blocked_and_let_in_again(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int]
    ) -> None:
        def blocked() -> list[Address]:
            with database.read() as connection:
                return [entry.number for entry in read_list(connection, now=NOON)]

        path = f"/admin/messages/{written['asked']}"
        post(logged_in, f"{path}/block", days=7, reason="insults")
        assert blocked() == ["84935111222"]
        assert "This number is blocked" in get(logged_in, path).text
        post(logged_in, f"{path}/unblock")
        assert blocked() == []
        assert [action for action, _ in did(database)] == ["blocked", "unblocked"]


class TestAConversation:
    def test_it_is_shown_masked_and_clear_on_demand(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int]
    ) -> None:
        path = f"/admin/messages/{written['opened']}/conversation"
        page = get(logged_in, path).text
        assert page.index("Canary Van") < page.index("=HD()")  # oldest first
        assert "8490***3456" in page
        assert ID_NUMBER not in page
        assert CODE not in page  # somebody else's
        clear = act(logged_in, f"{path}/reveal").text
        assert ID_NUMBER in clear
        assert "MK: ****" in clear
        assert [action for action, _ in did(database)] == ["conversation_seen", "revealed"]


class TestFilters:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"code": "h17 230815 0007"}, ["asked"]),
            ({"code": "HI7-2308l5-OOO7"}, ["asked"]),
            ({"code": "9999"}, []),
            ({"link": "gapit"}, ["parked"]),
            ({"link": "viettel", "reading": "look_up_status"}, ["asked"]),
            ({"from": "2026-11-22", "to": "2026-11-22"}, ["asked", "opened", "parked"]),
            ({"from": "2026-11-23"}, []),
            ({"to": "2026-11-21"}, []),
            ({"unsure": "1"}, []),
            ({"code": "0007", "state": "failed"}, ["asked"]),
        ],
    )
    def test_they_combine(
        self, logged_in: FlaskClient, written: dict[str, int], fields: dict[str, str], expected: list[str]
    ) -> None:
        page = get(logged_in, post(logged_in, "/admin/messages/filter", **fields).location).text
        assert sorted(name for name, made in written.items() if f'id="m{made}"' in page) == expected

    def test_an_unsure_send_is_found(self, logged_in: FlaskClient, database: Database, written: dict[str, int]) -> None:
        with database.write() as connection:
            connection.execute(outbound.update().where(outbound.c.id == written["told"]).values(unsure=True))
        for query in ("unsure=1", "unsure=1&state=failed"):
            page = get(logged_in, f"/admin/messages?{query}").text
            assert [name for name, made in written.items() if f'id="m{made}"' in page] == ["asked"]

    @pytest.mark.parametrize("query", ["from=yesterday", "from=1999-01-01", "code=1", "code=" + "9" * 60])
    def test_a_made_up_one_is_no_page(self, logged_in: FlaskClient, query: str) -> None:
        assert get(logged_in, f"/admin/messages?{query}").status_code == 404

    def test_a_code_too_short_to_look_for_is_told(self, logged_in: FlaskClient) -> None:
        page = post(logged_in, "/admin/messages/filter", code="H1")
        assert page.status_code == 400
        assert "at least 4 letters" in page.text

    def test_looking_for_a_number_is_written_down_without_it(self, logged_in: FlaskClient, database: Database) -> None:
        post(logged_in, "/admin/messages/filter", number="0905123456")
        assert [(entry.action, entry.subject, entry.detail) for entry in noted(database)] == [
            ("number_searched", "", "")
        ]


class TestTellingWhy:
    @pytest.mark.parametrize(
        ("state", "outcome", "words"),
        [
            (InboundState.SILENCED, "blocked", "No answer: number blocked."),
            (InboundState.SILENCED, "hour_limit", "No answer: over the hour&#39;s limit."),
            (InboundState.UNANSWERABLE, None, "No answer: the sender is no telephone"),
            (InboundState.DOUBLE_TAP, None, "the citizen sent the same text twice"),
            (InboundState.REDELIVERY, None, "the carrier sent the same text again"),
            (InboundState.RECEIVED, None, "There is no answer yet."),
        ],
    )
    def test_a_text_without_an_answer_says_why(  # noqa: PLR0917 - pytest asks for fixtures by name
        self,
        logged_in: FlaskClient,
        database: Database,
        new_id: Callable[[], int],
        state: InboundState,
        outcome: str | None,
        words: str,
    ) -> None:
        with database.write() as connection:
            made = MessageRows(connection=connection, new_id=new_id, now=NOON).text("HD", state=state, outcome=outcome)
        for path in (f"/admin/messages/{made}", "/admin/messages"):
            assert words in get(logged_in, path).text

    def test_attempts_that_did_not_fail_are_not_counted(
        self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
    ) -> None:
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            made = rows.text("HD")  # its row says one attempt: the one that handled it
            path = f"/admin/messages/{made}"
        assert "Failed attempts" not in get(logged_in, path).text
        with database.write() as connection:
            rows.connection = connection
            rows.event("handling_failed", inbound_id=made)
        assert "<dt>Failed attempts</dt><dd>1</dd>" in get(logged_in, path).text


class TestBlockedNumbers:
    def test_the_list_is_masked_until_it_is_revealed_and_takes_numbers_by_hand(
        self, logged_in: FlaskClient, database: Database
    ) -> None:
        added = act(logged_in, "/admin/blocks/add", number="0935 111 222", days=1, reason="insults")
        assert "The number is blocked for 1 day." in added.text
        for words in ("8493***1222", "insults", ">lan</td>", "23/11/2026 12:00"):
            assert words in added.text
        assert "84935111222" not in added.text
        assert "84935111222" in act(logged_in, "/admin/blocks/reveal").text
        assert did(database) == [("blocked", "block"), ("revealed", "block")]

    def test_one_is_unblocked_once_it_was_asked(self, logged_in: FlaskClient, database: Database) -> None:
        page = act(logged_in, "/admin/blocks/add", number="0935111222", days=7, reason="insults").text
        found = re.search(r'href="([^"]+/remove[^"]+)"', page)
        assert found is not None
        assert "84935111222" not in found[1]
        assert "Unblock 8493***1222?" in get(logged_in, found[1]).text
        assert "The number is answered again." in confirm(logged_in, found[1]).text
        assert post(logged_in, found[1]).status_code == 409  # it is off the list already
        with database.read() as connection:
            assert read_list(connection, now=NOON) == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"number": "abc"},
            {"days": "0"},
            {"days": "367"},
            {"days": "x"},
            {"reason": ""},
            {"reason": "x" * 201},
            {"number": "8188"},
        ],
    )
    def test_what_cannot_be_is_refused_and_kept(self, logged_in: FlaskClient, fields: dict[str, str]) -> None:
        typed = {"number": "0935111222", "days": "7", "reason": "insults"} | fields
        page = post(logged_in, "/admin/blocks/add", **typed)
        assert page.status_code == 400
        for value in typed.values():
            assert f'value="{value}"' in page.text
