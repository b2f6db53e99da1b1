"""Passwords that are guessed first: common words, keyboard rows, runs, years; a rule instead of a list.

Common passwords of 12 characters consist of few such pieces. A rule also finds passwords that no list has, and takes a
page instead of a file. Words are lower case, without accents.
"""

from __future__ import annotations

import re
import unicodedata

from sms_gateway.pages.staff.common_names import COMMON_NAMES

FREE_CHARACTERS = 6
"""Characters that must be left without the known pieces: all values of fewer characters can be tried."""

LONGEST_LONE_WORD = 10
SHORTEST_ADDITION = 3
"""One word of at most so many letters, known or not, with the usual additions, such as `!2026`."""

LEAST_DIFFERENT = 5
"""Different characters in a password."""

SERVICE_WORDS = (
    "smsgateway", "gateway", "sms", "8188", "1022", "tongdai", "dichvucong", "dvc", "hoso", "tracuu", "trucban",
    "nguoitruc", "operator", "administrator", "admin", "danang", "vietnam", "congvien", "canbo", "uyban", "ubnd",
    "thanhpho", "hanhchinh", "motcua", "city", "hall", "council", "office", "service",
)  # fmt: skip
"""Words of this service and of the people it serves."""

COMMON_WORDS = (
    "password", "passwort", "passw", "pass", "pwd", "secret", "letmein", "welcome", "login", "logmein", "master",
    "access", "default", "changeme", "change", "test", "guest", "user", "root", "system", "server", "computer",
    "internet", "google", "facebook", "youtube", "zalo", "gmail", "hotmail", "yahoo", "mail", "samsung", "iphone",
    "nokia", "sony", "ericsson", "windows", "microsoft", "apple", "linkedin", "myspace", "trustno", "iloveyou",
    "loveyou", "love", "lovely", "forever", "baby", "babygirl", "girl", "boy", "honey", "sweet", "angel", "princess",
    "prince", "queen", "king", "sunshine", "happy", "summer", "winter", "spring", "autumn", "monday", "friday",
    "january", "december", "monkey", "dragon", "tiger", "lion", "eagle", "shadow", "phoenix", "superman", "batman",
    "spiderman", "pokemon", "naruto", "starwars", "matrix", "football", "baseball", "soccer", "basketball", "hockey",
    "liverpool", "chelsea", "arsenal", "manchester", "united", "barcelona", "realmadrid", "ronaldo", "messi", "jordan",
    "michael", "jessica", "ashley", "daniel", "charlie", "thomas", "jennifer", "michelle", "andrew", "justin",
    "bieber", "jamesbond", "hello", "freedom", "whatever", "nothing", "money", "lucky", "magic", "killer", "hunter",
    "ranger", "cheese", "chocolate", "cookie", "banana", "orange", "flower", "purple", "yellow", "silver", "golden",
    "diamond", "jesus", "christ", "heaven", "blessed", "thankyou", "fuckyou", "fuckoff", "fuck", "asshole", "bitch",
    "sexy", "porn", "masturbat", "masterbat", "counterstrike", "needforspeed", "finalfantasy", "devilmaycry",
    "warcraft", "minecraft", "playstation", "xbox", "mortalkombat", "residentevil", "worldofwarcraft", "greenlantern",
    "peanutbutter", "michaeljackson", "sanfrancisco", "newyork", "stratocaster", "ticketmaster", "leavemealone",
    "ingodwetrust", "iseedeadpeople", "family", "whosyourdaddy", "systemofadown", "theworld", "christopher",
    "alexander", "victoria", "elizabeth", "morganstanley", "nightcrawler", "punksnotdead", "warhammer",
    "thecakeisalie", "correcthorsebatterystaple", "solutions", "standard", "gfhjkm", "ghbdtn", "fktrcfylh", "ghjcnj",
    "dkflbvbh", "fkmnthyf", "yfnfif", "privet", "marina", "natasha", "qwer", "asdf", "zxcv", "qaz", "wsx", "edc",
    "rfv", "tgb", "yhn", "ujm", "qwe", "asd", "zxc", "poiu", "lkjh", "mnbv", "matkhau", "mk", "xinchao", "chao",
    "anhyeuem", "emyeuanh", "yeuem", "yeuanh", "yeu", "tinhyeu", "toiyeu", "mai", "nhoem", "nhoanh", "minhyeu",
    "congchua", "hoangtu", "giadinh", "hanhphuc", "maimai", "manhme", "dangnhap", "khongbiet", "khongco", "khong",
    "biet", "conyeu", "bome", "chamchi", "vuive", "hanoi", "saigon", "hochiminh", "hue", "quangnam", "nguyen", "tran",
    "pham", "hoang", "phan", "dang", "bui", "anh", "em", "toi", "ngoc", "linh", "huong", "trang", "thuy", "minh",
    "hung", "dung", "tuan", "hoa", "mot", "hai", "ba", "bon", "nam", "sau", "bay",
)  # fmt: skip
"""Words of common passwords, English, Vietnamese, and Russian ones typed on an English keyboard."""

_PIECES = tuple(sorted({*COMMON_WORDS, *COMMON_NAMES}, key=len, reverse=True))

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop",
    "azertyuiop", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0", "zaq1xsw2cde3vfr4bgt5nhy6mju7", "qazxswedcvfrtgbnhyujm", "12qw34er56ty78ui90op",
    "a1b2c3d4e5f6g7h8i9j0", "1a2b3c4d5e6f7g8h9i0j", "abc123def456ghi789", "123abc456def789ghi", "qwaszxerdfcvtyghbn",
    "qawsedrftgyhujikolp", "1a2s3d4f5g6h7j8k9l", "a1s2d3f4g5h6j7k8l9", "z1x2c3v4b5n6m7", "1122334455667788990",
    "!@#$%^&*()", "zaqxswcdevfrbgt", "4815162342",
)  # fmt: skip
_SHORTEST_RUN = 3
_LEET = str.maketrans("013457@$!|", "oieastasil")
_REPEATED = re.compile(r"(.+?)\1+")
_SAME = re.compile(r"(.)\1{2,}")
_BETWEEN = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONE_WORD = re.compile(rf"([\W\d_]*)([^\W\d_]{{1,{LONGEST_LONE_WORD}}})([\W\d_]*)")
_DIGITS_AT_THE_END = re.compile(r"\d{1,4}\W*$")


def is_repeated(password: str) -> bool:
    """Return whether a password is few characters, or one short piece, repeated.

    >>> is_repeated("aaaaaaaaaaaa"), is_repeated("clerkclerkclerk"), is_repeated("correct horse battery")
    (True, True, False)
    """
    plain = plain_letters(password)
    whole = _REPEATED.fullmatch(plain)
    return len(set(plain)) < LEAST_DIFFERENT or (whole is not None and len(whole[1]) < 2 * FREE_CHARACTERS)


def is_made_of(password: str, words: tuple[str, ...] = ()) -> bool:
    """Return whether almost nothing is left of a password without these words, common words, runs and years.

    One word of any kind, with digits and the usual signs, is refused too: dictionaries are tried first.

    >>> is_made_of("P@ssw0rd2026!"), is_made_of("1qaz2wsx3edc"), is_made_of("four green boats at dawn")
    (True, True, False)
    >>> is_made_of("Khoailang@123"), is_made_of("khoai lang nuong 123")
    (True, False)
    """
    plain = plain_letters(password)
    if not any(sign.isalpha() for sign in plain):
        return True  # telephone and identity numbers, dates
    if _is_lone_word(plain):
        return True
    spellings = (plain, plain.translate(_LEET))
    joined = tuple(_BETWEEN.sub("", spelled) for spelled in spellings)
    return any(_left(spelled, words) < FREE_CHARACTERS for spelled in (*spellings, *joined))


def _is_lone_word(plain: str) -> bool:
    """Return whether this is one word with only signs, years, runs and at most four last digits around it."""
    found = _LONE_WORD.fullmatch(plain)
    if found is None or len(found[1]) + len(found[3]) < SHORTEST_ADDITION:
        return False
    added = f"{found[1]} {_DIGITS_AT_THE_END.sub('', _YEAR.sub(' ', found[3]))}"
    return not any(sign.isalnum() for sign in _SAME.sub(" ", _without_runs(_YEAR.sub(" ", added))))


def _left(plain: str, words: tuple[str, ...]) -> int:
    """Count what is left, letters and digits only."""
    rest = _YEAR.sub(" ", _DIGITS_AT_THE_END.sub(" ", plain))
    for piece in sorted({*words, *_PIECES}, key=len, reverse=True) if words else _PIECES:
        rest = rest.replace(piece, " ")
    rest = _SAME.sub(" ", _without_runs(rest))
    return sum(sign.isalnum() for sign in rest)


def _without_runs(plain: str) -> str:
    """Remove runs along the alphabet, the digits or a keyboard, in both directions."""
    kept, at = [], 0
    while at < len(plain):
        run = _run_at(plain, at)
        kept.append(" " if run else plain[at])
        at += run or 1
    return "".join(kept)


def _run_at(plain: str, at: int) -> int:
    longest = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        length = longest + 1 if longest else _SHORTEST_RUN
        while at + length <= len(plain) and plain[at : at + length] in row:
            longest, length = length, length + 1
    return longest


def plain_letters(password: str) -> str:
    """Return a password in lower case, without accents."""
    letters = unicodedata.normalize("NFKD", password.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
