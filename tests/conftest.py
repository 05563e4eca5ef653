"""How hard Hypothesis looks: HYPOTHESIS_PROFILE is `dev` (default), `ci` or `hunt`.

No profile has a deadline: exact arithmetic takes as long as its numbers are large, and a slow
example is no failure. pytest-timeout bounds the test as a whole.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=QUIET)
settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=QUIET
)
settings.register_profile(
    "hunt",
    max_examples=20_000,
    deadline=None,
    suppress_health_check=QUIET,
    database=DirectoryBasedExampleDatabase(".hypothesis/examples"),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
