"""The frame of a document: number, title and date of its head, parts, clauses with headings, departments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ordos_subsidy.audit.clauses import Part
from ordos_subsidy.audit.finding import Finding, in_text
from ordos_subsidy.audit.numerals import number
from ordos_subsidy.audit.plain import fold
from ordos_subsidy.audit.scope import Scope

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar

_PART = re.compile(r"第?(?P<ordinal>[一二三四五六七八九十]+|\d+)[、.章编](?P<title>[^。;]*)$")


def misplaced(scope: Scope) -> Iterator[Finding]:
    """Whatever of the frame differs between the policy file and the text."""
    yield from _head(scope)
    previous = ""
    parts = 0
    for clause in scope.document.clause:
        part = scope.text.clauses.get(clause.number)
        begins = fold(clause.part.zh) != previous
        parts += begins
        previous = fold(clause.part.zh)
        if part is None:
            yield _said("clause-absent", clause, "reference", reference=clause.reference)
            continue
        if part.heading != fold(clause.heading.zh):
            yield _said("heading", clause, "heading.zh", part, stated=clause.heading.zh, text=part.heading)
        yield from _part(clause, part, parts if begins else 0)
        yield from _departments(scope, clause, part)
    for marker in scope.text.extra:
        around = scope.text.plain.quote(marker.start, marker.end)
        yield Finding("clause-extra", 0, around, params=(("reference", marker.reference),))


def _head(scope: Scope) -> Iterator[Finding]:
    head, text = scope.document.policy, scope.text.plain.folded
    for key, value in (("number", head.number), ("title.zh", head.title.zh)):
        if fold(value) not in text:
            yield Finding("head-absent", 0, key=f"policy.{key}", params=(("stated", value),))
    dates = [figure.value for part in scope.text.parts() for figure in part.figures if figure.kind == "date"]
    if (head.dated.year, head.dated.month, head.dated.day) not in dates:
        yield Finding("head-absent", 0, key="policy.dated", params=(("stated", head.dated.isoformat()),))


def _part(clause: grammar.ClauseEntry, part: Part, ordinal: int) -> Iterator[Finding]:
    """The heading of a part stands before its first clause, and nowhere else."""
    found = _PART.search(part.before)
    title = found["title"] if found else ""
    expected = fold(clause.part.zh) if ordinal else ""
    value = number(found["ordinal"]) if found else None
    if title != expected or (value is not None and value != ordinal):
        params = {"stated": clause.part.zh if ordinal else "", "text": found[0] if found else part.before[-20:]}
        yield _said("part" if ordinal else "part-extra", clause, "part.zh", part, **params)


def _departments(scope: Scope, clause: grammar.ClauseEntry, part: Part) -> Iterator[Finding]:
    """The departments at the end of a clause: the same, in the same order, by their full names."""
    known = {**scope.base.department, **scope.document.department}
    if part.departments is None:
        yield _said("departments-absent", clause, "departments", part)
        return
    stated = [known.get(slug) for slug in clause.departments]
    same = len(stated) == len(part.departments) and all(
        each is not None and name in map(fold, (each.zh, *each.aliases))
        for each, name in zip(stated, part.departments, strict=True)
    )
    if not same:
        names = [each.zh if each else slug for each, slug in zip(stated, clause.departments, strict=True)]
        folded = {fold(name) for each in stated if each for name in (each.zh, *each.aliases)}
        odd = [name for name in part.departments if name not in folded]
        missing = [name for name, each in zip(names, stated, strict=True) if not _given(each, part.departments)]
        yield _said(
            "departments", clause, "departments", part, text="、".join(odd) or "-", stated="、".join(missing) or "-"
        )


def _given(department: grammar.DepartmentEntry | None, names: tuple[str, ...]) -> bool:
    return department is not None and any(fold(name) in names for name in (department.zh, *department.aliases))


def _said(code: str, clause: grammar.ClauseEntry, key: str, part: Part | None = None, **params: object) -> Finding:
    if part is None:
        told = tuple((name, str(value)) for name, value in params.items())
        return Finding(code, clause.number, key=f"clause.{key}", params=told)
    made = in_text(code, part, 0, 0, **params)
    return Finding(made.code, made.clause, "", key=f"clause.{key}", params=made.params)
