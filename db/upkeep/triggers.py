"""Triggers: the database keeps the audit log by itself, and does nothing else by itself.

Only an owner of the tables, or anyone who can write the SQLite file, can drop a trigger or add one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

FUNCTION = (
    "CREATE OR REPLACE FUNCTION public.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
)
"""What the trigger of PostgreSQL runs, as the first migration makes it."""

TRIGGER = (
    "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON public.audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change()"
)
"""The trigger of PostgreSQL, as the first migration makes it."""

_BODY = FUNCTION.split("$$")[1]
_BEFORE_CHANGE = 2 | 8 | 16 | 32  # pg_trigger.tgtype: BEFORE, DELETE, UPDATE, TRUNCATE; no row bit, so each statement

_OF_SQLITE: Mapping[str, str] = {
    f"trigger audit_entry_stays_{change.lower()} of audit_entry": (
        f"CREATE TRIGGER audit_entry_stays_{change.lower()} BEFORE {change} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
    )
    for change in ("UPDATE", "DELETE")
}

_OF_POSTGRESQL: Mapping[str, str] = {
    "trigger audit_entry_stays of audit_entry": f"{_BEFORE_CHANGE} O public.refuse_audit_change",
    "function refuse_audit_change": f"plpgsql {_BODY}",
}

_SQLITE = text("SELECT 'trigger ' || name || ' of ' || tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")

_POSTGRESQL = text(
    """
    SELECT format('trigger %s of %s', t.tgname, c.relname),
           concat_ws(' ', t.tgtype, t.tgenabled, pn.nspname || '.' || p.proname, nullif(t.tgattr::text, ''),
                     CASE WHEN t.tgqual IS NOT NULL THEN 'WHEN' END, nullif(encode(t.tgargs, 'hex'), ''))
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace pn ON pn.oid = p.pronamespace
    WHERE n.nspname = 'public' AND NOT t.tgisinternal
    UNION ALL
    SELECT 'function refuse_audit_change',
           concat_ws(' ', l.lanname, CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END, p.proconfig::text, p.prosrc)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE n.nspname = 'public' AND p.proname = 'refuse_audit_change' AND p.pronargs = 0
    UNION ALL
    SELECT format('rule %s of %s', r.rulename, c.relname), 'rule'
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT format('row security of %s', c.relname), 'on'
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relrowsecurity
    """
)


def differences(connection: Connection) -> Sequence[str]:
    """Return what is missing, changed or added among the triggers, beside those of a new database of this revision."""
    is_sqlite = connection.dialect.name == "sqlite"
    wanted = _OF_SQLITE if is_sqlite else _OF_POSTGRESQL
    found = {str(name): str(made) for name, made in connection.execute(_SQLITE if is_sqlite else _POSTGRESQL)}
    changed = {name for name in wanted.keys() & found.keys() if wanted[name] != found[name]}
    return [
        *(f"{name} is missing" for name in sorted(wanted.keys() - found.keys())),
        *(f"{name} was changed" for name in sorted(changed)),
        *(f"{name} is not the program's" for name in sorted(found.keys() - wanted.keys())),
    ]
