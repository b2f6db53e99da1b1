"""The demo: the whole service on this machine, with a simulated carrier to which it binds by real SMPP on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from db.citizens import dossiers
from db.schema import OperatorRole, ReceiptState
from db.staff import operators
from db.store.address import Msisdn
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.upkeep.rekey import KeysDoNotFitError, demand_fit
from db.upkeep.revision import WrongRevisionError, upgrade
from handlers.first_passwords import prepare
from sms_gateway.channels.smpp.coding.text import Encoding
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.demo import simulator
from sms_gateway.demo.handset import Bubble, Direction, Tick
from sms_gateway.demo.handset_page import phone_page
from sms_gateway.demo.sample_dossiers import sample_dossiers, sample_texts
from sms_gateway.log import setup
from sms_gateway.process import keyfile
from sms_gateway.process.startup import CannotStartError, demand_alone, listen_for_stop, opened
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import (
    DatabaseSettings,
    LimitsSettings,
    LogSettings,
    LookUpSecret,
    ServiceSettings,
    Settings,
    WebSettings,
)
from sms_gateway.wiring.gateway import Gateway
from sms_gateway.wiring.serving import watch

OPERATOR = "demo"
"""The operator of the demo. Each start gives a one-time password until a password of one's own was chosen."""

LINK = "demo"

_SYSTEM_ID = "demo"
_SMPP_PASSWORD = "demo8188"  # noqa: S105 - of a simulated carrier on loopback
_SEEDING_NODE = 1022
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
_ENCODINGS = {Encoding.GSM: "GSM 03.38", Encoding.UCS2: "UCS-2"}
_TICKS = {
    ReceiptState.DELIVERED: Tick.DELIVERED,
    ReceiptState.ENROUTE: Tick.SENT,
    ReceiptState.ACCEPTED: Tick.SENT,
    ReceiptState.UNKNOWN: Tick.SENT,
}


DATABASE = "demo.db"

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


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatedHandset:
    """Citizens' telephones in the simulated carrier's network."""

    smsc: simulator.Simulator
    short_code: str
    samples: Sequence[str]

    def send(self, number: Msisdn, text: str) -> None:
        """Send a text to the short code; see sms_gateway.web.dependencies.Handset."""
        self.smsc.send_text(number, self.short_code, text)

    def conversation(self, number: Msisdn) -> Sequence[Bubble]:
        """Return what this citizen sent and received, oldest first."""
        return [_shown(bubble) for bubble in self.smsc.conversation(number)]


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningDemo:
    """A demo that runs: where its pages are, who may log in, and what can be texted."""

    gateway: Gateway
    smsc: simulator.Simulator
    database: Database
    password: str | None
    """The operator's one-time password. None: the operator keeps the password that was chosen before."""
    samples: Sequence[str]
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
        password = KEPT_PASSWORD if demo.password is None else f"one-time password {demo.password}"
        tell(f"""
SMS gateway, demo on this machine only

  handset     {demo.address}/phone    type as a citizen
  operators   {demo.address}/admin    name {OPERATOR}, {password}
  carrier     127.0.0.1:{demo.smsc.port} (simulated SMSC, real SMPP 3.4)
  files       {directory.resolve()}
{lost}
The demo asks administrators for no second factor; a real service does (web.second_factor).

Try: {texts}
Ctrl-C stops.
""")
        return watch(demo.gateway, asked)


@contextmanager
def started(directory: Path, port: int, look_up_secret: LookUpSecret = LookUpSecret.NONE) -> Iterator[RunningDemo]:
    """Start simulator and gateway.

    The caller stops the gateway (sms_gateway.wiring.gateway.watch), the simulator ends here.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    smsc = simulator.Simulator(system_id=_SYSTEM_ID, password=_SMPP_PASSWORD)
    with ExitStack() as stack:
        stack.callback(smsc.stop)
        settings = demo_settings(directory, port, smsc.port, look_up_secret)
        demand_alone(settings.database.address)  # a demo that runs must not find its operator's password changed
        today = utc_now().astimezone(LOCAL_ZONE).date()
        lost_database = settings.database.key_file.exists() and not (directory / DATABASE).exists()
        password = _prepare(settings, today)
        with opened(settings) as database:
            texts = sample_texts(today, secret=look_up_secret is LookUpSecret.REQUIRED)
            handset = SimulatedHandset(smsc=smsc, short_code=settings.service.short_codes[0], samples=texts)
            gateway = Gateway(settings, database, extra_pages=[phone_page(handset)])
            smsc.start()
            gateway.start()
            smsc.wait_bound()
            yield RunningDemo(
                gateway=gateway,
                smsc=smsc,
                database=database,
                password=password,
                samples=texts,
                lost_database=lost_database,
            )


def demo_settings(directory: Path, port: int, smsc_port: int, look_up_secret: LookUpSecret) -> Settings:
    """Return the settings of the demo, whose files are in this directory."""
    return Settings(
        service=ServiceSettings(look_up_secret=look_up_secret),
        database=DatabaseSettings(url=f"sqlite:///{directory / DATABASE}", key_file=directory / "keys"),
        web=WebSettings(port=port, hosts=["127.0.0.1", "localhost", "[::1]"], second_factor=[]),
        limits=_GENEROUS,
        links={
            LINK: LinkSettings(
                host="127.0.0.1", port=smsc_port, system_id=_SYSTEM_ID, password=SecretStr(_SMPP_PASSWORD)
            )
        },
    )


def _prepare(settings: Settings, today: date) -> str | None:
    """Bring the file to the revision, put the samples in, and give the operator a one-time password; return it.

    An operator who chose a password keeps it: None.
    """
    with _usable(settings.database) as database:
        upgrade(database)
        now, new_id, password = utc_now(), IdSource(node=_SEEDING_NODE, now=utc_now).new, prepare()
        with database.write() as connection:
            demand_fit(connection)
            dossiers.import_dossiers(connection, sample_dossiers(today), now=now, new_id=new_id)
            known = operators.find_operator(connection, OPERATOR)
            if known is not None and not known.must_change:
                return None
            if not operators.reset_password(connection, OPERATOR, password.hashed, now):
                operators.add_operator(
                    connection,
                    operator_id=new_id(),
                    name=OPERATOR,
                    password_hash=password.hashed,
                    role=OperatorRole.ADMINISTRATOR,
                    now=now,
                )
    return password.clear


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


def _shown(bubble: simulator.Bubble) -> Bubble:
    sent_by_citizen = bubble.direction is simulator.Direction.MO
    tick = None
    if sent_by_citizen:
        tick = None if bubble.settled_at is None else Tick.SENT
    elif bubble.receipt is None:
        tick = Tick.SENT
    else:
        tick = _TICKS.get(bubble.receipt, Tick.FAILED)
    return Bubble(
        direction=Direction.FROM_CITIZEN if sent_by_citizen else Direction.TO_CITIZEN,
        text=bubble.text,
        encoding=_ENCODINGS[bubble.encoding],
        segments=bubble.segments,
        tick=tick,
        at=bubble.at,
    )
