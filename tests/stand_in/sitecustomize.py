"""A verifier that answers as it is told, for tests of everything around the real one.

Python runs this file when it starts with this folder on PYTHONPATH, and so does every worker
process.  The claim's `source` is the order: a status, or a way to fail.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import time
from types import ModuleType

NAME = "numerics.verify"


def verify(claim, *, budget, seed, file):
    from theory.verdicts import Evidence, Sharpness, Status, Verdict, Witness

    order, _, argument = claim.source.partition(" ")
    if order == "sleep":
        open(f"{claim.id}.{os.getpid()}.pid", "w").close()
        time.sleep(float(argument))
    if order == "print":
        os.write(1, b"raw noise\n") if argument == "raw" else sys.stdout.write("noise\n")
    if order == "raise":
        raise ZeroDivisionError("division by zero")
    if order == "exit":
        sys.exit(0)
    if order == "die":
        os._exit(7)
    if order == "limits":
        claim_id, order = f"{claim.id}:{budget:g}:{seed}", "proved"
    else:
        claim_id = claim.id
    status = Status(order) if order in set(Status) else Status.PROVED
    witness = None
    if status is Status.REFUTED:
        point = {"theta": ["1/2", "-3"], "theta'": ["1/2", "-2"], "y": "-1"}
        witness = Witness(2, point, lhs="1.25", rhs="1.0")
    return Verdict(
        claim_id,
        claim.title,
        claim.source,
        file,
        status,
        "every d >= 1",
        (Evidence("stand-in", status, "as told", 0.25, steps=("told <so>",)),),
        Sharpness("B", 0.53, {"dimension": 2, "values": {}}),
        witness,
        0.25,
        "bad.py, line 3: expected something else" if status is Status.ERROR else None,
    )


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name == NAME else None

    def exec_module(self, module: ModuleType) -> None:
        module.verify = verify


sys.meta_path.insert(0, Finder())
