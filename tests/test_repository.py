"""The house rules that a machine can check."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("lms", "kurse", "module", "zertifikate", "tests")
#: Names that would be a second word for something that has a German noun already (see docs/glossar.md).
TWINS = {
    "course", "lesson", "enrollment", "enrolment", "participant", "attendance", "certificate", "employer", "lecturer",
    "assignment", "submission", "gradebook", "tenant", "programme_version", "module_version",
}  # fmt: skip
ALLOWED_TOP = {
    ".ci", ".gitignore", ".npmrc", "Makefile", "README.md", "docs", "kurse", "lms", "manage.py", "module",
    "package-lock.json", "package.json", "pyproject.toml", "requirements.lock", "tests", "zertifikate",
    ".pre-commit-config.yaml", ".dockerignore",
}  # fmt: skip


def tracked() -> list[Path]:
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in out.splitlines() if (ROOT / line).exists()]


def python_files() -> list[Path]:
    return [p for folder in CODE for p in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in p.parts]


def test_only_the_agreed_rooms_at_the_top():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= ALLOWED_TOP


@pytest.mark.parametrize("name", ["requirements.lock", "package-lock.json"])
def test_lock_files_name_no_place(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://(?!opencollective|github\.com/sponsors)|file:|\"resolved\"|^/", text, re.M)
    assert "sha256:" in text or '"integrity"' in text


def test_files_are_short():
    long = [(p.relative_to(ROOT), n) for p in python_files() if (n := len(p.read_text().splitlines())) > 400]
    assert not long


def _identifiers(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_no_second_word_for_a_domain_noun():
    found = []
    for path in python_files():
        if path.is_relative_to(ROOT / "tests"):  # names of tests are English sentences
            continue
        for name in _identifiers(ast.parse(path.read_text())):
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)}
            if words & TWINS:
                found.append(f"{path.relative_to(ROOT)}: {name}")
    assert not found


def test_identifiers_are_ascii():
    odd = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files()
        for name in _identifiers(ast.parse(path.read_text()))
        if not name.isascii()
    ]
    assert not odd


def domain_error_codes() -> dict[str, str]:
    """Every code that is raised, with the file that raises it."""
    codes: dict[str, str] = {}
    for path in python_files():
        if path.parts[len(ROOT.parts)] == "tests":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called == "DomainError" and isinstance(node.args[0].value, str):
                codes.setdefault(node.args[0].value, str(path.relative_to(ROOT)))
    return codes


def test_error_codes_are_documented():
    documented = set(re.findall(r"^\| `([a-z_]+)`", (ROOT / "docs" / "fehlercodes.md").read_text(), re.M))
    assert set(domain_error_codes()) == documented
