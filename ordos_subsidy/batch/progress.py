"""A progress bar on stderr, for terminals and long work only."""

from __future__ import annotations

import os
import sys
from threading import Timer
from types import TracebackType

from ordos_subsidy import leaving
from ordos_subsidy.messages import Lang, phrase

#: Work that is done sooner needs no bar.
_PATIENCE = 1.0


class Progress:
    """Shows what is being done and how far it is; silent unless stderr is a terminal and the work is long."""

    def __init__(self, lang: Lang, *, wanted: bool) -> None:
        self._lang: Lang = lang
        self._wanted = wanted and sys.stderr is not None and sys.stderr.isatty()
        self._shown = False

    def __enter__(self) -> Progress:
        if self._wanted:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            # A descriptor of its own: the bar goes on while `output.speechless` keeps a library quiet.
            self._screen = os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding=sys.stderr.encoding, errors="replace")
            console = Console(file=self._screen)
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[said]}"),
                TimeElapsedColumn(),
            )
            self._rich = Bar(*columns, console=console, transient=True)
            self._task = self._rich.add_task("", total=None, said="")
            # Whatever takes long, be it the reading alone, is then seen to go on.
            self._patience = Timer(_PATIENCE, self._show)
            self._patience.daemon = True
            self._patience.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._wanted:
            self._patience.cancel()
            self._patience.join()
            if self._shown:
                self._rich.stop()
                leaving.undone(self._rich.stop)
            self._screen.close()

    def _show(self) -> None:
        self._shown = True
        leaving.at_end(self._rich.stop)  # Ctrl-C may not leave the cursor hidden
        self._rich.start()

    def step(self, doing: str, done: int | None = None, total: int | None = None) -> None:
        """Say what comes next: `reading`, `scoring` or `writing`, and how many of how many firms are done."""
        if not self._wanted:
            return
        said = f"{done:,} / {total:,}" if done is not None and total is not None else ""
        self._rich.update(
            self._task, description=phrase(f"batch.{doing}", self._lang), completed=done or 0, total=total, said=said
        )
