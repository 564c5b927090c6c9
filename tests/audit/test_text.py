"""A text comes out of every kind of file as it stands there, and what cannot be read is refused with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordos_subsidy import audit
from ordos_subsidy.audit import source_text
from ordos_subsidy.audit.clauses import fold
from ordos_subsidy.errors import Refused
from ordos_subsidy.messages import say
from tests.audit import samples
from tests.audit.samples import POLICY, TEXT, blank_pdf, docx_file, html_file, pdf_file

LINES = TEXT.splitlines()
WIDE = TEXT.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789%:"})
FILES = {
    "utf-8.txt": TEXT.encode(),
    "gb18030.txt": TEXT.encode("gb18030"),
    "utf-16.txt": TEXT.encode("utf-16"),
    "wide.txt": WIDE.encode(),
    "one-line.txt": TEXT.replace("\n", "").encode(),
    "broken-lines.txt": "\n".join(TEXT[at : at + 7] for at in range(0, len(TEXT), 7)).encode(),
    "word.docx": docx_file(LINES),
    "page.html": html_file(LINES),
    "layer.pdf": pdf_file(LINES, page_number=3),
    "another-ending.dat": docx_file(LINES),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_words_and_the_same_findings(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    content = source_text.read_text(path)
    assert fold(content) == fold(TEXT)
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY, "utf-8")
    assert audit.audit(policy, path).findings == ()


REFUSED = {
    "encrypted.pdf": (blank_pdf("secret"), "audit.encrypted"),
    "scan.pdf": (blank_pdf(), "audit.no-text-layer"),
    "broken.pdf": (b"%PDF-1.7 and no more", "audit.damaged"),
    "cut.docx": (docx_file(LINES)[:2000], "files.truncated"),
    "book.docx": (docx_file(LINES).replace(b"word/", b"walk/"), "audit.text-kind"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "audit.text-kind"),
    "picture.png": (b"\x89PNG\r\n\x1a\n", "audit.text-kind"),
    "binary.txt": (b"\0\1\2\3", "audit.text-kind"),
    "bytes.txt": (b"\xff\xfe\xfa", "files.encoding"),
    "blank.txt": (b" \n", "audit.no-words"),
    "empty.txt": (b"", "files.empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_remedy(name: str, tmp_path: Path) -> None:
    data, code = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        source_text.read_text(path)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert all(say(problem, lang).remedy for lang in ("zh", "en"))


@pytest.mark.parametrize(("name", "library"), [("word.docx", "docx"), ("layer.pdf", "pypdf")])
def test_without_the_extra_the_refusal_says_what_to_install(
    name: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(wanted: str) -> None:
        assert wanted == library
        raise ImportError(wanted)

    monkeypatch.setattr(source_text, "import_module", missing)
    path = tmp_path / name
    path.write_bytes(FILES[name])
    with pytest.raises(Refused) as refused:
        source_text.read_text(path)
    (problem,) = refused.value.problems
    assert "ordos-subsidy[audit]" in say(problem, "en").remedy


def test_clause_may_break_anywhere_and_a_reference_to_it_is_no_clause() -> None:
    referring = TEXT.replace("每年安排300万元", "按（一）执行。每年安排300万元")
    assert samples.audited(text=referring) == []
