"""How much the property tests try, and what the commands under test inherit.

`ci`, the default, tries the same examples every time, so that a red build is about the change at hand;
`fuzz` (`make fuzz`) looks for new ones. Neither has a deadline: a first call compiles or imports.
"""

import os
import signal

from hypothesis import HealthCheck, settings

settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "fuzz",
    deadline=None,
    max_examples=3_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")

# What a command says hangs on the locale of whoever runs the tests, unless they say otherwise.
os.environ["ORDOS_SUBSIDY_LANG"] = "zh"

# Under `nohup` or in the background signals are ignored, by children too, unless somebody takes that back.
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
