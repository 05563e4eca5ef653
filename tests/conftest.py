"""How hard Hypothesis looks: HYPOTHESIS_PROFILE is `dev` (default), `ci` or `hunt`.

No profile has a deadline: exact arithmetic takes as long as its numbers are large, and a slow
example is no failure. pytest-timeout bounds the test as a whole.
"""

import os
from typing import Any

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


# --- the kill rate of the mutants, over all workers


def _mutants(session: Any) -> Any:
    from tests.laws.kill_rate import tally

    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    stats = reporter.stats if reporter else {}
    return tally([*stats.get("passed", ()), *stats.get("failed", ())])


def pytest_sessionfinish(session: Any) -> None:
    """Too few dead mutants fail the session."""
    if not hasattr(session.config, "workerinput") and _mutants(session).is_too_low:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line a theorem, and the total."""
    found = _mutants(terminalreporter)
    if found.fates:
        terminalreporter.section("mutants")
        for line in found.lines():
            terminalreporter.line(line)
