"""How much the property tests try.

`ci`, the default, tries the same examples every time, so that a red build is about the change at hand;
`fuzz` (`make fuzz`) looks for new ones. Neither has a deadline: a first call compiles or imports.
"""

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
