"""init: a service that can start, made by options or by answers; run again, interrupted, wrong, for another user."""

from __future__ import annotations

import os
import pwd
import re
import stat
from collections.abc import Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pyotp
import pytest
from click.testing import Result

from db.schema import OperatorRole
from db.staff.operators import list_operators
from db.store.engine import open_database
from db.upkeep import revision
from db.upkeep.revision import HEAD
from sms_gateway.cli.command_context import read_settings
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Simulator
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.wiring.gateway import Gateway
from tests.postgres import Postgres, free_port
from tests.sms_gateway.cli.surroundings import run

PASSWORD = "canary-of-the-carrier"
OWN = "thac-Do-Quyen-48-muoi"


@pytest.fixture(scope="module")
def smsc() -> Iterator[Simulator]:
    simulator = Simulator(system_id="city", password=PASSWORD, now=utc_now)
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
def password(tmp_path: Path) -> str:
    (tmp_path / "carrier.txt").write_text(f"{PASSWORD}\n")
    return "carrier.txt"


def carrier(smsc: Simulator, password: str) -> list[str]:
    port = ["--smpp-port", str(smsc.port)]
    return ["--smpp-host", "127.0.0.1", *port, "--system-id", "city", "--smpp-password-file", password]


def by_options(*words: str) -> Result:
    return run("init", "--yes", "--port", str(free_port()), *words)


def tree() -> dict[str, tuple[bytes, int]]:
    paths = [path for path in sorted(Path().rglob("*")) if path.is_file() and ".db" not in path.name]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def test_one_command_makes_a_service_that_starts_and_again_it_changes_nothing(smsc: Simulator, password: str) -> None:
    Path("own.txt").write_text(OWN)
    own = ["--administrator", "Lan", "--administrator-password-file", "own.txt"]
    done = by_options(*carrier(smsc, password), "--short-code", "8188,1022", *own)
    assert done.exit_code == 0, done.output
    assert "OK        link carrier: bound at 127.0.0.1" in done.stderr
    modes = {"gateway.toml": 0o640, "secrets": 0o750, "secrets/carrier": 0o600, "var": 0o700, "var/keys": 0o600}
    assert {name: stat.S_IMODE(Path(name).stat().st_mode) for name in modes} == modes
    for secret in (PASSWORD, OWN):
        assert secret not in done.output + Path("gateway.toml").read_text()
    assert not list(Path().glob(".gateway*"))
    assert "Administrator:  lan" in done.stdout
    assert "otpauth://totp/SMS%20gateway:lan?secret=" in done.stdout
    assert "Copy " in done.stderr
    before = tree()
    again = run("init", "--yes")
    assert again.exit_code == 0, again.output
    assert (again.stdout, tree()) == ("", before)
    assert f"database: revision {HEAD}, as it was" in again.stderr
    assert "service: 8188, 1022, hotline 1022" in again.stderr
    assert "administrator: lan" in again.stderr
    unused = run("init", "--yes", "--hotline", "1900")
    assert "Caution: --hotline changed nothing; fix: add --renew service" in unused.stderr
    assert tree() == before
    what_was_printed_opens_the_log_in_with_the_second_factor(done.stdout)


def what_was_printed_opens_the_log_in_with_the_second_factor(printed: str) -> None:
    found = re.search(r"authenticator app:  ([A-Z2-7]+)\n", printed)
    assert found is not None
    settings = read_settings(None)
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        try:
            address = f"http://127.0.0.1:{settings.web.port}/admin/log-in"
            opener = build_opener(HTTPCookieProcessor(CookieJar()))
            with opener.open(address, timeout=10) as form:
                given = {**hidden(form.read().decode()), "name": "lan", "password": OWN}
            with opener.open(address, urlencode(given).encode(), timeout=10) as form:
                given = {**hidden(form.read().decode()), "code": pyotp.TOTP(found[1]).now()}
            with opener.open(f"{address}/second", urlencode(given).encode(), timeout=10) as home:
                assert home.geturl() == f"http://127.0.0.1:{settings.web.port}/admin"
        finally:
            gateway.stop()


def hidden(page: str) -> dict[str, str]:
    """Return what a form of ours carries unseen."""
    return dict(re.findall(r'name="(csrf|pending)" value="([^"]+)"', page))


def test_a_wrong_option_is_refused_with_its_fix_and_nothing_is_written(smsc: Simulator, password: str) -> None:
    good = carrier(smsc, password)
    Path("weak.txt").write_text("adminadmin12")
    Path("file").write_text("")
    for words, code, told in (
        (["--short-code", "81-88"], 2, "--short-code: has another form; fix: write a list of one or more numbers"),
        (["--hotline", "call us"], 2, "--hotline: has another form; fix: write a text of 3 to 15 digits"),
        (["--price", "xem gia.vn"], 2, "--price: has another form; fix: write a text of at most 30 letters"),
        (["--language", "fr"], 2, "--language"),
        (["--database", "mysql://x/y"], 2, "--database: has another form; fix: write a text: sqlite:///PATH"),
        (
            ["--database", "postgresql+psycopg://u:canary-of-a-url@h/n"],
            2,
            "--database: holds a password; fix: leave it out",
        ),
        (["--database", "file/gateway.db"], 2, "file is no directory; fix: name another place"),
        (["--database", f"postgresql+psycopg://u@127.0.0.1:{free_port()}/n"], 1, "or say --no-try"),
        (["--smpp-host", "no-such-host.invalid"], 2, "--smpp-host: this name does not resolve; fix: "),
        (["--smpp-port", "0"], 2, "--smpp-port"),
        (["--smpp-port", str(free_port())], 1, "not bound at 127.0.0.1"),
        (["--smpp-password-file", "nowhere.txt"], 1, "the file does not exist; fix: "),
        (["--system-id", "x" * 16], 2, "--system-id"),
        (["--network", "twitter"], 2, "--network: there is no such network; fix: write none, or one of plain"),
        (["--network", "twilio"], 2, "--set public_url=VALUE: is needed with --yes"),
        (["--address", "sms.example"], 2, "--address: is no address; fix: write it as https://sms.example"),
        (["--port", "eighty"], 2, "--port: is no port"),
        (["--services", "weather"], 2, "--services: weather: no such service; fix: choose among register_account"),
        (["--renew", "weather"], 2, "--renew"),
        (["--config", "file/gateway.toml"], 2, "--config: "),
        (["--state", "file/var"], 2, "is no directory; fix: name another place"),
        (["--roles-as", "x; y", "--database", "postgresql+psycopg://u@h/n"], 2, "--roles-as: is no name of a role"),
        (["--owner", "nobody-of-this-name"], 2, "--owner: there is no user of this name; fix: make the user first"),
    ):
        refused = by_options(*good, *words)
        assert refused.exit_code == code, (words, refused.output)
        assert told in " ".join(refused.stderr.replace("Invalid value for ", "").split()), (words, refused.stderr)
        assert not Path("gateway.toml").exists(), words
        assert "canary" not in refused.output, words
        Path(".gateway.toml.draft").unlink(missing_ok=True)
    weak = by_options(*good, "--administrator-password-file", "weak.txt")
    assert (weak.exit_code, "is made of" in weak.stderr, "adminadmin12" in weak.output) == (2, True, False)


def test_questions_are_asked_again_until_the_answer_is_good(smsc: Simulator) -> None:
    answers = [
        *["81-88", "8188", "", "", "en"],  # short code twice, hotline, price, language
        "",  # database
        *["viettel", "127.0.0.1", str(smsc.port), "city", "wrong-password", "n"],  # the bind is refused: once more
        *["", "", "", PASSWORD],
        *["http://localhost/sms", str(free_port()), "none", "register_account,conversation"],
        *["lan", "short", OWN, "000000", ""],
    ]
    done = run("init", given="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    for told in (
        "has another form; fix: ",
        "FAULT     link viettel: not bound",
        "is too short",
        "is not the code of now",
    ):
        assert told in done.stderr, told
    settings = read_settings(None)
    assert (settings.service.language, settings.conversation.enabled) == ("en", True)
    assert settings.services["look_up_dossier"].enabled is False
    assert (settings.web.prefix, [str(host) for host in settings.web.hosts]) == ("/sms", ["localhost"])
    assert settings.links["viettel"].password.get_secret_value() == PASSWORD
    keyring = keyfile.load(settings.database.key_file)
    with closing(open_database(settings.database.address, keyring)) as database, database.read() as connection:
        (lan,) = list_operators(connection)
    assert (lan.name, lan.role, lan.must_change) == ("lan", OperatorRole.ADMINISTRATOR, False)
    assert lan.totp_secret is not None


def test_after_an_interruption_it_goes_on_with_the_part_where_it_was(smsc: Simulator, password: str) -> None:
    stopped = run("init", given="8188\n1900\n\nvi\n\nviettel\n\n")  # the input ends at the carrier's host
    assert stopped.exit_code == 1
    assert "is needed; fix: write it" in stopped.stderr
    assert "The parts that were answered are kept: run it again to go on." in stopped.stderr
    assert not Path("gateway.toml").exists()
    assert stat.S_IMODE(Path(".gateway.toml.draft").stat().st_mode) == 0o600
    done = by_options(*carrier(smsc, password))
    assert done.exit_code == 0, done.output
    assert "Going on: service, database were answered before." in done.stderr
    assert "service: 8188, hotline 1900" in done.stderr
    assert not Path(".gateway.toml.draft").exists()


def test_keys_that_were_made_before_an_interruption_are_used(
    smsc: Simulator, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(revision, "upgrade", fall)
        assert by_options(*carrier(smsc, password)).exit_code == 1
    keys = Path("var/keys").read_bytes()
    assert not Path("var/gateway.db").exists()
    assert by_options().exit_code == 0
    assert (Path("var/keys").read_bytes(), run("check").exit_code) == (keys, 0)
    Path("var/gateway.db").unlink()
    assert "it was deleted or moved; fix: put it back" in by_options().stderr  # a loss is no first run


def test_one_part_is_renewed_and_the_lines_beside_it_stay(smsc: Simulator, password: str) -> None:
    assert by_options(*carrier(smsc, password), "--no-try").exit_code == 0
    path = Path("gateway.toml")
    path.write_text(
        path.read_text().replace("[service]", "# of the city hall\n[service]") + "\n[limits]\nper_day = 61\n"
    )
    before = path.read_text()
    renewed = by_options("--renew", "carrier", "--smpp-host", "localhost", "--no-try")
    assert renewed.exit_code == 0, renewed.output
    assert path.read_text().splitlines() == before.replace('host = "127.0.0.1"', 'host = "localhost"').splitlines()
    assert Path("gateway.toml.before").read_text() == before
    Path("other.txt").write_text("canary-of-another")
    kept = path.read_bytes(), Path("secrets/carrier").read_bytes()
    wrong = by_options("--renew", "carrier", "--smpp-password-file", "other.txt")  # it is tried before it is stored
    assert (wrong.exit_code, "not bound at" in wrong.stderr) == (1, True)
    assert (path.read_bytes(), Path("secrets/carrier").read_bytes()) == kept
    renewed = by_options("--renew", "aggregator", "--network", "plain", "--no-try")
    assert renewed.exit_code == 0, renewed.output
    before = path.read_text()
    needed = by_options("--renew", "carrier", "--carrier", "none", "--no-try")
    assert needed.exit_code == 1
    assert "channels.aggregator.reply_link: there is no link of this name" in needed.stderr
    assert path.read_text() == before
    ended = by_options("--renew", "aggregator", "--network", "none")
    assert (ended.exit_code, "secrets/aggregator is not used any more: delete it" in ended.stderr) == (0, True)
    assert by_options("--renew", "carrier", "--carrier", "none", "--no-try").exit_code == 0
    assert "[links" not in path.read_text()
    aggregator = by_options("--renew", "aggregator", "--network", "plain")
    assert aggregator.exit_code == 0, aggregator.output
    secret = re.search(r"secret of aggregator, for the aggregator:  (\S{32,})\n", aggregator.stdout)
    assert secret is not None
    assert Path("secrets/aggregator").read_text() == f"{secret[1]}\n"
    assert "/mo/aggregator" in aggregator.stderr
    before = path.read_text()
    below = before.replace("[services.register_account]\nenabled = true\n", "")
    path.write_text(f"services.register_account.enabled = true\n{below}")
    inline = path.read_text()
    refused = by_options("--renew", "services", "--services", "look_up_dossier")
    assert (refused.exit_code, "fix: write each below a heading of its own" in refused.stderr) == (1, True)
    assert path.read_text() == inline
    path.write_text(before)
    assert by_options("--renew", "administrator", "--administrator", "hoa").stdout.startswith("Administrator:  hoa\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to another user")
def test_root_makes_everything_for_the_user_of_the_service(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder == tmp_path or folder.name.startswith(("pytest-", "popen-")):
            folder.chmod(0o755)
    places = ["--config", f"{tmp_path}/etc/gateway.toml", "--state", f"{tmp_path}/lib", "--owner", "nobody"]
    Path("carrier.txt").write_text(PASSWORD)
    link = ["--smpp-host", "localhost", "--system-id", "city", "--smpp-password-file", "carrier.txt", "--no-try"]
    done = by_options(*places, *link)
    assert done.exit_code == 0, done.output
    assert (os.geteuid(), os.getegid()) == (0, 0)
    assert run("check", "--no-bind", "--config", f"{tmp_path}/etc/gateway.toml").exit_code == 0
    nobody = pwd.getpwnam("nobody")
    owners = {str(path.relative_to(tmp_path)): path.stat() for path in tmp_path.glob("*/**/*")}
    assert {"etc/gateway.toml", "etc/secrets/carrier", "lib/keys", "lib/gateway.db"} <= owners.keys()
    for name, found in owners.items():
        is_shared = name in {"etc/gateway.toml", "etc/secrets"}
        assert (found.st_uid, found.st_gid) == (0 if is_shared else nobody.pw_uid, nobody.pw_gid), name
    places = ["--config", f"{tmp_path}/etc/other.toml", "--state", f"{tmp_path}/other", "--owner", "nobody"]
    apart = by_options(*places, "--key-file", f"{tmp_path}/etc/keys", *link)  # where the service's user may not write
    assert apart.exit_code == 0, apart.output
    found = Path(f"{tmp_path}/etc/keys").stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (0, nobody.pw_gid, 0o640)


@pytest.mark.long  # tests/sms_gateway/cli/data/test_database_roles.py is the short one
def test_the_roles_of_postgresql_are_separated_where_a_superuser_is_named(postgres: Postgres) -> None:
    name = f"init_{os.getpid()}"
    postgres.create_database(name)
    url = f"postgresql+psycopg://{name}_service@127.0.0.1:{postgres.port}/{name}"
    Path("database.txt").write_text("canary-of-the-database")
    words = ["--database", url, "--database-password-file", "database.txt", "--roles-as", "postgres"]
    postgres.administer(f"CREATE ROLE {name}_service LOGIN")
    try:
        refused = by_options(*words[:2])
        assert refused.exit_code == 1
        assert f"{name}_service may make no tables there; fix: make it the owner of the database" in refused.stderr
        done = by_options(*words)
        assert done.exit_code == 0, done.output
        assert f"roles: gateway_owner owns the tables, {name}_service is the service's" in done.stderr
        assert run("operators", "list").stdout.startswith("admin\tadministrator\t")
        owner = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'audit_entry'"
        assert postgres.administer_in(name, owner) == ("gateway_owner",)
        verifier = f"SELECT left(rolpassword, 14) FROM pg_authid WHERE rolname = '{name}_service'"
        assert postgres.administer_in(name, verifier) == ("SCRAM-SHA-256$",)
        assert "canary" not in done.output
    finally:
        postgres.drop_database(name)
        postgres.administer("DROP ROLE IF EXISTS gateway_owner")
        postgres.administer(f"DROP ROLE IF EXISTS {name}_service")
