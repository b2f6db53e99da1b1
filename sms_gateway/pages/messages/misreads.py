"""Misreads: the texts of the last days that were not understood, in groups of similar ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from db.reports.misreads import Misreading, read_misreadings
from db.store.ids import IDS_A_MINUTE, first_id_at, minute_of
from parsers.grammar import Vocabulary
from parsers.text.normal_form import fold, normalise
from parsers.vocabulary import VOCABULARY
from sms_gateway.pages.display.secret_masking import without_secret
from sms_gateway.pages.messages.row_display import MOST_SHOWN
from sms_gateway.pages.site.withheld import open_misreadings
from sms_gateway.process.minute_counts import MISREADINGS
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say
from sms_gateway.web.masking import mask_text

DAYS = (1, 3, 7, 30)
MOST_READ = 2000
"""Texts read for a page, the newest, in some 60 ms; a common mistake is among them many times."""

MOST_GROUPS = 100
LONGEST_SHAPE = 60
MOST_LISTED = 200
"""Texts of one group on its page, the newest."""
MOST_WORDS = 40
"""Words of a text that are compared; a citizen's text has fewer."""

_LIKE_KEYWORDS = frozenset({"DK", "HS", "DKTK", "TRACUU", "GUI", "8188"})
"""Words that people take for keywords."""
_PIECE = re.compile(r"[^\W\d_]+|\d+|\s+|[^\w\s]|_")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MANY = re.compile(r"a(?: a)+")
_PLACES = re.compile(r"a…|a|9")


@dataclass(kw_only=True, slots=True)
class Group:
    """Texts that are written alike, or without a keyword use the same frequent words; newest first."""

    shape: str  # empty for texts without a keyword
    words: str
    reading: str
    texts: list[Misreading] = field(default_factory=list, repr=False)
    people: set[bytes] = field(default_factory=set, repr=False)

    @property
    def key(self) -> str:
        """Return the name of the group in an address; it shows nothing of its texts."""
        told = f"{self.shape}\n{self.words}\n{self.reading}"
        return blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()

    @property
    def example(self) -> str:
        """Return the newest text, masked; only for the groups that are shown, since a stranger may send a thousand."""
        return shown_misreading(self.texts[0])


def misreads() -> str:
    """Show the groups, the largest first."""
    days = _days()
    groups = _groups(days)
    texts = sum(len(one.texts) for one in groups)
    return render_template(
        "messages/misreads.html",
        groups=groups[:MOST_GROUPS],
        days=days,
        spans=DAYS,
        texts=texts,
        is_cut=texts == MOST_READ,
    )


def misread_texts(key: str) -> Response | str:
    """Show the texts of one group; redirect to the groups when it no longer exists, since new texts change them."""
    days = _days()
    group = next((one for one in _groups(days) if one.key == key), None)
    if group is None:
        return redirect(url_for("admin.misreads", days=days))
    shown = [
        (text.id, minute_of(text.id // IDS_A_MINUTE), shown_misreading(text)) for text in group.texts[:MOST_LISTED]
    ]
    return render_template("messages/misread_texts.html", group=group, days=days, texts=shown)


def shown_misreading(text: Misreading) -> str:
    """Return a text, masked."""
    return mask_text(without_secret(text.body, text.reading), keeps_codes=False, most=MOST_SHOWN + 1)


def group_alike(texts: Iterable[Misreading], vocabulary: Vocabulary = VOCABULARY) -> Sequence[Group]:
    """Group texts; the group with the most people comes first."""
    keywords = _LIKE_KEYWORDS | {row.word for row in vocabulary.keywords}
    written = [(text, fold(normalise(text.body[: LONGEST_SHAPE * 8]))) for text in texts]
    shared = _shared_words({text: _words(plain) for text, plain in written if not _has_keyword(plain, keywords)})
    groups: dict[tuple[str, str, str], Group] = {}
    for text, plain in written:
        words = shared.get(text.id)
        shape = shape_of(plain, keywords) if words is None else ""
        group = Group(shape=shape, words=words or "", reading=text.reading)
        group = groups.setdefault((group.shape, group.words, group.reading), group)
        group.texts.append(text)
        group.people.add(text.who)
    return sorted(groups.values(), key=lambda one: (-len(one.people), -len(one.texts), one.shape, one.words))


def say_alike(group: Group) -> str:
    """Return what the texts of a group have in common: the keyword and its surroundings, or their frequent words."""
    if group.shape:
        return _PLACES.sub(lambda found: say(f"misreads.{'number' if found[0] == '9' else 'words'}"), group.shape)
    return say("misreads.with_words", words=group.words) if group.words else say("misreads.no_words")


def _days() -> int:
    days = request.args.get("days", default=3, type=int)
    return days if days in DAYS else abort(404)


def _groups(days: int) -> Sequence[Group]:
    parts = dependencies()
    since = first_id_at(parts.now() - timedelta(days=days))
    with parts.database.read() as connection:
        misread = read_misreadings(connection, MISREADINGS, since=since, most=MOST_READ)
        return group_alike(open_misreadings(connection, misread), parts.vocabulary)


def _has_keyword(plain: str, keywords: Collection[str]) -> bool:
    return any(piece in keywords for piece in _PIECE.findall(plain))


def _words(plain: str) -> Sequence[str]:
    """Return the words of a text, without single letters."""
    return [word.casefold() for word in _WORD.findall(plain)[:MOST_WORDS]]


def _shared_words(texts: Mapping[Misreading, Sequence[str]]) -> Mapping[int, str]:
    """Return for each text, by its id, the most frequent words that it shares with others; empty for none.

    Two words that follow each other come first, since most Vietnamese words have two syllables. Words of one person
    alone are shared by nobody, so no list shows them.
    """
    found: dict[int, str] = {}
    for length in (2, 1):
        users: dict[str, list[Misreading]] = {}
        for text, words in texts.items():
            if text.id not in found:
                runs = zip(*(words[start:] for start in range(length)), strict=False)
                for run in {" ".join(run) for run in runs}:
                    users.setdefault(run, []).append(text)
        people = {run: len({text.who for text in some}) for run, some in users.items()}
        for run in sorted(users, key=lambda run: (-people[run], run)):
            left = [text for text in users[run] if text.id not in found]
            if len({text.who for text in left}) > 1:
                found.update((text.id, run) for text in left)
    return {text.id: found.get(text.id, "") for text in texts}


def shape_of(text: str, keywords: Collection[str]) -> str:
    """Return the shape of a text: texts that differ only in words, numbers and blanks have the same shape.

    >>> shape_of("TK. Nguyễn Văn A 201499999", {"TK"}), shape_of("tk.  Le Thi B   048123456789", {"TK"})
    ('TK. a… 9', 'TK. a… 9')
    """
    plain = fold(normalise(text))
    pieces = "".join(_piece(found, keywords) for found in _PIECE.findall(plain))
    shape = _MANY.sub("a…", pieces).strip()
    return shape if len(shape) <= LONGEST_SHAPE else f"{shape[:LONGEST_SHAPE]}…"


def _piece(piece: str, keywords: Collection[str]) -> str:
    if piece in keywords:
        return piece
    if piece.isspace():
        return " "
    if piece[0].isdigit():
        return "9"
    return "a" if piece[0].isalpha() else piece
