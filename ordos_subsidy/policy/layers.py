"""Policy files on top of one another: a base, and the files that change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ordos_subsidy.policy import grammar
from ordos_subsidy.policy.mistakes import Mistakes

#: (place, document number, measure)
Version = tuple[str, str, grammar.MeasureEntry]


class Layers:
    """The policy documents, the base first."""

    def __init__(self, documents: Sequence[tuple[str, grammar.Document]], mistakes: Mistakes) -> None:
        self.documents = documents
        self.base = documents[0][1]
        self.overlays = documents[1:]
        self.mistakes = mistakes

    def check(self) -> None:
        """Note each file that changes another base than it is laid over."""
        base = self.base.policy
        for name, each in self.overlays:
            place = f"{name}: policy.overlays"
            if each.policy.overlays is None:
                self.mistakes.say("two-bases", place, id=each.policy.id, base=base.id)
            elif each.policy.overlays != base.id:
                self.mistakes.say("overlay", place, wanted=each.policy.overlays, base=base.id)
        if base.overlays:
            place = f"{self.documents[0][0]}: policy.overlays"
            self.mistakes.say("overlay", place, wanted=base.overlays, base=base.id)

    def merged(self, table: str) -> dict[str, tuple[str, Any]]:
        """Return the entries of a table over all documents with their places; later ones win."""
        merged: dict[str, tuple[str, Any]] = {}
        for name, document in self.documents:
            for key, entry in getattr(document, table).items():
                merged[key] = (f"{name}: {table.rstrip('_')}.{key}", entry)
        return merged

    def versions(self) -> list[Version]:
        """Return the measures in order; a later file's measure ends or replaces the one with its id."""
        found: list[Version] = []
        for layer, (name, document) in enumerate(self.documents):
            seen: set[tuple[str, dt.date | None]] = set()
            for measure in document.measure:
                place = f"{name}: measure {measure.id}"
                if (measure.id, measure.from_) in seen:
                    self.mistakes.say("duplicate", place, name=measure.id, other=place)
                seen.add((measure.id, measure.from_))
                position = _replace(found, measure) if layer else len(found)
                found.insert(position, (place, document.policy.number, measure))
        return found


def _replace(found: list[Version], new: grammar.MeasureEntry) -> int:
    """End or remove the versions that a later measure replaces; return its position.

    A version replaces another for the claims it names; for its other claims the earlier one goes on.
    """
    same = [index for index, (_, _, old) in enumerate(found) if old.id == new.id]
    position = same[-1] + 1 if same else len(found)
    for index in reversed(same):
        place, number, old = found[index]
        kept = [kind for kind in old.claims if kind not in new.claims]
        ended = [kind for kind in old.claims if kind in new.claims]
        left = [old.model_copy(update={"claims": kept})] if kept else []
        if not old.claims:
            ended = [""]
        if ended and not (new.from_ is None or (old.from_ is not None and old.from_ >= new.from_)):
            until = min(new.from_, old.until) if old.until else new.from_
            left.append(old.model_copy(update={"claims": [kind for kind in ended if kind], "until": until}))
        found[index : index + 1] = [(place, number, each) for each in left]
        position += len(left) - 1
    return position
