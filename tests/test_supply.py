"""What is shipped works where nothing of ours is: sdist to wheel to a clean environment to an answer.

`make test` does it once, offline, with the libraries of this environment; `make dist-test` installs everything
anew from the registry, on every Python from 3.11 that this machine has, and once with the oldest libraries that
`pyproject.toml` allows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Sequence
from importlib.metadata import metadata
from pathlib import Path

import pytest

from tests.runs import EXAMPLES, ROOT, environment

OLDEST = (3, 11)
#: Where interpreters are found beside PATH.
HOMES = [Path.home() / ".pyenv" / "versions"]
FIRMS = ("shanghaimiao-mining.toml", "erdos-resources.xlsx")


def interpreters() -> dict[str, str]:
    """The Pythons of this machine that we support, by their version."""
    names = [shutil.which(f"python3.{minor}") for minor in range(OLDEST[1], 20)]
    names += [str(path) for home in HOMES for path in sorted(home.glob("3.*/bin/python"))]
    found: dict[str, str] = {}
    for name in filter(None, names):
        asked = [name, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.returncode == 0 and tuple(map(int, done.stdout.split("."))) >= OLDEST:
            found.setdefault(done.stdout.strip(), name)
    return found


def dependencies() -> list[str]:
    """What a user's installation asks for."""
    found: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it and not from the tree."""
    out = tmp_path_factory.mktemp("dist")
    command: list[str | Path] = [sys.executable, "-W", "ignore", "-m", "build", "--no-isolation", "--outdir", out, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def only(folder: Path, ending: str) -> Path:
    """The one file of a folder with this ending."""
    (found,) = folder.glob(f"*{ending}")
    return found


def answered(python: Path, folder: Path, command: Sequence[str | Path]) -> None:
    """An example is answered by what was installed, far from the tree."""
    (folder / "examples").mkdir(exist_ok=True)
    for name in FIRMS:
        shutil.copy(EXAMPLES / name, folder / "examples")
    where: list[str | Path] = [python, "-I", "-c", "import ordos_subsidy; print(ordos_subsidy.__file__)"]
    home = subprocess.run(where, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert str(ROOT) not in home
    for name in FIRMS:
        done = subprocess.run(
            [*command, "calc", f"examples/{name}", "--format", "json", "--on", "2026-11-23"],
            cwd=folder,
            env=environment(PYTHONPATH=None),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        wanted = EXAMPLES / "expected" / f"{Path(name).stem}.json"
        answer = json.loads(done.stdout)
        del answer["receipt"]
        assert answer == json.loads(wanted.read_text("utf-8"))


def test_sdist_and_wheel_hold_what_is_needed_and_no_more(built: Path) -> None:
    with tarfile.open(only(built, ".tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "policies.toml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "Makefile",
        "ordos_subsidy/cli/__init__.py",
    } <= names
    assert {each for each in names if re.search(r"\.venv|__pycache__|\.git/|\.hypothesis|(^|/)build/", each)} == set()
    with zipfile.ZipFile(only(built, ".whl")) as wheel:
        packed = set(wheel.namelist())
        assert wheel.read("ordos_subsidy/policies.toml") == (ROOT / "policies.toml").read_bytes()
    assert {"ordos_subsidy/py.typed", "ordos_subsidy/policies.schema.json"} <= packed
    tree = {path.relative_to(ROOT).as_posix() for path in (ROOT / "ordos_subsidy").rglob("*.py")}
    assert {each for each in packed if each.endswith(".py")} == tree
    assert {each.partition("/")[0] for each in packed if ".dist-info" not in each} == {"ordos_subsidy"}


def test_the_wheel_answers_in_an_environment_of_its_own(built: Path, tmp_path: Path) -> None:
    """Offline: only the libraries are lent, by a path, so that neither the tree nor its editable install is seen."""
    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", only(built, ".whl")], check=True)
    (library,) = home.glob("lib/python*/site-packages")
    (library / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    answered(python, tmp_path, [home / "bin" / "ordos-subsidy"])
    answered(python, tmp_path, [python, "-m", "ordos_subsidy"])


@pytest.mark.skipif("DIST_TEST" not in os.environ, reason="asks the registry: make dist-test")
@pytest.mark.parametrize("kind", [".whl", ".tar.gz"])
@pytest.mark.parametrize("version", sorted(interpreters()) if "DIST_TEST" in os.environ else ["any"])
def test_every_python_installs_it_from_the_registry(built: Path, tmp_path: Path, version: str, kind: str) -> None:
    home = tmp_path / "venv"
    subprocess.run([interpreters()[version], "-m", "venv", home], check=True)
    python = home / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--constraint"]
    subprocess.run([*pip, ROOT / "requirements-dev.txt", only(built, kind)], check=True, capture_output=True)
    subprocess.run([python, "-m", "pip", "check"], check=True, capture_output=True)
    answered(python, tmp_path, [home / "bin" / "ordos-subsidy"])


@pytest.mark.skipif("DIST_TEST" not in os.environ, reason="asks the registry: make dist-test")
def test_the_oldest_libraries_that_are_allowed_answer_too(built: Path, tmp_path: Path) -> None:
    """On the oldest Python and without a cache, so that the policy is compiled by the oldest Pydantic."""
    oldest = tmp_path / "oldest.txt"
    wanted = [re.match(r"([\w-]+)>=([\d.]+)", each) for each in dependencies()]
    oldest.write_text("\n".join(f"{found[1]}=={found[2]}" for found in wanted if found), "utf-8")
    assert all(wanted), "each has a lower bound"
    home = tmp_path / "venv"
    subprocess.run([interpreters()[".".join(map(str, OLDEST))], "-m", "venv", home], check=True)
    python = home / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--constraint"]
    subprocess.run([*pip, oldest, only(built, ".whl")], check=True, capture_output=True)
    answered(python, tmp_path, ["env", f"XDG_CACHE_HOME={tmp_path}", home / "bin" / "ordos-subsidy"])


def test_every_dependency_has_an_upper_bound_and_a_permissive_licence() -> None:
    """Read from what is installed; a library with another licence would have to be talked about first."""
    free = re.compile(r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|LGPL|MPL", re.IGNORECASE)
    for wanted in dependencies():
        name = re.split(r"[<>=\[]", wanted)[0]
        assert "<" in wanted, wanted
        found = metadata(name)
        said = [each for key in ("License-Expression", "License", "Classifier") for each in found.get_all(key) or []]
        assert any(free.search(each) for each in said), name
