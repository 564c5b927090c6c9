"""What users read: every sentence of the product in Chinese and in English, found by a key.

Sentences are data: each area has a file of its own, `messages/<area>.json`, with `problems`, a name to
`[what zh, remedy zh, what en, remedy en]`, and `phrases`, a name to `[zh, en]`. They are `str.format` templates. Policy
files bring their own words as `Text`.

>>> Text("确定", "exactly").in_("en")
'exactly'
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from ordos_subsidy.errors import Problem, worded_by

Lang = Literal["zh", "en"]
_FOLDER = Path(__file__).parent


def usual() -> Lang:
    """The language of ORDOS_SUBSIDY_LANG, else of the locale; Chinese where neither is Chinese or English."""
    names = ("ORDOS_SUBSIDY_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    found = next((value for name in names if (value := os.environ.get(name))), "")
    return "en" if found.casefold().startswith("en") else "zh"


def listed(items: Iterable[str], lang: Lang) -> str:
    """Return names joined by the list separator of a language."""
    return ("、" if lang == "zh" else ", ").join(items)


class Text(NamedTuple):
    """A name or a sentence of a data file in both languages."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the words in one language."""
        return self.zh if lang == "zh" else self.en


class Said(NamedTuple):
    """The two sentences of a problem in one language."""

    what: str
    remedy: str


class Sentences(NamedTuple):
    """The phrases and problems of an area, by name."""

    phrases: Mapping[str, tuple[str, str]]
    problems: Mapping[str, tuple[str, str, str, str]]


@cache
def sentences(area: str) -> Sentences:
    """Return what one area says; read once, for a file takes longer than a phrase."""
    data = json.loads((_FOLDER / f"{area}.json").read_bytes())
    return Sentences(data.get("phrases", {}), data.get("problems", {}))


def say(problem: Problem, lang: Lang) -> Said:
    """Return the two sentences of a problem: what is wrong, and what to do."""
    area, _, name = problem.code.partition(".")
    zh_what, zh_remedy, en_what, en_remedy = sentences(area).problems[name]
    params = dict(problem.params)
    what, remedy = (zh_what, zh_remedy) if lang == "zh" else (en_what, en_remedy)
    return Said(what.format(**params), remedy.format(**params))


def sentence(problem: Problem, lang: Lang | None = None) -> str:
    """A problem with its place and remedy in one line, in a language or in the usual one."""
    lang = lang or usual()
    said = say(problem, lang)
    colon, stop = ("：", "。") if lang == "zh" else (": ", ". ")
    what = f"{problem.where}{colon}{said.what}" if problem.where else said.what
    return f"{what}{stop}{said.remedy}".strip()


worded_by(sentence)


def phrase(key: str, lang: Lang, **params: object) -> str:
    """Return the phrase `<area>.<name>` with its parameters filled in."""
    area, _, name = key.partition(".")
    zh, en = sentences(area).phrases[name]
    return (zh if lang == "zh" else en).format(**params)
