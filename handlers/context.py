"""What a handler may use: the caller's transaction, the current time, and what was prepared for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import Enum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from db.citizens.dossiers import Dossier
from db.citizens.lookups import TableRow
from db.store.address import Address, Msisdn, as_msisdn
from db.store.record import record
from handlers.wording.catalogue import Wording
from handlers.wording.catalogues import CATALOGUES, DEFAULT_LANGUAGE
from handlers.wording.fit import MOST_SEGMENTS, counted_by_length
from parsers.grammars import GRAMMARS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DEFAULT_KEYWORDS: Mapping[str, str] = MappingProxyType(
    {grammar.service: grammar.default_keywords[0] for grammar in GRAMMARS if grammar.default_keywords}
)
"""The keyword that answers name, by the name of its service."""


_NO_ROWS: Mapping[str, Sequence[TableRow]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceFacts:
    """The facts of the service that answers name."""

    short_code: str = "8188"
    said_as: str = ""  # what sentences call it on a channel without telephone numbers, such as Zalo; "": its number
    hotline: str = "1022"
    price: str = ""  # of a text to the short code, in words; "": the settings do not say
    password_days: int = 3
    password_place: str = "Cong dich vu cong"  # where a first password is changed, in words  # noqa: S105 - a place
    asks_secret: bool = False  # a state is shown only with the dossier's secret besides its code
    wording: Wording = field(default=CATALOGUES[DEFAULT_LANGUAGE], repr=False)
    segments_of: Callable[[str], int] = counted_by_length  # how many segments a text takes at the carrier
    most_segments: int = MOST_SEGMENTS  # of an answer, where its content can be cut to fit
    most_written: int = MOST_SEGMENTS  # of what an agent writes, with the number before it and the sentence after it
    keywords: Mapping[str, str] = field(default_factory=lambda: DEFAULT_KEYWORDS)  # of the services that are on
    bare_replies: bool = True  # a text without a keyword reaches us; else sentences ask for TL and the number
    zone: tzinfo = ZONE  # in which people are told times

    @property
    def values(self) -> Mapping[str, str]:
        """Return what any sentence may name: the numbers of the service, and its keywords."""
        return {"short_code": self.said_as or self.short_code, "hotline": self.hotline, **self.keywords}


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstPassword:
    """A random first password and its argon2id hash; made before the transaction because hashing is slow."""

    clear: str = field(repr=False)
    hashed: str = field(repr=False)


class Registration(Enum):
    """Whether a TK may open an account within the limits."""

    OPEN = "open"
    LIMITED = "limited"  # this phone, or phones with this identity number, opened too many already
    CLOSED = "closed"  # all phones together asked for far more accounts than usual in the last hour


class NoPhoneError(Exception):
    """A command that needs a telephone number was carried out without one: set `needs_phone` in its handler."""


@record
class Context:
    """One text's surroundings while it is handled.

    `sender` is who wrote, and `phone` the same where a command needs a telephone number. `now` is aware UTC. `new_id`
    gives time-ordered 64-bit row ids, which go on by `ids_a_day` in a day: an id tells when it was made. `dossiers`
    maps a key (`handlers.commands.dossier_codes.try_key`) to every dossier that it finds and opens, for all codes of
    this batch. `first_password` is there when the command was prepared (`handlers.handler.Preparation`). `registration`
    says whether TK may open an account, and `was_refused` that it could not when it was to be prepared.
    `is_withheld` says that some dossiers that the text asks for are not in `dossiers`, since it asks for too many.
    `rows` are those of own tables, by the key of handlers.commands.own_table.
    """

    connection: Connection
    now: datetime
    new_id: Callable[[], int]
    ids_a_day: int
    sender: Address
    inbound_id: int
    service: ServiceFacts
    dossiers: Mapping[str, Sequence[Dossier]]
    first_password: FirstPassword | None = None
    registration: Registration = Registration.OPEN
    was_refused: bool = False
    is_withheld: bool = False
    rows: Mapping[str, Sequence[TableRow]] = field(default_factory=lambda: _NO_ROWS)
    link: str | None = None
    """The channel that the answer goes out by."""

    @property
    def phone(self) -> Msisdn:
        """Return the telephone number that the text came from; raises NoPhoneError."""
        phone = as_msisdn(self.sender)
        if phone is None:
            raise NoPhoneError("the text came from an address that is no telephone number")
        return phone
