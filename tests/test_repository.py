"""The tree itself: what must be in it, what must never be, and sizes that keep it readable."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ordos_subsidy"

# Spelled in pieces, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|home|root|Users)/(?=\w)")
REGISTRY = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in [
            ("pypi", "org"),
            ("pypi", "python", "org"),
            ("pythonhosted", "org"),
            ("pypi", "tuna", "tsinghua", "edu", "cn"),
            ("mirrors", "aliyun", "com"),
        ]
    )
    + "|--(?:extra-)?index"
    + "-url|--find"
    + "-links"
)

TREE = [
    ".ci/run",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "docs/template.png",
    "examples/erdos-resources.xlsx",
    "ordos_subsidy/__init__.py",
    "ordos_subsidy/advice.py",
    "ordos_subsidy/amounts.py",
    "ordos_subsidy/batch/__init__.py",
    "ordos_subsidy/cli/__init__.py",
    "ordos_subsidy/conditions/__init__.py",
    "ordos_subsidy/document.py",
    "ordos_subsidy/errors.py",
    "ordos_subsidy/evaluation/outcome.py",
    "ordos_subsidy/facts.py",
    "ordos_subsidy/files/__init__.py",
    "ordos_subsidy/money.py",
    "ordos_subsidy/policies.schema.json",
    "ordos_subsidy/policy/__init__.py",
    "ordos_subsidy/py.typed",
    "ordos_subsidy/render/__init__.py",
    "ordos_subsidy/render/csv.py",
    "ordos_subsidy/render/html.py",
    "ordos_subsidy/render/json.py",
    "ordos_subsidy/render/markdown.py",
    "ordos_subsidy/render/terminal.py",
    "ordos_subsidy/render/xlsx.py",
    "ordos_subsidy/report/__init__.py",
    "ordos_subsidy/tables/__init__.py",
    "ordos_subsidy/templates/__init__.py",
    "ordos_subsidy/views/__init__.py",
    "ordos_subsidy/messages/__init__.py",
    "policies.toml",
    "pyproject.toml",
    "requirements-dev.txt",
]

MODULES = sorted(PACKAGE.rglob("*.py"))
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def tracked() -> list[Path]:
    """The files git knows or would add; in an unpacked archive, all files outside the environments."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
        paths = [ROOT / os.fsdecode(name) for name in listed.split(b"\0") if name]
    else:
        made = {"build", "dist", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
        paths = [
            path
            for path in ROOT.rglob("*")
            if not any(part in made or part.startswith(".venv") for part in path.relative_to(ROOT).parts)
        ]
    return sorted(path for path in paths if path.is_file())


def text_of(path: Path) -> str | None:
    """A file's text, or None for a file that holds no text."""
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8", errors="replace")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked()
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def definitions(path: Path) -> list[Definition]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, Definition)]


def public_definitions(body: list[ast.stmt]) -> list[Definition]:
    """The classes and functions a user of a module can name; the linter looks after their methods."""
    return [node for node in body if isinstance(node, Definition) and not node.name.startswith("_")]


def test_tree_holds_every_file_the_design_names() -> None:
    present = {relative(path) for path in tracked()}
    assert [name for name in TREE if name not in present] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, 'open("/' + 'home/li/firm.xlsx")'),
        (MACHINE_PATH, "file:///" + "work/main"),
        (REGISTRY, "https://files.python" + "hosted.org/packages"),
        (REGISTRY, "pip install --index" + "-url x"),
    ],
)
def test_what_must_not_be_in_the_tree_would_be_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_address_of_a_web_page_is_no_machine_path() -> None:
    assert not MACHINE_PATH.search("https://www.ordos.gov.cn/" + "home/index.html")


def test_ci_runs_make_test_and_nothing_else() -> None:
    path = ROOT / ".ci" / "run"
    first, *commands = path.read_text(encoding="utf-8").splitlines()
    assert first == "#!/usr/bin/env bash"
    assert commands == ["make test"]
    assert os.access(path, os.X_OK)


def test_pinned_environment_names_nothing_but_exact_versions() -> None:
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_module_and_everything_public_in_it_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module"
    assert [node.name for node in public_definitions(tree.body) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_module_has_at_most_400_lines_and_no_function_over_60(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    spans = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in definitions(path)
        if not isinstance(node, ast.ClassDef)
    }
    assert {name: span for name, span in spans.items() if span > 60} == {}
