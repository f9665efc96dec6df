import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from zertifikate.pdf.render import render_zertifikat
from zertifikate.pdf.snapshot import Snapshot

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "zertifikat_modulbescheinigung.json"


@pytest.fixture
def data() -> dict:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture
def snapshot(data: dict) -> Snapshot:
    return Snapshot.from_dict(data)


@pytest.fixture
def with_name(snapshot):
    """The golden snapshot in somebody else's name."""

    def build(vorname: str, nachname: str, **changes) -> Snapshot:
        return replace(snapshot, person=replace(snapshot.person, vorname=vorname, nachname=nachname), **changes)

    return build


@pytest.fixture
def read():
    """The rendered document as pypdf reads it."""

    def open_rendered(snapshot: Snapshot) -> PdfReader:
        return PdfReader(BytesIO(render_zertifikat(snapshot)))

    return open_rendered
