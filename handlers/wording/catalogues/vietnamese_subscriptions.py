"""The Vietnamese sentences of notices about dossiers: to subscribe, to end it, and what is told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

SUBSCRIPTIONS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.SUBSCRIBED: (
            (
                "So nay se nhan tin khi ho so {codes} thay doi. Ngung nhan, soan: {withdrawal} gui "
                "{short_code}. Ho tro: {hotline}"
            ),
            "So nay se nhan tin khi ho so {codes} thay doi. Ngung: soan {withdrawal} gui {short_code}",
            "Da dang ky nhan tin ve ho so. Ngung: soan {withdrawal} gui {short_code}",
        ),
        Phrase.SUBSCRIBED_PARTLY: (
            (
                "So nay se nhan tin ve ho so {codes}. Chua dang ky duoc {others}, xin xem lai ma. Ngung: soan "
                "{withdrawal} gui {short_code}"
            ),
            "Se nhan tin ve {codes}. Chua dang ky duoc {others}. Ngung: {withdrawal} gui {short_code}",
            "Chi dang ky duoc mot phan, xin gui tung ma. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.UNSUBSCRIBED: (
            "Da ngung gui tin ve ho so den so dien thoai nay. Tra cuu van nhu truoc. Ho tro: {hotline}",
            "Da ngung gui tin ve ho so den so dien thoai nay.",
        ),
        Phrase.UNSUBSCRIBED_ONE: (
            "Da ngung gui tin ve ho so {codes} den so nay. Ho tro: {hotline}",
            "Da ngung gui tin ve cac ho so do. Ho tro: {hotline}",
        ),
        Phrase.NO_SUBSCRIPTION: ("So dien thoai nay khong dang ky nhan tin ve ho so nao. Ho tro: {hotline}",),
        Phrase.NOT_SUBSCRIBED: (
            "So dien thoai nay khong dang ky nhan tin ve ho so {codes}. Ho tro: {hotline}",
            "So dien thoai nay khong dang ky nhan tin ve ho so do. Ho tro: {hotline}",
        ),
        Phrase.HELP_SUBSCRIPTION: (
            (
                "Nhan tin khi ho so thay doi, soan: {subscription} ma ho so gui {short_code} (ban dong y de so may "
                "duoc luu). Ngung: {withdrawal} gui {short_code}"
            ),
            "Nhan tin khi ho so thay doi: {subscription} ma ho so gui {short_code}. Ngung: {withdrawal}",
        ),
        Phrase.HELP_SUBSCRIPTION_CLOSED: (
            (
                "Nhan tin khi ho so thay doi: {subscription} ma, 4 so cuoi CCCD gui {short_code} (dong y luu so may). "
                "Ngung: {withdrawal} gui {short_code}"
            ),
            "Nhan tin ve ho so: {subscription} ma, 4 so cuoi CCCD gui {short_code}. Ngung: {withdrawal}",
        ),
        Phrase.HELP_UNSUBSCRIBE: (
            (
                "Ngung nhan tin ve moi ho so, soan: {withdrawal} gui {short_code}. Ve mot ho so: {withdrawal} ma ho "
                "so. Ho tro: {hotline}"
            ),
            "Ngung nhan tin ve ho so, soan: {withdrawal} gui {short_code}.",
        ),
        Phrase.LINE_SUBSCRIPTION: ("{subscription} ma ho so (nhan tin)", "{subscription} (nhan tin)"),
        Phrase.COPY_SUBSCRIPTION: ("{subscription} {receipt_code}",),
        Phrase.COPY_SUBSCRIPTION_CLOSED: ("{subscription} {receipt_code}, 4 so cuoi CCCD",),
        Phrase.MEANT_SUBSCRIPTION: ("Chua ro lenh. Co phai ban muon nhan tin ve ho so?",),
        Phrase.NOTICE_RECEIVED: (
            "Ho so {code} da duoc tiep nhan, hen tra {due}. Ngung nhan tin: soan {withdrawal} gui {short_code}",
            "Ho so {code} da duoc tiep nhan. Ngung nhan tin: soan {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_REFUSED: (
            (
                "Ho so {code} khong duoc tiep nhan. Xin hoi noi nop hoac goi {hotline}. Ngung nhan tin: soan "
                "{withdrawal} gui {short_code}"
            ),
            "{code}: khong duoc tiep nhan. Goi {hotline}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_PAPERS: (
            "Ho so {code} can bo sung: {wanted}. Cach nop: {fix}. Ngung nhan tin: soan {withdrawal} gui {short_code}",
            "{code} can bo sung: {wanted}. Cach nop: {fix}. Ngung: {withdrawal} gui {short_code}",
            "Ho so {code} can bo sung: {wanted}. Ngung nhan tin: soan {withdrawal} gui {short_code}",
            "{code} can bo sung: {wanted}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_PAPERS_UNSAID: (
            (
                "Ho so {code} can bo sung giay to, xin goi {hotline} de biet giay gi. Ngung nhan tin: soan "
                "{withdrawal} gui {short_code}"
            ),
            "{code} can bo sung giay to. Goi {hotline}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_PAYMENT: (
            "Ho so {code} can nop: {wanted}. Cach nop: {fix}. Ngung nhan tin: soan {withdrawal} gui {short_code}",
            "{code} can nop: {wanted}. Cach nop: {fix}. Ngung: {withdrawal} gui {short_code}",
            "Ho so {code} can nop: {wanted}. Ngung nhan tin: soan {withdrawal} gui {short_code}",
            "{code} can nop: {wanted}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_PAYMENT_UNSAID: (
            (
                "Ho so {code} can nop nghia vu tai chinh, xin goi {hotline} de biet so tien. Ngung nhan tin: soan "
                "{withdrawal} gui {short_code}"
            ),
            "{code} can nop tien. Goi {hotline} de biet. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_WITHDRAWN: (
            (
                "Ho so {code} da duoc rut. Neu ban khong yeu cau, xin goi {hotline}. Ngung nhan tin: soan "
                "{withdrawal} gui {short_code}"
            ),
            "{code} da duoc rut. Hoi: goi {hotline}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_STOPPED: (
            (
                "Ho so {code} da dung xu ly. Xin goi {hotline} de biet ly do. Ngung nhan tin: soan {withdrawal} gui "
                "{short_code}"
            ),
            "{code} da dung xu ly. Hoi: goi {hotline}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_DONE: (
            (
                "Ho so {code} da co ket qua, moi ban nhan tai {pick_up}. Nho mang giay hen. Ngung nhan tin: soan "
                "{withdrawal} gui {short_code}"
            ),
            "Ho so {code} da co ket qua, nhan tai {pick_up}. Ngung: {withdrawal} gui {short_code}",
            "Ho so {code} da co ket qua, noi nhan xem giay hen. Ngung: {withdrawal} gui {short_code}",
            "{code} da co ket qua. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_DONE_POST: (
            "Ho so {code} da co ket qua, se duoc gui qua buu dien. Ngung nhan tin: soan {withdrawal} gui {short_code}",
            "{code} da co ket qua, gui qua buu dien. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_DONE_ONLINE: (
            ("Ho so {code} da co ket qua truc tuyen: {pick_up}. Ngung nhan tin: soan {withdrawal} gui {short_code}"),
            "Ho so {code} da co ket qua truc tuyen. Ngung: {withdrawal} gui {short_code}",
            "{code} da co ket qua truc tuyen. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_RETURNED: (
            (
                "Ho so {code} da tra ket qua. Neu ban chua nhan, xin goi {hotline}. Cam on ban. Ngung nhan tin: soan "
                "{withdrawal} gui {short_code}"
            ),
            "{code} da tra ket qua. Chua nhan: goi {hotline}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_DUE: (
            (
                "Ho so {code} hen tra ngay mai {due}. Khi co ket qua se nhan tin. Ngung nhan tin: soan {withdrawal} "
                "gui {short_code}"
            ),
            "{code} hen tra ngay mai {due}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_CHANGED: (
            (
                "Ho so {code} co thay doi. De biet chi tiet, soan: {subscription} ma, 4 so cuoi CCCD gui {short_code}. "
                "Ngung nhan tin: soan {withdrawal} gui {short_code}"
            ),
            (
                "{code} co thay doi. Chi tiet: {subscription} ma, 4 so cuoi CCCD gui {short_code}. "
                "Ngung: {withdrawal} gui {short_code}"
            ),
            "{code} co thay doi. Goi {hotline}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.NOTICE_LATE: (
            (
                "Xin loi ban, ho so {code} bi tre hen {due}. Hen moi: {new_due}. Ngung nhan tin: soan {withdrawal} "
                "gui {short_code}"
            ),
            "Xin loi, {code} bi tre hen {due}. Hen moi: {new_due}. Ngung: {withdrawal} gui {short_code}",
            "Xin loi, ho so {code} bi tre hen {due}. Ngung: soan {withdrawal} gui {short_code}",
            "Xin loi, {code} bi tre hen {due}. Ngung: {withdrawal} gui {short_code}",
        ),
        Phrase.SERVICE_OFF: (
            (
                "Dich vu {keyword} dang tam ngung, tin cua ban chua duoc xu ly. Xin gui lai sau. Ban can gap, "
                "xin goi {hotline}."
            ),
            "Dich vu nay dang tam ngung, tin cua ban chua duoc xu ly. Xin gui lai sau hoac goi {hotline}.",
        ),
        Phrase.HELP_PRICE: (
            (
                "Gui tin den {short_code}: {price}, nha mang thu cua so gui tin. Nhan tin: khong mat tien. "
                "Ngung nhan tin bao: soan {withdrawal} gui {short_code}"
            ),
            (
                "Gia {price}, nha mang thu cua so gui. Nhan tin: khong mat tien. Ngung tin bao: {withdrawal} "
                "gui {short_code}"
            ),
            "Gia {price}, nha mang thu cua so gui. Ngung tin bao: {withdrawal} gui {short_code}",
            "Gia {price}, nha mang thu cua so gui tin. Nhan tin: khong mat tien.",
        ),
        Phrase.HELP_PRICE_OF_CARRIER: (
            (
                "Gui tin den {short_code}: theo gia cua nha mang, thu cua so gui tin. Nhan tin: khong mat tien. "
                "Ngung nhan tin bao: soan {withdrawal} gui {short_code}"
            ),
            (
                "Gia theo nha mang, thu cua so gui tin. Nhan tin: khong mat tien. Ngung tin bao: {withdrawal} "
                "gui {short_code}"
            ),
            "Gia theo nha mang, thu cua so gui tin. Nhan tin: khong mat tien.",
        ),
        Phrase.HELP_PRICE_FREE: (
            (
                "Nhan tin voi {short_code} khong mat phi tin nhan, chi ton du lieu mang. "
                "Ngung nhan tin bao: soan {withdrawal}. Ho tro: {hotline}"
            ),
            "Nhan tin voi {short_code} khong mat phi tin nhan, chi ton du lieu mang. Ho tro: {hotline}",
            "Nhan tin khong mat phi tin nhan, chi ton du lieu mang.",
        ),
    }
)
