"""The kept form of a policy, attacked: whatever lies in its place, the policy is that of its file."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from ordos_subsidy.policy import load, load_policies
from tests.builders import HARBOUR
from tests.test_policies import content

Attack = Callable[[Path], object]


def rewritten(change: Callable[[bytes, bytes], bytes]) -> Attack:
    """An attack that makes a file anew from its head line and its body."""

    def attack(file: Path) -> None:
        head, _, body = file.read_bytes().partition(b"\n")
        file.write_bytes(change(head, body))

    return attack


def hashed(body: bytes, key: bytes, form: int = load.FORMAT) -> bytes:
    """A file that says its own hash rightly."""
    return b"%d %s %s\n%s" % (form, key, hashlib.sha256(body).hexdigest().encode(), body)


def replaced(make: Callable[[Path, Path], object]) -> Attack:
    """An attack that moves a file away and makes something else in its place."""

    def attack(file: Path) -> None:
        make(file, file.rename(file.parent.parent / "kept"))

    return attack


def listening(file: Path, _: Path) -> None:
    """A socket; its path may not be long."""
    with chdir(file.parent), socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
    (file.parent / "s").rename(file)


def others(file: Path) -> None:
    """Give a file to another user, if we may."""
    if os.geteuid():
        pytest.skip("only root gives files away")
    os.chown(file, 65534, -1)


def linked(file: Path, kept: Path) -> None:
    """In a folder that all may write: another file of this user under the name."""
    file.parent.chmod(0o777)
    kept.write_bytes(hashed(b"{}", b"0" * 64))
    os.link(kept, file)


WAYS: dict[str, Attack] = {
    "empty": rewritten(lambda head, body: b""),
    "cut off in its first line": rewritten(lambda head, body: head[:20]),
    "cut off after its first line": rewritten(lambda head, body: head + b"\n"),
    "cut off in the middle": rewritten(lambda head, body: head + b"\n" + body[: len(body) // 2]),
    "its last byte missing": rewritten(lambda head, body: head + b"\n" + body[:-1]),
    "a byte more at its end": rewritten(lambda head, body: head + b"\n" + body + b" "),
    "without its first line": rewritten(lambda head, body: body),
    "bytes that are no text": rewritten(lambda head, body: os.urandom(4096)),
    "a figure changed": rewritten(lambda head, body: head + b"\n" + body.replace(b"20000000", b"90000000", 1)),
    "a name changed": rewritten(lambda head, body: head + b"\n" + body.replace("海洋".encode(), "河洋".encode(), 1)),
    "a digit of the hash changed": rewritten(
        lambda head, body: head[:-1] + (b"1" if head[-1:] == b"0" else b"0") + body
    ),
    "a figure changed, the hash right, of another format": rewritten(
        lambda head, body: hashed(body.replace(b"20000000", b"90000000", 1), head.split()[1], load.FORMAT + 1)
    ),
    "a figure changed, the hash right, of another version": rewritten(
        lambda head, body: hashed(body.replace(b"20000000", b"90000000", 1), b"f" * 64)
    ),
    "no JSON, the hash right": rewritten(lambda head, body: hashed(b"{", head.split()[1])),
    "JSON of another shape, the hash right": rewritten(lambda head, body: hashed(b"[]", head.split()[1])),
    "null, the hash right": rewritten(lambda head, body: hashed(b"null", head.split()[1])),
    "a number of 5,000 digits, the hash right": rewritten(lambda head, body: hashed(b"9" * 5000, head.split()[1])),
    "100,000 nested lists, the hash right": rewritten(lambda head, body: hashed(b"[" * 100_000, head.split()[1])),
    "a type that is unknown, the hash right": rewritten(
        lambda head, body: hashed(body.replace(b'"Head"', b'"Heap"', 1), head.split()[1])
    ),
    "30 MB long": rewritten(lambda head, body: head + b"\n" + body + b" " * 30_000_000),
    "the kept form of another policy": lambda file: file.write_bytes(_other(file).read_bytes()),
    "writable by its group": lambda file: file.chmod(0o660),
    "writable by all": lambda file: file.chmod(0o646),
    "another user's": others,
    "another file of the user, linked in a folder that all may write": replaced(linked),
    "a pipe": replaced(lambda file, kept: os.mkfifo(file)),
    "a socket": replaced(listening),
    "a folder": replaced(lambda file, kept: file.mkdir()),
    "a link to the kept file itself": replaced(lambda file, kept: file.symlink_to(kept)),
    "links in a circle": replaced(lambda file, kept: file.symlink_to(file)),
    "a link to /dev/zero": replaced(lambda file, kept: file.symlink_to("/dev/zero")),
}


def _other(file: Path) -> Path:
    load_policies()
    (found,) = {*file.parent.glob("*.json")} - {file}
    return found


@pytest.mark.skipif(os.name != "posix", reason="pipes, sockets and owners of POSIX")
@pytest.mark.parametrize("way", WAYS)
def test_an_attacked_cache_is_passed_over_in_silence(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """At once; and where a plain file lay there, it is written anew for this user alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    fresh = load_policies(HARBOUR)
    (file,) = (tmp_path / "cache").rglob("*.json")
    whole, before = file.read_bytes(), (file.lstat().st_mode, file.lstat().st_uid)
    WAYS[way](file)
    status = file.lstat()
    assert (status.st_mode, status.st_uid) != before or file.read_bytes() != whole, "nothing was attacked"
    begun = time.perf_counter()
    assert content(load_policies(HARBOUR)) == content(fresh)
    assert time.perf_counter() - begun < 10
    assert capfd.readouterr() == ("", "")
    if file.is_file() and not file.is_symlink():
        assert file.read_bytes() == whole
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_uid == os.geteuid()
    else:
        assert load._cached(file.stem.removeprefix("policy-")) is None
