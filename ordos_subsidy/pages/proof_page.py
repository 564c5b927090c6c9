"""How a report can be checked: what stands at its end, and the answer to `verify`."""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.files.guard import Hashed
from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.pages.blocks import Block, Fields, Labelled, Page, PageHeading, Paragraph
from ordos_subsidy.receipt import Difference, Proof, Receipt


def blocks(receipt: Receipt, lang: Lang) -> Iterator[Block]:
    """What a reader needs to check a report."""
    yield PageHeading(phrase("proof.heading", lang), 2)
    yield Paragraph(phrase("proof.how", lang))
    yield Fields(tuple(fields(receipt, lang)))
    yield Paragraph(phrase("proof.no_signature", lang), "faint")
    yield Paragraph(phrase("proof.holds_input", lang), "faint")


def page(checked: Proof, name: str, lang: Lang) -> Page:
    """What was found of a report: that it is the same, or what differs and what would be needed."""
    key = "same" if checked.same else "differs" if checked.difference else "undecided"
    found: list[Block] = [Paragraph(phrase(f"proof.{key}", lang, name=name), "yes" if checked.same else "alert")]
    if checked.difference:
        found.append(_difference(checked.difference, "found", lang))
    for problem in checked.notes:
        said = say(problem, lang)
        found += [Paragraph(said.what, "unknown"), *([Paragraph(said.remedy)] if said.remedy else [])]
    if checked.of_input:
        found.append(_difference(checked.of_input, "in_receipt", lang))
    if checked.receipt:
        found.append(Fields(tuple(fields(checked.receipt, lang))))
    found.append(Paragraph(phrase("proof.no_signature", lang), "faint"))
    return Page("", lang, tuple(found))


def _difference(each: Difference, of: str, lang: Lang) -> Fields:
    """A difference: where it is, what stands in the report or its receipt, what was computed or read."""
    other = "computed" if of == "found" else "in_file"
    told = [Labelled(phrase("proof.where", lang), each.where)] if each.where else []
    told.append(Labelled(phrase(f"proof.{of}", lang), each.found, "no"))
    told.append(Labelled(phrase(f"proof.{other}", lang), each.computed, "yes"))
    return Fields(tuple(told), phrase("proof.first", lang))


def fields(receipt: Receipt, lang: Lang) -> Iterator[Labelled]:
    """The program, the day, the files and the result that a receipt names."""
    yield Labelled(phrase("proof.program", lang), f"ordos-subsidy {receipt.version}")
    yield Labelled(phrase("proof.on", lang), receipt.on)
    for key, files in (("input", receipt.inputs), ("policy", receipt.policies)):
        for each in files:
            yield Labelled(phrase(f"proof.{key}", lang), _hash(each))
    yield Labelled(phrase("proof.result", lang), f"SHA-256 {receipt.result}")


def _hash(file: Hashed) -> str:
    return f"{file.name} · SHA-256 {file.sha256}"
