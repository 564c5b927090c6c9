"""What a report carries with it so that anybody can compute it again: its receipt.

A receipt names the input, the policy files and the answer by their SHA-256, the version of the program, the day
of evaluation and the options; and it holds the input as it was read: the tables of `Firms`, with the place of each
row and the problems met. From it and the same policy the same report comes out, byte for byte. It is no signature:
whoever changes a report can also make a new receipt, and what the firm said of itself may be untrue.

>>> receipt = Receipt("0.1.0", "2026-11-23", "zh", None, False, (Hashed("a.toml", "ab"),), (), (), "cd", "")
>>> parsed(as_line(receipt)) == receipt
True
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, NamedTuple, cast

from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.files.guard import Hashed
from ordos_subsidy.messages import Lang

#: The form of receipts; raise it when their keys change.
FORM = 1
_FILES = ("input", "policies")


class Receipt(NamedTuple):
    """The fields of a receipt; `read` is the input as read: see `verification`."""

    version: str
    #: The day of evaluation, "2026-11-23".
    on: str
    lang: Lang
    year: int | None
    everything: bool
    inputs: tuple[Hashed, ...]
    policies: tuple[Hashed, ...]
    #: The libraries that the bytes of this format depend on, with their versions.
    libraries: tuple[tuple[str, str], ...]
    #: The SHA-256 of the answer as JSON (schema 2, without its receipt), in whatever format it is shown.
    result: str
    read: str


class Difference(NamedTuple):
    """Where a report is not what its receipt gives: the place, what stands there, and what is computed."""

    where: str
    found: str
    computed: str


class Proof(NamedTuple):
    """What `verify` found: whether the report is the same, and what else there is to say.

    `difference`: the first one of the report; `of_input`: the first one of an input file that reads differently.
    """

    same: bool
    receipt: Receipt | None = None
    difference: Difference | None = None
    notes: tuple[Problem, ...] = ()
    of_input: Difference | None = None


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def as_dict(receipt: Receipt) -> dict[str, Any]:
    """A receipt as it stands in JSON, with a checksum over its other values."""
    fields = _fields(receipt)
    return {**fields, "checksum": _checksum(fields)}


def as_line(receipt: Receipt) -> str:
    """A receipt as one line of ASCII."""
    return compact(as_dict(receipt))


def parsed(line: str) -> Receipt:
    """The receipt of a line that `as_line` wrote, and of no other: `Refused` where anything in it has been changed."""
    try:
        return of_dict(json.loads(line))
    except ValueError:
        raise damaged() from None


def of_dict(found: object) -> Receipt:
    """The receipt of what `as_dict` gave; `Refused` where anything in it has been changed."""
    try:
        fields = dict(cast("dict[str, Any]", found))
        checksum, form = fields.pop("checksum"), fields["receipt"]
        if isinstance(form, int) and form > FORM:
            raise Refused([problem("proof.newer", form=form)])
        options = fields["options"]
        inputs, used = (tuple(Hashed(each["file"], each["sha256"]) for each in fields[key]) for key in _FILES)
        libraries = tuple((str(each["library"]), str(each["version"])) for each in fields["libraries"])
        on, said = dt.date.fromisoformat(fields["on"]).isoformat(), (options["lang"], options["year"], options["all"])
        receipt = Receipt(fields["version"], on, *said, inputs, used, libraries, fields["result"], fields["read"])
        if checksum != _checksum(fields) or compact(_fields(receipt)) != compact(fields):
            raise damaged()
    except (LookupError, TypeError, ValueError, AttributeError):
        raise damaged() from None
    return receipt


def damaged() -> Refused:
    """What is raised where a receipt is not as it was written."""
    return Refused([problem("proof.damaged")])


def _fields(receipt: Receipt) -> dict[str, Any]:
    files = zip(_FILES, (receipt.inputs, receipt.policies), strict=True)
    return {
        "receipt": FORM,
        "version": receipt.version,
        "on": receipt.on,
        "options": {"lang": receipt.lang, "year": receipt.year, "all": receipt.everything},
        **{key: [{"file": each.name, "sha256": each.sha256} for each in found] for key, found in files},
        "libraries": [{"library": name, "version": version} for name, version in receipt.libraries],
        "result": receipt.result,
        "read": receipt.read,
    }


def _checksum(fields: dict[str, Any]) -> str:
    return sha256(compact(fields).encode())


def compact(value: object) -> str:
    """JSON on one line, in ASCII."""
    return json.dumps(value, separators=(",", ":"))
