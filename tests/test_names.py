"""One name, one meaning: no type and no module of the package shares its name with another."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.builders import ROOT

PACKAGE = ROOT / "ordos_subsidy"
MODULES = sorted(PACKAGE.rglob("*.py"))


def types_of(module: ast.Module) -> Iterator[str]:
    """The classes and the type aliases (`Name = Literal[…]`, `A | B`, `Callable[…]`) of a module's top level."""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp | ast.Name | ast.Call):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name) and is_type_name(each.id))


def is_type_name(name: str) -> bool:
    return name[0].isupper() and not name.isupper()


def modules(path: Path) -> str:
    """The name of a module, or of the package whose `__init__` it is."""
    return path.parent.name if path.stem == "__init__" else path.stem


def repeated(named: Iterator[tuple[str, Path]]) -> dict[str, list[str]]:
    """The names that stand in more than one file, with the files."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, path in named:
        found[name].add(path.relative_to(PACKAGE).as_posix())
    return {name: sorted(paths) for name, paths in found.items() if len(paths) > 1}


def test_no_type_name_is_defined_in_two_modules() -> None:
    defined = ((name, path) for path in MODULES for name in types_of(ast.parse(path.read_text("utf-8"))))
    twice = repeated(defined)
    assert twice == {}


def test_no_module_name_occurs_twice() -> None:
    twice = repeated((modules(path), path) for path in MODULES if path.stem != "__main__")
    assert twice == {}
