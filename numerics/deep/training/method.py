r"""A method: how the next weights come from the present ones and from mini-batches.

Three kinds. A *loss* prepares a mini-batch (solves its attack) and gives the closure of its loss.
A *gradient* gives another gradient of such a loss (at moved weights). A *step* replaces the
optimiser's step. Each takes the one below as its ``base``, so AWP with EnSGD is
``{"method": "entropy_sgd", "options": {"base": "awp"}}``.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from numerics.deep.training import methods
from numerics.deep.training.workspace import Closure, Gradient, Workspace
from numerics.sentences import Malformed, did_you_mean

Draw = Callable[[], tuple[Tensor, Tensor]]
"""() -> the next mini-batch x (n, *shape), y (n,)."""


class Method(ABC):
    """One way to train; its options are the keyword arguments of its constructor."""

    attacks = True  # whether its inputs are attacked

    def __init__(self, work: Workspace) -> None:
        self.work = work

    @abstractmethod
    def gradient(self, x: Tensor, y: Tensor) -> Gradient:
        """The gradient that one mini-batch gives, its attack solved at the present weights."""

    def step(self, draw: Draw) -> Gradient:
        """One outer step."""
        found = self.gradient(*draw())
        self.work.apply(found)
        return found

    def evaluated(self) -> nn.Module:
        """The model that is to be judged: the trained one unless weights are averaged."""
        return self.work.model

    def state_dict(self) -> dict[str, Any]:
        """What must be kept to go on exactly, beyond weights and optimiser."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        if state:
            raise ValueError(f"a state of {', '.join(state)}, expected none")


class LossMethod(Method):
    """A method that is a loss: everything else can be built on it."""

    passes = 1  # of a mini-batch through the network in one closure

    @abstractmethod
    def prepare(self, x: Tensor, y: Tensor) -> Closure:
        """Solve the attack at the present weights; the closure may then run at moved ones."""

    def gradient(self, x: Tensor, y: Tensor) -> Gradient:
        """The gradient of the loss at the present weights."""
        return self.work.gradient(self.prepare(x, y), y, self.passes)


class Around(Method):
    """A method around another one: state and judged model are the other's unless it says so."""

    def __init__(self, work: Workspace, base: str | Mapping[str, Any] = "adversarial") -> None:
        super().__init__(work)
        self.base = from_option(base, work)
        self.attacks = self.base.attacks

    def gradient(self, x: Tensor, y: Tensor) -> Gradient:
        """That of the base."""
        return self.base.gradient(x, y)

    def evaluated(self) -> nn.Module:
        """That of the base."""
        return self.base.evaluated()

    def state_dict(self) -> dict[str, Any]:
        """That of the base."""
        return {"base": self.base.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """That of the base."""
        self.base.load_state_dict(state["base"])


class AroundLoss(Around):
    """A gradient of a loss at moved weights; the base must be a loss."""

    base: LossMethod

    def __init__(self, work: Workspace, base: str | Mapping[str, Any] = "adversarial") -> None:
        super().__init__(work, base)
        if not isinstance(self.base, LossMethod):
            raise Malformed(
                f"method: base {base!r}: expected a loss (natural, adversarial, trades)"
            )


def names() -> list[str]:
    """The methods: the files of the folder ``methods``."""
    return sorted(m.name for m in pkgutil.iter_modules(methods.__path__))


def build(name: str, work: Workspace, options: Mapping[str, Any]) -> Method:
    """The method of a file, with its options checked."""
    if name not in names():
        near = did_you_mean(name, names())
        raise Malformed(f"method {name!r} is unknown{near}: expected one of {', '.join(names())}")
    made = _method_of(importlib.import_module(f"{methods.__name__}.{name}"))
    known = list(inspect.signature(made.__init__).parameters)[2:]
    for option in options:
        if option not in known:
            raise Malformed(
                f"method {name}: option {option!r}{did_you_mean(option, known)}: "
                f"expected {', '.join(known) or 'no options'}"
            )
    return made(work, **options)


def from_option(base: str | Mapping[str, Any], work: Workspace) -> Method:
    """A base given by name, or by {"method": name, option: value, ...}."""
    if isinstance(base, str):
        return build(base, work, {})
    if not isinstance(base, Mapping) or "method" not in base:
        raise Malformed(f'method: base {base!r}: expected a name or {{"method": name, ...}}')
    return build(base["method"], work, {k: v for k, v in base.items() if k != "method"})


def checked(name: str, value: float, least: float, most: float = float("inf")) -> float:
    """A numeric option within its range, or a sentence."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not (number and least <= value <= most):
        raise Malformed(f"method option {name} = {value!r}: expected a number, {least} to {most}")
    return value


def _method_of(module: Any) -> type[Method]:
    own = [v for v in vars(module).values() if inspect.isclass(v) and issubclass(v, Method)]
    own = [v for v in own if v.__module__ == module.__name__]
    if len(own) != 1:
        raise ImportError(f"{module.__name__}: {len(own)} methods, expected one")
    return own[0]
