"""Opening: only regular files, without blocking; kinds by content; each limit of a workbook by its own name."""

from __future__ import annotations

import contextlib
import io
import os
import re
import socket
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ordos_subsidy.errors import Problem, Refused
from ordos_subsidy.files import guard, zips
from ordos_subsidy.files.guard import open_file
from ordos_subsidy.messages import say, sentences
from tests.files.books import grids, ods, opened, xlsb, xlsx, xlsx_parts, zipped

if TYPE_CHECKING:
    from collections.abc import Iterable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path: str | Path) -> str:
    """The code of the one problem for which a path is refused."""
    with pytest.raises(Refused) as caught:
        open_file(path)
    (problem,) = caught.value.problems
    assert problem.where == guard.shown(path)
    return problem.code.removeprefix("files.")


def codes(problems: Iterable[Problem]) -> list[str]:
    return [each.code.removeprefix("files.") for each in problems]


# What a name may point to.


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "missing"
    assert refusal(tmp_path / "none" / "firm.xlsx") == "missing"
    assert refusal("a\0b.xlsx") == "missing"
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file" / "firm.xlsx") == "missing"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "directory"


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert refusal(tmp_path / "pipe.csv") == "fifo"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_refused_unread(device: str) -> None:
    assert refusal(device) == "device"


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.csv")
        assert refusal("s.csv") == "socket"


def test_links_in_a_circle_are_named_and_sound_ones_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    (tmp_path / "c.csv").write_text("x,y\n")
    (tmp_path / "d.csv").symlink_to("c.csv")
    assert refusal(tmp_path / "a.csv") == "loop"
    assert open_file(tmp_path / "d.csv").data == b"x,y\n"


def test_a_name_that_is_too_long_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("x" * 300)) == "name-too-long"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "firm.csv"
    path.write_text("x")
    path.chmod(0)
    assert refusal(path) == "unreadable"


@pytest.mark.parametrize("error", [PermissionError(13, "no"), PermissionError(1, "no")])
def test_a_refusal_by_the_system_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def fail(*_: object) -> int:
        raise error

    (tmp_path / "firm.csv").write_text("x")
    monkeypatch.setattr(os, "open", fail)
    assert refusal(tmp_path / "firm.csv") == "unreadable"


def test_a_disk_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(5, "Input/output error")

    (tmp_path / "firm.csv").write_text("x")
    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(Refused) as caught:
        open_file(tmp_path / "firm.csv")
    assert say(caught.value.problems[0], "en").what == "it could not be read: Input/output error"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows only UTF-8 names")
def test_a_name_that_is_not_utf8_is_read_and_shown_escaped(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xb5\xa5\xce\xbb.csv"
    Path(os.fsdecode(path)).write_text("x,y\n1,2\n")
    file = open_file(os.fsdecode(path))
    assert file.name.endswith("\\xb5\\xa5\u03bb.csv")
    assert codes(file.problems) == ["name-not-utf8"]
    file.name.encode("utf-8")


def test_a_name_cannot_steer_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\r\u202eb.csv"
    path.write_text("x,y\n")
    assert open_file(path).name.endswith(r"a\x1b[31m\r\u202eb.csv")


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "firm.xlsx").touch()
    assert refusal(tmp_path / "firm.xlsx") == "empty"


@pytest.mark.parametrize(("magic", "limit"), [(b"PAR1", 1024), (b"PK\3\4", 100), (OLE, 100), (b"a,b\n", 256)])
def test_a_file_over_its_limit_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, magic: bytes, limit: int
) -> None:
    monkeypatch.setattr(guard, "MIB", 16)
    path = tmp_path / "firm"
    path.write_bytes(magic)
    os.truncate(path, limit * 16)
    with contextlib.suppress(Refused):
        assert len(open_file(path).data) == limit * 16
    os.truncate(path, limit * 16 + 1)
    with pytest.raises(Refused) as caught:
        open_file(path)
    assert [(each.code, each.params) for each in caught.value.problems] == [("files.too-large", (("limit", limit),))]


def test_a_file_is_read_once(tmp_path: Path) -> None:
    """What was checked is what is read, whatever happens to the file afterwards."""
    file = opened(tmp_path, b"x,y\n", "firm.csv")
    (tmp_path / "firm.csv").write_bytes(b"changed")
    assert file.data == b"x,y\n"


# Kinds.

SPREADSHEETS = [("xlsx", xlsx("")), ("xlsb", xlsb([])), ("ods", ods("")), ("xls", OLE + "Workbook".encode("utf-16-le"))]


@pytest.mark.parametrize(("kind", "data"), SPREADSHEETS)
def test_a_workbook_is_known_by_its_content(tmp_path: Path, kind: str, data: bytes) -> None:
    right, wrong = opened(tmp_path, data, f"firm.{kind}"), opened(tmp_path, data, "firm.csv")
    assert (right.kind, right.problems) == (kind, ())
    assert (wrong.kind, codes(wrong.problems)) == (kind, ["other-kind"])
    assert say(wrong.problems[0], "en").what == f"the name says .csv, but the content is {kind}; it was read as {kind}"


@pytest.mark.parametrize(
    ("name", "data", "kind", "warned"),
    [
        ("firm.csv", b"a,b\n1,2\n", "csv", False),
        ("firm.tsv", b"a\tb\n1\t2\n", "csv", False),
        ("firm.txt", b"a,b\n1,2\n", "csv", False),
        ("firm", b"a,b\n1,2\n", "csv", False),
        ("firm.xlsx", b"a,b\n1,2\n", "csv", True),
        ("firm.xls", "单位\t收入\n".encode("gb18030"), "csv", True),
        ("firm.xls", "单位\t收入\n".encode("utf-16"), "csv", True),
        ("firm.toml", b"[[firm]]\nname = 'x'\n", "toml", False),
        ("firm.toml", b"nonsense", "toml", False),
        ("firm.txt", b"\xef\xbb\xbf# a note\n\n[firm]\r\nname = 'x'\n", "toml", False),
        ("firm.xlsx", b"\n  [[ firm ]] # one\nname = 'x'\n", "toml", True),
        ("firm.csv", b'name = "x"\n', "toml", True),
        ("firm.txt", '"单位" = 1'.encode(), "toml", False),
        ("firm.txt", b"# note\n" * 5000 + b"[firm]", "toml", False),
        ("firm.txt", b"\n" * 60_000 + b"a,b", "csv", False),
        ("firm.XLSM", xlsx(""), "xlsx", False),
        ("firm.et", OLE + "Book\0".encode("utf-16-le"), "xls", False),
        ("firm.parquet", b"PAR1....PAR1", "parquet", False),
    ],
)
def test_kinds_come_from_content_and_names_only_break_ties(
    tmp_path: Path, name: str, data: bytes, kind: str, warned: bool
) -> None:
    file = opened(tmp_path, data, name)
    assert (file.kind, bool(file.problems)) == (kind, warned)


@pytest.mark.parametrize(
    ("data", "code", "found"),
    [
        (b"%PDF-1.7", "foreign", "PDF"),
        (b"\xff\xd8\xff\xe0", "foreign", "JPEG"),
        (b'{"firm": []}', "foreign", "JSON"),
        (b'[{"name": 1}]', "foreign", "JSON"),
        (zipped([("word/document.xml", ""), ("[Content_Types].xml", "")]), "foreign", "Word"),
        (zipped([("ppt/presentation.xml", "")]), "foreign", "PowerPoint"),
        (zipped([("firm.xlsx", xlsx(""))]), "archive", "ZIP"),
        (b"Rar!\x1a\x07", "archive", "RAR"),
        (b"\x1f\x8b\x08", "archive", "gzip"),
        (OLE + "WordDocument".encode("utf-16-le"), "foreign", "Word"),
        (OLE + bytes(600), "foreign", "OLE2"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "markup", "HTML"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "markup", "HTML"),
        (b"<META http-equiv=Content-Type><TABLE>", "markup", "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "markup", "XML"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", None),
        (b"PARE....", "encrypted_parquet", None),
        (b"\x00\x01\x02\x03", "unknown", None),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, data: bytes, code: str, found: str | None) -> None:
    with pytest.raises(Refused) as caught:
        opened(tmp_path, data, "firm.xls")
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.params).get("found")) == (f"files.{code}", found)


# What a zip may hold.


def unfit(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        zips.inflated(data, "")
    return caught.value.problems[0].code.removeprefix("files.")


def test_a_sound_zip_is_inflated_whole() -> None:
    parts = [("a.xml", b"<a/>" * 1000), ("目录/b.bin", bytes(range(256))), ("empty", b"")]
    assert zips.inflated(zipped(parts), "") == parts
    assert zips.inflated(zipped(parts, zipfile.ZIP_STORED), "") == parts
    assert zips.inflated(b"prefix" + zipped(parts), "") == parts
    assert zips.inflated(zipped([*parts, ("folder/", b"")]), "") == parts


def test_what_is_packed_is_what_zipfile_reads() -> None:
    parts = [("a.xml", b"<a/>"), ("目录/b.bin", b"\0")]
    with zipfile.ZipFile(io.BytesIO(zips.packed(parts))) as file:
        assert file.testzip() is None
        assert [(name, file.read(name)) for name in file.namelist()] == parts


def test_a_zip_with_64_bit_sizes_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file, file.open("a.xml", "w", force_zip64=True) as part:
        part.write(b"<a/>")
    assert zips.inflated(out.getvalue(), "") == [("a.xml", b"<a/>")]


def test_a_zip_with_a_64_bit_directory_is_read() -> None:
    data = zipped([("a.xml", b"<a/>")])
    at = data.index(b"PK\5\6")
    size, start = struct.unpack_from("<2L", data, at + 12)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert zips.inflated(data[:at] + end64 + locator + end, "") == [("a.xml", b"<a/>")]


def test_a_streamed_zip_is_read() -> None:
    """Its local headers hold no sizes; the directory does."""

    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.xml", b"<a/>")
    assert zips.inflated(out.getvalue(), "") == [("a.xml", b"<a/>")]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method: int) -> None:
    assert unfit(zipped([("a.xml", b"<a/>")], method)) == "method"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["xl/a.xml", "XL/A.XML", "xl\\a.xml"])
def test_two_parts_of_one_name_are_refused(second: str) -> None:
    assert unfit(zipped([("xl/a.xml", b"1"), (second, b"2")])) == "duplicate-part"


def test_an_encrypted_part_is_named() -> None:
    data = bytearray(zipped([("a.xml", b"<a/>")]))
    data[data.index(b"PK\1\2") + 8] |= 1
    assert unfit(bytes(data)) == "encrypted"


def test_too_many_parts_are_refused() -> None:
    parts = [(f"{i}", b"") for i in range(zips.PARTS)]
    assert len(zips.inflated(zipped(parts), "")) == zips.PARTS
    assert unfit(zipped([*parts, ("one more", b"")])) == "too-many-parts"


def test_a_part_is_limited_by_what_comes_out_not_by_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "PART_BYTES", 1000)
    assert zips.inflated(zipped([("a.xml", bytes(1000))]), "") == [("a.xml", bytes(1000))]
    honest = zipped([("a.xml", bytes(1001))])
    assert unfit(honest) == "part-too-large"
    lie = honest.replace(struct.pack("<L", 1001), struct.pack("<L", 10))
    assert lie != honest
    assert unfit(lie) == "damaged-part"
    assert unfit(zipped([("a.xml", bytes(1001))], zipfile.ZIP_STORED)) == "part-too-large"


def test_all_parts_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "TOTAL_BYTES", 1500)
    parts = [("a.xml", bytes(800)), ("b.xml", bytes(700))]
    assert zips.inflated(zipped(parts), "") == parts
    assert unfit(zipped([*parts, ("c.xml", b"1")])) == "too-large-inflated"


def test_parts_that_share_their_bytes_still_count_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The better zip bomb: many entries, one body, under one name as the body knows only one."""
    monkeypatch.setattr(zips, "TOTAL_BYTES", 5_000)
    monkeypatch.setattr(zips, "_check", lambda *_: None)
    data = zipped([("a.xml", bytes(1000))])
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entries = [data[at:end].replace(b"a.xml", b"a.xml") for _ in range(6)]
    listing = b"".join(entries)
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 6, 6, len(listing), at, 0)
    assert unfit(data[:at] + listing + tail) == "too-large-inflated"


def test_a_bomb_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    """304 MiB of zeros in 0.3 MB, in a part that says it is small: read no further than it says, in the child."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(1 << 24)
    body = b"".join(packer.compress(block) for _ in range(19)) + packer.flush()
    small = zipped([*xlsx_parts("")[:-1], ("xl/worksheets/sheet1.xml", b"x")], zipfile.ZIP_DEFLATED)
    at = small.rindex(b"PK\3\4")
    names = b"xl/worksheets/sheet1.xml"
    directory = small.index(b"PK\1\2")
    listing = bytearray(small[directory : small.index(b"PK\5\6")])
    struct.pack_into("<L", listing, listing.rindex(b"PK\1\2") + 20, len(body))
    local = small[at : at + 30] + names
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 5, 5, len(listing), at + len(local) + len(body), 0)
    bomb = small[:at] + local + body + bytes(listing) + tail
    with pytest.raises(Refused) as caught:
        grids(opened(tmp_path, bomb))
    assert codes(caught.value.problems) == ["damaged-part"]


@pytest.mark.parametrize("cut", [10, 100])
def test_a_download_that_broke_off_is_named(tmp_path: Path, cut: int) -> None:
    data = xlsx("")
    with pytest.raises(Refused) as caught:
        opened(tmp_path, data[: len(data) - cut])
    assert codes(caught.value.problems) == ["truncated"]


def test_a_flipped_bit_is_found() -> None:
    data = bytearray(zipped([("a.xml", b"<a/>")], zipfile.ZIP_STORED))
    data[data.index(b"<a/>") + 1] ^= 1
    assert unfit(bytes(data)) == "damaged-part"


@pytest.mark.parametrize("field", [16, 20, 42])
def test_a_directory_that_lies_is_refused(field: int) -> None:
    data = bytearray(zipped([("a.xml", b"<a/>" * 100)]))
    data[data.index(b"PK\1\2") + field] ^= 8
    assert unfit(bytes(data)) in ("damaged-part", "truncated")


# Words.


def test_every_problem_has_its_words_and_every_word_its_problem() -> None:
    root = Path(guard.__file__).parents[1]
    used: set[str] = set()
    for path in (root / "files").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'"files\.([\w-]+)"', source))
    used |= set(guard._REASONS.values()) | {code for _, code in guard._TYPES} | {"io", "archive", "foreign"}
    assert used == set(sentences("files").problems)


def test_words_only_use_what_problems_carry() -> None:
    known = {"detail", "limit", "suffix", "kind", "found", "part", "method", "count", "cell"}
    known |= {"encoding", "fields", "expected", "line", "column", "number"}
    for words in sentences("files").problems.values():
        assert {name for text in words for name in re.findall(r"{(\w*)}", text)} <= known
