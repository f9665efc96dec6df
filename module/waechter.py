"""Triggers that keep published versions as they are, whoever writes: even raw SQL cannot edit a record of fact.

They are (re)made after every `migrate`, because SQLite drops the triggers of a table that a migration rebuilds. Their
name carries a digest of their text, so a changed list of columns replaces the old trigger and nothing else runs twice.
"""

import hashlib
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from module.enums import VersionStatus
from module.felder import INHALTSFELDER
from module.models import Modulversion, Programmversion

PREFIX = "unveraenderlich_"
_FEST = (VersionStatus.VEROEFFENTLICHT, VersionStatus.ABGELOEST)
_PROGRAMMFELDER = [
    "abschluss",
    "zielgruppe",
    "zugang",
    "format",
    "dauer",
    "ue_gesamt",
    "stunden_gesamt",
    "ects_gesamt",
    "angaben",
    "anwesenheitsregel",
    "quelle_url",
    "quelle",
    "gueltig_ab",
]
MELDUNG = "eine veröffentlichte Version ist unveränderlich"


def _columns(model: Any, names: tuple[str, ...] | list[str]) -> list[str]:
    return [model._meta.get_field(name).column for name in names]


def _guarded() -> list[tuple[str, list[str]]]:
    return [
        (Modulversion._meta.db_table, _columns(Modulversion, ("modul", "nummer", *INHALTSFELDER))),
        (Programmversion._meta.db_table, _columns(Programmversion, ["programm", "nummer", *_PROGRAMMFELDER])),
    ]


def _condition(columns: list[str], differs: str) -> str:
    fest = ", ".join(f"'{state.value}'" for state in _FEST)
    changed = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)
    back = "NEW.status <> OLD.status AND NOT (OLD.status = 'veroeffentlicht' AND NEW.status = 'abgeloest')"
    return f"OLD.status IN ({fest}) AND ({changed} OR ({back}))"


def _sqlite(table: str, columns: list[str]) -> list[str]:
    condition = _condition(columns, "IS NOT")
    body = f"""BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{MELDUNG}'); END"""
    name = _name(table, body)
    return [name, f'CREATE TRIGGER "{name}" {body}']


def _postgresql(table: str, columns: list[str]) -> list[str]:
    condition = _condition(columns, "IS DISTINCT FROM")
    body = f"""RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {condition} THEN RAISE EXCEPTION '{MELDUNG}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN NEW; END $$"""
    name = _name(table, body)
    return [
        name,
        f'CREATE OR REPLACE FUNCTION "{name}"() {body}',
        f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    ]


def _name(table: str, body: str) -> str:
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    return f"{PREFIX}{table.removeprefix('module_')}_{digest}"


_EXISTING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name LIKE %s",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgname LIKE %s",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers of this database exactly the wanted ones."""
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for table, columns in _guarded():
            name, *statements = make(table, columns)
            cursor.execute(_EXISTING[connection.vendor], [table, f"{PREFIX}%"])
            existing = {row[0] for row in cursor.fetchall()}
            for old in existing - {name}:
                suffix = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER "{old}"{suffix}')
            if name not in existing:
                for statement in statements:
                    cursor.execute(statement)


def install_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate` for this app."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if all(table in tables for table, _columns_of in _guarded()):
        install(connection)
