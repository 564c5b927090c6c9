"""What users read: every sentence of the product in Chinese and in English, found by a key.

Each room has a table of its own, `messages/<room>_texts.py`, with `WORDS`: a problem's name to
`(what zh, remedy zh, what en, remedy en)`; rooms that also say other things keep `PHRASES`: a key to
`(zh, en)`. Sentences are `str.format` templates. Data files bring their own words as `Text`.

>>> Text("确定", "exactly").in_("en")
'exactly'
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Literal, NamedTuple

from ordos_subsidy.errors import Problem, worded_by

Lang = Literal["zh", "en"]


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


def say(problem: Problem, lang: Lang) -> Said:
    """Return the two sentences of a problem: what is wrong, and what to do."""
    room, _, name = problem.code.partition(".")
    zh_what, zh_remedy, en_what, en_remedy = _room(room).WORDS[name]
    params = dict(problem.params)
    what, remedy = (zh_what, zh_remedy) if lang == "zh" else (en_what, en_remedy)
    return Said(what.format(**params), remedy.format(**params))


def _sentence(problem: Problem) -> str:
    """A problem with its place and remedy in one line, in the usual language."""
    lang = usual()
    said = say(problem, lang)
    colon, stop = ("：", "。") if lang == "zh" else (": ", ". ")
    what = f"{problem.where}{colon}{said.what}" if problem.where else said.what
    return f"{what}{stop}{said.remedy}".strip()


worded_by(_sentence)


def phrase(key: str, lang: Lang, **params: object) -> str:
    """Return the phrase `<room>.<name>` with its parameters filled in."""
    room, _, name = key.partition(".")
    zh, en = _room(room).PHRASES[name]
    template: str = zh if lang == "zh" else en
    return template.format(**params)


@cache
def _room(name: str) -> ModuleType:
    """Return the module with the texts of a room, cached: importing it for each phrase takes longer than the phrase."""
    return import_module(f"{__name__}.{name}_texts")
