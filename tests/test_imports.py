"""The rooms of the package and who may enter which: design as a test.

Imports inside functions and under TYPE_CHECKING count for the direction between rooms; a heavy library
imported for types only costs nothing at run time and does not count.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = "ordos_subsidy"
ROOT = Path(__file__).resolve().parent.parent

FACADE = "__init__"  # `ordos_subsidy` itself, the Python interface
ROOMS = (
    "leaving",
    "errors",
    "messages",
    "money",
    "output",
    "files",
    "facts",
    "cells",
    "conditions",
    "amounts",
    "policy",
    "wording",
    "tables",
    "evaluation",
    "receipt",
    "advice",
    "variants",
    "hints",
    "interview",
    "checking",
    "audit",
    "document",
    "report",
    "pages",
    "views",
    "render",
    "carriers",
    "templates",
    "batch",
    "api",
    "spark",
    FACADE,
    "verification",
    "cli",
    "__main__",
)

#: The modules that load pydantic, which the hot start does without.
MODELS = {f"policy.{name}" for name in ("rule_grammar", "grammar", "mistakes", "names", "rules", "build")}
#: Rooms that may ask for them when the cache does not serve.
COMPILED = {"policy", "checking", "audit"}

#: The half in C of `threading`, which the child process uses: its threads are never joined.
QUICK = ("_thread",)

HEAVY = {
    "polars": {
        *("files.worker", "amounts", "conditions", "tables", "evaluation", "variants", "advice", "hints"),
        *("batch", "verification", "views", "api", "spark"),
        *("render._cells", "render._sheets", "render.csv", "render.parquet"),
    },
    "numpy": {"evaluation"},
    "rich": {"render.terminal", "render._*", "batch", "cli"},
    "openpyxl": {"templates"},
    "rustpy_xlsxwriter": {"render.xlsx"},
    "xlsxwriter": {"render._xlsxwriter"},
    "typst": {"render.pdf"},
    "pylopdf_fonts_zh_cn": {"render.pdf"},
    "pypdf": {"audit", "carriers"},
    "docx": {"audit", "render.docx"},
    "typer": {"cli"},
    "click": set(),
    "questionary": {"cli.ask"},
    "mcp": {"cli.assistants"},
    "pydantic": {"policy.grammar", "policy.rule_grammar", "policy.mistakes", "cli.assistants"},
}


@dataclass(frozen=True)
class Import:
    """One import statement: which module asks for which, and how."""

    module: str
    target: str
    line: int = 0
    lazy: bool = False
    types_only: bool = False

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def module_name(path: Path) -> str:
    """The dotted name inside the package; a package goes by its own name, the root by `__init__`."""
    parts = path.relative_to(ROOT / PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == FACADE and len(parts) > 1 else parts)


def is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def statements(node: ast.AST, seen: Import, package: str, modules: frozenset[str]) -> Iterator[Import]:
    """Every import below `node`; `seen` carries what is known on the way down."""
    for child in ast.iter_child_nodes(node):
        below = seen
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            below = replace(seen, lazy=True)
        elif isinstance(child, ast.If) and is_type_checking(child.test):
            types = replace(seen, types_only=True)
            yield from statements(ast.Module(child.body, []), types, package, modules)
            yield from statements(ast.Module(child.orelse, []), seen, package, modules)
            continue
        for target in targets(child, package, modules):
            yield replace(seen, target=target, line=getattr(child, "lineno", 0))
        yield from statements(child, below, package, modules)


def targets(node: ast.AST, package: str, modules: frozenset[str]) -> Iterable[str]:
    """The absolute names of the modules one statement or `import_module` call asks for."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        full = [f"{base}.{alias.name}" for alias in node.names]
        return sorted({name if name in modules else base for name in full})
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
        first = node.args[0] if node.args else None
        return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []
    return []


def imports_of(source: str, module: str, *, is_package: bool, modules: frozenset[str]) -> list[Import]:
    """What one module's source imports, in the order of the file."""
    full = PACKAGE if module == FACADE else f"{PACKAGE}.{module}"
    package = full if is_package or module == FACADE else full.rpartition(".")[0]
    return list(statements(ast.parse(source), Import(module, ""), package, modules))


def room(module: str) -> str:
    return module.partition(".")[0]


def inside(target: str) -> str | None:
    """The module a target means inside the package, or None for a library."""
    if target == PACKAGE:
        return FACADE
    return target.removeprefix(f"{PACKAGE}.") if target.startswith(f"{PACKAGE}.") else None


def direction_fault(found: Import) -> str | None:
    """Why an import between rooms goes the wrong way, or None."""
    target = inside(found.target)
    if target is None:
        return None
    here, there = room(found.module), room(target)
    if there not in ROOMS or here not in ROOMS:
        return f"{found}: a room without a place in ROOMS"
    if target in MODELS and not (found.module in MODELS or (here in COMPILED and (found.lazy or found.types_only))):
        return f"{found}: only {', '.join(sorted(COMPILED))} may, and inside a function"
    if here == there == "render":
        return sibling_fault(found, target)
    if ROOMS.index(there) > ROOMS.index(here):
        return f"{found}: {there} comes after {here}"
    return None


def sibling_fault(found: Import, target: str) -> str | None:
    """Renderers do not know each other; their shared helpers begin with an underscore."""
    own, other = found.module.removeprefix("render"), target.removeprefix("render")
    may = own in {"", other} or other.startswith("._")
    return None if may else f"{found}: renderers do not know each other"


def library_fault(found: Import) -> str | None:
    """Why a heavy library may not be imported here, or None."""
    rooms = HEAVY.get(found.target.partition(".")[0])
    if rooms is None or found.types_only:
        return None
    names = {found.module, room(found.module)}
    if found.module.startswith("render._"):
        names.add("render._*")
    return None if names & rooms else f"{found}: only {', '.join(sorted(rooms))} may"


def private_fault(found: Import) -> str | None:
    """Why a name that a library keeps to itself may not be imported."""
    parts = found.target.split(".")
    named = [part for part in parts if part.startswith("_") and part not in ("__future__", *QUICK)]
    private = inside(found.target) is None and named
    return f"{found}: the library keeps that to itself" if private else None


def faults(found: Iterable[Import]) -> list[str]:
    return [
        fault for each in found for fault in (direction_fault(each), library_fault(each), private_fault(each)) if fault
    ]


def package_imports() -> list[Import]:
    paths = sorted((ROOT / PACKAGE).rglob("*.py"))
    modules = frozenset(f"{PACKAGE}.{module_name(path)}" for path in paths)
    return [
        found
        for path in paths
        for found in imports_of(
            path.read_text(encoding="utf-8"),
            module_name(path),
            is_package=path.name == "__init__.py",
            modules=modules,
        )
    ]


def test_every_module_has_its_place_in_the_order() -> None:
    names = {room(module_name(path)) for path in (ROOT / PACKAGE).rglob("*.py")}
    assert names <= set(ROOMS)


def test_rooms_import_only_rooms_above_them_and_libraries_stay_where_they_belong() -> None:
    found = package_imports()
    assert found
    assert faults(found) == []


def test_no_two_modules_need_each_other() -> None:
    """Imports in functions and for types included; a room's own front, its `__init__`, is a way into it."""
    rooms = {module_name(path) for path in (ROOT / PACKAGE).rglob("__init__.py")}
    needs: dict[str, set[str]] = {}
    for each in package_imports():
        if (target := inside(each.target)) is not None and {each.module, target}.isdisjoint(rooms):
            needs.setdefault(each.module, set()).add(target)
    assert len(list(TopologicalSorter(needs).static_order())) > 100  # a circle raises CycleError, which names it


MODULES = frozenset(f"{PACKAGE}.{name}" for name in (*ROOMS, "render.terminal", "render.html", "render._width"))


def judge(module: str, source: str) -> list[str]:
    return faults(imports_of(source, module, is_package=module in {"render", "tables", "messages"}, modules=MODULES))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("facts", "from ordos_subsidy.errors import Problem"),
        ("facts", "from ordos_subsidy import errors"),
        ("facts", "from .errors import Problem"),
        ("tables.sheets", "from .firms import Firms"),
        ("tables.sheets", "from ..errors import Problem"),
        ("evaluation", "import polars as pl"),
        ("report", "if TYPE_CHECKING:\n    import polars as pl"),
        ("policy.load", "def load():\n    from ordos_subsidy.policy.grammar import Document"),
        ("render.html", "from ordos_subsidy.render._width import fit"),
        ("render.terminal", "from rich.table import Table"),
        ("render._width", "from rich.cells import cell_len"),
        ("render", "def paint():\n    from . import html"),
        ("cli", "import typer\nfrom ordos_subsidy import evaluate"),
    ],
)
def test_right_imports_pass(module: str, source: str) -> None:
    assert judge(module, source) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("errors", "from ordos_subsidy.facts import Fact"),
        ("errors", "from ordos_subsidy import facts"),
        ("errors", "from . import facts"),
        ("errors", "import ordos_subsidy.facts"),
        ("errors", "from ordos_subsidy import evaluate"),
        ("errors", "def late():\n    from .facts import Fact"),
        ("errors", "if TYPE_CHECKING:\n    from .facts import Fact"),
        ("errors", "try:\n    from .facts import Fact\nexcept ImportError:\n    pass"),
        ("errors", "import importlib\nimportlib.import_module('ordos_subsidy.facts')"),
        ("tables.sheets", "from ..evaluation import evaluate"),
        ("policy.load", "from ordos_subsidy.policy.grammar import Document"),
        ("evaluation", "def late():\n    from ordos_subsidy.policy.grammar import Document"),
        ("render.html", "from ordos_subsidy.render.terminal import paint"),
        ("render.html", "from . import terminal"),
        ("render.html", "from ordos_subsidy.render import paint"),
        ("render._width", "from .terminal import paint"),
        ("report", "import polars"),
        ("report", "def late():\n    import polars.selectors"),
        ("report", "if TYPE_CHECKING:\n    pass\nelse:\n    import polars"),
        ("render.html", "from rich.table import Table"),
        ("tables.sheets", "import openpyxl"),
        ("report", "from pydantic import BaseModel"),
        ("batch", "import typer"),
        ("cli", "from typer._click import core"),
        ("drawer", "from ordos_subsidy.errors import Problem"),
    ],
)
def test_wrong_imports_are_found(module: str, source: str) -> None:
    assert len(judge(module, source)) == 1
