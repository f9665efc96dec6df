"""The database itself refuses to change or delete an issued certificate.

Allowed later: the file and its hash, once; revocation, once; forgetting the person and the enrolment.
"""

from django.db import migrations

FROZEN = (
    "public_id", "created_at", "art", "aussteller_id", "jahr", "laufend", "nummer", "vorlage_id", "schema_version",
    "snapshot", "pruefcode", "name_salz", "name_digest", "anforderungen_erfuellt_am", "ausgestellt_am", "ersetzt_id",
)  # fmt: skip
FORGETTABLE = ("einschreibung_id", "person_id", "ausgestellt_von_id", "vorgang_id")
TABLE = "zertifikate_zertifikat"


def condition(distinct: str) -> str:
    parts = [
        f"NEW.{column}{cast} {distinct} OLD.{column}{cast}"
        for column, cast in ((c, "::text" if c == "snapshot" and distinct != "IS NOT" else "") for c in FROZEN)
    ]
    parts += [f"(NEW.{c} IS NOT NULL AND (OLD.{c} IS NULL OR NEW.{c} <> OLD.{c}))" for c in FORGETTABLE]
    parts += ["(OLD.widerrufen_von_id IS NOT NULL AND NEW.widerrufen_von_id <> OLD.widerrufen_von_id)"]
    parts += ["(OLD.status = 'widerrufen' AND NEW.widerrufsgrund <> OLD.widerrufsgrund)"]
    parts += ["(OLD.sha256 <> '' AND (NEW.sha256 <> OLD.sha256 OR NEW.datei <> OLD.datei))"]
    parts += ["(OLD.status = 'widerrufen' AND (NEW.status <> OLD.status OR NEW.widerrufen_at <> OLD.widerrufen_at))"]
    return " OR ".join(parts)


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {TABLE}_schutz() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' OR ({condition('IS DISTINCT FROM')}) THEN "
            "RAISE EXCEPTION 'an issued certificate is immutable' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_schutz BEFORE UPDATE OR DELETE ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_schutz()"
        )
        return
    message = "SELECT RAISE(ABORT, 'an issued certificate is immutable');"
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_schutz_update BEFORE UPDATE ON {TABLE} WHEN {condition('IS NOT')} BEGIN {message} END"
    )
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_schutz_delete BEFORE DELETE ON {TABLE} BEGIN {message} END")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_schutz ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_schutz()")
        return
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_schutz_update")
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_schutz_delete")


class Migration(migrations.Migration):
    dependencies = [("zertifikate", "0001_initial")]
    operations = [migrations.RunPython(create, remove)]
