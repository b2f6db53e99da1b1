"""The leaflet teaches what the settings switch on, and every text on it is read as the service that it stands for."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

import parsers
from db.schema import KeyShape, OperatorRole
from db.staff.service_switches import switch_off
from db.store.engine import Database
from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from parsers.commands.conversation import Remark
from parsers.grammars import GRAMMARS
from parsers.misread import Misread
from parsers.text.normal_form import NormalText
from parsers.text.reactions import ReactionKind, read_reaction
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.pages.leaflet.page import Leaflet, leaflet_in
from sms_gateway.pages.leaflet.texts import STOP
from sms_gateway.settings.back_office_model import NoticesSettings
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.model import LookupsSettings, OfferedService, Settings
from sms_gateway.settings.services import vocabulary_for
from sms_gateway.web.dependencies import EXTENSION, WebDependencies
from sms_gateway.web.translations import LANGUAGES
from sms_gateway.wiring.conversation_parts import handlers_for
from tests.sms_gateway.back_office.own_tables.test_live_tables import BUS, table, write
from tests.sms_gateway.conftest import NAME, NOON, SETTINGS, Clock
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.wiring.test_gateway_sample_command import ALL_HANDLERS as TIDE_HANDLERS
from tests.sms_gateway.wiring.test_gateway_sample_command import VOCABULARY as TIDE_VOCABULARY

ADDRESS = "/admin/leaflet"
RENAMED = {
    "register_account": "MOTK",
    "look_up_dossier": "HOSO",
    "subscription": "BAOTIN",
    "question": "HOIDAP",
    "report": "BAOVIEC",
    "ticket_status": "XEMYC",
    "reply": "GUITHEM",
    "rating": "CHAMDIEM",
    "withdrawal": "NGUNG",
    "contacts": "DIACHI",
}
OF_NOTICES = {name: RENAMED[name] for name in ("look_up_dossier", "subscription", "withdrawal")}
PRINTED = {
    "TK": "register_account",
    "DVC": "look_up_dossier",
    "DK": "subscription",
    "HOI": "question",
    "PA": "report",
    "TT": "ticket_status",
    "TL": "reply",
    "DG": "rating",
    "HUY": "withdrawal",
    "LH": "contacts",
}
"""The keyword of the product of each service that the tests rename."""

NOTICES = {"notices": NoticesSettings(enabled=True)}
ALL = {"conversation": ConversationSettings(enabled=True, urgent=True), **NOTICES}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for a page that only reads."""
    return sqlite_database


def settings_of(sections: Mapping[str, object] | None = None, keywords: Mapping[str, str] | None = None) -> Settings:
    """Return settings with these sections and these keywords."""
    services = {name: OfferedService(keywords=[word]) for name, word in (keywords or {}).items()}
    return SETTINGS.model_copy(update={"services": services, **(sections or {})})


def of(parts: WebDependencies, settings: Settings, **facts: object) -> WebDependencies:
    """Return the parts of a service of these settings, as the wiring makes them."""
    vocabulary = vocabulary_for(settings)
    words = {one.service: vocabulary.taught[one.name] for one in vocabulary.grammars if one.default_keywords}
    service = replace(ServiceFacts(keywords=words), **facts)  # type: ignore[arg-type] # facts, given by name
    handlers = handlers_for(settings, HANDLERS)
    return replace(parts, settings=settings, vocabulary=vocabulary, handlers=handlers, service=service)


def leaflets(app: Flask, parts: WebDependencies) -> Iterator[Leaflet]:
    """Give the leaflet of a service in each language; one application serves all of them."""
    app.extensions[EXTENSION] = parts
    for language in LANGUAGES:
        with app.test_request_context():
            yield leaflet_in(language)


def words_of(leaflet: Leaflet) -> str:
    """Return all words below the title."""
    rows = [f"{row.want}: {row.keyword}{row.rest} {row.others} {row.examples} {row.note}" for row in leaflet.rows]
    return "\n".join([*rows, *(line for section in leaflet.sections for line in section.lines)])


def read_as(leaflet: Leaflet, text: str) -> str:
    words = leaflet.words
    reading = parsers.read(
        text,
        today=words.today,
        short_codes=words.settings.short_codes,
        with_secrets=words.service.asks_secret,
        vocabulary=words.vocabulary,
    )
    reaction = read_reaction(NormalText(text)) if isinstance(reading, Remark) else None
    if reaction is not None and reaction.kind is ReactionKind.STOP:
        return "withdrawal"  # as it is filed
    return f"misread:{reading.kind}" if isinstance(reading, Misread) else reading.name


def test_every_text_on_it_is_read_as_the_service_that_it_stands_for(app: Flask, parts: WebDependencies) -> None:
    keyed = {"bare_replies": False}
    for label, settings, facts, fewest in (
        ("as delivered", settings_of(), {}, 4),
        ("with everything", settings_of(ALL), keyed, 19),
        ("renamed", settings_of(ALL, RENAMED), {}, 19),
        ("with secrets, renamed", settings_of(ALL, RENAMED), {"asks_secret": True}, 19),
        ("notices alone, with secrets", settings_of(NOTICES), {"asks_secret": True}, 7),
        ("notices alone, renamed", settings_of(NOTICES, OF_NOTICES), {}, 7),
    ):
        for made in leaflets(app, of(parts, settings, **facts)):
            assert len(made.rows) >= fewest, (label, [row.want for row in made.rows])
            for row in made.rows:
                others = row.others if not row.rest else ()
                found = {text: read_as(made, text) for text in (*row.examples, *others)}
                assert found == dict.fromkeys(found, row.command), (label, made.words.language)
                assert row.examples, (label, row.want)
                keywords = made.words.vocabulary.words_of(row.command)
                assert keywords[0] == row.keyword, (label, row.want)
                assert {*row.others} <= {*keywords, STOP}, (label, row.want)
            renamed = {name: one.keywords[0] for name, one in settings.services.items()}
            assert {*renamed.values()} <= {row.keyword for row in made.rows}, label
            printed = [keyword for keyword in PRINTED if re.search(rf"\b{keyword}\b", words_of(made))]
            assert [one for one in printed if PRINTED[one] in renamed] == [], label


def test_a_service_that_is_off_is_not_on_it(app: Flask, parts: WebDependencies) -> None:
    off = OfferedService(enabled=False)
    silent = {"conversation": ConversationSettings(enabled=True)}
    for label, settings, absent in (
        ("as delivered", settings_of(), {"HOI", "PA", "DK", "HUY", "STOP", "TTDL", "EN", "YC"}),
        ("without TK", SETTINGS.model_copy(update={"services": {"register_account": off}}), {"TK"}),
        ("nobody on duty", settings_of(silent), {"SOS", "KHAN", "DK", "STOP", "XN"}),
        (
            "without replies and ratings",
            SETTINGS.model_copy(update={"services": {"reply": off, "rating": off}, **silent}),
            {"TL", "DG", "DK"},
        ),
    ):
        for made in leaflets(app, of(parts, settings, bare_replies=False)):
            found = {word for word in absent if re.search(rf"\b{word}\b", words_of(made))}
            assert found == set(), (label, made.words.language)


def test_a_command_of_the_city_without_words_of_its_own_is_said_as_in_the_help(
    app: Flask, parts: WebDependencies
) -> None:
    service = replace(parts.service, keywords={**parts.service.keywords, "tide": "TRIEU"})
    given = replace(of(parts, settings_of()), vocabulary=TIDE_VOCABULARY, handlers=TIDE_HANDLERS, service=service)
    for leaflet in leaflets(app, given):
        assert [row.want for row in leaflet.rows if row.keyword == "TRIEU"] == ["TRIEU noi (thuy trieu)"]


def test_own_tables_that_answer_are_on_it_with_a_key_that_may_be_printed(
    app: Flask, parts: WebDependencies, database: Database, clock: Clock
) -> None:
    closed = replace(
        BUS, title="Học phí", keywords=("HOCPHI", "PHIHOC"), secret_column="lo_trinh", key_label="mã học sinh"
    )
    say = replace(BUS, title="Giờ mở cửa", keywords=("GIO",), shape=KeyShape.NONE, template="Mo cua 7h30.", columns=())
    stands = replace(BUS, title="Chỗ bán hàng", keywords=("SAP",), shape=KeyShape.DIGITS)
    unread = replace(say, keywords=("CHO",))
    write(database, table(1), ("R16", "Chợ Cồn - Hội An"))
    write(database, table(2, "fees", closed), ("HS0017", "secret"))
    write(database, table(3, "hours", say))
    write(database, table(4, "stands", stands), ("0905123456", "B2"))
    write(database, table(5, "unread", unread))
    write(database, table(6, "prices", replace(say, keywords=("GIA",))))
    settings = settings_of({"lookups": LookupsSettings(enabled=True)})
    tables = LiveTables(database, settings, GRAMMARS, HANDLERS, clock)
    made = of(parts, settings)
    given = replace(
        made, tables=tables, handlers=tables.handlers, service=replace(made.service, keywords=tables.keywords)
    )
    tables()
    for leaflet in leaflets(app, given):
        rows = {row.keyword: row for row in leaflet.rows}
        assert {word: rows[word].want for word in ("BUS", "HOCPHI", "GIO")} == {
            "BUS": "tuyen xe buyt",
            "HOCPHI": "Học phí",
            "GIO": "Giờ mở cửa",
        }
        assert (rows["HOCPHI"].rest, rows["HOCPHI"].others) == (" mã học sinh, lo trinh", ("PHIHOC",))
        assert "CHO" not in rows  # texts to other services begin with it, so it does not answer
        assert " GIA" not in {row.rest for row in leaflet.rows}  # HD GIA is the help of the office's own answer
        examples = {word: rows[word].examples for word in ("BUS", "HOCPHI", "GIO", "SAP")}
        assert examples == {
            "BUS": ("BUS R16",),
            "HOCPHI": ("HOCPHI AB123456, 1234",),
            "GIO": ("GIO",),
            "SAP": ("SAP 123456",),
        }
        for word, texts in examples.items():
            assert [read_as(leaflet, text) for text in texts] == [rows[word].command], word


def test_viewers_print_it_in_vietnamese_or_english_with_price_office_and_numbers(
    app: Flask, parts: WebDependencies, logged_in: FlaskClient, make: Callable[[OperatorRole], None], database: Database
) -> None:
    make(OperatorRole.VIEWER)
    facts = SETTINGS.service.model_copy(
        update={"price": "1500 dong/tin", "office": "UBND <Hải Châu>", "short_codes": ["8188", "9029"]}
    )
    settings = settings_of({"service": facts, **ALL})
    app.extensions[EXTENSION] = of(parts, settings)
    with database.write() as connection:
        switch_off(connection, "look_up_dossier", operator=NAME, now=NOON, sentence="Tam ngung.")
    page = html.unescape(get(logged_in, ADDRESS).text)
    assert '<html lang="en">' in page  # the reader's own language
    assert '<article class="card leaflet" lang="vi"' in page
    for words in (
        "UBND <Hải Châu>",
        "Nhắn tin đến 8188",
        "9029",
        "gọi 1022",
        "1500 dong/tin, nhà mạng thu của số gửi tin",
        "soạn HUY hoặc STOP gửi 8188",
        '<kbd lang="vi">DVC 000.00.12.H17-230815-0007</kbd>',  # off for now, and still there
        "113: công an",
        "không bao giờ hỏi mật khẩu",
        "xóa sau 90 ngày",
    ):
        assert words in page, words
    assert "UBND <Hải" not in get(logged_in, ADDRESS).text
    english = html.unescape(get(logged_in, f"{ADDRESS}?language=en").text)
    assert "1500 dong/tin. The carrier bills the number that sends it." in english
    assert '<kbd lang="en">HOI which papers' in english
    assert "Nhắn tin đến" in get(logged_in, f"{ADDRESS}?language=fr").text
    app.extensions[EXTENSION] = of(parts, settings_of())
    assert "tính theo giá của nhà mạng" in get(logged_in, ADDRESS).text
