"""A confirmed result in the database itself: a trigger refuses every UPDATE, on both kinds of database.

One change is let through: setting `bestaetigt_von` to NULL when a person's account is erased. The trigger is written
anew after each migrate, because SQLite drops it whenever Django rebuilds the table.
"""

from typing import Any

from django.db import connections

TABLE = "kurse_modulergebnis"
TRIGGER = "modulergebnis_kein_update"
MESSAGE = "kurse_modulergebnis is written once"
ERASABLE = "bestaetigt_von_id"

FUNCTION = f"""
CREATE OR REPLACE FUNCTION kurse_modulergebnis_schutz() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.{ERASABLE} IS NULL AND to_jsonb(NEW) - '{ERASABLE}' = to_jsonb(OLD) - '{ERASABLE}' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
END $$;
"""


def install_trigger(connection: Any) -> None:
    """Write the trigger, replacing the one that is there. Does nothing before the table exists."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER} ON {TABLE}")
            cursor.execute(FUNCTION)
            cursor.execute(
                f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION kurse_modulergebnis_schutz()"
            )
            return
        columns = [c.name for c in connection.introspection.get_table_description(cursor, TABLE)]
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name != ERASABLE)
        cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}")
        cursor.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} WHEN NOT (NEW.{ERASABLE} IS NULL AND {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def keep_trigger(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """`post_migrate` receiver."""
    install_trigger(connections[using])
