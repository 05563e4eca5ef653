r"""Trials of numbers to choose: as many for every method, whatever the number of its factors.

An orthogonal array of strength 2: with p levels (p prime) and up to p + 1 factors, in

.. math:: p^2 \text{ trials every pair of factors takes every pair of levels exactly once.}

Source: Bose 1938, through SciPy's Latin hypercubes of strength 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import qmc


def design(factors: Mapping[str, Sequence[Any]], trials: int) -> list[dict[str, Any]]:
    """One level of each factor for every trial; ``trials`` is the square of the levels' number.

    >>> found = design({"a": [1, 2], "b": [3, 4], "c": [5, 6]}, 4)
    >>> sorted((one["a"], one["c"]) for one in found)
    [(1, 5), (1, 6), (2, 5), (2, 6)]
    """
    levels = math.isqrt(trials)
    if levels**2 != trials or any(len(values) != levels for values in factors.values()):
        counts = ", ".join(str(len(values)) for values in factors.values())
        raise ValueError(f"{trials} trials of {counts} levels: expected the square of their number")
    sample = qmc.LatinHypercube(len(factors), strength=2, rng=np.random.default_rng(0))
    rows = np.floor(sample.random(trials) * levels).astype(int).tolist()
    return [
        {name: values[i] for (name, values), i in zip(factors.items(), row, strict=True)}
        for row in rows
    ]


def best(labels: Sequence[str], score: Callable[[str], float], count: int) -> list[str]:
    """The ``count`` of the highest scores; of equal ones the first.

    >>> best(["a", "b", "c"], {"a": 1.0, "b": 2.0, "c": 2.0}.__getitem__, 2)
    ['b', 'c']
    """
    return sorted(labels, key=lambda label: -score(label))[:count]


def named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a run from factors: ``options.gamma`` belongs to the method.

    >>> named({"lr": 1.0, "options.gamma": 0.1})
    {'lr': 1.0, 'options': {'gamma': 0.1}}
    """
    own = {k.removeprefix("options."): v for k, v in values.items() if k.startswith("options.")}
    return {**{k: v for k, v in values.items() if not k.startswith("options.")}, "options": own}
