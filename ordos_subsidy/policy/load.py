"""Finding, compiling and caching policy files.

`load_policies(*paths)` finds the files, builds the policy (`build`, with Pydantic), and keeps it in
the user's cache folder under the hash of the files and of the code that builds it, so that the next run starts
without Pydantic. A cache file begins with the hash of its content and the program's version; one that is not as it
was written, or that cannot be read or written, is passed over in silence: it saves time, nothing else.

The kept form is plain JSON: a list of nodes, each an object of a known class, `[class, value, value, …]` in the order
of its fields. A value is plain, or `{"r": n}` for the n-th node, `{"t": […]}` for a tuple, `{"m": [[key, value], …]}`
for a mapping, `{"d": "2021-06-19"}` for a date. Equal objects are one node. Decoding makes nothing but these classes.

Without a path the policy is the copy inside the installed package, or the one at the checkout's root. A file
that `overlays` a policy is laid over it; given alone, it is laid over the built-in one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ordos_subsidy import amounts, conditions, facts
from ordos_subsidy.errors import InvalidPolicy, Refused, problem
from ordos_subsidy.messages import Text
from ordos_subsidy.policy import model
from ordos_subsidy.policy.model import Policies, fields_of

if TYPE_CHECKING:
    from ordos_subsidy.policy.build import Built

#: Raise when the kept form changes shape.
FORMAT = 5
#: The dataclasses and named tuples that a policy is made of; nothing else is made from a kept form.
_RECORDS: list[Any] = [
    each for module in (facts, amounts, model) for each in vars(module).values() if isinstance(each, type)
]
_CLASSES: dict[str, Any] = {
    each.__name__: each
    for each in (Text, *conditions.WORDS.values(), *_RECORDS)
    if is_dataclass(each) or hasattr(each, "_fields")
}


def load_policies(*paths: str | os.PathLike[str]) -> Policies:
    """Load a policy: no path for the built-in one; later files override earlier ones.

    Raises `InvalidPolicy` with every mistake in the files, or `Refused` where a file cannot be opened.
    """
    contents = [(path, _bytes(path)) for path in _files(paths)]
    key = _key([content for _, content in contents])
    policies = _cached(key)
    if policies is None:
        policies = build_files(contents).policies
        _keep(key, policies)
    return _named(policies, contents)


def build_policy(*paths: str | os.PathLike[str]) -> Built:
    """Build a policy and the examples beside its rules, without the cache; files and errors as in `load_policies`."""
    contents = [(path, _bytes(path)) for path in _files(paths)]
    built = build_files(contents)
    return replace(built, policies=_named(built.policies, contents))


def _named(policies: Policies, contents: list[tuple[Path, bytes]]) -> Policies:
    """The same policy with the files it comes from."""
    from ordos_subsidy.files.guard import hashed

    return replace(policies, files=tuple(str(path) for path, _ in contents), hashed=tuple(starmap(hashed, contents)))


def builtin() -> Path:
    """Return the path of the built-in policy: inside the package, else at the root of the checkout."""
    here = Path(__file__).resolve().parent.parent
    for path in (here / "policies.toml", here.parent / "policies.toml"):
        if path.is_file():
            return path
    raise InvalidPolicy([problem("policy.not-found")])


def _files(paths: tuple[str | os.PathLike[str], ...]) -> list[Path]:
    if not paths:
        return [builtin()]
    files = [Path(path) for path in paths]
    first = _bytes(files[0])
    return [builtin(), *files] if looks_overlaid(first) else files


def looks_overlaid(data: bytes) -> bool:
    """Whether the text of a policy file names a policy that it changes; only compiling it decides."""
    return re.search(rb"(?m)^[ \t]*overlays[ \t]*=", data) is not None


def _bytes(path: Path) -> bytes:
    from ordos_subsidy.files.guard import open_file

    if path == builtin():
        return path.read_bytes()
    file = open_file(path)
    if file.kind not in ("toml", "csv"):
        raise InvalidPolicy([problem("policy.not-toml", str(path), kind=file.kind)])
    return file.data


def build_files(contents: list[tuple[Path, bytes]]) -> Built:
    """Build the policy of some files' bytes; raise InvalidPolicy for a mistake of TOML too."""
    from ordos_subsidy.policy.build import build

    return build(_tables(contents))


def parsed(*paths: str | os.PathLike[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return policy files as TOML tables with their names; files and errors as in `load_policies`."""
    return _tables([(path, _bytes(path)) for path in _files(paths)])


def _tables(contents: list[tuple[Path, bytes]]) -> list[tuple[str, dict[str, Any]]]:
    from ordos_subsidy.files.text import toml_table

    try:
        return [(path.name, toml_table(data, path.name)) for path, data in contents]
    except Refused as error:
        raise InvalidPolicy(error.problems) from None


def _key(contents: list[bytes]) -> str:
    """Return the name of a compiled form in the cache: a hash of the files, the version and the code that compiles."""
    here = Path(__file__).resolve().parent.parent
    rooms = ("policy", "conditions", "cells")
    code = sorted(
        [
            here / "__init__.py",
            here / "amounts.py",
            here / "facts.py",
            *(file for room in rooms for file in here.glob(f"{room}/*.py")),
        ]
    )
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for part in [*(path.read_bytes() for path in code), *contents]:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _cache_file(key: str) -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("ordos-subsidy") / f"policy-{key}.json"


def _head(key: str, body: bytes) -> bytes:
    """The first line of a cache file: what it is of, the program's version with it, and what it must hold."""
    return f"{FORMAT} {key} {hashlib.sha256(body).hexdigest()}\n".encode()


def _cached(key: str) -> Policies | None:
    """The policy kept under a key; None where there is none, or anything about it is not as it was written."""
    from ordos_subsidy.files.guard import ONE_FIRM, read_bytes

    try:
        file = _cache_file(key)
        if not _is_ours(file.lstat()):
            return None
        head, _, body = read_bytes(file, ONE_FIRM).partition(b"\n")
        if head + b"\n" != _head(key, body):
            return None
        return decoded(json.loads(body))
    except (OSError, RuntimeError, Refused, LookupError, TypeError, ValueError, AttributeError):
        return None


def _is_ours(status: os.stat_result) -> bool:
    """Whether a file is a regular one of this user's that nobody else may write."""
    own = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
    return stat.S_ISREG(status.st_mode) and own


def _keep(key: str, policies: Policies) -> None:
    from ordos_subsidy import output  # only the first run writes

    try:
        file = _cache_file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and not file.is_file():
            return
        body = json.dumps(encoded(policies), ensure_ascii=False).encode()
        file.unlink(missing_ok=True)  # its rights may not be ours
        output.write(file, _head(key, body) + body)
        file.chmod(0o600)
    except (OSError, RuntimeError, Refused):
        return


# --- the kept form


def encoded(policies: Policies) -> list[Any]:
    """Return the nodes of a policy; the last one is the policy itself."""
    nodes: list[Any] = []
    known: dict[tuple[str, Any], int] = {}

    def value(each: Any) -> Any:
        if each is None or isinstance(each, str | int):
            return each
        if isinstance(each, dt.date):
            return {"d": each.isoformat()}
        if isinstance(each, Mapping):
            return {"m": [[key, value(item)] for key, item in each.items()]}
        name = type(each).__name__
        if name not in _CLASSES:
            return {"t": [value(item) for item in each]}
        key = (name, id(each) if isinstance(each, facts.Vocabulary) else each)
        if key not in known:
            nodes.append([name, *(value(getattr(each, field)) for field in fields_of(type(each)))])
            known[key] = len(nodes) - 1
        return {"r": known[key]}

    value(policies)
    return nodes


def decoded(nodes: list[Any]) -> Policies:
    """Return the policy of some nodes; raise LookupError, TypeError or ValueError where they have another form."""
    made: list[Any] = []

    def value(each: Any) -> Any:
        if not isinstance(each, dict):
            return each
        ((tag, inner),) = each.items()
        if tag == "r":
            return made[inner]
        if tag == "d":
            return dt.date.fromisoformat(inner)
        if tag == "m":
            return {key: value(item) for key, item in inner}
        return tuple(value(item) for item in inner)

    for name, *values in nodes:
        made.append(_CLASSES[name](*map(value, values)))
    policies = made[-1]
    if not isinstance(policies, Policies):
        raise TypeError(type(policies).__name__)
    return policies
