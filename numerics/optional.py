"""Parts that an installation may lack: found when asked for, or missed in one sentence.

>>> find("numerics.no_such_part", "run", "experiment")
Traceback (most recent call last):
numerics.sentences.Malformed: experiment: not available in this version
"""

from __future__ import annotations

import importlib
from typing import Any

from numerics.sentences import Malformed

EXTRAS = {
    "matplotlib": "figures",
    **dict.fromkeys(("torch", "sklearn", "skimage", "pyautoattack"), "deep"),
    **dict.fromkeys(("dask", "distributed"), "cluster"),
}


def find(module: str, attribute: str, command: str) -> Any:
    """module.attribute; Malformed with what to install, or that this version has no such part."""
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as problem:
        missing = problem.name or ""
        if extra := EXTRAS.get(missing.partition(".")[0]):
            wanted = f"expected {missing} to be installed (pip install 'advsmooth[{extra}]')"
            raise Malformed(f"{command}: {wanted}") from None
        if not f"{module}.".startswith(f"{missing}."):
            raise
    except AttributeError:
        pass
    raise Malformed(f"{command}: not available in this version")
