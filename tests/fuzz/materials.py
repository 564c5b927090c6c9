"""What fuzzing is made of: bytes that are nearly right, and the promise that every answer must keep."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from ordos_subsidy.errors import Refused
from ordos_subsidy.messages import Lang, say
from ordos_subsidy.policy import Policies, load_policies
from tests.files.books import as_ods, as_xls, as_xlsb, as_xlsx
from tests.runs import EXAMPLES, ROOT

HARBOUR = ROOT / "tests" / "data" / "harbour.toml"
SECONDS = 5.0
#: One process for each example is dear: that many fewer of them.
DEAR = 8

LANGS: tuple[Lang, Lang] = ("zh", "en")
Edit = tuple[int, int, bytes]
Answer = TypeVar("Answer")


def dear() -> int:
    """How many examples where each one starts a process."""
    return max(10, settings.get_current_profile_name() == "fuzz" and 3000 // DEAR)


@cache
def ordos() -> Policies:
    """The built-in policy."""
    return load_policies()


@cache
def seeds() -> dict[str, bytes]:
    """Good workbooks of every format, by their ending."""
    book = (EXAMPLES / "erdos-resources.xlsx").read_bytes()
    return {".xlsx": as_xlsx(), ".xls": as_xls(), ".ods": as_ods(), ".xlsb": as_xlsb(), ".xlsm": book}


def kept(work: Callable[[], Answer]) -> Answer | None:
    """The promise: an answer or a refusal in words, within seconds."""
    began = time.process_time()
    answer, problems = None, None
    try:
        answer = work()
    except Refused as refused:
        problems = refused.problems
    assert time.process_time() - began < SECONDS
    assert problems is None or (problems and all(say(each, lang).what for each in problems for lang in LANGS))
    return answer


#: Bytes that mean something to some format.
TOKENS: Sequence[bytes] = [
    *(b"\0", b"\xff", b"\n", b"\r\n", b",", b";", b"\t", b'"', b"'", b"=", b"[", b"]", b"{", b"}", b"<", b">", b"&"),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x80",
        b"<!DOCTYPE",
    ),
    *(
        b"1e999",
        b"-1",
        b"nan",
        b"99999999999999999999",
        b"XFD1048576",
        b"0000-00-00",
        b"1_000",
        b"\xe4\xb8\x87\xe5\x85\x83",
    ),
    *(
        b"[[firm]]",
        b"[firm]",
        b"[[event]]",
        b"[[firm.event]]",
        b"name",
        b"revenue",
        b"kind",
        b"date",
        b"true",
        b"2022-02-29",
    ),
    *(b't="e"', b't="s"', b"<v>", b"<f>", b"</c>", b'r="A0"', b'r="A1:B2"', b"&#0;", b"&#xD800;", b"]]>", b"<![CDATA["),
]


def edits(most: int = 8) -> st.SearchStrategy[list[Edit]]:
    """Where to change something (as a share of the whole), how many bytes go, and what comes instead."""
    piece = st.one_of(st.sampled_from(TOKENS), st.binary(max_size=6))
    return st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 12), piece), min_size=1, max_size=most)


def edited(data: bytes, changes: Sequence[Edit]) -> bytes:
    """Bytes with some of them changed."""
    for at, gone, new in changes:
        start = at * len(data) // 10_000
        data = data[:start] + new + data[start + gone :]
    return data


def repacked(data: bytes, part: int, changes: Sequence[Edit]) -> bytes:
    """A zip of which one part was changed, sound as a zip."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        for number, name in enumerate(names):
            content = old.read(name)
            new.writestr(name, edited(content, changes) if number == part % len(names) else content)
    return out.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    """A file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return path
