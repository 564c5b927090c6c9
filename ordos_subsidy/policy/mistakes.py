"""Mistakes in policy files: gathered, placed as an editor of the file would say it, with the nearest right word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from ordos_subsidy.errors import InvalidPolicy, Problem, hint, problem
from ordos_subsidy.policy import grammar, rule_grammar

Raw = dict[str, Any]


@dataclass
class Mistakes:
    """The mistakes found so far; compiling continues, so that all are reported together."""

    found: list[Problem] = field(default_factory=list)
    #: Measures were left out: what nothing seems to use may be used by them.
    left_out: bool = False

    def say(self, code: str, place: str, **params: object) -> None:
        """Note a mistake."""
        self.found.append(problem(f"policy.{code}", place, severity="error", **params))

    def undeclared(self, name: str, table: str, known: Iterable[str], place: str) -> None:
        """Note a name that nothing declares."""
        self.say("undeclared", place, name=name, table=table, hint=hint(name, known))

    def declared(self, names: Iterable[str], table: str, known: Collection[str], place: str) -> bool:
        """Whether all names are known; note those that are not."""
        wrong = [name for name in names if name not in known]
        for name in wrong:
            self.undeclared(name, table, known, place)
        return not wrong

    def stop(self) -> None:
        """Raise `InvalidPolicy` if there are any."""
        if self.found:
            raise InvalidPolicy(self.found)


def validated(sources: Iterable[tuple[str, Raw]], mistakes: Mistakes) -> list[tuple[str, grammar.Document]]:
    """Return files checked against the grammar, with their names; raise `InvalidPolicy` where one is of no use.

    Measures that do not fit the grammar are noted and left out, so that all others are looked at in the same go.
    """
    found = [(name, _validated(name, raw, mistakes)) for name, raw in sources]
    if any(document is None for _, document in found):
        mistakes.stop()
    return [(name, document) for name, document in found if document]


def _validated(name: str, raw: Raw, mistakes: Mistakes) -> grammar.Document | None:
    try:
        return grammar.Document.model_validate(raw)
    except ValidationError as error:
        errors = error.errors()
    mistakes.found += [_from_pydantic(name, raw, each) for each in errors]
    if any(len(each["loc"]) < 2 or each["loc"][0] != "measure" for each in errors):  # noqa: PLR2004 - table and place
        return None
    mistakes.left_out = True
    bad = {each["loc"][1] for each in errors}
    sound = [measure for place, measure in enumerate(raw["measure"]) if place not in bad]
    return grammar.Document.model_validate({**raw, "measure": sound})


def _from_pydantic(name: str, raw: Raw, error: Mapping[str, Any]) -> Problem:
    where = f"{name}: {_path(raw, error['loc'])}"
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = _known_keys(error["loc"][:-1])
        return problem("policy.unknown-key", where, key=last, hint=hint(last, known), known=", ".join(known))
    if error["type"] == "missing":
        return problem("policy.missing-key", where, key=last)
    kind = error["type"] if error["type"] in SHAPES else "other"
    context = {"msg": error["msg"], **error.get("ctx", {})}
    return problem(f"policy.{kind.replace('_', '-')}", where, **{key: context[key] for key in SHAPES[kind]})


#: What Pydantic says of a wrong shape and we say in both languages, with the parts of its context that we quote.
SHAPES: dict[str, tuple[str, ...]] = {
    "string_type": (),
    "int_type": (),
    "bool_type": (),
    "list_type": (),
    "dict_type": (),
    "model_type": (),
    "date_type": (),
    "literal_error": ("expected",),
    "string_pattern_mismatch": ("pattern",),
    "string_too_short": (),
    "too_short": ("min_length",),
    "value_error": ("msg",),
    "other": ("msg",),
}


def _path(raw: Any, loc: Sequence[Any]) -> str:
    """Return a place in the words of an editor of the file: `measure 6.rd-investment.when.all[0]`."""
    path, before, tagged = "", "", False
    for part in loc:
        if tagged and part in rule_grammar.WORDS:  # the tag of a condition word, no key of the file
            tagged = False
            continue
        if isinstance(part, int):
            raw = raw[part] if isinstance(raw, list) and part < len(raw) else None
            name = (raw.get("id") or raw.get("number")) if isinstance(raw, dict) else None
            path += f" {name}" if name is not None else f"[{part}]"
            tagged = before in ("all", "any")
        else:
            raw = raw.get(part) if isinstance(raw, dict) else None
            path += f".{part}" if path else str(part)
            tagged = part in ("when", "scope", "who", "not", "unsettled", "sufficient")
            before = str(part)
    return path


def _known_keys(loc: Sequence[Any]) -> list[str]:
    """Return the keys that may stand at a place of the grammar."""
    model: type[BaseModel] = grammar.Document
    for part in loc:
        if isinstance(part, int):
            continue
        by_key = {info.alias or name: info for name, info in model.model_fields.items()}
        inner = next(_models(by_key[part].annotation), None) if part in by_key else None
        word = None if part in by_key else rule_grammar.WORDS.get(str(part))
        model = inner or word or model
    return [info.alias or name for name, info in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)
