"""Witnesses against claims about unknowns, read back from what is printed: floats only."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from scipy import integrate

RNG = np.random.default_rng(7)
STEP = 1e-4


class Seen:
    """Numbers, arrays, functions and sets of a witness or of an instance."""

    def __init__(self, dimension: int, values: Any, unknowns: Any) -> None:
        self.d = dimension
        self.values = {k: _number(v) for k, v in values.items()}
        self.functions: dict[str, tuple[list[str], Callable[..., float], sp.Expr]] = {}
        self.maps: dict[str, np.ndarray] = {}
        self.sets: dict[str, list[tuple[float, float]]] = {}
        for name, text in unknowns.items():
            self._take(name, text)

    def _take(self, name: str, text: Any) -> None:
        if not isinstance(text, str):
            self.maps[name] = np.array([_number(row) for row in text])
        elif text.startswith("["):
            ends = re.findall(r"\[([^,]+), ([^\]]+)\]", text)
            self.sets[name] = [(float(Fraction(a)), float(Fraction(b))) for a, b in ends]
        else:
            head, inside = name.rstrip(")").split("(")
            symbols = [sp.Symbol(n, real=True) for n in inside.split(", ")]
            expr = sp.sympify(text, locals={str(s): s for s in symbols})
            self.functions[head] = (inside.split(", "), sp.lambdify(symbols, expr, "math"), expr)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def call(self, name: str, *rows: Any) -> float:
        """The function at rows of coordinates."""
        return float(self.functions[name][1](*np.concatenate([np.atleast_1d(r) for r in rows])))

    def grad(self, name: str, k: int, *rows: Any) -> np.ndarray:
        """Central differences in the argument k."""
        rows_ = [np.array(np.atleast_1d(r), float) for r in rows]
        found = []
        for i in range(self.d):
            up, down = [r.copy() for r in rows_], [r.copy() for r in rows_]
            up[k][i] += STEP
            down[k][i] -= STEP
            found.append((self.call(name, *up) - self.call(name, *down)) / (2 * STEP))
        return np.array(found)

    def body(self, radius: str = "epsilon") -> np.ndarray:
        """Random points of K, or of the ball."""
        if self.sets:
            (ends,) = self.sets.values()
            low, high = np.array(ends).T
            inside = low + (high - low) * RNG.random((300, self.d))
            corners = np.where(RNG.random((20, self.d)) < 0.5, low, high)
            return np.concatenate([inside, corners])
        v = RNG.normal(size=(300, self.d))
        v /= np.linalg.norm(v, axis=1, keepdims=True)
        sizes = np.where(RNG.random((300, 1)) < 0.5, 1, RNG.random((300, 1)))
        return self[radius] * v * sizes

    def best(self, name: str) -> np.ndarray:
        """x*(name), from the witness where it is printed, and really a maximiser."""
        theta, tried = self[name], self.body()
        values = [self.call("l", x, theta) for x in tried]
        chosen = self.values.get(f"x*({name})")
        if chosen is None:
            return self._climbed(tried[int(np.argmax(values))], theta)
        largest = max(values)
        assert self.call("l", chosen, theta) >= largest - 1e-9 * (1 + abs(largest))
        assert self._contains(chosen)
        return chosen

    def _climbed(self, x: np.ndarray, theta: np.ndarray) -> np.ndarray:
        """Fixed point of the projection of a long step: the gradient is what matters there."""
        for _ in range(2000):
            g = self.grad("l", 0, x, theta)
            x = x + self["epsilon"] * g / np.linalg.norm(g)
            x = x * min(1, self["epsilon"] / np.linalg.norm(x))
        return x

    def _contains(self, x: np.ndarray) -> bool:
        if self.sets:
            (ends,) = self.sets.values()
            return all(a <= c <= b for c, (a, b) in zip(x, ends, strict=True))
        return bool(np.linalg.norm(x) <= self["epsilon"] * (1 + 1e-12))

    def lipschitz_gradient(self, k: int, wrt: int, constant: float) -> bool:
        """At random pairs that differ in one argument."""
        for _ in range(40):
            z = [RNG.normal(size=self.d) * 10.0 ** RNG.integers(-2, 2) for _ in range(2)]
            other = [r.copy() for r in z]
            other[wrt] = other[wrt] + RNG.normal(size=self.d)
            change = np.linalg.norm(self.grad("l", k, *z) - self.grad("l", k, *other))
            size = np.linalg.norm(z[wrt] - other[wrt])
            if change > constant * size * (1 + 1e-4) + self._noise():
                return False
        return True

    def bends(self, name: str, k: int, low: float, high: float) -> bool:
        """low <= second differences <= high along random directions."""
        slots = len(self.functions[name][0]) // self.d
        for _ in range(60):
            z = [RNG.normal(size=self.d) * 3 for _ in range(slots)]
            h = RNG.normal(size=self.d)
            up, down = list(z), list(z)
            up[k], down[k] = z[k] + h, z[k] - h
            second = self.call(name, *up) + self.call(name, *down) - 2 * self.call(name, *z)
            square = float(h @ h)
            noise = self._noise() * 1e-2
            if not low * square - noise <= second <= high * square + noise:
                return False
        return True

    def lipschitz_value(self, name: str, k: int, constant: float) -> bool:
        slots = len(self.functions[name][0]) // self.d
        for _ in range(60):
            z = [RNG.normal(size=self.d) * 3 for _ in range(slots)]
            other = list(z)
            other[k] = z[k] + RNG.normal(size=self.d)
            change = abs(self.call(name, *z) - self.call(name, *other))
            if change > constant * np.linalg.norm(z[k] - other[k]) * (1 + 1e-9) + 1e-9:
                return False
        return True

    def _noise(self) -> float:
        """Of differences of doubles: it grows with the coefficients."""
        sizes = [abs(float(n)) for f in self.functions.values() for n in f[2].atoms(sp.Number)]
        return 1e-6 * (1 + max(sizes, default=0.0))

    def curvature(self) -> np.ndarray:
        """gamma I - gamma^2 Cov: Gaussian in several dimensions, by quadrature in one."""
        gamma, theta = self["gamma"], self["theta"]
        if self.d > 1:
            return gamma * np.eye(self.d) - gamma**2 * np.linalg.inv(
                gamma * np.eye(self.d) + self._hessian()
            )
        _, variance = self._moments(gamma, float(theta[0]))
        return np.array([[gamma - gamma**2 * variance]])

    def _hessian(self) -> np.ndarray:
        """Of a quadratic, exactly."""
        names, _, expr = self.functions["f"]
        symbols = [sp.Symbol(n, real=True) for n in names]
        return np.array(sp.hessian(expr, symbols).tolist(), float)

    def slope(self) -> np.ndarray:
        """gamma (theta - mean)."""
        gamma, theta = self["gamma"], self["theta"]
        if self.d == 1:
            return np.array([gamma * (theta[0] - self._moments(gamma, float(theta[0]))[0])])
        start = np.array([self.grad("f", 0, np.zeros(self.d))]).ravel()
        s = gamma * np.eye(self.d) + self._hessian()
        return gamma * (theta - np.linalg.solve(s, gamma * theta - start))

    def _moments(self, gamma: float, theta: float) -> tuple[float, float]:
        def exponent(t: float) -> float:
            return -self.call("f", t) - gamma / 2 * (theta - t) ** 2

        width = 1 / np.sqrt(gamma)
        grid = np.linspace(theta - 300 * width, theta + 300 * width, 60001)
        logs = np.array([exponent(t) for t in grid])
        kept = grid[logs > logs.max() - 60]
        low, high = float(kept[0] - width / 50), float(kept[-1] + width / 50)
        fine = np.linspace(low, high, 40001)
        w = np.exp(np.array([exponent(t) for t in fine]) - logs.max())
        total = integrate.simpson(w, x=fine)
        mean = integrate.simpson(w * fine, x=fine) / total
        return mean, integrate.simpson(w * (fine - mean) ** 2, x=fine) / total


def _number(value: Any) -> Any:
    if isinstance(value, str):
        return float(Fraction(value))
    return np.array([float(Fraction(x)) for x in value])


def norm(v: Any) -> float:
    return float(np.linalg.norm(v))


def projected_inverse(m: np.ndarray, p: np.ndarray) -> np.ndarray:
    return np.linalg.pinv(p @ m @ p)


def least(m: np.ndarray) -> float:
    return float(np.linalg.eigvalsh((m + m.T) / 2).min())
