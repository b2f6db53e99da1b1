"""Two roles of PostgreSQL: one owns the tables and upgrades them, the service has the other and may not change them.

With one role for both, anyone who takes the service over can drop the trigger that keeps the audit log, and then
delete its entries. The statements may be run again at any time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from psycopg import sql
from sqlalchemy import Connection, text

from db.upkeep.triggers import FUNCTION, TRIGGER

ANALYSE = "analyse_own"
"""A function by which the service analyses tables that it does not own (db.upkeep.planner_statistics)."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}", re.ASCII)

_PATH = "SET LOCAL search_path = pg_catalog, pg_temp"
"""Without it, an operator or a function that the service made in `public` runs with the superuser's rights."""

_CREATE = """\
DO $do$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal}) THEN CREATE ROLE {role} LOGIN; END IF;
END $do$"""

_HAND_OVER = """\
DO $do$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
             AND c.relkind IN ('r', 'p') AND pg_get_userbyid(c.relowner) <> {literal} LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO %I', one.name, {literal});
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE pg_get_userbyid(p.proowner) <> {literal}
             AND p.oid IN (to_regprocedure('public.refuse_audit_change()'), to_regprocedure('public.analyse_own(text)'))
             LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO %I', one.name, {literal});
  END LOOP;
END $do$"""

_REFUSE_TOO_MUCH = """\
DO $do$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = {literal} AND (rolsuper OR rolcreaterole)) THEN
    RAISE EXCEPTION 'the role % is a superuser, or may make roles; fix: ALTER ROLE {role} NOSUPERUSER NOCREATEROLE',
      {literal};
  END IF;
  IF pg_has_role({literal}, {owner_literal}, 'MEMBER') THEN
    RAISE EXCEPTION 'the role % is a member of %; fix: REVOKE {owner} FROM {role}', {literal}, {owner_literal};
  END IF;
END $do$"""

_TAKE_SCHEMA = """\
DO $do$ BEGIN
  IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public' AND pg_get_userbyid(nspowner) = {literal}) THEN
    ALTER SCHEMA public OWNER TO {owner};
  END IF;
END $do$"""

_NARROW = (
    "ALTER DATABASE {database} OWNER TO {owner}",
    _TAKE_SCHEMA,
    "REVOKE ALL ON SCHEMA public FROM {role} CASCADE",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE ALL ON DATABASE {database} FROM {role} CASCADE",
    "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
)

_REFUSE_LEFT = """\
DO $do$ DECLARE things text; BEGIN
  SELECT string_agg(pg_describe_object(d.classid, d.objid, d.objsubid), ', ') INTO things
    FROM (SELECT * FROM pg_shdepend WHERE deptype = 'o' AND refclassid = 'pg_authid'::regclass
          AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = {literal})
          AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
          ORDER BY classid, objid LIMIT 5) AS d;
  IF things IS NOT NULL THEN
    RAISE EXCEPTION 'the role % still owns: %; fix: drop them, or give them another owner', {literal}, things;
  END IF;
  IF has_schema_privilege({literal}, 'public', 'CREATE')
     OR has_database_privilege({literal}, current_database(), 'CREATE') THEN
    RAISE EXCEPTION 'the role % may still make objects, by a role that it is a member of; fix: REVOKE that one',
      {literal};
  END IF;
END $do$"""

_RENEW_TRIGGER = f"""\
DO $do$ BEGIN
  IF to_regclass('public.audit_entry') IS NULL THEN RETURN; END IF;
  {FUNCTION};
  DROP TRIGGER IF EXISTS audit_entry_stays ON public.audit_entry;
  {TRIGGER};
END $do$"""

_GRANT = """\
DO $do$ BEGIN
  IF to_regclass('public.audit_entry') IS NULL THEN RETURN; END IF;
  REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
  REVOKE UPDATE, DELETE ON public.audit_entry FROM {role};
  REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM {role};
  CREATE OR REPLACE FUNCTION public.analyse_own(name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $body$ BEGIN EXECUTE format('ANALYZE public.%I', name); END $body$;
  REVOKE ALL ON FUNCTION public.analyse_own(text) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION public.analyse_own(text) TO {role};
END $do$"""


def is_role_name(name: str) -> bool:
    """Return whether a role of this name can be in the statements: letters, digits, underscores and hyphens."""
    return _NAME.fullmatch(name) is not None


def separating(database: str, *, owner: str, service: str) -> Sequence[str]:
    """Return the statements that make both roles and hand the database over; a superuser runs them in it.

    Raises ValueError for a name that `is_role_name` refuses.
    """

    def filled(statement: str) -> str:
        return _filled(statement, service, owner=owner, database=database)

    hand_over = _filled(_HAND_OVER, owner)
    return [
        _PATH,
        _filled(_CREATE, owner),
        _filled(_CREATE, service),
        filled(_REFUSE_TOO_MUCH),
        *map(filled, _NARROW),
        hand_over,
        filled(_REFUSE_LEFT),
        _RENEW_TRIGGER,
        *granting(service),
        hand_over,  # the function that was made must be the owner's too
    ]


def granting(service: str) -> Sequence[str]:
    """Return the statements that let the service read and write the rows; the owner runs them after each upgrade."""
    return [_PATH, _filled("GRANT USAGE ON SCHEMA public TO {role}", service), _filled(_GRANT, service)]


def owns_audit_log(connection: Connection, *, beside: str) -> bool:
    """Return whether our own role owns the audit log although there is an owner's role, as after a restore."""
    asked = text(
        "SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('public.audit_entry')"
        " AND pg_get_userbyid(relowner) = current_user) AND EXISTS (SELECT FROM pg_roles WHERE rolname = :beside)"
        " AND current_user <> :beside"
    )
    return bool(connection.scalar(asked, {"beside": beside}))


def giving_verifier(role: str, verifier: str) -> str:
    """Return the statement that gives a role its password, as a verifier of SCRAM (RFC 5803)."""
    return f"ALTER ROLE {_identifier(role)} PASSWORD {sql.Literal(verifier).as_string()}"


def run(connection: Connection, statements: Sequence[str]) -> None:
    """Run statements in the caller's transaction; raises DBAPIError."""
    for statement in statements:
        connection.execute(text(statement.replace(":", r"\:")))


def _filled(statement: str, role: str, *, owner: str = "", database: str = "") -> str:
    if not all(is_role_name(name) for name in (role, owner or role)):
        raise ValueError("not a name of a role that can be written into the statements")
    return statement.format(
        role=_identifier(role),
        literal=_literal(role),
        owner=_identifier(owner),
        owner_literal=_literal(owner),
        database=_identifier(database),
    )


def _literal(name: str) -> str:
    return sql.Literal(name).as_string()


def _identifier(name: str) -> str:
    return sql.Identifier(name).as_string()
