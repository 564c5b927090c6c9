"""The rule language grows in one place: a condition word or a fact type is one file and its name in the grammar."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

from ordos_subsidy.cells import TYPES
from ordos_subsidy.conditions import WORDS
from ordos_subsidy.policy import grammar, rule_grammar
from tests.builders import ROOT

WORD = '''

@dataclass(frozen=True, slots=True)
class Even(Condition):
    """A count is even."""

    of: str
    key: ClassVar[str] = "even"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        return cls(entry.even)

    def columns(self) -> frozenset[str]:
        return frozenset({self.of})

    def truth(self) -> pl.Expr:
        import polars as pl

        return pl.col(self.of) % 2 == 0

    def open_facts(self, row: Row) -> tuple[str, ...]:
        return (self.of,) if row[self.of] is None else ()

    def says(self, speaker: Speaker) -> str:
        return speaker.title(self.of) + ": even"
'''
WORD_ENTRY = "class EvenEntry(PolicyEntry):\n    even: FactKey\n\n\n"
UNION = "ConditionEntry = Annotated[\n   "

TYPE = """
TYPES["stars"] = replace(
    TYPES["count"],
    read=lambda fact, value, _unit, _vocabulary: Read(str(value).count("★")),
    says=lambda _fact, value, _voice: "★" * value,
    toml=_toml,
)
"""
WORD_RUN = """
from tests.builders import judge, probe
policy = probe(claims=["accounts"], when={"all": [{"even": "staff"}, {"fact": "big", "is": True}]})
print([judge(policy, {"big": True, "staff": staff}).verdict for staff in (4, 5, None)], judge(policy).missing)
"""
TYPE_RUN = """
from tests.builders import compiled, judge, lab
from ordos_subsidy import templates, wording
document = lab(claims=["accounts"], when={"fact": "rank", "at_least": "★★"})
document["fact"]["rank"] = {**document["fact"]["staff"], "type": "stars", "title": {"zh": "星级", "en": "rank"}}
document["fact"]["rank"]["example"] = "★★★"
policy = compiled(document)
print([judge(policy, {"rank": rank}).verdict for rank in ("★★", "★", None)])
says = wording.Speaker(policy.vocabulary, "en").sentence(policy.measures[1].when)
print(says, 'rank = "★★★"' in templates.toml(policy))
"""


def grown(folder: Path, changes: dict[str, tuple[str, str]], run: str) -> str:
    """What a program prints with a copy of the package in which texts are replaced ("": the end of the file)."""
    shutil.copytree(ROOT / "ordos_subsidy", folder / "ordos_subsidy", ignore=shutil.ignore_patterns("__pycache__"))
    for name, (old, new) in changes.items():
        path = folder / "ordos_subsidy" / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1 or not old
        path.write_text(text.replace(old, new) if old else text + new, "utf-8")
    env = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", run], env=env, cwd=folder, check=True, capture_output=True)
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def test_a_condition_word_is_one_file_and_its_entry_in_the_grammar(tmp_path: Path) -> None:
    grammar_entry = (UNION, f'{WORD_ENTRY}{UNION} Annotated[EvenEntry, Tag("even")] |')
    changes = {"conditions/logic.py": ("", WORD), "policy/rule_grammar.py": grammar_entry}
    assert grown(tmp_path, changes, WORD_RUN) == "['yes', 'no', 'unknown'] ('staff', 'big')\n"


def test_a_fact_type_is_one_file_and_its_name_in_the_grammar(tmp_path: Path) -> None:
    changes = {"cells/fact_types.py": ("", TYPE), "policy/grammar.py": ('"ratio"\n]', '"ratio", "stars"\n]')}
    assert grown(tmp_path, changes, TYPE_RUN) == "['yes', 'no', 'unknown']\nrank at least ★★ True\n"


def test_the_grammar_names_every_type_and_every_word_that_a_file_may_use() -> None:
    assert set(get_args(grammar.TypeName)) == set(TYPES)
    assert set(rule_grammar.WORDS) == {word.key for word in WORDS.values() if word.key}
