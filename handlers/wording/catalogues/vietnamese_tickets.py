"""The Vietnamese sentences about tickets: filed, shown, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

# Words that read two ways without accents are not used: `dung` (right, stop, do not), `ban` for busy, `nhan` for text.
TICKETS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.QUESTION_OPENED: (
            (
                "Da nhan cau hoi, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Xem: {ticket_status} gui "
                "{short_code}. Bo sung: {how_to_reply}. Ho tro: {hotline}"
            ),
            (
                "Da nhan cau hoi, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Bo sung: {how_to_reply}. Ho "
                "tro: {hotline}"
            ),
            "Da nhan cau hoi, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Ho tro: {hotline}",
            "Da nhan cau hoi, so {number}. Tra loi truoc {due_time}. Ho tro: {hotline}",
        ),
        Phrase.REPORT_OPENED: (
            (
                "Da nhan phan anh, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Xem: {ticket_status} gui "
                "{short_code}. Bo sung: {how_to_reply}. Ho tro: {hotline}"
            ),
            (
                "Da nhan phan anh, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Bo sung: {how_to_reply}. Ho "
                "tro: {hotline}"
            ),
            "Da nhan phan anh, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Ho tro: {hotline}",
            "Da nhan phan anh, so {number}. Tra loi truoc {due_time}. Ho tro: {hotline}",
        ),
        Phrase.PROPOSAL_OPENED: (
            (
                "Da nhan kien nghi, so {number}, tra loi truoc {due_time}. Luu y: khieu nai, to cao theo luat phai "
                "gui don hoac den truc tiep co quan. Hoi: {hotline}"
            ),
            (
                "Da nhan kien nghi, so {number}. Luu y: khieu nai, to cao theo luat phai gui don hoac den truc tiep "
                "co quan. Hoi cach gui: {hotline}"
            ),
            "Da nhan kien nghi, so {number}. Khieu nai, to cao theo luat phai gui don hoac den truc tiep co quan.",
        ),
        Phrase.SUGGESTION_OPENED: (
            (
                "Da nhan gop y, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Xem: {ticket_status} gui "
                "{short_code}. Bo sung: {how_to_reply}. Ho tro: {hotline}"
            ),
            (
                "Da nhan gop y, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Bo sung: {how_to_reply}. Ho "
                "tro: {hotline}"
            ),
            "Da nhan gop y, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Ho tro: {hotline}",
            "Da nhan gop y, so {number}. Tra loi truoc {due_time}. Ho tro: {hotline}",
        ),
        Phrase.CALLER_OPENED: (
            (
                "Can bo da ghi yeu cau cua ban, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Bo sung: "
                "{how_to_reply}. Ho tro: {hotline}"
            ),
            "Can bo da ghi yeu cau cua ban, so {number}, chuyen {unit}. Tra loi truoc {due_time}. Ho tro: {hotline}",
            "Can bo da ghi yeu cau cua ban, so {number}. Tra loi truoc {due_time}. Ho tro: {hotline}",
        ),
        Phrase.ACCUSATION_OPENED: (
            (
                "Da nhan, so {number}. Noi dung duoc giu kin. To cao theo luat phai gui don hoac den truc tiep co "
                "quan. Hoi cach gui: {hotline}"
            ),
            "Da nhan, so {number}, duoc giu kin. To cao theo luat phai gui don hoac den truc tiep co quan.",
        ),
        Phrase.OUT_OF_HOURS: (
            (
                "Da nhan, so {number}. Hien ngoai gio lam viec, can bo se tra loi truoc {due_time}. Can gap goi "
                "{hotline}. Xem: {ticket_status} gui {short_code}"
            ),
            "Da nhan, so {number}. Hien ngoai gio lam viec, can bo se tra loi truoc {due_time}. Can gap goi {hotline}",
        ),
        Phrase.OVERLOADED: (
            (
                "Da nhan tin cua ban, so {number}. Nhieu nguoi dang hoi, truoc ban con {ahead} viec, du kien tra loi "
                "truoc {due_time}. Can gap goi {hotline}"
            ),
            (
                "Da nhan tin cua ban, so {number}. Nhieu nguoi dang hoi, du kien tra loi truoc {due_time}. Can gap "
                "goi {hotline}"
            ),
        ),
        Phrase.WARD_WANTED: (
            (
                "Da nhan phan anh, so {number}. Viec xay ra o phuong nao, duong nao? Xin {how_to_reply}. Xem: "
                "{ticket_status} gui {short_code}"
            ),
            "Da nhan phan anh, so {number}. Viec xay ra o phuong nao, duong nao? Xin {how_to_reply}.",
        ),
        Phrase.URGENT_CALLED: (
            (
                "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113, 114, 115. Tin {number} da bao truc "
                "ban {unit}."
            ),
            "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113, 114, 115. Tin {number} da bao truc ban.",
        ),
        Phrase.URGENT_FILED: (
            "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113, 114, 115. Tin {number} da chuyen {unit}.",
            "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113, 114, 115. Tin {number} da chuyen.",
        ),
        Phrase.URGENT_OFF: (
            (
                "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113 (cong an), 114 (chay), 115 (cap cuu). "
                "Viec khac goi {hotline}"
            ),
        ),
        Phrase.REPEATED: (
            (
                "Viec nay da co so {number}, tin moi da ghi them. Neu la viec khac, soan: {question} MOI noi dung "
                "gui {short_code}. Xem: {ticket_status} gui {short_code}"
            ),
            (
                "Viec nay da co so {number}, tin moi da ghi them. Neu la viec khac, soan: {question} MOI noi dung "
                "gui {short_code}"
            ),
            "Viec nay da co so {number}, tin moi da ghi them. Neu la viec khac, goi {hotline}",
        ),
        Phrase.DAY_FULL: (
            (
                "Hom nay ban da gui {count} yeu cau. Tin nay van duoc giu de can bo xem, chua co so rieng. Can gap "
                "goi {hotline}. Xem: {ticket_status} gui {short_code}"
            ),
            (
                "Hom nay ban da gui {count} yeu cau. Tin nay van duoc giu de can bo xem, chua co so rieng. Can gap "
                "goi {hotline}"
            ),
            "Hom nay ban da gui nhieu yeu cau. Tin nay van duoc giu de can bo xem. Can gap goi {hotline}",
        ),
        Phrase.TICKET_STATUS: (
            (
                "{number} ({subject}): {state} tai {unit}, hen tra loi {due_time}. Bo sung: {how_to_reply}. Ho tro: "
                "{hotline}"
            ),
            "{number} ({subject}): {state} tai {unit}, hen tra loi {due_time}. Ho tro: {hotline}",
            "{number}: {state} tai {unit}, hen tra loi {due_time}. Ho tro: {hotline}",
            "{number}: {state} tai {unit}. Ho tro: {hotline}",
            "{number}: {state}, hen tra loi {due_time}. Ho tro: {hotline}",
            "{number}: {state}. Ho tro: {hotline}",
        ),
        Phrase.TICKET_THIRD: (
            "{number} ({subject}): {unit} dang cho co quan khac ({reason}), hen tra loi {due_time}. Ho tro: {hotline}",
            "{number}: {unit} dang cho co quan khac ({reason}), hen tra loi {due_time}. Ho tro: {hotline}",
            "{number}: dang cho co quan khac ({reason}), hen tra loi {due_time}. Ho tro: {hotline}",
            "{number}: dang cho co quan khac ({reason}). Ho tro: {hotline}",
            "{number}: dang cho co quan khac, hen {due_time}. Ho tro: {hotline}",
            "{number}: dang cho co quan khac. Ho tro: {hotline}",
        ),
        Phrase.TICKET_LATE: (
            "{number} ({subject}): {state} tai {unit}, da qua han hen. Bo sung: {how_to_reply}. Can gap goi {hotline}",
            "{number} ({subject}): {state} tai {unit}, da qua han hen. Can gap goi {hotline}",
            "{number}: {state} tai {unit}, da qua han hen. Can gap goi {hotline}",
            "{number}: {state}, da qua han hen. Can gap goi {hotline}",
        ),
        Phrase.TICKET_THIRD_LATE: (
            "{number} ({subject}): {unit} dang cho co quan khac ({reason}), da qua han hen. Can gap goi {hotline}",
            "{number}: {unit} dang cho co quan khac ({reason}), da qua han hen. Can gap goi {hotline}",
            "{number}: dang cho co quan khac ({reason}), da qua han hen. Can gap goi {hotline}",
            "{number}: dang cho co quan khac, da qua han hen. Can gap goi {hotline}",
        ),
        Phrase.PENDING: (
            "{number}: can bo can ban bo sung: {asked}. Xin {how_to_reply} truoc {day}. Chua ro goi {hotline}",
            "{number}: can bo can ban bo sung: {asked}. Xin {how_to_reply} truoc {day}.",
            "{number}: can bo can ban bo sung. Xin {how_to_reply} truoc {day}. Goi {hotline}",
            "{number}: can bo can ban bo sung. Xin {how_to_reply}. Goi {hotline}",
        ),
        Phrase.RESOLVED: (
            "{number}: da tra loi ngay {day}. Chua xong: {how_to_reply} truoc {last_day}. Danh gia: {how_to_rate}.",
            "{number}: da tra loi ngay {day}. Chua xong: {how_to_reply} truoc {last_day}.",
            "{number}: da tra loi. Chua xong: {how_to_reply}. Ho tro: {hotline}",
        ),
        Phrase.TICKET_CLOSED: (
            (
                "{number} ({subject}): da dong ({why}). Muon mo lai, soan: {reply} {number} noi dung gui "
                "{short_code}. Ho tro: {hotline}"
            ),
            (
                "{number}: da dong ({why}). Muon mo lai, soan: {reply} {number} noi dung gui {short_code}. Ho tro: "
                "{hotline}"
            ),
            "{number} ({subject}): da dong ({why}). Ho tro: {hotline}",
            "{number}: da dong ({why}). Ho tro: {hotline}",
            "{number}: da dong. Ho tro: {hotline}",
        ),
        Phrase.TICKET_LIST: (
            "Yeu cau cua ban: {tickets}. Chi tiet, soan: {ticket_status} so yeu cau",
            "Yeu cau cua ban: {tickets}. Ho tro: {hotline}",
            "Yeu cau cua ban: {tickets}.",
            "{tickets}.",
        ),
        Phrase.TICKET_LIST_MORE: (
            "Yeu cau cua ban: {tickets}; va {more} yeu cau khac. Chi tiet, soan: {ticket_status} so yeu cau",
            "Yeu cau cua ban: {tickets}; va {more} yeu cau khac. Ho tro: {hotline}",
            "{tickets}; va {more} yeu cau khac.",
            "{tickets}; va yeu cau khac.",
        ),
        Phrase.NO_TICKETS: (
            (
                "Chua co yeu cau nao gui tu so dien thoai nay. Muon hoi can bo, soan: {question} noi dung gui "
                "{short_code}. Ho tro: {hotline}"
            ),
            "Chua co yeu cau nao gui tu so dien thoai nay. Ho tro: {hotline}",
        ),
        Phrase.NOT_YOURS: (
            (
                "Khong thay yeu cau {number} gui tu so dien thoai nay. Soan {ticket_status} gui {short_code} de xem "
                "cac yeu cau cua ban. Ho tro: {hotline}"
            ),
            "Khong thay yeu cau {number} gui tu so dien thoai nay. Ho tro: {hotline}",
        ),
        Phrase.WRONG_NUMBER: (
            (
                "So yeu cau {number} viet sai. Soan {ticket_status} gui {short_code} de xem cac yeu cau cua ban. Ho "
                "tro: {hotline}"
            ),
            "So yeu cau {number} viet sai. Ho tro: {hotline}",
        ),
        Phrase.WHICH_NUMBER: (
            "Khong co yeu cau {number}. Co phai {numbers}? Xin gui lai tin voi so yeu cau chinh xac. Ho tro: {hotline}",
            "Khong co yeu cau {number}. Co phai {numbers}? Xin gui lai tin voi so yeu cau chinh xac.",
        ),
        Phrase.FILED: (
            "Da ghi them vao {number}. Neu la viec khac, soan: {question} noi dung gui {short_code}",
            "Da ghi them vao {number}. Neu la viec khac, goi {hotline}",
        ),
        Phrase.FILED_LOOK_UP: (
            (
                "Da ghi them vao {number}. Tra ho so, soan: {look_up_dossier} ma gui {short_code}. Viec khac, soan: "
                "{question} noi dung gui {short_code}"
            ),
            "Da ghi them vao {number}. Tra ho so, soan: {look_up_dossier} ma gui {short_code}.",
            "Da ghi them vao {number}. Neu la viec khac, goi {hotline}",
        ),
        Phrase.REOPENED: (
            (
                "Da mo lai {number} va ghi tin cua ban. {unit} tra loi truoc {due_time}. Viec khac, soan: {question} "
                "noi dung. Ho tro: {hotline}"
            ),
            "Da mo lai {number} va ghi tin cua ban. {unit} tra loi truoc {due_time}. Ho tro: {hotline}",
            "Da mo lai {number} va ghi tin cua ban. Tra loi truoc {due_time}. Ho tro: {hotline}",
        ),
        Phrase.WITHDRAWN: (
            (
                "Da huy yeu cau {number} theo y ban. Muon mo lai, soan: {reply} {number} noi dung gui {short_code}. "
                "Ho tro: {hotline}"
            ),
            "Da huy yeu cau {number} theo y ban. Ho tro: {hotline}",
        ),
        Phrase.WITHDRAWN_BEFORE: (
            "{number} da dong tu truoc, khong co gi thay doi. Xem: {ticket_status} gui {short_code}. Ho tro: {hotline}",
            "{number} da dong tu truoc, khong co gi thay doi. Ho tro: {hotline}",
        ),
        Phrase.DONE_CLOSED: (
            (
                "Da dong {number} vi ban bao da xong. Muon mo lai, soan: {reply} {number} noi dung gui {short_code}. "
                "Ho tro: {hotline}"
            ),
            "Da dong {number} vi ban bao da xong. Ho tro: {hotline}",
        ),
        Phrase.WITHDRAW_SLIP: (
            (
                "Khong co yeu cau {number}. Neu la {near}, soan: {withdrawal} {near} gui {short_code}. Chua huy yeu "
                "cau nao. Ho tro: {hotline}"
            ),
            "Khong co yeu cau {number}. Neu la {near}, soan: {withdrawal} {near}. Chua huy yeu cau nao.",
        ),
        Phrase.WITHDRAW_WANTED: (
            (
                "Chua huy yeu cau nao. Muon huy, soan: {withdrawal} so yeu cau gui {short_code}. Xem so yeu cau: "
                "{ticket_status} gui {short_code}. Ho tro: {hotline}"
            ),
            "Chua huy yeu cau nao. Muon huy, soan: {withdrawal} so yeu cau gui {short_code}. Ho tro: {hotline}",
        ),
    }
)
