"""Make the mutants, judge them all, and list those that live: `python -m tests.mutation --help`."""

from __future__ import annotations

import argparse
import ast
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.modules import find_modules
from cosmic_ray.mutating import _make_diff, mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.tools.filters.operators_filter import OperatorsFilter
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult

from tests.mutation import forks
from tests.mutation.judge import ROOMS
from tests.runs import ROOT

HERE = Path(__file__).parent
SESSION = ROOT / "build" / "mutation" / "session.sqlite"


def main() -> int:
    """Always 0: that mutants live is for people to judge."""
    asked = _asked()
    SESSION.parent.mkdir(parents=True, exist_ok=True)
    forks.warm()
    with use_db(SESSION, WorkDB.Mode.open if asked.resume else WorkDB.Mode.create) as work:
        if not asked.resume:
            init(sorted(set(find_modules([_home(room) for room in asked.rooms or ROOMS]))), work, {})
            OperatorsFilter().filter(work, argparse.Namespace(config=HERE / "operators.toml"))
            _skip_annotations(work)
        _judge(work, work.pending_work_items, asked)
        _judge(work, _living(work), asked, laws=True)
        _report(work)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"only these of {', '.join(ROOMS)}")
    parser.add_argument("--workers", type=int, default=2, help="mutants judged at a time")
    parser.add_argument("--seconds", type=int, default=200, help="processor time that one mutant may take")
    parser.add_argument("--resume", action="store_true", help="judge what the last run left")
    asked = parser.parse_args()
    if unknown := set(asked.rooms) - set(ROOMS):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    return asked


def _home(room: str) -> Path:
    """A room's file or folder."""
    folder = Path("ordos_subsidy") / room
    return folder if folder.is_dir() else folder.with_suffix(".py")


def _skip_annotations(work: WorkDB) -> None:
    """Annotations are never evaluated here, so that a changed one is the same program."""
    skipped = WorkResult(WorkerOutcome.SKIPPED, "an annotation, or no program")
    for item in list(work.pending_work_items):
        source, changed = _sources(item.mutations[0])
        with suppress(SyntaxError):  # the star before arguments by name is taken for an operator
            if _run_of(source) != _run_of(changed):
                continue
        work.set_result(item.job_id, skipped)


def _run_of(source: str) -> str:
    """A program without its annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                setattr(node, name, ast.Constant(...))
    return ast.dump(tree)


def _sources(change: MutationSpec) -> tuple[str, str]:
    """A module's source, and what a mutation makes of it."""
    source = change.module_path.read_text("utf-8")
    operator = get_operator(change.operator_name)(**change.operator_args)
    return source, mutate_code(source, operator, change.occurrence)


def _living(work: WorkDB) -> list[WorkItem]:
    """What has been judged and was noticed by nobody."""
    lives = {job for job, result in work.results if result.test_outcome == TestOutcome.SURVIVED}
    return [item for item in work.work_items if item.job_id in lives]


def _mutants(items: Iterable[WorkItem]) -> tuple[list[forks.Mutant], dict[str, str]]:
    """The mutants of some items, those of one module together, and how each differs."""
    made, diffs = [], {}
    for item in items:
        (change,) = item.mutations
        source, changed = _sources(change)
        parts = change.module_path.with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        made.append(forks.Mutant(item.job_id, parts[1], module, change.module_path.absolute(), changed))
        diffs[item.job_id] = "\n".join(_make_diff(source, changed, change.module_path)[1:])
    return sorted(made, key=lambda each: (each.module, each.source)), diffs


def _judge(work: WorkDB, items: Iterable[WorkItem], asked: argparse.Namespace, *, laws: bool = False) -> None:
    mutants, diffs = _mutants(items)
    began = time.monotonic()
    _check_the_unchanged(mutants, asked, laws=laws)
    for count, verdict in enumerate(forks.judged(mutants, asked.workers, asked.seconds, laws=laws), 1):
        outcome = TestOutcome.KILLED if verdict.by else TestOutcome.SURVIVED
        job = verdict.mutant.job
        work.set_result(job, WorkResult(WorkerOutcome.NORMAL, verdict.by, outcome, diffs[job]))
        if not verdict.by or count % 20 == 0:
            word = "killed" if verdict.by else "lives"
            spent = time.monotonic() - began
            print(f"{count}/{len(mutants)} {word} {verdict.mutant.module} ({spent:.0f} s)", flush=True)


def _check_the_unchanged(mutants: Sequence[forks.Mutant], asked: argparse.Namespace, *, laws: bool) -> None:
    """What is not mutated must pass, or every verdict would be worthless."""
    same = {each.room: forks.Mutant("", each.room, each.module, each.path, each.path.read_text()) for each in mutants}
    for verdict in forks.judged(list(same.values()), asked.workers, asked.seconds, laws=laws):
        if verdict.by:
            sys.exit(f"{verdict.mutant.room}, unchanged, is found to be wrong by {verdict.by}")
        print(f"{verdict.mutant.room}: unchanged and sound, {verdict.seconds:.1f} s", flush=True)


def _report(work: WorkDB) -> None:
    """Every mutant that lives, and the count of the others by who noticed them."""
    counts: Counter[str] = Counter()
    killers: Counter[str] = Counter()
    for path, outcome, by, diff in _results(work):
        counts[f"{path} {outcome}"] += 1
        if outcome == "survived":
            print(f"\n{diff}")
        else:
            killers[by.partition("::")[0].partition(":")[0]] += 1
    skipped = sum(result.output == "an annotation" for _, result in work.results)
    print(f"\n{skipped} more change an annotation, which is never evaluated\n\nnoticed by")
    for name, count in killers.most_common():
        print(f"{count:6} {name}")
    print()
    for name, count in sorted(counts.items()):
        print(f"{count:6} {name}")


def _results(work: WorkDB) -> Iterator[tuple[Path, str, str, str]]:
    found = dict(work.results)
    for item in work.work_items:
        result = found.get(item.job_id)
        if result is not None and result.test_outcome is not None:
            yield item.mutations[0].module_path, result.test_outcome.value, result.output or "", result.diff or ""


if __name__ == "__main__":
    sys.exit(main())
