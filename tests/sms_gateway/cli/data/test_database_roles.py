"""db roles: on a real PostgreSQL, what the service's role may not do, and that everything works under it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Event

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from db.schema import ReceiptState
from db.staff import audit
from db.store.engine import open_database
from db.upkeep.planner_statistics import analyse_grown
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Direction, Simulator
from sms_gateway.process import keyfile
from sms_gateway.process.schedule import jobs_here, retention_jobs
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, RetentionSettings, Settings, WebSettings
from sms_gateway.settings.switches import all_on
from sms_gateway.wiring.gateway import Gateway
from tests.db.upkeep.next_revision import add_revision
from tests.postgres import Postgres, binaries
from tests.sms_gateway.cli.surroundings import run

SERVICE, OWNER, NAME = (f"{word}_{os.getpid()}" for word in ("service", "owner", "separated"))
CITIZEN = "84905000111"
FORBIDDEN = (
    "DROP TRIGGER audit_entry_stays ON audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION refuse_audit_change() CASCADE",
    "SET session_replication_role = replica",
    "DELETE FROM audit_entry",
    "UPDATE audit_entry SET operator = 'hoa'",
    "TRUNCATE audit_entry",
    "DROP TABLE audit_entry",
    "ALTER TABLE inbound ADD COLUMN made_up INTEGER",
    "CREATE TABLE public.made_up (id INTEGER)",
    "CREATE TEMPORARY TABLE made_up (id INTEGER)",
    "CREATE FUNCTION public.lower(given varchar) RETURNS text LANGUAGE sql AS 'SELECT given::text'",
    "CREATE SCHEMA made_up",
    "UPDATE alembic_version SET version_num = '0000'",
    f"SET ROLE {OWNER}",
    f"GRANT {OWNER} TO {SERVICE}",
    f"ALTER DATABASE {NAME} OWNER TO {SERVICE}",
    "SELECT analyse_own('pg_catalog.pg_class; DROP TABLE audit_entry')",
)


SEPARATE = ("db", "roles", "--owner", OWNER, "--run", "--as", "postgres")
TRAPS = (
    """CREATE FUNCTION public.trap_{type}(oid, {type}) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
         EXECUTE 'ALTER ROLE {role} SUPERUSER';
       END IF;
       RETURN $1 OPERATOR(pg_catalog.=) $2::oid; END $$""",
    "CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = {type}, FUNCTION = public.trap_{type})",
)


@pytest.fixture
def one_role(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database whose owner is the service's role, as `createdb --owner` makes it; the settings name that role."""
    postgres.create_database(NAME)
    postgres.administer(f"CREATE ROLE {SERVICE} LOGIN")
    postgres.administer(f"ALTER DATABASE {NAME} OWNER TO {SERVICE}")
    postgres.administer_in(NAME, f"GRANT CREATE ON SCHEMA public TO {SERVICE} WITH GRANT OPTION")
    url = f"postgresql+psycopg://{SERVICE}@127.0.0.1:{postgres.port}/{NAME}"
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", url)
    try:
        succeed("db", "upgrade")
        yield url
    finally:
        postgres.drop_database(NAME)
        for role in (OWNER, SERVICE):
            postgres.administer(f"DROP ROLE IF EXISTS {role}")


@pytest.fixture
def url(one_role: str) -> str:
    """A database of one role that was separated into two, as the manual has it."""
    succeed(*SEPARATE)
    succeed("operators", "add", "lan")
    return one_role


def succeed(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.stdout


def as_service(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_what_the_service_made_before_does_not_run_with_the_rights_of_the_superuser(
    postgres: Postgres, one_role: str
) -> None:
    traps = [trap.format(role=SERVICE, type=kind) for kind in ("regnamespace", "regtype") for trap in TRAPS]
    as_service(one_role, *traps, f"ALTER DATABASE {NAME} SET search_path = public, pg_catalog")
    is_superuser = f"SELECT FROM pg_roles WHERE rolname = '{SERVICE}' AND rolsuper"
    refused = run(*SEPARATE)
    assert refused.exit_code == 1
    assert f"the role {SERVICE} still owns: function public.trap_regnamespace(oid,regnamespace)" in refused.stderr
    assert not postgres.administer(is_superuser)
    with postgres.administrator(NAME) as psql, suppress(psycopg.Error):
        psql.execute(run("db", "roles", "--owner", OWNER).stdout.encode())
    assert not postgres.administer(is_superuser)


def test_roles_are_not_separated_while_the_service_has_more_rights_than_rows(postgres: Postgres, one_role: str) -> None:
    postgres.administer(f"CREATE ROLE {OWNER}")
    for given, taken, word in (
        (f"ALTER ROLE {SERVICE} CREATEROLE", f"ALTER ROLE {SERVICE} NOCREATEROLE", "may make roles; fix: "),
        (f"GRANT {OWNER} TO {SERVICE}", f"REVOKE {OWNER} FROM {SERVICE}", f"is a member of {OWNER}; fix: REVOKE"),
    ):
        postgres.administer(given)
        refused = run(*SEPARATE)
        assert (refused.exit_code, word in refused.stderr) == (1, True), given
        postgres.administer(taken)
    as_service(one_role, "CREATE VIEW public.seen AS SELECT 1", "GRANT UPDATE ON audit_entry TO PUBLIC")
    assert f"the role {SERVICE} still owns: view public.seen; fix: drop them" in run(*SEPARATE).stderr
    as_service(one_role, "DROP VIEW public.seen", f"ALTER DATABASE {NAME} SET search_path = public")
    postgres.administer_in(NAME, f"ALTER SCHEMA public OWNER TO {SERVICE}")
    succeed(*SEPARATE)
    succeed(*SEPARATE)
    for right in ("schema_privilege('{}', 'public', 'CREATE')", "table_privilege('{}', 'audit_entry', 'UPDATE')"):
        assert postgres.administer_in(NAME, f"SELECT has_{right.format(SERVICE)}") == (False,), right


def test_the_service_may_not_change_tables_nor_the_audit_log_and_everything_works_under_it(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(statement.encode())
            assert refused.value.sqlstate in {"42501", "42P01"}, statement
    texts_are_answered(url)
    rows_end_and_tables_are_analysed(url)
    for words in (("keys", "rotate"), ("keys", "rotate"), ("audit", "verify"), ("check", "--no-bind")):
        succeed(*words)
    newer = add_revision(tmp_path, monkeypatch, "CREATE TABLE made_up (id INTEGER)")
    refused_upgrade = run("db", "upgrade", "--without-backup")
    assert "or name its owner with --as" in refused_upgrade.stderr
    assert run("db", "upgrade", "--without-backup", "--as", OWNER).stdout.endswith(f"-> {newer}\n")
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("INSERT INTO made_up VALUES (1)")  # what an upgrade makes is granted too


def test_check_finds_the_service_owning_the_log_and_a_trigger_gone_and_roles_puts_both_right(
    postgres: Postgres, url: str
) -> None:
    postgres.administer("CREATE ROLE gateway_owner")  # the default name of the owner, by which a check knows that one
    try:
        postgres.administer_in(NAME, f"REASSIGN OWNED BY {OWNER} TO {SERVICE}")  # as after pg_restore --role
        assert "CAUTION   roles: the service's role owns the audit log" in run("check", "--no-bind").stdout
        as_service(url, "DROP TRIGGER audit_entry_stays ON audit_entry")
        found = run("check", "--no-bind")
        assert found.exit_code == 1
        assert "FAULT     triggers: trigger audit_entry_stays of audit_entry is missing; fix: " in found.stdout
        succeed(*SEPARATE)
        told = succeed("check", "--no-bind")
        assert "triggers" not in told
        assert "roles" not in told
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_service(url, "DROP TRIGGER audit_entry_stays ON audit_entry")
    finally:
        postgres.administer("DROP ROLE gateway_owner")


@pytest.mark.long
def test_a_restore_by_the_manual_is_good_again_after_roles(postgres: Postgres, url: str, tmp_path: Path) -> None:
    place, programs = url.replace("+psycopg", ""), binaries() / "bin"
    subprocess.run([programs / "pg_dump", "--format=custom", "--file=copy.dump", place], check=True, cwd=tmp_path)
    postgres.drop_database(NAME)
    postgres.create_database(NAME)
    postgres.administer(f"ALTER DATABASE {NAME} OWNER TO {SERVICE}")
    words = [f"--dbname={place.replace(SERVICE, 'postgres')}", "--no-owner", "--no-privileges", f"--role={SERVICE}"]
    subprocess.run([programs / "pg_restore", *words, "copy.dump"], check=True, cwd=tmp_path)
    as_service(url, "ALTER TABLE audit_entry DISABLE TRIGGER ALL")
    psql: list[str | Path] = [programs / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", words[0]]
    subprocess.run(psql, check=True, input=succeed("db", "roles", "--owner", OWNER).encode())
    told = succeed("check", "--no-bind")
    assert "triggers" not in told
    with psycopg.connect(place, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.Error):
                connection.execute(statement.encode())
    succeed("audit", "verify")
    succeed("operators", "add", "hoa")


def texts_are_answered(url: str) -> None:
    smsc = Simulator(system_id="gateway", password="canary", now=utc_now)
    smsc.start()
    link = LinkSettings(host="127.0.0.1", port=smsc.port, system_id="gateway", password=SecretStr("canary"))
    database = DatabaseSettings(url=url, key_file=Path("var/keys"))
    settings = Settings(database=database, web=WebSettings(port=0), links={"carrier": link})
    try:
        with opened(settings) as open_one:
            gateway = Gateway(settings, open_one)
            gateway.start()
            smsc.wait_bound()
            for text_ in ("TK, Nguyen Van A, 201499999, 20/12/1990", "DVC 000.00.12.H17-230815-0007", "HD"):
                smsc.send_text(CITIZEN, "8188", text_)
            heard = smsc.wait_for(
                CITIZEN, lambda found: sum(one.receipt is ReceiptState.DELIVERED for one in found) == 3
            )
            assert gateway.dead_parts() == []
            assert gateway.stop()
    finally:
        smsc.stop()
    answers = {one.text.partition(":")[0] for one in heard if one.direction is Direction.MT}
    assert {"TK", "Soan gui 8188"} <= answers


def rows_end_and_tables_are_analysed(url: str) -> None:
    with closing(open_database(url, keyfile.load(Path("var/keys")))) as database:
        for job in jobs_here(retention_jobs(RetentionSettings()), is_sqlite=False, is_on=all_on):
            job.run(database, utc_now, Event())
        with database.write() as connection:
            connection.execute(
                text(
                    "INSERT INTO event (id, inbound_id, kind, at) "
                    "SELECT n, n, 'made_up', now() FROM generate_series(1, 5000) AS n"
                )
            )
        with database.write() as connection:
            assert "event" in analyse_grown(connection)
        with database.read() as connection:
            asked = text("SELECT count(*) FROM pg_stats WHERE tablename = 'event'")
            assert connection.execute(asked).scalar_one() > 0
            assert audit.verify(connection).broken is None


def test_the_statements_are_printed_for_a_superuser_and_wrong_names_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "an SQLite file has no roles" in run("db", "roles").stderr
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", "postgresql+psycopg://gateway@/gateway")
    printed = run("db", "roles")
    assert printed.exit_code == 0
    assert 'CREATE ROLE "gateway_owner" LOGIN' in printed.stdout
    assert 'REVOKE UPDATE, DELETE ON public.audit_entry FROM "gateway"' in printed.stdout
    for owner, word in (("gateway", "must be another one"), ("x'; DROP", "letters, digits, _ and -")):
        refused = run("db", "roles", "--owner", owner)
        assert (refused.exit_code, word in refused.stderr) == (2, True), owner


def test_a_role_that_may_not_make_roles_is_told_who_may(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"unseparated_{os.getpid()}"
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", postgres.create_database(name))
    refused = run("db", "roles", "--run")
    assert (refused.exit_code, "fix: name a superuser with --as" in refused.stderr) == (1, True)
    postgres.drop_database(name)
