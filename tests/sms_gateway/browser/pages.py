"""Every page that operators open, with rows behind it, for what must hold on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.citizens import dossier_uploads
from db.citizens.accounts import Account, open_account
from db.citizens.dossier_uploads import Upload
from db.citizens.dossiers import DossierFacts, import_dossiers
from db.processes.alarms import AlarmWords, StoredAlarm, acknowledge, put_alarm
from db.schema import (
    AccountState,
    DossierStatus,
    EntryKind,
    InboundState,
    KeptReason,
    OutboundState,
    Priority,
    TicketKind,
)
from db.staff.audit import Action, append
from db.staff.operators import find_operator
from db.staff.wordings import WordingChange, add_wording_change
from db.store.address import Address, Msisdn
from db.store.engine import Database
from db.tickets.kept_texts import NewKept, keep_text
from db.tickets.opening import NewTicket, open_tickets
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry, Step, take_step
from db.tickets.whole_ticket import read_entries
from db.units.canned_answers import CannedAnswer, add_canned_answer
from sms_gateway.pages.citizens.import_preview import read_upload
from sms_gateway.web.translations import LANGUAGES
from tests.db.citizens.dossier_rows import find_by_code
from tests.sms_gateway.browser.unit_pages import UNIT_PAGES, write_unit_rows
from tests.sms_gateway.city_office import FOCAL, write_units
from tests.sms_gateway.conftest import NAME
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows

CODE = "000.00.12.H17-230815-0007"
OTHER_NUMBER = "YC613509427"
"""Of the second ticket of the same phone."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written: the ids that stand in addresses."""

    message: int
    dossier: int
    account: int
    upload: int
    ticket: int
    entry: int  # of the ticket, that can be moved

    def pages(self) -> Mapping[str, str]:
        """Return every page by name."""
        return {
            "today": "/admin",
            "figures": "/admin/figures",
            "report": "/admin/figures/report?year=2026&q=4",
            "messages": "/admin/messages",
            "messages of a state": "/admin/messages?state=failed&from=2026-11-01&to=2026-11-30",
            "message": f"/admin/messages/{self.message}",
            "conversation": f"/admin/messages/{self.message}/conversation",
            "misreads": "/admin/misreads",
            "dossiers": "/admin/dossiers",
            "dossier": f"/admin/dossiers/{self.dossier}",
            "import": "/admin/dossiers/import",
            "import preview": f"/admin/dossiers/import/{self.upload}",
            "import contacts": f"/admin/dossiers/import/{self.upload}/contacts",
            "accounts": "/admin/accounts",
            "account": f"/admin/accounts/{self.account}",
            "release": f"/admin/accounts/{self.account}/release",
            "block": f"/admin/messages/{self.message}/block",
            "new password": f"/admin/accounts/{self.account}/password",
            "blocks": "/admin/blocks",
            "person": "/admin/person",
            "try it": "/admin/try",
            "services": "/admin/services",
            "leaflet": "/admin/leaflet",
            "wording": "/admin/wording",
            "one wording": "/admin/wording/help",
            "links": "/admin/links",
            "alarms": "/admin/alarms",
            "operators": "/admin/operators",
            "systems": "/admin/systems",
            "audit": "/admin/audit?check=1",
            "system": "/admin/system",
            "retention": "/admin/retention",
            "sessions": "/admin/sessions",
            "password": "/admin/password",
            "second factor": "/admin/second-factor",
            **UNIT_PAGES,
            "tickets": "/admin/tickets",
            "tickets of all": "/admin/tickets?list=every",
            "ticket": f"/admin/tickets/{self.ticket}",
            "new ticket": "/admin/tickets/new",
            "to sort": "/admin/tickets/sort",
            "canned answers": "/admin/tickets/answers",
            "merge": f"/admin/tickets/{self.ticket}/merge?into={OTHER_NUMBER}",
            "spam": f"/admin/tickets/{self.ticket}/spam",
            "block of a ticket": f"/admin/tickets/{self.ticket}/block",
            "move": f"/admin/tickets/{self.ticket}/entries/{self.entry}/move",
            "split": f"/admin/tickets/{self.ticket}/entries/{self.entry}/split",
            "phone": "/phone",
            "error": "/nowhere",
        }


def write_alarms(connection: Connection, new_id: Callable[[], int], now: datetime) -> None:
    """Write an alarm that is open, one that somebody knows of, and one that ended."""
    words = {language: AlarmWords(title="Link viettel is down.", fix="Call the carrier.") for language in LANGUAGES}
    for subject, ended in (("viettel", None), ("vina", None), ("mobi", now)):
        one = StoredAlarm(
            id=new_id(), name="link_down", subject=subject, urgent=True, words=words, began_at=now, ended_at=ended
        )
        put_alarm(connection, one)
        if subject == "vina":
            acknowledge(connection, one.id, operator="lan", note="the carrier knows", now=now)


def write_everything(database: Database, new_id: Callable[[], int], now: datetime) -> Written:
    """Write a little of everything that pages show."""
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=now)
        made = rows.text("[TK， Nguyễn Văn A; 201499999; 20/12/1990]", reading="register_account")
        rows.answer(made, "MK: canary", masked="TK: anv, MK: ****", segments=2)
        failed = rows.text(f"DVC {CODE}", reading="look_up_status", outcome="status_told")
        rows.answer(failed, f"Ho so {CODE}: Dang xu ly", state=OutboundState.FAILED, error="ESME_RINVDSTADR")
        rows.event("unsure", inbound_id=failed)
        rows.text("tk. a b 3", reading="misread:missing_fields", outcome="corrected")
        rows.text("HD", state=InboundState.PARKED, reading=None, outcome=None)
        write_alarms(connection, new_id, now)
        facts = DossierFacts(code=CODE, status=DossierStatus.IN_PROGRESS, procedure="Cấp giấy phép")
        import_dossiers(connection, [facts], new_id=new_id, now=now)
        dossier = find_by_code(connection, CODE)
        account = new_id()
        open_account(
            connection,
            Account(
                id=account,
                user_name="anv",
                id_number="201499999",
                full_name="Nguyen Van A",
                birth_date="1990-12-20",
                phone=Msisdn(Address(SENDER)),
                password_expires_at=now,
                state=AccountState.FIRST_PASSWORD,
                created_at=now,
                inbound_id=made,
            ),
            password_hash="!",
        )
        operator = find_operator(connection, NAME)
        octets = b"MaHoSo;TrangThaiHoSo;Ten;NoiTra\nA12345;4;x;vneid.top\nB1;?;y;\n"
        preview, read = read_upload(connection, "ho-so.csv", octets, None, ["8188"])
        upload = Upload(id=new_id(), name="ho-so.csv", octets=octets, preview=preview, facts=read)
        assert operator is not None
        assert dossier is not None
        dossier_uploads.keep_upload(connection, upload, operator_id=operator.id, now=now)
        change = WordingChange(
            id=new_id(), phrase="help", language="vi", at=now, operator=NAME, forms=("Soan HD gui 8188.",)
        )
        add_wording_change(connection, change)
        append(connection, at=now, operator=NAME, action=Action.REVEALED, subject=f"inbound:{made}")
        ticket, entry = write_tickets(connection, new_id, now, operator_id=operator.id)
        write_unit_rows(connection, operator.id)
    return Written(message=made, dossier=dossier.id, account=account, upload=upload.id, ticket=ticket, entry=entry)


def write_tickets(
    connection: Connection, new_id: Callable[[], int], now: datetime, *, operator_id: int
) -> tuple[int, int]:
    """Write two tickets of one phone with every kind of line, a text to sort and a canned answer; return the ids of the
    first ticket and of a line that can be moved.
    """
    write_units(connection)
    new = NewTicket(
        kind=TicketKind.REPORT,
        sender=Address(SENDER),
        short_code="8188",
        reply_link="viettel",
        subject="đèn đường hỏng trước nhà số 25 Lê Duẩn, gọi 0905123456",
        body="PA đèn đường hỏng trước nhà số 25 Lê Duẩn, gọi 0905123456",
        language="vi",
        unit_id=FOCAL,
        routed_by="focal",
        created_at=now,
        first_due=now - timedelta(hours=1),
        final_due=now - timedelta(minutes=1),
        promised_at=now,
        priority=Priority.HIGH,
        is_unsure=True,
        inbound_id=new_id(),
    )
    numbers = iter(("YC482173051", OTHER_NUMBER))
    first, _ = open_tickets(
        connection, [new, replace(new, inbound_id=new_id())], draw=lambda: next(numbers), new_id=new_id
    )
    for kind, event, words in (
        (EntryKind.SYSTEM, TicketEvent.NOTE, "Da nhan phan anh"),
        (EntryKind.STAFF, TicketEvent.NOTE, "priority high"),
        (EntryKind.QUESTION, TicketEvent.ANSWER, "So nha nao?"),
        (EntryKind.NOTE, TicketEvent.NOTE, "đã gọi đội sửa chữa"),
        (EntryKind.CITIZEN, TicketEvent.WRITE, "So 25"),
    ):
        operator = NAME if kind is not EntryKind.CITIZEN else None
        entry = NewEntry(kind=kind, at=now, body=words, operator=operator)
        take_step(connection, Step(ticket_id=first.id, event=event, entry=entry), new_id=new_id)
    kept = NewKept(
        inbound_id=new_id(),
        sender=Address(SENDER),
        short_code="8188",
        reply_link="viettel",
        reason=KeptReason.SEND,
        body="den lai hong roi",
        kept_at=now - timedelta(hours=25),
        until=now - timedelta(hours=1),
    )
    keep_text(connection, kept, new_id=new_id)
    canned = CannedAnswer(
        id=new_id(),
        language="vi",
        title="Đường dây nóng",
        body="Xin goi {hotline}.",
        changed_at=now,
        operator_id=operator_id,
    )
    add_canned_answer(connection, canned)
    return first.id, read_entries(connection, first.id)[-1].id
