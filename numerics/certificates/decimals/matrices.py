"""The entries of a matrix expression in one dimension.

.. math:: M = \\sum_k c_k\\, a_k b_k^\\top + \\sum_j g_j \\operatorname{diag}(w_j).
"""

from __future__ import annotations

from typing import Any

from numerics.certificates.decimals.conditions import operation
from numerics.certificates.decimals.language import Language
from numerics.certificates.decimals.outcome import Malformed, shown


def entries(language: Language, tree: Any) -> list[int]:
    """The registers of the components of a vector, or of a matrix row by row."""
    name, args = operation(tree) or ("", [])
    if name != "MatrixSum":
        return language.vector(tree)
    terms = [_term(language, pair) for pair in args]
    tape, d = language.tape, language.d
    return [tape.add([t[i * d + j] for t in terms]) for i in range(d) for j in range(d)]


def _term(language: Language, pair: Any) -> list[int]:
    coefficient, atom = language.pair(pair)
    factor = language.scalar(coefficient)
    name, args = operation(atom) or ("", [])
    if (name, len(args)) not in (("Outer", 2), ("Diag", 1)):
        raise Malformed(f"expected outer or diag in a matrix, got {shown(name)}")
    first, last = language.vector(args[0]), language.vector(args[-1])
    tape, zero = language.tape, language.tape.constant(0)
    if name == "Outer":
        return [tape.mul([factor, a, b]) for a in first for b in last]
    diagonal = [tape.mul([factor, w]) for w in first]
    d = language.d
    return [diagonal[i] if i == j else zero for i in range(d) for j in range(d)]
