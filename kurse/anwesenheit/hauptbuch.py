"""The ledger in the database itself: triggers refuse every UPDATE and DELETE on both kinds of database.

One change is let through: setting `erfasst_von` to NULL when a person's account is erased. The triggers are written
anew after each migrate, because SQLite drops them whenever Django rebuilds the table.
"""

from typing import Any

TABLE = "kurse_anwesenheitsvermerk"
MESSAGE = "kurse_anwesenheitsvermerk is append-only"
ERASABLE = "erfasst_von_id"
TRIGGERS = ("anwesenheitsvermerk_kein_update", "anwesenheitsvermerk_kein_delete")

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION kurse_anwesenheitsvermerk_schutz() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.{ERASABLE} IS NULL
     AND to_jsonb(NEW) - '{ERASABLE}' = to_jsonb(OLD) - '{ERASABLE}' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
END $$;
"""


def _drop(cursor: Any, on_table: str) -> None:
    for name in TRIGGERS:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def install_triggers(connection: Any) -> None:
    """Write the triggers, replacing those that are there. Does nothing before the table exists."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            _drop(cursor, f" ON {TABLE}")
            cursor.execute(POSTGRESQL)
            for name, event in zip(TRIGGERS, ("UPDATE", "DELETE"), strict=True):
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} "
                    "FOR EACH ROW EXECUTE FUNCTION kurse_anwesenheitsvermerk_schutz()"
                )
            return
        columns = [c.name for c in connection.introspection.get_table_description(cursor, TABLE)]
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name != ERASABLE)
        _drop(cursor, "")
        cursor.execute(
            f"CREATE TRIGGER {TRIGGERS[0]} BEFORE UPDATE ON {TABLE} WHEN NOT (NEW.{ERASABLE} IS NULL AND {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        cursor.execute(
            f"CREATE TRIGGER {TRIGGERS[1]} BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def drop_triggers(connection: Any) -> None:
    """Only for reversing the migration, and for emptying a test database."""
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            _drop(cursor, f" ON {TABLE}" if connection.vendor == "postgresql" else "")


def keep_triggers(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """`post_migrate` receiver."""
    from django.db import connections

    install_triggers(connections[using])
