"""The Vietnamese sentences of agents' answers, notices, duty and help, and the words inside sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

NOTICES: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.AGENT_ANSWER: ("{number}: {words}",),
        Phrase.RESOLVED_TAIL: (
            "Chua xong: {how_to_reply}. Danh gia: {how_to_rate}.",
            "Chua xong: {how_to_reply}.",
        ),
        Phrase.PENDING_TAIL: ("Xin {how_to_reply} truoc {day}.", "Xin {how_to_reply}."),
        Phrase.REMINDER: (
            (
                "{number} dang cho ban bo sung: {asked}. Xin {how_to_reply} truoc {day}; qua ngay do, yeu cau se "
                "dong. Ho tro: {hotline}"
            ),
            "{number} dang cho ban bo sung: {asked}. Xin {how_to_reply} truoc {day}; qua ngay do, yeu cau se dong.",
            (
                "{number} dang cho ban bo sung. Xin {how_to_reply} truoc {day}; qua ngay do, yeu cau se dong. Ho "
                "tro: {hotline}"
            ),
            "{number} dang cho ban bo sung. Xin {how_to_reply} truoc {day}; qua ngay do, yeu cau se dong.",
        ),
        Phrase.LATE: (
            "{number}: xin loi, chua xong trong han. Viec dang o {unit}, hen moi {day}. Khong can tra loi tin nay.",
            "{number}: xin loi, chua xong trong han, hen moi {day}. Khong can tra loi tin nay.",
        ),
        Phrase.NO_REPLY: (
            (
                "{number} da dong vi chua co tra loi cua ban. Muon mo lai, soan: {reply} {number} noi dung gui "
                "{short_code}. Ho tro: {hotline}"
            ),
            "{number} da dong vi chua co tra loi cua ban. Muon mo lai, goi {hotline}",
        ),
        Phrase.UNMERGED: (
            (
                "{number} lai la yeu cau rieng, khong gop vao {other} nua. Bo sung, soan: {reply} {number} noi "
                "dung gui {short_code}"
            ),
            "{number} lai la yeu cau rieng, khong gop vao {other} nua.",
        ),
        Phrase.MERGED: (
            (
                "{number} da gop vao {other} vi cung mot viec. Tin sau se ghi vao {other}. Xem: {ticket_status} gui "
                "{short_code}"
            ),
            "{number} da gop vao {other} vi cung mot viec. Tin sau se ghi vao {other}.",
        ),
        Phrase.NOT_OURS: (
            "{number}: viec nay khong thuoc {unit}. Xin lien he {where}. Yeu cau da dong. Ho tro: {hotline}",
            "{number}: viec nay khong thuoc {unit}. Xin lien he {where}. Ho tro: {hotline}",
            "{number}: xin lien he {where}. Ho tro: {hotline}",
            "{number}: da dong. Xin goi {hotline}",
        ),
        Phrase.DUTY_CALL: (
            "KHAN {number}, {ward}: {words}. Da biet, soan: {acknowledge} {number} gui {short_code}",
            "KHAN {number}: {words}. Da biet, soan: {acknowledge} {number} gui {short_code}",
            "KHAN {number}, {ward}. Da biet, soan: {acknowledge} {number} gui {short_code}",
            "KHAN {number}. Da biet, soan: {acknowledge} {number}",
            "KHAN {number}. Goi {hotline}",
        ),
        Phrase.DUTY_NEXT: (
            "KHAN {number}, {minutes} phut chua ai xu ly, {ward}: {words}. Da biet, soan: {acknowledge} {number}",
            "KHAN {number}, chua ai xu ly, {ward}: {words}. Da biet, soan: {acknowledge} {number}",
            "KHAN {number}, chua ai xu ly: {words}. Da biet, soan: {acknowledge} {number}",
            "KHAN {number}, chua ai xu ly. Da biet, soan: {acknowledge} {number}",
            "KHAN {number}, chua ai xu ly. Goi {hotline}",
        ),
        Phrase.DUTY_ACKNOWLEDGED: (
            "Da ghi: ban xu ly {number}. Xin nhan viec tren trang truoc {time}; qua gio do se bao nguoi tiep theo.",
            "Da ghi: ban xu ly {number}. Xin nhan viec tren trang.",
        ),
        Phrase.NOTE_FILED: (
            "Da ghi chu noi bo vao {number}. Cong dan khong thay tin nay. Ho tro: {hotline}",
            "Da ghi chu noi bo vao {number}. Cong dan khong thay tin nay.",
        ),
        Phrase.SHORT_HELP: (
            (
                "Chua ro ban can gi. Soan gui {short_code}: {question} noi dung (hoi can bo), {report} noi dung "
                "(phan anh), {ticket_status} (xem yeu cau), {help} (huong dan). Goi {hotline}"
            ),
            (
                "Chua ro ban can gi. Soan gui {short_code}: {question} noi dung (hoi can bo), {ticket_status} (xem "
                "yeu cau), {help} (huong dan). Goi {hotline}"
            ),
            (
                "Chua ro ban can gi. Soan gui {short_code}: {question} noi dung (hoi can bo), {help} (huong dan). "
                "Goi {hotline}"
            ),
            "Chua ro ban can gi. Soan {help} gui {short_code} de xem huong dan. Ho tro: {hotline}",
        ),
        Phrase.CONVERSATION_OFF: (
            (
                "Hien tam ngung nhan cau hoi va phan anh bang tin nhan. Xin goi {hotline} hoac den bo phan mot cua. "
                "Yeu cau da gui van duoc xu ly."
            ),
            "Hien tam ngung nhan cau hoi va phan anh bang tin nhan. Xin goi {hotline}",
        ),
        Phrase.STOPPED: (
            "Da ngung gui thong bao den so dien thoai nay. Yeu cau da gui van duoc tra loi. Ho tro: {hotline}",
            "Da ngung gui thong bao den so dien thoai nay.",
        ),
        Phrase.NOTHING_TO_STOP: (
            (
                "So dien thoai nay khong co dang ky nhan thong bao. Muon huy mot yeu cau, soan: {withdrawal} so yeu "
                "cau gui {short_code}. Ho tro: {hotline}"
            ),
            "So dien thoai nay khong co dang ky nhan thong bao. Ho tro: {hotline}",
        ),
        Phrase.PRIVACY: (
            (
                "{short_code} luu {stored} de phuc vu ban. Thoi han luu, xem, sua, xoa: mang CCCD den bo phan mot "
                "cua, goi {hotline}"
            ),
            "{short_code} luu {stored}. Thoi han luu, xem, sua, xoa: den bo phan mot cua, goi {hotline}",
        ),
        Phrase.LANGUAGE_CHOSEN: (
            (
                "Tu nay {short_code} tra loi ve yeu cau cua ban bang tieng Viet. Muon doi, soan: {other_language} gui "
                "{short_code}"
            ),
            "Tu nay {short_code} tra loi ve yeu cau cua ban bang tieng Viet.",
        ),
        Phrase.CONTACT: (
            "{unit}: {phone}, {address}. Lam viec {hours}. {now}. Tong dai {hotline}",
            "{unit}: {phone}, {address}. Lam viec {hours}. Tong dai {hotline}",
            "{unit}: {phone}, {address}. {now}. Tong dai {hotline}",
            "{unit}: {phone}, {address}. Tong dai {hotline}",
            "{unit}: {phone}. Lam viec {hours}. Tong dai {hotline}",
            "{unit}, {address}. Tong dai {hotline}",
            "{unit}: {phone}. {now}. Tong dai {hotline}",
            "{unit}: {phone}. Tong dai {hotline}",
            "{unit}: tong dai {hotline}",
        ),
        Phrase.CONTACT_UNKNOWN: (
            "Khong thay don vi {asked}. Soan: {contacts} ten don vi hoac phuong gui {short_code}. Tong dai {hotline}",
            "Chua ro don vi nao. Soan: {contacts} ten don vi hoac phuong gui {short_code}. Tong dai {hotline}",
            "Chua ro don vi nao. Tong dai {hotline}",
        ),
        Phrase.HELP_QUESTION: (
            (
                "Hoi can bo, soan: {question} noi dung gui {short_code}. Ban se co so yeu cau, thoi han va cau tra "
                "loi bang tin nhan. Ho tro: {hotline}"
            ),
            "Hoi can bo, soan: {question} noi dung gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_REPORT: (
            (
                "Phan anh viec o gan ban (den hong, rac, ngap nuoc), soan: {report} noi dung, so nha, duong, phuong "
                "gui {short_code}. Ho tro: {hotline}"
            ),
            "Phan anh viec o gan ban, soan: {report} noi dung, duong, phuong gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_PROPOSAL: (
            (
                "Gui kien nghi, soan: {proposal} noi dung gui {short_code}. Khieu nai, to cao theo luat phai gui don "
                "hoac den truc tiep co quan. Ho tro: {hotline}"
            ),
            (
                "Gui kien nghi, soan: {proposal} noi dung gui {short_code}. Khieu nai, to cao phai gui don hoac den "
                "truc tiep co quan."
            ),
        ),
        Phrase.HELP_SUGGESTION: (
            "Gop y, hien ke cho thanh pho, soan: {suggestion} noi dung gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_URGENT: (
            (
                "Nguy hiem tinh mang: goi ngay 113, 114, 115. Viec gap khac, soan: {urgent} noi dung, noi xay ra gui "
                "{short_code}. Ho tro: {hotline}"
            ),
            "Nguy hiem tinh mang: goi ngay 113, 114, 115. Viec gap khac, soan: {urgent} noi dung gui {short_code}.",
        ),
        Phrase.HELP_TICKET_STATUS: (
            (
                "Xem cac yeu cau cua ban, soan: {ticket_status} gui {short_code}. Xem mot yeu cau, soan: "
                "{ticket_status} so yeu cau. Ho tro: {hotline}"
            ),
            "Xem cac yeu cau cua ban, soan: {ticket_status} gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_REPLY: (
            "Ghi them vao mot yeu cau, soan: {reply} so yeu cau, noi dung gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_RATING: (
            (
                "Danh gia yeu cau da tra loi, soan: {rating} so tu 1 (kem) den 5 (rat tot) gui {short_code}. Ho tro: "
                "{hotline}"
            ),
            "Danh gia, soan: {rating} so tu 1 (kem) den 5 (rat tot) gui {short_code}.",
        ),
        Phrase.HELP_CONTACTS: (
            (
                "Xem dien thoai, dia chi, gio lam viec, soan: {contacts} ten don vi hoac phuong gui {short_code}. Ho "
                "tro: {hotline}"
            ),
            "Xem dien thoai don vi, soan: {contacts} ten don vi gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_WITHDRAWAL: (
            (
                "Huy mot yeu cau, soan: {withdrawal} so yeu cau gui {short_code}. Thoi nhan thong bao, soan: "
                "{withdrawal} gui {short_code}. Ho tro: {hotline}"
            ),
            "Huy mot yeu cau, soan: {withdrawal} so yeu cau gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_PRIVACY: (
            (
                "Xem {short_code} luu thong tin gi cua ban, de lam gi, bao lau, soan: {privacy} gui {short_code}. Ho "
                "tro: {hotline}"
            ),
            "Xem thong tin duoc luu, soan: {privacy} gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.HELP_LANGUAGE: (
            "Doi ngon ngu cua tin tra loi, soan: {other_language} gui {short_code}. Ho tro: {hotline}",
            "Doi ngon ngu: goi {hotline} ({short_code}).",
        ),
        Phrase.HELP_ACKNOWLEDGE: (
            "Nguoi truc bao da biet tin khan, soan: {acknowledge} so yeu cau gui {short_code}. Ho tro: {hotline}",
        ),
        Phrase.LINE_QUESTION: ("{question} noi dung (hoi can bo)", "{question} (hoi)"),
        Phrase.LINE_REPORT: ("{report} noi dung (phan anh)", "{report} (phan anh)"),
        Phrase.LINE_PROPOSAL: ("{proposal} noi dung (kien nghi)", "{proposal} (kien nghi)"),
        Phrase.LINE_SUGGESTION: ("{suggestion} noi dung (gop y)", "{suggestion} (gop y)"),
        Phrase.LINE_URGENT: ("{urgent} noi dung (khan cap)", "{urgent} (khan cap)"),
        Phrase.LINE_TICKET_STATUS: ("{ticket_status} (xem yeu cau)",),
        Phrase.LINE_CONTACTS: ("{contacts} ten don vi (lien he)", "{contacts} (lien he)"),
        Phrase.HOW_TO_REPLY: ("tra loi tin nay",),
        Phrase.HOW_TO_REPLY_KEYED: ("soan {reply} {number} noi dung",),
        Phrase.HOW_TO_CALL: ("goi {hotline}",),
        Phrase.HOW_TO_RATE: ("soan so tu 1 (kem) den 5 (rat tot)", "soan 1 den 5"),
        Phrase.HOW_TO_RATE_KEYED: ("soan {rating} so tu 1 (kem) den 5 (rat tot)", "soan {rating} so 1 den 5"),
        Phrase.TICKET_NEW: ("cho xu ly",),
        Phrase.TICKET_OPEN: ("dang xu ly",),
        Phrase.TICKET_PENDING_CITIZEN: ("cho ban bo sung",),
        Phrase.TICKET_PENDING_THIRD: ("cho co quan khac",),
        Phrase.TICKET_RESOLVED: ("da tra loi",),
        Phrase.TICKET_ENDED: ("da dong",),
        Phrase.CLOSED_ANSWERED: ("da tra loi",),
        Phrase.CLOSED_NO_REPLY: ("chua co tra loi cua ban",),
        Phrase.CLOSED_WITHDRAWN: ("ban da huy",),
        Phrase.CLOSED_NOT_OURS: ("thuoc noi khac",),
        Phrase.LINE_TICKET: ("{number} {state}, hen {day}", "{number} {state}"),
        Phrase.LINE_TICKET_LATE: ("{number} {state}, da qua han", "{number} {state}"),
        Phrase.CHOICE_TICKET: ("{digit}: {number} {subject}", "{digit}: {number}"),
        Phrase.CHOICE_NEW: ("{digit}: viec moi",),
        Phrase.OR: ("hoac",),
        Phrase.OPEN_NOW: ("Dang mo cua",),
        Phrase.SHUT_NOW: ("Dang nghi, mo lai {opens}", "Dang nghi"),
        Phrase.STORED_TEXTS: ("so may, noi dung tin",),
        Phrase.STORED_TICKETS: ("yeu cau",),
        Phrase.STORED_ACCOUNTS: ("thong tin tai khoan (neu co)", "tai khoan (neu co)"),
        Phrase.MOMENT: ("{time} {weekday} {day}", "{time} {day}"),
        Phrase.DAY: ("{day_number}/{month_number}",),
        Phrase.TIME: ("{hour}h{minute}",),
        Phrase.WEEKDAYS: ("{first} den {last}",),
        Phrase.MONDAY: ("thu hai",),
        Phrase.TUESDAY: ("thu ba",),
        Phrase.WEDNESDAY: ("thu tu",),
        Phrase.THURSDAY: ("thu nam",),
        Phrase.FRIDAY: ("thu sau",),
        Phrase.SATURDAY: ("thu bay",),
        Phrase.SUNDAY: ("chu nhat",),
    }
)
