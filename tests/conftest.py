"""Each test has its own file store and an empty cache."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _clean_world(settings, tmp_path):
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "dateien")},
    }
    settings.MEDIA_ROOT = tmp_path / "dateien"
    settings.STORAGES = {**settings.STORAGES, "default": files}
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _ledger_can_be_flushed():
    """Emptying a SQLite test database deletes row by row, which the triggers of the attendance ledger refuse.

    They come back with the `post_migrate` that follows every flush. PostgreSQL truncates and needs nothing.
    """
    from django.db.backends.sqlite3.base import DatabaseOperations

    from kurse.anwesenheit.hauptbuch import drop_triggers

    original = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        drop_triggers(self.connection)
        return original(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


def pytest_addoption(parser):
    parser.addoption("--matrix-schreiben", action="store_true", help="write tests/rechte/matrix.txt anew")
