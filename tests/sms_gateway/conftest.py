"""An application on the real database, a log of messages in it, and an operator who is logged in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pydantic import SecretStr
from werkzeug.test import TestResponse

from db.processes.channel_states import ChannelState
from db.schema import OperatorRole
from db.staff.operators import add_operator, change_password, set_role
from db.staff.sessions import open_session
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.channels.http.answer_waiter import AnswerWaiter, DirectIntake
from sms_gateway.channels.http.ports import EndpointRefusal
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.demo.handset import Bubble, Direction, Tick, Way
from sms_gateway.demo.handset_page import phone_page
from sms_gateway.pages.session import COOKIE, TOKEN_OCTETS
from sms_gateway.pipeline.ports import Verdict
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay
from sms_gateway.settings.model import Settings, WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.city_office import conversation_parts
from tests.sms_gateway.compiled_routes import compile_once

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 12:00 in Ho Chi Minh City
SECRET = "canary-door-secret-6f1c"
PASSWORD = "canary operator phrase"
NAME = "lan"
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Hashed as cheaply as argon2 allows: hundreds of tests log in, and test_passwords.py tests the strong hash."""


@dataclass(kw_only=True)
class Clock:
    """Time as the test wants it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        self.now += span


@dataclass(kw_only=True)
class Counts:
    """EndpointCounters that the test reads."""

    seen: list[tuple[str, str]] = field(default_factory=list)

    def taken(self, channel: str, verdict: Verdict) -> None:
        self.seen.append((channel, verdict.value))

    def refused(self, channel: str, reason: EndpointRefusal) -> None:
        self.seen.append((channel, reason.value))

    def ignored(self, channel: str) -> None:
        self.seen.append((channel, "ignored"))

    def unknown_states(self, channel: str, count: int) -> None:
        self.seen += [(channel, "unknown_state")] * count

    def watched(self, channel: str) -> None:
        self.seen.append((channel, "watched"))


@dataclass(kw_only=True)
class EchoHandset:
    """A handset in memory: every text is answered at once. The far edge, for pages without a network."""

    clock: Clock
    kept: dict[Address, list[Bubble]] = field(default_factory=dict)
    samples: Sequence[str] = ("TK, Nguyen Van A, 201499999, 20/12/1990", "DVC000.00.12.H17-230815-0007", "HD")

    def ways(self, number: Address) -> Sequence[Way]:
        return [Way(name="smpp", title="SMS (SMPP)"), Way(name="chat", title=f"Chat chat:{number}")]

    def send(self, number: Address, text: str, way: str) -> None:
        bubbles = self.kept.setdefault(number, [])
        for direction, words in ((Direction.FROM_CITIZEN, text), (Direction.TO_CITIZEN, f"Da nhan: {text}")):
            bubbles.append(
                Bubble(
                    direction=direction,
                    text=words,
                    by="Chat" if way == "chat" else "SMS (SMPP)",
                    encoding=None if way == "chat" else "GSM 03.38",
                    segments=1 + len(words) // 161,
                    tick=Tick.DELIVERED,
                    at=self.clock.now,
                )
            )

    def conversation(self, number: Address) -> Sequence[Bubble]:
        return self.kept.get(number, [])


VIETTEL = ChannelState(
    name="viettel", up=True, since=NOON, binds=1, wanted=1, in_flight=2, window=10, round_trip_ms=3.4
)
"""The state of a link, as tests change it."""

WEB = WebSettings(second_factor=[])
"""Tests of pages make the operator an administrator as they go; those of the second factor demand it."""

SETTINGS = Settings(
    web=WEB,
    channels={
        "gapit": ChannelSettings(secret=SecretStr(SECRET), reply=ReplyWay.MT, reply_link="viettel"),
        "kannel": ChannelSettings(secret=SecretStr(SECRET), auth="basic", reply=ReplyWay.BODY),
        "named": ChannelSettings(
            secret=SecretStr(SECRET),
            secret_header="Authorization",
            reply_link="viettel",
            sender_field="msisdn",
            recipient_field="shortcode",
            text_field="content",
            id_field="requestId",
        ),
        "unset": ChannelSettings(reply_link="viettel"),
    },
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
def new_id(clock: Clock) -> Callable[[], int]:
    return IdSource(node=1, now=clock).new


@pytest.fixture
def links() -> list[ChannelState]:
    return [VIETTEL]


@pytest.fixture
def web_settings() -> WebSettings:
    return WEB


@pytest.fixture
def parts(  # noqa: PLR0917 - pytest asks for fixtures by name
    database: Database,
    clock: Clock,
    counts: Counts,
    new_id: Callable[[], int],
    links: list[ChannelState],
    web_settings: WebSettings,
) -> WebDependencies:
    return WebDependencies(
        database=database,
        settings=SETTINGS.model_copy(update={"web": web_settings}),
        now=clock,
        text_intake=DirectIntake(database=database, new_id=new_id),
        answer_for=AnswerWaiter(database=database, new_id=new_id, now=clock),
        new_id=new_id,
        traits=traits_by_channel(SETTINGS),
        links=lambda: links,
        counters=counts,
        conversation=conversation_parts(database, traits_by_channel(SETTINGS), urgent=True),
    )


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all tests: each test has an application of its own."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()
compile_once(Flask)


@pytest.fixture
def handset(clock: Clock) -> EchoHandset:
    return EchoHandset(clock=clock)


@pytest.fixture
def app(parts: WebDependencies, handset: EchoHandset) -> Flask:
    made = create_app(parts, [phone_page(handset)])
    made.jinja_env.bytecode_cache = TEMPLATES
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def operator_id(database: Database, new_id: Callable[[], int]) -> int:
    """An operator with a password of her own."""
    made = new_id()
    with database.write() as connection:
        add_operator(
            connection, operator_id=made, name=NAME, password_hash=HASHED, role=OperatorRole.OPERATOR, now=NOON
        )
        change_password(connection, made, HASHED)
    return made


@pytest.fixture
def make(database: Database, operator_id: int) -> Callable[[OperatorRole], None]:
    """Gives the operator another role."""

    def change(role: OperatorRole) -> None:
        with database.write() as connection:
            set_role(connection, operator_id, role)

    return change


@pytest.fixture
def logged_in(client: FlaskClient, operator_id: int, database: Database) -> FlaskClient:
    """Open a session as the log-in does; the form itself, and its hashing, are tested by themselves."""
    token, csrf = (secrets.token_urlsafe(TOKEN_OCTETS) for _ in range(2))
    with database.write() as connection:
        open_session(
            connection,
            token=token,
            operator_id=operator_id,
            csrf=csrf,
            address="127.0.0.1",
            now=NOON,
            expires_at=NOON + timedelta(hours=WEB.session_hours),
        )
    client.set_cookie(COOKIE, token)
    return client


def log_in(client: FlaskClient, *, name: str = NAME, password: str = PASSWORD) -> TestResponse:
    token = form_token(client.get("/admin/log-in"))
    return client.post("/admin/log-in", data={"csrf": token, "name": name, "password": password})


def form_token(page: TestResponse) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found.group(1)
