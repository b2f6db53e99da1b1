"""The Vietnamese sentences that ask: which ticket, whether to send it, what is meant, how it was."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

ASKS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.WHICH: ("Tin nay cho viec nao? {choices}. Tra loi {digits}. Tin da duoc giu.",),
        Phrase.WHICH_MORE: (
            "Tin nay cho viec nao? {choices}. Tra loi {digits}. Tin da duoc giu. {ticket_status}: xem het.",
            "Tin nay cho viec nao? {choices}. Tra loi {digits}. Tin da duoc giu.",
        ),
        Phrase.WHICH_KEYED: (
            (
                "Tin nay cho viec nao? {numbers}: soan lai {reply} so yeu cau noi dung. Viec moi: soan {question} "
                "noi dung. Tin da duoc giu. Xem: {ticket_status}"
            ),
            (
                "Tin nay cho viec nao? {numbers}: soan lai {reply} so yeu cau noi dung. Viec moi: soan {question} "
                "noi dung."
            ),
            "Tin nay cho viec nao? {numbers}: soan lai {reply} so yeu cau noi dung. Tin da duoc giu.",
            "Tin nay cho viec {numbers} hay viec moi? Tin da duoc giu. Goi {hotline}",
        ),
        Phrase.SEND_KEPT: (
            (
                "Ban co muon gui tin nay cho can bo khong? Tra loi 1: gui, 2: khong gui. Neu khong tra loi, can bo "
                "se xem sau 24 gio. Ho tro: {hotline}"
            ),
            (
                "Ban co muon gui tin nay cho can bo khong? Tra loi 1: gui, 2: khong gui. Neu khong tra loi, can bo "
                "se xem sau 24 gio."
            ),
        ),
        Phrase.SEND_KEPT_KEYED: (
            (
                "Muon gui tin nay cho can bo, soan lai: {question} noi dung gui {short_code}. Neu khong gui lai, can "
                "bo se xem sau 24 gio. Ho tro: {hotline}"
            ),
            "Tin da duoc giu, can bo se xem sau 24 gio. Ho tro: {hotline}",
        ),
        Phrase.DROPPED: (
            (
                "Da xoa tin cua ban, khong gui cho can bo. Muon hoi can bo, soan: {question} noi dung gui "
                "{short_code}. Ho tro: {hotline}"
            ),
            "Da xoa tin cua ban, khong gui cho can bo. Ho tro: {hotline}",
        ),
        Phrase.UNCLEAR: (
            (
                "{number}: tin nay chua ro. Neu viec da xong, tra loi: DA XONG. Neu chua, tra loi: CHUA XONG. Thoi "
                "nhan thong bao: soan {withdrawal} gui {short_code}"
            ),
            "{number}: tin nay chua ro. Neu viec da xong, tra loi: DA XONG. Neu chua, tra loi: CHUA XONG.",
        ),
        Phrase.UNCLEAR_KEYED: (
            (
                "{number}: tin nay chua ro. Neu viec da xong, soan: {reply} {number} DA XONG. Neu chua, soan: "
                "{reply} {number} CHUA XONG"
            ),
            "{number}: tin nay chua ro. Xin goi {hotline}",
        ),
        Phrase.SCORE_WANTED: (
            "Diem chua ro. Danh gia {number}: {how_to_rate}. Ho tro: {hotline}",
            "Diem chua ro. Danh gia {number}: {how_to_rate}.",
            "Diem cua {number} chua ro. Ho tro: {hotline}",
        ),
        Phrase.RATED: ("Cam on ban da danh gia {score}/5 cho {number}.", "Cam on ban da danh gia {number}."),
        Phrase.LOW_RATING: (
            (
                "Cam on ban da danh gia {score}/5 cho {number}. Con dieu gi chua duoc? Xin {how_to_reply}, yeu cau "
                "se duoc mo lai va bao lanh dao don vi."
            ),
            (
                "Cam on ban da danh gia {score}/5 cho {number}. Con dieu gi chua duoc? Xin {how_to_reply}, yeu cau "
                "se duoc mo lai."
            ),
            "Cam on ban da danh gia {number}. Con dieu gi chua duoc? Xin {how_to_reply}.",
        ),
        Phrase.NOTHING_TO_RATE: (
            (
                "Chua co yeu cau nao de danh gia. Soan {ticket_status} gui {short_code} de xem cac yeu cau cua ban. "
                "Ho tro: {hotline}"
            ),
            "Chua co yeu cau nao de danh gia. Ho tro: {hotline}",
        ),
        Phrase.ACCOUNT_IN_QUESTION: (
            (
                "Tin co so giay to, chua gui cho can bo. Mo tai khoan, soan: {copy} gui {short_code}. Muon hoi, gui "
                "lai va bo so giay to."
            ),
            "Tin chua gui cho can bo. Mo tai khoan, soan: {copy} gui {short_code}",
        ),
        Phrase.QUESTION_HINT: (
            "Hoi can bo, soan: {question} noi dung gui {short_code}",
            "Hoi can bo, soan: {question} noi dung",
        ),
    }
)
