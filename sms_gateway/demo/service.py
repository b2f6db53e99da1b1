"""The demo: the whole service on this machine, with simulated carriers: real SMPP and HTTP on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection

from db.citizens import dossiers
from db.schema import OperatorRole
from db.staff import operators
from db.store.engine import Database, open_database, sqlite_url
from db.store.ids import IdSource
from db.units.canned_answers import CannedAnswer, add_canned_answer
from db.units.memberships import Membership, set_membership
from db.units.unit_rows import list_units
from db.upkeep.rekey import KeysDoNotFitError, demand_fit
from db.upkeep.revision import WrongRevisionError, upgrade
from handlers.context import FirstPassword
from handlers.conversation.units_now import read_units
from handlers.first_passwords import prepare
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.demo import simulator
from sms_gateway.demo.demo_channels import DemoChannel, demo_channels
from sms_gateway.demo.demo_clock import DemoClock
from sms_gateway.demo.handset_page import phone_page
from sms_gateway.demo.provider.first_tokens import authorise
from sms_gateway.demo.sample_city import CANNED
from sms_gateway.demo.sample_directory import add_sample_city
from sms_gateway.demo.sample_dossiers import sample_dossiers, sample_texts
from sms_gateway.demo.sample_tables import add_sample_tables, table_texts
from sms_gateway.demo.sample_tickets import TEXTS, add_sample_tickets
from sms_gateway.demo.simulated_handset import SimulatedHandset, SimulatedWay
from sms_gateway.demo.stored_texts import stored_texts
from sms_gateway.log import setup
from sms_gateway.process import keyfile
from sms_gateway.process.startup import CannotStartError, demand_alone, listen_for_stop, opened
from sms_gateway.settings.back_office_model import NoticesSettings
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import (
    DatabaseSettings,
    LimitsSettings,
    LogSettings,
    LookUpSecret,
    LookupsSettings,
    ServiceSettings,
    Settings,
    WebSettings,
)
from sms_gateway.wiring.gateway import Gateway
from sms_gateway.wiring.serving import watch

OPERATOR = "demo"
"""The operator of the demo. Each start gives a one-time password until a password of one's own was chosen."""

AGENT = "canbo"
"""The agent of the demo, who answers for four units of the sample city and leads one."""

APPROVER = "duyet"
"""A second operator of the demo, who approves what the first one made."""

CITIZENS = ("0905123456", "0912345678", "0935111222")
"""Telephones to switch between: without a ticket, asked by an agent, and answered yesterday."""

LINK = "demo"

_SYSTEM_ID = "demo"
_SMPP_PASSWORD = "demo8188"  # noqa: S105 - of a simulated carrier on loopback
_SEEDING_NODE = 1022
_AGENT_UNITS = ("UBND phường Hải Châu", "Sở Xây dựng")
"""Units of the agent besides the focal and the duty unit; the first is led."""
_GENEROUS = LimitsSettings(  # samples are tapped faster than anybody types, and all of them should answer
    machine_answers=30,
    per_hour=500,
    per_day=5000,
    codes_per_day=100,
    misses_per_day=100,
    area_misses=10000,
    accounts_per_phone=100,
    phones_per_identity=100,
)

DIRECTORY = Path("var/demo")
"""Apart from what `init` makes in var/: a demo's directory may be deleted."""

DATABASE = "demo.db"
CLOCK = "seconds-ahead"

LOST_DATABASE = f"""
The database {DATABASE} was missing. This demo has a new one, with the sample dossiers and no messages.
"""


KEPT_PASSWORD = "the password that you chose (forgotten: stop the demo, delete its files, start again)"  # noqa: S105 - words


class UnusableDemoError(CannotStartError):
    """The directory holds what is left of another demo; nothing in it is worth keeping."""

    def __init__(self, directory: Path, wrong: str) -> None:
        super().__init__(
            f"the demo's directory {directory.resolve()} {wrong}; fix: delete this directory and start again"
        )


class OtherDatabaseError(CannotStartError):
    """The directory holds a database that no demo made: its keys are no demo's either."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.resolve()} is no database of a demo; fix: name another directory with --dir")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningDemo:
    """A demo that runs: where its pages are, who may log in, and what can be texted."""

    gateway: Gateway
    smsc: simulator.Simulator
    database: Database
    password: str | None
    """The operator's one-time password. None: the operator keeps the password that was chosen before."""
    agent_password: str | None
    """The same for the agent."""
    second_password: str | None
    """The same for the second operator."""
    samples: Sequence[str]
    channels: Mapping[str, DemoChannel]
    clock: DemoClock
    lost_database: bool
    """Whether there was a key file without its database, so that the database of this demo is a new one."""

    @property
    def address(self) -> str:
        """The pages' address."""
        return f"http://127.0.0.1:{self.gateway.web.port if self.gateway.web else 0}"


def run(
    directory: Path, port: int, tell: Callable[[str], None], *, look_up_secret: LookUpSecret = LookUpSecret.NONE
) -> int:
    """Run the demo until Ctrl-C or SIGTERM; show the addresses; return the exit code."""
    setup(LogSettings(level="warning"))
    asked = listen_for_stop()
    with started(directory, port, look_up_secret) as demo:
        texts = "\n     ".join(demo.samples)
        lost = LOST_DATABASE if demo.lost_database else ""
        tell(f"""
SMS gateway, demo on this machine only

  handset     {demo.address}/phone    type as a citizen
  operators   {demo.address}/admin    name {OPERATOR}, {_shown(demo.password)}
  second      {demo.address}/admin    name {APPROVER}, {_shown(demo.second_password)}
  agents      {demo.address}/admin    name {AGENT}, {_shown(demo.agent_password)}
  carrier     127.0.0.1:{demo.smsc.port} (simulated SMSC, real SMPP 3.4)
{_shown_channels(demo)}
  files       {directory.resolve()}
{lost}
The demo asks administrators for no second factor; a real service does (web.second_factor).

Try: {texts}
Ctrl-C stops.
""")
        return watch(demo.gateway, asked)


def _shown_channels(demo: RunningDemo) -> str:
    return "\n".join(
        f"  {name:<12}{channel.provider.url} (simulated provider of the network {channel.settings.network})"
        for name, channel in demo.channels.items()
    )


def _shown(password: str | None) -> str:
    return KEPT_PASSWORD if password is None else f"one-time password {password}"


@contextmanager
def started(directory: Path, port: int, look_up_secret: LookUpSecret = LookUpSecret.NONE) -> Iterator[RunningDemo]:
    """Start simulator and gateway.

    The caller stops the gateway (sms_gateway.wiring.gateway.watch), the simulator ends here.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in directory.glob("*.db"):
        if other.name != DATABASE:
            raise OtherDatabaseError(other)
    clock = DemoClock(directory / CLOCK)
    smsc = simulator.Simulator(system_id=_SYSTEM_ID, password=_SMPP_PASSWORD, now=clock)
    channels = demo_channels(clock)
    with ExitStack() as stack:
        stack.callback(smsc.stop)
        for channel in channels.values():
            stack.callback(channel.provider.stop)
        settings = demo_settings(directory, port, smsc.port, channels, look_up_secret)
        demand_alone(settings.database.address)  # a demo that runs must not find its operator's password changed
        today = clock().astimezone(LOCAL_ZONE).date()
        lost_database = settings.database.key_file.exists() and not (directory / DATABASE).exists()
        passwords = _prepare(settings, clock)
        with opened(settings) as database:
            with database.read() as connection:
                of_tables = table_texts(connection, clock())
            texts = (*sample_texts(today, secret=look_up_secret is LookUpSecret.REQUIRED), *of_tables, *TEXTS)
            ways = {LINK: SimulatedWay(title="SMPP", network=smsc)}
            ways |= {name: channel.way for name, channel in channels.items()}
            handset = SimulatedHandset(
                by=ways,
                short_code=settings.service.short_codes[0],
                samples=texts,
                stored=partial(stored_texts, database, before=clock()),
            )
            page = phone_page(handset, citizens=CITIZENS, next_day=partial(clock.next_day, database))
            gateway = Gateway(settings, database, extra_pages=[page], now=clock)
            smsc.start()
            gateway.start()
            smsc.wait_bound()
            demo = RunningDemo(
                gateway=gateway,
                smsc=smsc,
                channels=channels,
                database=database,
                clock=clock,
                password=passwords[OPERATOR],
                agent_password=passwords[AGENT],
                second_password=passwords[APPROVER],
                samples=texts,
                lost_database=lost_database,
            )
            for channel in channels.values():
                channel.provider.start()
                channel.provider.aim(demo.address)
            yield demo


def demo_settings(
    directory: Path, port: int, smsc_port: int, channels: Mapping[str, DemoChannel], look_up_secret: LookUpSecret
) -> Settings:
    """Return the settings of the demo, whose files are in this directory."""
    return Settings(
        service=ServiceSettings(look_up_secret=look_up_secret),
        conversation=ConversationSettings(enabled=True, urgent=True),
        lookups=LookupsSettings(enabled=True),
        notices=NoticesSettings(enabled=True, hold_minutes=0),
        database=DatabaseSettings(url=sqlite_url(directory / DATABASE), key_file=directory / "keys"),
        web=WebSettings(port=port, hosts=["127.0.0.1", "localhost", "[::1]"], second_factor=[]),
        limits=_GENEROUS,
        links={
            LINK: LinkSettings(
                host="127.0.0.1", port=smsc_port, system_id=_SYSTEM_ID, password=SecretStr(_SMPP_PASSWORD)
            )
        },
        channels={name: channel.settings for name, channel in channels.items()},
    )


def _prepare(settings: Settings, clock: DemoClock) -> Mapping[str, str | None]:
    """Bring the file to the revision, put the samples in, and give one-time passwords; return them by name.

    Who chose a password keeps it: None.
    """
    with _usable(settings.database) as database:
        upgrade(database)
        now, new_id = clock(), IdSource(node=_SEEDING_NODE, now=clock).new
        today = now.astimezone(LOCAL_ZONE).date()
        given = {name: prepare() for name in (OPERATOR, AGENT, APPROVER)}
        with database.write() as connection:
            demand_fit(connection)
            authorise(connection, settings.channels, now)
            dossiers.import_dossiers(connection, sample_dossiers(today), now=now, new_id=new_id)
            passwords = {
                OPERATOR: _log_in(connection, OPERATOR, OperatorRole.ADMINISTRATOR, given[OPERATOR], new_id, now),
                AGENT: _log_in(connection, AGENT, OperatorRole.AGENT, given[AGENT], new_id, now),
                APPROVER: _log_in(connection, APPROVER, OperatorRole.OPERATOR, given[APPROVER], new_id, now),
            }
            add_sample_tables(connection, new_id=new_id, made_by=OPERATOR, approved_by=APPROVER, now=now)
            if not list_units(connection):
                _add_city(connection, settings, new_id, now)
    return passwords


def _log_in(  # noqa: PLR0917 - what a log-in has
    connection: Connection,
    name: str,
    role: OperatorRole,
    password: FirstPassword,
    new_id: Callable[[], int],
    now: datetime,
) -> str | None:
    """Give an operator a one-time password and return it; None for one who chose a password."""
    known = operators.find_operator(connection, name)
    if known is not None and not known.must_change:
        return None
    if not operators.reset_password(connection, name, password.hashed, now):
        operators.add_operator(
            connection, operator_id=new_id(), name=name, password_hash=password.hashed, role=role, now=now
        )
    return password.clear


def _add_city(connection: Connection, settings: Settings, new_id: Callable[[], int], now: datetime) -> None:
    """Write the sample city, who works for which of its units, and tickets in every state."""
    today = now.astimezone(LOCAL_ZONE).date()
    add_sample_city(connection, new_id=new_id, today=today)
    agent = operators.find_operator(connection, AGENT)
    units = read_units(connection, zone=LOCAL_ZONE, today=today)
    if agent is None or units is None:
        raise AssertionError("the sample city has a focal unit, and the agent is there")
    for unit in list_units(connection):
        if unit.is_focal or unit.is_duty or unit.name in _AGENT_UNITS:
            leads = unit.name == _AGENT_UNITS[0]
            set_membership(connection, Membership(operator_id=agent.id, unit_id=unit.id, leads=leads))
    for title, body in CANNED:
        add_canned_answer(connection, CannedAnswer(id=new_id(), language="vi", title=title, body=body, changed_at=now))
    add_sample_tickets(
        connection,
        units,
        now=now,
        agent=AGENT,
        agent_id=agent.id,
        short_code=settings.service.short_codes[0],
        link=LINK,
    )


@contextmanager
def _usable(settings: DatabaseSettings) -> Iterator[Database]:
    """Open the demo's database with its keys; raises UnusableDemoError when it holds no whole demo of this version."""
    kept = settings.key_file.parent
    if (kept / DATABASE).exists() and not settings.key_file.exists():
        raise UnusableDemoError(kept, f"has a database without its key file {settings.key_file.name}")
    try:
        database = open_database(settings.address, keyfile.load_or_make(settings.key_file))
        try:
            yield database
        finally:
            database.close()
    except WrongRevisionError as error:
        raise UnusableDemoError(kept, "was made by an earlier or a later version") from error
    except (keyfile.KeyFileError, KeysDoNotFitError) as error:
        raise UnusableDemoError(kept, "has a key file that does not fit its database") from error
