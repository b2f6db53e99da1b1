"""The Vietnamese sentences of accounts, dossiers, help, misreads and limits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

ACCOUNTS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        # A word follows the password: a full stop would be typed with it.
        Phrase.ACCOUNT_OPENED: (
            (
                "TK: {user_name}, MK: {password} la tai khoan chinh quyen dien tu cua ban. "
                "Hay doi mat khau trong {days} ngay tai {place}. {short_code} khong bao gio hoi mat khau. "
                "Ho tro: {hotline}"
            ),
            (
                "TK: {user_name}, MK: {password} la tai khoan chinh quyen dien tu cua ban. "
                "Hay doi mat khau trong {days} ngay tai {place}. {short_code} khong bao gio hoi mat khau."
            ),
            (
                "TK: {user_name}, MK: {password} la tai khoan chinh quyen dien tu cua ban. "
                "Hay doi mat khau trong {days} ngay tai {place}. Ho tro: {hotline}"
            ),
            (
                "TK: {user_name}, MK: {password} la tai khoan cua ban. "
                "Hay doi mat khau trong {days} ngay tai {place}. Ho tro: {hotline}"
            ),
        ),
        Phrase.ACCOUNT_EXISTS: (
            (
                "Ban da co tai khoan, ten TK: {user_name} (khong mo them, mat khau khong doi). "
                "Quen mat khau, goi {hotline} de duoc cap lai. Cam on!"
            ),
            "Ban da co TK: {user_name}. Quen mat khau, goi {hotline} de duoc cap lai.",
        ),
        Phrase.ACCOUNT_EXPIRED: (
            (
                "Ban da co tai khoan, ten TK: {user_name}, nhung mat khau dau tien da het han. "
                "Goi {hotline} de duoc cap mat khau moi. Cam on!"
            ),
            "Ban da co TK: {user_name}, mat khau dau da het han. Goi {hotline} de duoc cap lai.",
        ),
        Phrase.ACCOUNT_DISABLED: ("Tai khoan {user_name} dang bi khoa. De duoc ho tro, xin goi {hotline}.",),
        Phrase.ACCOUNT_REFUSED: (
            (
                "Chua the mo tai khoan bang tin nhan nay. De duoc ho tro, xin goi {hotline} "
                "hoac den bo phan mot cua, mang theo giay to tuy than."
            ),
            "Chua the mo tai khoan bang tin nhan nay. De duoc ho tro, xin goi {hotline}.",
        ),
        Phrase.ACCOUNTS_CLOSED: (
            (
                "Hien co qua nhieu yeu cau mo tai khoan. Xin gui lai sau mot gio, hoac goi {hotline}, "
                "hoac den bo phan mot cua."
            ),
            "Hien co qua nhieu yeu cau mo tai khoan. Xin gui lai sau mot gio hoac goi {hotline}.",
        ),
        Phrase.ACCOUNT_RELEASED: (
            (
                "Tai khoan {user_name} da ket thuc, mat khau khong con dung duoc. "
                "Neu khong ro vi sao, xin goi {hotline}."
            ),
            "Tai khoan {user_name} da ket thuc. Xin goi {hotline}.",
        ),
        Phrase.PHONE_CHANGED: (
            (
                "So dien thoai cua TK {user_name} vua duoc doi sang so khac. "
                "Neu khong phai ban yeu cau, xin goi ngay {hotline}."
            ),
            "TK {user_name} vua doi so dien thoai. Khong phai ban, goi ngay {hotline}.",
        ),
        Phrase.DOSSIER: ("Ho so {code}: {state}.", "{code}: {state}."),
        Phrase.DATES: ("Ngay nhan {received}, hen tra {due}.", "Nhan {received}, hen {due}."),
        Phrase.DATE_RECEIVED: ("Ngay nhan {received}.", "Nhan {received}."),
        Phrase.DATE_DUE: ("Hen tra {due}.", "Hen {due}."),
        # The ten of the national portal, in its own words but for the eighth.
        Phrase.STATE_1: ("moi dang ky",),
        Phrase.STATE_2: ("duoc tiep nhan",),
        Phrase.STATE_3: ("khong duoc tiep nhan",),
        Phrase.STATE_4: ("dang xu ly",),
        Phrase.STATE_5: ("yeu cau bo sung giay to", "can bo sung giay to"),
        Phrase.STATE_5_WANTED: ("yeu cau bo sung giay to: {wanted}", "can bo sung: {wanted}"),
        Phrase.STATE_6: ("yeu cau thuc hien nghia vu tai chinh", "can nop tien"),
        Phrase.STATE_6_WANTED: ("yeu cau thuc hien nghia vu tai chinh: {wanted}", "can nop: {wanted}"),
        Phrase.STATE_7: ("cong dan yeu cau rut ho so", "cong dan da rut"),
        Phrase.STATE_8: ("da ngung xu ly",),  # not `dung`: without its accents it also reads `do not`
        Phrase.STATE_9: ("da xu ly xong",),
        Phrase.STATE_10: ("da tra ket qua",),
        Phrase.ASK_WANTED: ("Goi {hotline} de biet can nop gi.", "Hoi {hotline}."),
        Phrase.PICK_UP: ("Nhan ket qua tai {pick_up}.", "Lay tai {pick_up}."),
        Phrase.PICK_UP_UNKNOWN: ("Nhan ket qua tai noi nop ho so.", "Lay tai noi nop."),
        Phrase.CUT: ("... (con nua, goi {hotline})", "...(goi {hotline})"),
        Phrase.ADVICE: ("Ho tro: {hotline}",),
        Phrase.ADVICE_PICK_UP: ("Nho mang giay hen va giay to tuy than.",),
        Phrase.NOT_FOUND: ("Khong tim thay ho so {code}.", "{code}: khong tim thay."),
        Phrase.NOT_FOUND_ADVICE: (
            # The same words when a phone has tried too many codes: the dossier may exist, and is not shown.
            "Xin xem lai ma tren giay bien nhan. Gui sai nhieu ma thi hom sau moi tra duoc. Ho tro: {hotline}",
            "Xin xem lai ma. Sai nhieu ma thi doi hom sau. Ho tro: {hotline}",
        ),
        # The same words for a wrong code, a wrong secret, none, and too many tries: they show nobody what exists.
        Phrase.NOT_OPENED: ("Khong tra duoc ho so {code}.", "{code}: khong tra duoc."),
        Phrase.NOT_OPENED_ADVICE: (
            (
                "Soan: {look_up_dossier} ma, 4 so cuoi CCCD (hoac ma tra cuu) gui {short_code}. "
                "Sai nhieu thi doi hom sau. Goi {hotline}"
            ),
            "Soan: {look_up_dossier} ma, 4 so cuoi CCCD gui {short_code}.",
        ),
        Phrase.AMBIGUOUS: ("Ma {code} giong nhieu ho so.", "{code}: giong nhieu ho so."),
        Phrase.AMBIGUOUS_ADVICE: (
            "Xin xem ky so 0 hay chu O, so 1 hay chu I, L va dau cham, gach roi gui lai. Ho tro: {hotline}",
            "Xin xem ky 0/O, 1/I/L, dau cham, gach roi gui lai.",
        ),
        Phrase.CODE_UNSAID: ("(ma ban gui)",),
        Phrase.HELP: (
            "Soan gui {short_code}: {commands}; {topics} (huong dan). Ho tro: {hotline}",
            "Soan gui {short_code}: {commands}; {topics} (huong dan). Goi {hotline}",
            "Soan gui {short_code}: {commands}.",
        ),
        Phrase.LINE_TK: (
            "{register_account}, ho ten, so CCCD, ngay sinh (mo tai khoan)",
            "{register_account} (mo tai khoan)",
        ),
        Phrase.LINE_DVC: ("{look_up_dossier} ma bien nhan (tra ho so)", "{look_up_dossier} (tra ho so)"),
        Phrase.LINE_DVC_CLOSED: (
            "{look_up_dossier} ma bien nhan, 4 so cuoi CCCD (tra ho so)",
            "{look_up_dossier} (tra ho so)",
        ),
        # No whole example: a citizen would send it unchanged and open an account for it.
        Phrase.HELP_TK: (
            (
                "Mo tai khoan, soan: {register_account}, ho ten, so CCCD (hoac CMND), ngay sinh gui {short_code}. "
                "Ngay sinh viet dd/mm/yyyy, vd 20/12/1990. Ho tro: {hotline}"
            ),
            "Mo tai khoan, soan: {register_account}, ho ten, so CCCD, ngay sinh (dd/mm/yyyy) gui {short_code}.",
        ),
        Phrase.HELP_DVC: (
            (
                "Tra ho so, soan: {look_up_dossier} ma bien nhan gui {short_code}. "
                "Vd: {look_up_dossier} 000.00.12.H17-230815-0007. "
                "Toi da 3 ma, cach nhau dau phay. Ho tro: {hotline}"
            ),
            "Tra ho so, soan: {look_up_dossier} ma bien nhan gui {short_code}.",
        ),
        Phrase.HELP_PASSWORD: (
            (
                "Quen mat khau, goi {hotline} de duoc cap lai. Muon doi mat khau, vao {place}. "
                "{short_code} khong bao gio hoi mat khau."
            ),
            "Quen mat khau, goi {hotline} de duoc cap lai. Muon doi mat khau, vao {place}.",
            "Quen hoac muon doi mat khau, goi {hotline}.",
        ),
        Phrase.HELP_DVC_CLOSED: (
            (
                "Tra ho so, soan: {look_up_dossier} ma bien nhan, 4 so cuoi CCCD (hoac ma tra cuu) "
                "gui {short_code}. "
                "Vd: {look_up_dossier} 000.00.12.H17-230815-0007, 1234. Goi {hotline}"
            ),
            "Tra ho so, soan: {look_up_dossier} ma bien nhan, 4 so cuoi CCCD (hoac ma tra cuu) gui {short_code}.",
        ),
        Phrase.SEND: ("Soan: {copy} gui {short_code}",),
        Phrase.COPY_TK: ("{register_account}, {full_name}, {id_number}, {birth_date}",),
        Phrase.COPY_DVC: ("{look_up_dossier} {receipt_code}",),
        Phrase.COPY_DVC_CLOSED: ("{look_up_dossier} {receipt_code}, 4 so cuoi CCCD",),
        Phrase.BLANK_FULL_NAME: ("ho ten",),
        Phrase.BLANK_QUOTED_NAME: ('"ho ten"',),
        Phrase.BLANK_ID_NUMBER: ("so CCCD",),
        Phrase.BLANK_BIRTH_DATE: ("dd/mm/yyyy",),
        Phrase.BLANK_RECEIPT_CODE: ("ma bien nhan",),
        Phrase.FIELD_FULL_NAME: ("ho ten",),
        Phrase.FIELD_ID_NUMBER: ("so CCCD/CMND",),
        Phrase.FIELD_BIRTH_DATE: ("ngay sinh",),
        Phrase.FIELD_RECEIPT_CODE: ("ma bien nhan",),
        Phrase.AND: ("va",),
        Phrase.WRONG_FULL_NAME: (
            "Ho ten thieu hoac chua dung, can ca ho va ten, chi gom chu.",
            "Ho ten chua dung.",
        ),
        Phrase.ONE_WORD_NAME: ("Ho ten chua du, can ca ho va ten.",),
        Phrase.TWO_NAMES: (
            "Chua ro phan nao la ho ten. Hay viet ho ten trong ngoac kep.",
            "Chua ro phan nao la ho ten.",
        ),
        Phrase.TWO_SPELLINGS: (
            "Trong ho ten la {typed} hay {meant}? Neu la {typed}, hay viet ca ho ten trong ngoac kep.",
            "Trong ho ten la {typed} hay {meant}?",
        ),
        Phrase.LOST_LETTERS: ("Ho ten bi loi chu, hay viet ho ten khong dau.", "Ho ten bi loi chu."),
        Phrase.WRONG_ID_NUMBER: (
            "So {wrong} khong dung, CCCD co 12 chu so, CMND co 9 chu so.",
            "So CCCD/CMND thieu hoac chua dung (12 hoac 9 chu so).",
            "So CCCD/CMND chua dung.",
        ),
        Phrase.ID_IS_PHONE: (
            "Day la so dien thoai, can so CCCD (12 so) hoac CMND (9 so).",
            "Can so CCCD/CMND, khong phai so dien thoai.",
        ),
        Phrase.ID_LOST_ZERO: (
            "So {wrong} thieu chu so, co the thieu so 0 o dau, xin kiem tra.",
            "So CCCD/CMND co the thieu so 0 o dau.",
        ),
        Phrase.ID_IS_PASSPORT: (
            "{wrong} la so ho chieu, chua dung duoc. Can so CCCD (12 so) hoac CMND (9 so).",
            "So ho chieu chua dung duoc. Can so CCCD/CMND.",
        ),
        Phrase.TWO_ID_NUMBERS: (
            "Tin nhan co hai so giay to khac nhau, chi gui mot so.",
            "Hai so giay to khac nhau, chi gui mot so.",
        ),
        Phrase.WRONG_BIRTH_DATE: (
            "Ngay sinh {wrong} chua dung, viet ngay/thang/nam.",
            "Ngay sinh thieu hoac chua dung, viet ngay/thang/nam.",
            "Ngay sinh chua dung.",
        ),
        Phrase.DATE_IMPOSSIBLE: ("Ngay sinh {wrong} khong co.", "Ngay sinh nay khong co."),
        Phrase.DATE_MONTH_FIRST: (
            "Ngay sinh {wrong}: viet ngay truoc, thang sau, xin kiem tra.",
            "Ngay sinh viet ngay truoc, thang sau.",
        ),
        Phrase.DATE_FUTURE: ("Ngay sinh {wrong} chua toi.", "Ngay sinh nay chua toi."),
        Phrase.DATE_TOO_OLD: ("Ngay sinh {wrong} cach nay hon 120 nam.", "Ngay sinh cach nay hon 120 nam."),
        Phrase.DATE_IN_WORDS: ("Ngay sinh xin viet bang so, vd 20/12/1990.", "Ngay sinh xin viet bang so."),
        Phrase.TWO_BIRTH_DATES: ("Tin nhan co hai ngay, chi gui ngay sinh.",),
        Phrase.ID_BIRTH_MISMATCH: (
            "So CCCD va ngay sinh khong khop nam sinh, xin xem lai ca hai.",
            "So CCCD va ngay sinh khong khop.",
        ),
        Phrase.MISSING: ("Thieu {fields}.",),
        Phrase.ALSO: ("Xem lai ca {fields}.",),
        Phrase.TOO_MANY_PEOPLE: ("Moi tin nhan chi mo tai khoan cho mot nguoi.",),
        Phrase.WRONG_RECEIPT_CODE: (
            "{wrong} khong phai ma bien nhan. Xin xem ma tren giay bien nhan.",
            "Chua co ma bien nhan. Xin xem ma tren giay bien nhan.",
        ),
        Phrase.CODE_IS_CARD: (
            "Day la so CCCD, khong phai ma bien nhan. Xin xem ma tren giay bien nhan.",
            "So CCCD khong phai ma bien nhan.",
        ),
        Phrase.CODE_IS_PHONE: (
            "Day la so dien thoai, khong phai ma bien nhan. Xin xem ma tren giay bien nhan.",
            "So dien thoai khong phai ma bien nhan.",
        ),
        Phrase.TOO_MANY_CODES: ("Moi tin nhan tra toi da 3 ma bien nhan.",),
        Phrase.MEANT_TK: ("Chua ro lenh. Co phai ban muon mo tai khoan?",),
        Phrase.MEANT_DVC: ("Chua ro lenh. Co phai ban muon tra ho so?",),
        Phrase.TWO_COMMANDS: ("Tin co hai viec, xin gui rieng tung viec.",),
        Phrase.UNKNOWN: ("Chua hieu tin nhan.",),
        Phrase.EMPTY: ("Tin nhan trong.",),
        Phrase.TOO_LONG: ("Tin nhan qua dai.",),
        Phrase.INCOMPLETE: (
            "Tin nhan cua ban den thieu mot phan, xin gui lai ca tin that ngan.",
            "Tin den thieu mot phan, xin gui lai ca tin.",
        ),
        Phrase.APOLOGY: (
            (
                "Xin loi, he thong dang gap loi va chua xu ly duoc tin nhan cua ban. Can bo se kiem tra. "
                "Can gap, xin goi {hotline}."
            ),
        ),
        Phrase.HOUR_LIMIT: (
            (
                "Ban da gui nhieu tin trong mot gio. Xin doi mot gio roi gui lai, tin gui truoc luc do se khong "
                "duoc tra loi. Can gap, xin goi {hotline}."
            ),
        ),
        Phrase.DAY_LIMIT: (
            (
                "Ban da gui nhieu tin trong ngay. Xin gui lai vao ngay mai, tin gui truoc luc do se khong duoc "
                "tra loi. Can gap, xin goi {hotline}."
            ),
        ),
        Phrase.PHONE_NEEDED: (
            (
                "Dich vu nay can so dien thoai cua ban. Xin gui lai bang tin nhan SMS den {short_code}. "
                "Ho tro: {hotline}"
            ),
            "Xin gui lai bang tin nhan SMS den {short_code}.",
        ),
        Phrase.WORDS_NEEDED: (
            (
                "He thong chi doc duoc chu, khong xem duoc hinh anh, nhan dan hay tep. Xin viet dieu ban can bang chu. "
                "Ho tro: {hotline}"
            ),
            "Xin viet dieu ban can bang chu.",
        ),
        Phrase.REST: (
            (
                "So cua ban gui nhieu tin qua nhanh nen tam ngung duoc tra loi, tin nay chua duoc xu ly. "
                "Xin goi {hotline}, hoac gui lai sau vai gio."
            ),
        ),
    }
)
