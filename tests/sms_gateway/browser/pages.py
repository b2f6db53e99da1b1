"""Every page that operators open, with rows behind it, for what must hold on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from db.citizens import dossier_uploads
from db.citizens.accounts import Account, open_account
from db.citizens.dossier_uploads import Upload
from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import AccountState, DossierStatus, InboundState, OutboundState
from db.staff.audit import Action, append
from db.staff.operators import find_operator
from db.staff.wordings import WordingChange, add_wording_change
from db.store.address import Address, Msisdn
from db.store.engine import Database
from sms_gateway.pages.citizens.import_preview import read_upload
from tests.db.citizens.dossier_rows import find_by_code
from tests.sms_gateway.conftest import NAME
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows

CODE = "000.00.12.H17-230815-0007"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written: the ids that stand in addresses."""

    message: int
    dossier: int
    account: int
    upload: int

    def pages(self) -> Mapping[str, str]:
        """Return every page by name."""
        return {
            "today": "/admin",
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
            "wording": "/admin/wording",
            "one wording": "/admin/wording/help",
            "links": "/admin/links",
            "operators": "/admin/operators",
            "audit": "/admin/audit?check=1",
            "system": "/admin/system",
            "retention": "/admin/retention",
            "sessions": "/admin/sessions",
            "password": "/admin/password",
            "second factor": "/admin/second-factor",
            "phone": "/phone",
            "error": "/nowhere",
        }


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
    return Written(message=made, dossier=dossier.id, account=account, upload=upload.id)
