"""Texts made from their meaning: keyword, number, content and courtesy, typed with accents, without, or in haste."""

from __future__ import annotations

import random
from collections.abc import Callable

from parsers.fields.codes.ticket_numbers import new_number
from tests.generators.conversation.said import Meaning, Said
from tests.generators.conversation.situations import A, B, C
from tests.generators.typing_methods import keys, without_accents

QUESTIONS = [
    "mấy giờ phường mở cửa",
    "làm lại thẻ BHYT ở đâu",
    "đăng ký tạm trú cần giấy tờ gì",
    "phí cấp sổ đỏ là bao nhiêu",
    "bao giờ có kết quả thi tuyển",
    "nộp thuế đất ở đâu",
    "có làm việc chủ nhật không",
    "cấp đổi giấy phép lái xe sao",
    "thủ tục xin chuyển trường thế nào",
    "làm hộ chiếu mất bao lâu",
]
REPORTS = [
    "đèn đường hỏng ba ngày nay",
    "rác chất đống trước hẻm 12",
    "mất nắp cống trước trường học",
    "ống nước vỡ ở đường Lê Lợi",
    "cây đổ chắn đường",
    "quán nhậu ồn ào đến khuya",
    "vỉa hè bị lấn chiếm",
    "nước máy có mùi lạ",
    "đường ngập đến đầu gối",
]
REMARKS = [
    "vẫn chưa thấy ai đến sửa",
    "nhà số 25 Lê Duẩn, gần chợ",
    "tôi đã nộp rồi",
    "hố ga mất nắp rồi",
    "hôm qua em nói rồi mà",
    "đèn vẫn hỏng như cũ",
    "5 ngày rồi chưa ai gọi",
    "nước vẫn chưa có",
    "tôi gửi thêm địa chỉ",
    "đang chờ hai hôm nay",
    "cảm ơn nhưng rác vẫn còn",
    "cột điện số 3",
    "đã đến rồi lại đi",
    "con đường đó ngập lại",
    "ok nhưng chưa có ai đến",
    "tốt nhưng còn chậm",
    "2 hôm nay mất điện",
    "lại hỏng nữa rồi em",
    "phải làm lại từ đầu",
    "xong rồi nhưng còn bụi lắm",
]
DANGERS = [
    "có cháy ở chợ Cồn",
    "cháy nhà số 5 Trần Phú",
    "có tai nạn ở ngã tư Lê Duẩn",
    "có người đuối nước ở biển",
    "bị cướp ở cầu Rồng",
    "đang cháy lớn ở tổ 5",
]
REACTIONS: dict[tuple[str, int | None], tuple[str, ...]] = {
    ("yes", None): ("có", "đồng ý", "yes", "y"),
    ("polite", None): ("vâng", "dạ", "dạ vâng"),
    ("no", None): ("không", "ko", "sai", "no"),
    ("thanks", None): ("cảm ơn", "thanks", "tks", "xin cảm ơn"),
    ("ok", None): ("ok", "oke", "đã rõ", "biết rồi"),
    ("stop", None): ("stop", "ngưng", "đừng gửi tin nữa"),
    ("done", None): ("đã xong", "đã sửa rồi", "xong rồi"),
    ("bad_score", None): ("0", "6", "10 điểm", "4,5", "7 sao"),
    **{("digit", value): (str(value), f"số {value}") for value in range(1, 6)},
    **{("score", value): (f"{value} sao", f"{value}/5", f"chấm {value} điểm") for value in range(1, 6)},
}
SCALE = ("rất tệ", "không hài lòng", "bình thường", "tốt", "rất tốt")
BEFORE = ("", "", "", "dạ ", "em ơi ")
BEHIND = ("", "", " ạ", " em", " nhé", ", cảm ơn em", "!", " 🙏")
COURTESY = ("", "", "", " ạ", " em", " nhé", " giúp em với", "!!", " 😊", ".")
FRAMES = [
    "cho tôi hỏi",
    "xin cho em hỏi",
    "cho hỏi",
    "em muốn hỏi",
    "Chào chị, cho em hỏi",
    "anh ơi cho e hỏi",
    "xin hỏi",
]
GAPS = (" ", ": ", ", ", ". ", " - ", "\n", " | ", "; ")
KEYWORDS = {
    Meaning.QUESTION: ("HOI", "Hỏi", "hoi", "CAU HOI"),
    Meaning.REPORT: ("PA", "pa", "P.A"),
    Meaning.PROPOSAL: ("KN", "kn"),
    Meaning.SUGGESTION: ("GY", "gy"),
    Meaning.SOS: ("SOS", "sos"),
}

Made = tuple[str, Said]


def made(chance: random.Random) -> Made:
    """Make one text of a meaning that is drawn first."""
    text, said = chance.choices(list(MAKERS), weights=list(MAKERS.values()))[0](chance)
    return typed(text, said, chance), said


def typed(text: str, said: Said, chance: random.Random) -> str:
    """Type a text: with accents, without, in capitals, in keystrokes that nobody converted, with blanks too many."""
    draw = chance.random()
    if draw < 0.5:
        text = without_accents(text)
    elif draw < 0.55 and said.meaning is Meaning.WORDS and not said.urgent:
        by_number, at_end = chance.random() < 0.3, chance.random() < 0.5
        text = " ".join(keys(word, by_number=by_number, tone_at_end=at_end) for word in text.split(" "))
    if chance.random() < 0.1:
        text = text.upper()
    if chance.random() < 0.1:
        text = text.replace(" ", "  ")
    return text if chance.random() < 0.9 else f" {text}\n"


def written_number(number: str, chance: random.Random) -> str:
    digits = number.removeprefix("YC")
    groups = (digits[:3], digits[3:6], digits[6:])
    prefix = chance.choice(("YC", "YC", "yc ", "Y C ", "#"))
    shown = chance.choice((digits, digits, digits, " ".join(groups), ".".join(groups)))
    return prefix + (shown[0] + shown[1:].replace("0", "O") if chance.random() < 0.1 else shown)


def a_number(chance: random.Random) -> str:
    """Draw a number: usually one that can be the sender's, a slip of one, or one of somebody else."""
    draw = chance.random()
    if draw < 0.75:
        return chance.choice((A, A, B))
    if draw < 0.9:
        return slip_of(chance.choice((A, B, C)), chance)
    return new_number(chance.randrange)


def slip_of(number: str, chance: random.Random) -> str:
    at = chance.randrange(3, 11)
    if chance.random() < 0.5 or number[at] == number[at - 1]:
        return number[:at] + chance.choice([digit for digit in "0123456789" if digit != number[at]]) + number[at + 1 :]
    return number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :]


def _keyword(chance: random.Random) -> Made:
    meaning = chance.choice((Meaning.QUESTION, Meaning.QUESTION, Meaning.REPORT, Meaning.REPORT, *KEYWORDS))
    urgent = meaning in {Meaning.SOS, Meaning.REPORT} and chance.random() < 0.2
    contents = DANGERS if urgent else QUESTIONS if meaning is Meaning.QUESTION else REPORTS
    gap = chance.choice(GAPS)
    text = f"{chance.choice(KEYWORDS[meaning])}{gap}{chance.choice(contents)}{chance.choice(COURTESY)}"
    return text, Said(meaning=meaning, urgent=urgent)


def _frame(chance: random.Random) -> Made:
    text = f"{chance.choice(FRAMES)} {chance.choice(QUESTIONS)}{chance.choice(COURTESY)}"
    return text, Said(meaning=Meaning.FRAME, command="question", words=8, asks=True)


def _words(chance: random.Random) -> Made:
    return f"{chance.choice(REMARKS)}{chance.choice(COURTESY)}", Said(meaning=Meaning.WORDS)


def _danger(chance: random.Random) -> Made:
    return f"{chance.choice(DANGERS)}{chance.choice(COURTESY)}", Said(meaning=Meaning.WORDS, urgent=True)


def _reaction(chance: random.Random) -> Made:
    (reaction, value), words = chance.choice(list(REACTIONS.items()))
    core = chance.choice(words)
    by_words = reaction == "score" and chance.random() < 0.4
    if by_words and value is not None:
        core = SCALE[value - 1]
    behind = chance.choice(BEHIND if reaction != "polite" else BEHIND[:-3])
    said = Said(meaning=Meaning.REACTION, reaction=reaction, value=value, by_words=by_words)
    return f"{chance.choice(BEFORE)}{core}{behind}", said


def _reply(chance: random.Random) -> Made:
    number = a_number(chance)
    shown = written_number(number, chance)
    front = chance.choice((f"TL {shown}", f"tl {shown}:", shown, f"{shown},"))
    if chance.random() < 0.3:
        reactions = [item for item in REACTIONS.items() if item[0][0] in {"thanks", "ok", "yes", "no", "done", "score"}]
        (reaction, value), words = chance.choice(reactions)
        said = Said(meaning=Meaning.REPLY, number=number, reaction=reaction, value=value, in_front=True)
        return f"{front} {chance.choice(words)}", said
    return f"{front} {chance.choice(REMARKS)}", Said(meaning=Meaning.REPLY, number=number, in_front=True)


def _inside(chance: random.Random) -> Made:
    number = a_number(chance)
    remark = chance.choice(REMARKS)
    return f"{remark}, số {written_number(number, chance)}", Said(meaning=Meaning.INSIDE, number=number)


def _status(chance: random.Random) -> Made:
    number = a_number(chance)
    keyword = chance.choice(("", "TT ", "tt ", "TT: "))
    meaning = Meaning.TT_NUMBER if keyword else Meaning.NUMBER
    return keyword + written_number(number, chance), Said(meaning=meaning, number=number)


def _rating(chance: random.Random) -> Made:
    value = chance.randint(1, 5)
    shown = chance.choice((f" {value}", f"{value}", f" {value} sao", f": {value}", f" {SCALE[value - 1]}"))
    if chance.random() < 0.3:
        return f"DG{shown} {written_number(A, chance)}", Said(meaning=Meaning.RATING, value=value, number=A)
    return f"{chance.choice(('DG', 'dg'))}{shown}", Said(meaning=Meaning.RATING, value=value)


def _withdrawal(chance: random.Random) -> Made:
    number = a_number(chance)
    behind = chance.choice(("", "", " giúp em", " nhé", " ạ", " đi"))
    text = f"{chance.choice(('HUY', 'huy', 'Hủy'))} {written_number(number, chance)}{behind}"
    return text, Said(meaning=Meaning.WITHDRAWAL, number=number)


MAKERS: dict[Callable[[random.Random], Made], int] = {
    _keyword: 4,
    _frame: 2,
    _words: 6,
    _danger: 1,
    _reaction: 6,
    _reply: 3,
    _inside: 2,
    _status: 2,
    _rating: 1,
    _withdrawal: 1,
}
"""How often each is drawn."""
