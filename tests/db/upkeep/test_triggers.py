"""The triggers of a new database are known, and each other one is named; on both databases."""

from __future__ import annotations

from sqlalchemy import text

from db.store.engine import Database
from db.upkeep.triggers import differences

CALL = "EXECUTE FUNCTION refuse_audit_change()"
REPLACED = (
    "CREATE OR REPLACE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT"
)


def test_a_new_database_differs_in_nothing(database: Database) -> None:
    with database.read() as connection:
        assert differences(connection) == []


def test_each_change_is_named_on_postgresql(postgres_database: Database) -> None:
    body = "RETURNS trigger LANGUAGE plpgsql {} AS $$ BEGIN RETURN NULL; END $$"
    for statement, told in (
        ("DROP TRIGGER audit_entry_stays ON audit_entry", "trigger audit_entry_stays of audit_entry is missing"),
        ("ALTER TABLE audit_entry DISABLE TRIGGER USER", "trigger audit_entry_stays of audit_entry was changed"),
        (f"{REPLACED} WHEN (false) {CALL}", "trigger audit_entry_stays of audit_entry was changed"),
        (
            f"CREATE OR REPLACE FUNCTION refuse_audit_change() {body.format('')}",
            "function refuse_audit_change was changed",
        ),
        ("ALTER FUNCTION refuse_audit_change() SECURITY DEFINER", "function refuse_audit_change was changed"),
        (
            f"CREATE TRIGGER evil AFTER INSERT ON inbound {CALL}",
            "trigger evil of inbound is not the program's",
        ),
        ("CREATE RULE evil AS ON INSERT TO inbound DO NOTHING", "rule evil of inbound is not the program's"),
        ("ALTER TABLE operator ENABLE ROW LEVEL SECURITY", "row security of operator is not the program's"),
    ):
        with postgres_database.writer.connect() as connection:  # rolled back at the end
            connection.execute(text(statement))
            assert differences(connection) == [told], statement
