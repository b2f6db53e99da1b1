"""A form that each route takes, and the routes that report nothing or stand on a page of their own."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import select

from db.schema import ticket
from db.store.engine import Database
from tests.sms_gateway.browser.pages import CODE, OTHER_NUMBER, Written
from tests.sms_gateway.city_office import WARD
from tests.sms_gateway.conftest import NOON, PASSWORD
from tests.sms_gateway.pages.acting import get, post

TOPIC = 5
NEW = "another canary operator phrase"

EXCEPTIONS: Mapping[str, str] = {
    "endpoints.mo": "for programs: answers with JSON or the answer's text",
    "endpoints.mo_by_path": "the same, with the secret in its address",
    "endpoints.dlr": "for programs: delivery reports",
    "endpoints.dlr_by_path": "the same, with the secret in its address",
    "language": "leads back; the page in the other language is what was done",
    "phone.send": "the demo's handset: the text stands in its conversation",
    "admin.log_in": "with a second factor the page asks for it; without one, Today says the line",
    "admin.second_step": "a part of the log-in: Today says the line",
    "admin.acknowledge_alarm": "needs an open alarm: pages/service/test_alarms.py looks for its line",
    "admin.test_way": "needs a way of [alarms]: pages/service/test_alarms.py looks for its line",
    "admin.filter_log": "a look-up: leads to the page that is the answer",
    "admin.filter_inbox": "a look-up: leads to the page that is the answer",
    "admin.search_accounts": "a look-up: leads to the page that is the answer",
    "admin.person": "a look-up: leads to the page that is the answer",
    "admin.try_text": "a look-up: leads to the page that is the answer",
    "admin.export_log": "answers with a file; the browser stays on the page",
    "admin.export_person": "answers with a file; the browser stays on the page",
}
"""POST routes that say no line, each with its reason. A form with a fault is shown again, in place, with the fault."""

CONFIRMED = {
    "admin.block_sender",
    "admin.unblock_sender",
    "admin.unblock_number",
    "admin.run_again",
    "admin.send_again",
    "admin.disable_account",
    "admin.send_password",
    "admin.release_account",
    "admin.undo_wording",
    "admin.merge_ticket",
    "admin.close_as_spam",
    "admin.call_duty",
    "admin.block_citizen",
    "admin.move_entry",
    "admin.split_entry",
}
"""Forms that stand nowhere but on their own page of confirmation."""


@dataclass(kw_only=True)
class World:
    """What the forms are about: rows of every kind, and pages that hold what a form carries along."""

    client: FlaskClient
    written: Written
    parked: int
    failed: tuple[int, int]
    operator: int
    changed_at: str
    database: Database
    own: int
    """The operator who is logged in."""
    secret: str = ""
    """Of the second factor, once it is set up."""

    @property
    def ticket(self) -> str:
        """Return the address of the ticket."""
        return f"/admin/tickets/{self.written.ticket}"

    def version(self, ticket_id: int | None = None) -> int:
        """Return the version of a ticket, the first one's unless another is named."""
        asked = select(ticket.c.version).where(ticket.c.id == (ticket_id or self.written.ticket))
        with self.database.read() as connection:
            return int(connection.execute(asked).scalar_one())

    def ticket_of(self, number: str) -> int:
        """Return the id of a ticket."""
        with self.database.read() as connection:
            return int(connection.execute(select(ticket.c.id).where(ticket.c.number == number)).scalar_one())

    def found(self, path: str, pattern: str) -> str:
        """Return what a page holds."""
        found = re.search(pattern, get(self.client, path).text)
        assert found, path
        return html.unescape(found.group(1))


Story = Callable[[World], tuple[str, Mapping[str, object]]]


def of(path: str, /, **fields: object) -> Story:
    """Return a form at an address that needs no row."""
    return lambda world: (path.format(world=world), fields)


def person(world: World) -> tuple[str, Mapping[str, object]]:
    page = post(world.client, "/admin/person", kind="number", who="0935111222").location
    return "/admin/person/erase", {"person": world.found(page, r'name="person" value="([^"]+)"'), "digits": "1222"}


def second_factor(world: World) -> tuple[str, Mapping[str, object]]:
    page = get(world.client, "/admin/second-factor").text
    secret, sealed = (
        re.search(one, page) for one in (r"<code>([A-Z2-7]{32})</code>", r'name="secret" value="([^"]+)"')
    )
    assert secret is not None
    assert sealed is not None
    world.secret = secret[1]
    return "/admin/second-factor", {"secret": sealed[1], "current": PASSWORD, "code": pyotp.TOTP(secret[1]).at(NOON)}


def no_second_factor(world: World) -> tuple[str, Mapping[str, object]]:
    unused = pyotp.TOTP(world.secret).at(NOON + timedelta(seconds=30))
    return "/admin/second-factor/remove", {"current": PASSWORD, "code": unused}


def wording(world: World) -> tuple[str, Mapping[str, object]]:
    path, fields = "/admin/wording/help/change", {"forms": "Soan gui {short_code}: {commands}"}
    seen = re.search(r'name="seen" value="(\w+)"', post(world.client, path, preview="1", **fields).text)
    assert seen is not None
    return path, {**fields, "seen": seen[1]}


def of_ticket(name: str, /, **fields: object) -> Story:
    """Return a form of the ticket as it is now."""
    return lambda world: (f"{world.ticket}/{name}", {"version": world.version(), **fields})


def written(world: World, way: str, words: str) -> tuple[str, Mapping[str, object]]:
    """Return the form of an answer whose SMS was on the page."""
    path, fields = f"{world.ticket}/answer", {"version": world.version(), "way": way, "words": words}
    seen = re.search(r'name="seen" value="(\w+)"', post(world.client, path, preview="1", **fields).text)
    assert seen is not None
    return path, {**fields, "seen": seen[1]}


def resumed(world: World) -> tuple[str, Mapping[str, object]]:
    path, fields = written(world, "wait", "cho Dien luc")
    assert post(world.client, path, **fields).status_code == 303
    return f"{world.ticket}/resume", {"version": world.version()}


def split(world: World) -> tuple[str, Mapping[str, object]]:
    other = world.ticket_of(OTHER_NUMBER)
    path = f"/admin/tickets/{other}/entries/{world.written.entry}/split"
    return path, {"version": world.version(other), "kind": "report"}


def caller(world: World) -> tuple[str, Mapping[str, object]]:
    path = "/admin/tickets/new"
    fields = {"phone": "0935111222", "name": "", "kind": "report", "channel": "call", "unit": "", "words": "den hong"}
    seen = re.search(r'name="seen" value="([\w-]+)"', post(world.client, path, preview="1", **fields).text)
    assert seen is not None
    return path, {**fields, "seen": seen[1]}


def kept(way: str, **fields: object) -> Story:
    """Return a form of a text that waits to be sorted."""
    return lambda world: (world.found("/admin/tickets/sort", rf'(/admin/tickets/sort/\d+/{way})"'), fields)


ACCOUNT, MESSAGE = "/admin/accounts/{world.written.account}", "/admin/messages/{world.written.message}"
UPLOAD = "/admin/dossiers/import/{world.written.upload}"
STORIES: Mapping[str, Story] = {
    "admin.end_own_session": of("/admin/sessions/end", session="others"),
    "admin.reveal_message": of(f"{MESSAGE}/reveal"),
    "admin.reveal_conversation": of(f"{MESSAGE}/conversation/reveal"),
    "admin.run_again": of("/admin/messages/{world.parked}/run-again"),
    "admin.send_again": of("/admin/messages/{world.failed[0]}/send-again/{world.failed[1]}"),
    "admin.block_sender": of(f"{MESSAGE}/block", days=7, reason="insults"),
    "admin.unblock_sender": of(f"{MESSAGE}/unblock"),
    "admin.add_block": of("/admin/blocks/add", number="0935111222", days=7, reason="a machine"),
    "admin.reveal_blocks": of("/admin/blocks/reveal"),
    "admin.unblock_number": lambda world: (world.found("/admin/blocks", r'href="([^"]+/remove[^"]+)"'), {}),
    "admin.change_dossier": of("/admin/dossiers/{world.written.dossier}/change", status="9"),
    "admin.map_import": of(f"{UPLOAD}/columns", **{"column-0": "code", "column-1": "status"}),
    "admin.finish_import": of(f"{UPLOAD}/finish", leave_out="1", contacts="send"),
    "admin.import_dossiers": lambda _: (
        "/admin/dossiers/import",
        {"file": (BytesIO(b"MaHoSo;TrangThaiHoSo\nA777777;4\n"), "ho-so.csv")},
    ),
    "admin.reveal_account": of(f"{ACCOUNT}/reveal"),
    "admin.confirm_phone": lambda world: (
        f"/admin/accounts/{world.written.account}/confirm-phone",
        {"change": world.changed_at},
    ),
    "admin.send_password": of(f"{ACCOUNT}/password"),
    "admin.correct_account": of(f"{ACCOUNT}/correct", full_name="Nguyen Van B"),
    "admin.disable_account": of(f"{ACCOUNT}/disable"),
    "admin.enable_account": of(f"{ACCOUNT}/enable"),
    "admin.release_account": of(f"{ACCOUNT}/release", card="seen"),
    "admin.erase_account": of(f"{ACCOUNT}/erase", user_name="anv"),
    "admin.erase_person": person,
    "admin.change_wording": wording,
    "admin.undo_wording": of("/admin/wording/help/undo", change="delivered"),
    "admin.control_link": of("/admin/links/viettel", action="stop"),
    "admin.reveal_ticket": of_ticket("reveal"),
    "admin.note_ticket": of_ticket("note", note="x"),
    "admin.take_ticket": of_ticket("take"),
    "admin.assign_ticket": lambda world: (
        f"{world.ticket}/assign",
        {"version": world.version(), "operator": world.own},
    ),
    "admin.release_ticket": of_ticket("release"),
    "admin.set_ticket_priority": of_ticket("priority", priority="low"),
    "admin.link_ticket_dossier": of_ticket("dossier", code=CODE),
    "admin.confirm_route": of_ticket("route"),
    "admin.sort_ticket": of_ticket("sort", topic=TOPIC),
    "admin.name_ticket_citizen": of_ticket("name", citizen_name="Canary"),
    "admin.transfer_ticket": of_ticket("transfer", unit=WARD, why="x"),
    "admin.move_entry": lambda world: (
        f"{world.ticket}/entries/{world.written.entry}/move",
        {"version": world.version(), "number": OTHER_NUMBER},
    ),
    "admin.split_entry": split,
    "admin.block_citizen": of_ticket("block", days=7, reason="insults"),
    "admin.merge_ticket": of_ticket("merge", into=OTHER_NUMBER),
    "admin.undo_merge": of_ticket("undo-merge"),
    "admin.answer_ticket": lambda world: written(world, "answer", "Mai sua xong."),
    "admin.resume_ticket": resumed,
    "admin.call_duty": of_ticket("duty"),
    "admin.close_as_spam": of_ticket("spam"),
    "admin.new_ticket": caller,
    "admin.file_text": kept("file", target="new:report"),
    "admin.set_text_aside": kept("aside"),
    "admin.add_canned": of("/admin/tickets/answers/add", title="x", body="x", whose="own", language="vi"),
    "admin.change_canned": lambda world: (
        world.found("/admin/tickets/answers", r'action="(/admin/tickets/answers/\d+)"'),
        {"title": "y", "body": "y"},
    ),
    "admin.add_operator": of("/admin/operators/add", name="mai", role="viewer"),
    "admin.change_operator": of("/admin/operators/{world.operator}", action="reset"),
    "admin.second_factor": second_factor,
    "admin.remove_own_second_factor": no_second_factor,
    "admin.choose_password": of("/admin/password", current=PASSWORD, new=NEW, again=NEW),
    "admin.switch_service": of("/admin/services/register_account", sentence="Tam ngung. Xin goi 1022."),
    "admin.log_out": of("/admin/log-out"),
}
"""A form that each route takes, in an order in which each can be done."""
