"""`ordos-subsidy` and `python -m ordos_subsidy`: ready for Ctrl-C and SIGTERM before anything else is loaded.

Nothing is imported outside the guard but what Python itself has loaded by now. What Python does before it comes
here (its own start, `site`, the first lines of the installed command) cannot be guarded by us: Ctrl-C within these
first milliseconds still shows Python's own traceback.
"""

try:  # no statement of ours stands before this one, not even an import
    import os
    import sys

    from ordos_subsidy import leaving

    leaving.ready()
    if not os.environ.get("ORDOS_SUBSIDY_DEBUG"):
        sys.unraisablehook = lambda _: None  # what goes wrong in a destructor is no news to a user
except KeyboardInterrupt:
    raise SystemExit(130) from None

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> "NoReturn":
    """Run the program; never returns."""
    from ordos_subsidy import cli

    cli.main()


if __name__ == "__main__":
    main()
