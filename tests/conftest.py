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
