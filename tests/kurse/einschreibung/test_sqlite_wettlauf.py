"""The same race on the embedded default: threads on one SQLite file, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from kurse.einschreibung.services import enrol
from kurse.planung.models import Kurs
from tests.concurrency import run_parallel
from tests.factories import KursFactory, PersonFactory
kurs = KursFactory(kapazitaet=3)
people = PersonFactory.create_batch(12)
results = run_parallel([lambda p=p: enrol(p, kurs, p) for p in people + people], timeout=60)
kurs.refresh_from_db()
print(json.dumps({
    "fehler": [repr(r) for r in results if isinstance(r, Exception)],
    "belegt": kurs.belegt,
    "zugelassen": kurs.einschreibungen.filter(status="zugelassen").count(),
    "raenge": sorted(kurs.einschreibungen.filter(status="warteliste").values_list("rang", flat=True)),
}))
"""


def test_last_seats_on_a_sqlite_file():
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    env |= {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=env, cwd=root, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {"fehler": [], "belegt": 3, "zugelassen": 3, "raenge": list(range(1, 10))}
