"""The child process: it may die in any way, takes nobody along and is never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from pathlib import Path

import pytest

from ordos_subsidy.errors import Refused
from ordos_subsidy.files import workbook
from ordos_subsidy.files.guard import MANY_FIRMS, InputFile
from ordos_subsidy.files.workbook import BookReader
from tests.files.books import as_xlsx, grids, opened, xlsx


def make_slow(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child run this in place of its work."""
    boot = workbook._BOOT.replace("module.main()", "\n" + code.replace("{", "{{").replace("}", "}}"))
    monkeypatch.setattr(workbook, "_BOOT", boot)


def file_of(data: bytes = b"") -> InputFile:
    return InputFile("firm.xlsx", "xlsx", data or as_xlsx())


@pytest.mark.parametrize(
    "death",
    ["import os; os.abort()", "import os; os._exit(0)", "raise SystemExit(3)", "sys.stdout.buffer.write(b'x' * 9)"],
)
def test_a_child_that_dies_is_a_problem(monkeypatch: pytest.MonkeyPatch, death: str) -> None:
    make_slow(monkeypatch, death)
    with pytest.raises(Refused) as caught:
        grids(file_of())
    assert [each.code for each in caught.value.problems] == ["files.exhausting"]


def test_a_child_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    make_slow(monkeypatch, "while True: pass")
    hurried = MANY_FIRMS._replace(seconds=1)
    with pytest.raises(Refused) as caught, BookReader(file_of(), hurried) as reader:
        reader.sheets(list)
    assert [each.code for each in caught.value.problems] == ["files.timeout"]


def test_a_parser_that_panics_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = "class Panic(BaseException): pass\ndef fail(_): raise Panic('at the disco')\n"
    make_slow(
        monkeypatch,
        panic + "module.CalamineWorkbook = type('W', (), {'from_filelike': staticmethod(fail)})\nmodule.main()",
    )
    with pytest.raises(Refused) as caught:
        grids(file_of())
    assert [(each.code, each.params) for each in caught.value.problems] == [
        ("files.unparsable", (("detail", "at the disco"),))
    ]


def test_a_child_that_swallows_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    swallow = "module._checked = lambda *_: bytearray(1 << 40)\nmodule.main()"
    make_slow(monkeypatch, swallow)
    with pytest.raises(Refused) as caught:
        grids(file_of())
    assert [each.code for each in caught.value.problems] == ["files.exhausting"]


@pytest.mark.parametrize("error", [OSError(11, "Resource temporarily unavailable"), RuntimeError("no new thread")])
def test_a_machine_without_room_for_a_child_is_a_problem(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(threading.Timer, "start", fail)
    with pytest.raises(Refused) as caught:
        grids(file_of())
    assert [each.code for each in caught.value.problems] == ["files.no-child"]


def test_a_child_that_waits_its_turn_is_not_late() -> None:
    """Its time begins when somebody listens: in a folder of books the next is parsed while one is read."""
    with BookReader(file_of(), MANY_FIRMS._replace(seconds=1)) as reader:
        time.sleep(1.3)
        assert reader.sheets(list)


def test_the_caller_goes_on_while_the_child_works(monkeypatch: pytest.MonkeyPatch) -> None:
    make_slow(monkeypatch, "import time; time.sleep(0.5); module.main()")
    begun = time.monotonic()
    big = file_of(xlsx("", before="<!--" + os.urandom(600_000).hex() + "-->"))
    with BookReader(big, MANY_FIRMS) as reader:
        assert time.monotonic() - begun < 0.4
        assert [frame[0] for frame in reader.sheets(list)] == ["sheet"]


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried (in a container without init) does not."""
    try:
        os.kill(pid, 0)
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def test_a_book_nobody_waits_for_leaves_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    make_slow(monkeypatch, "while True: pass")
    reader = BookReader(file_of(), MANY_FIRMS)
    pid = reader._child._process.pid
    assert is_running(pid)
    del reader
    assert not is_running(pid)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("busy", ["__import__('time').sleep(60)", "sum(range(10**12))"])
def test_a_parent_that_is_ended_leaves_no_child(tmp_path: Path, sent: signal.Signals, busy: str) -> None:
    """The child is parsing when its parent goes, be it in code that never lets another thread have its turn."""
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(f"""
            from ordos_subsidy.files import workbook
            from ordos_subsidy.files.guard import MANY_FIRMS, InputFile
            slow = "module._checked = lambda *_: {busy}\\nmodule.main()"
            workbook._BOOT = workbook._BOOT.replace("module.main()", slow)
            reader = workbook.BookReader(InputFile("firm.xlsx", "xlsx", b"PK"), MANY_FIRMS)
            print(reader._child._process.pid, flush=True)
            reader.sheets(list)
        """)
    )
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root)},
        text=True,
    )
    with parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        assert is_running(pid)
        parent.send_signal(sent)
        parent.wait(5)
        deadline = time.monotonic() + 5
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not is_running(pid)


def test_it_works_from_a_zip(tmp_path: Path) -> None:
    """No file of ours needs to lie on the disk: the child gets its code from us."""
    root = Path(__file__).resolve().parents[2]
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("ordos_subsidy/__init__.py", "")
        file.writestr("ordos_subsidy/files/__init__.py", "")
        for path in (
            "errors.py",
            *(
                f"files/{name}.py"
                for name in (
                    "binary",
                    "csv_lines",
                    "grid",
                    "guard",
                    "marks",
                    "styled",
                    "text",
                    "workbook",
                    "worker",
                    "zips",
                )
            ),
        ):
            file.write(root / "ordos_subsidy" / path, f"ordos_subsidy/{path}")
    opened(tmp_path, as_xlsx())
    code = f"""
import sys
sys.path.insert(0, {str(archive)!r})
from ordos_subsidy.files.workbook import BookReader
from ordos_subsidy.files.guard import MANY_FIRMS, open_file
frames = BookReader(open_file({str(tmp_path / "firm.xlsx")!r}), MANY_FIRMS).sheets(list)
print(frames[1][1], BookReader.sheets.__code__.co_filename)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3 ")
    assert "app.zip" in done.stdout


def test_the_child_imports_no_more_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start-up is what a small file costs: neither a table library nor our command line."""
    names = "sorted({name.split('.')[0] for name in sys.modules} & {'polars', 'typer', 'rich', 'pydantic', 'openpyxl'})"
    report = f"frame = module.marshal.dumps(('sheet', repr({names}), False, []), 2)\n"
    report += "end = module.marshal.dumps(('end',), 2)\n"
    report += "for each in (frame, end): sys.stdout.buffer.write(len(each).to_bytes(8, 'little') + each)"
    make_slow(monkeypatch, report)
    assert grids(file_of())[0].name == "[]"
