r"""The inner loop of EnSGD: L steps on the tilted loss around a centre c, with a running mean.

.. math:: w \leftarrow w - \eta' \text{Nesterov}\bigl(\nabla l(w) + \gamma (w - c)\bigr)
          + \sqrt{\eta'}\, s\, \xi, \qquad m \leftarrow a\, m + (1-a)\, w,

from w = m = c, with xi standard normal. Every step draws a new mini-batch and solves its attack
at the present w. The momentum starts at zero in every outer step.

Source: Chaudhari et al. 2017, algorithm 1 (without momentum: there it is a remark).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor

from numerics.deep.training.method import Around, Draw, checked
from numerics.deep.training.workspace import Gradient, Workspace
from numerics.sentences import Malformed


@dataclass(frozen=True)
class Inner:
    """Numbers of the inner loop; ``keep`` is a, ``noise`` is s, ``scoping`` as in ``gamma_at``."""

    steps: int = 20
    lr: float = 0.1
    momentum: float = 0.9
    keep: float = 0.75
    noise: float = 1e-4
    gamma: float = 0.03
    scoping: float = 0.0

    def __post_init__(self) -> None:
        """Ranges, one sentence each."""
        if isinstance(self.steps, bool) or not isinstance(self.steps, int) or self.steps < 1:
            raise Malformed(f"method option steps = {self.steps!r}: expected a number from 1 on")
        for field in fields(self)[1:]:
            most = 1.0 if field.name in ("momentum", "keep") else float("inf")
            checked(field.name, getattr(self, field.name), 0, most)

    def gamma_at(self, outer: int) -> float:
        """gamma (1 + scoping)^t at the outer step t = 0, 1, ...

        >>> Inner(gamma=1.0, scoping=0.5).gamma_at(2)
        2.25
        """
        return self.gamma * (1 + self.scoping) ** outer


class InnerLoop(Around):
    """Descends around the present weights and moves them towards the mean it finds."""

    def __init__(self, work: Workspace, base: str | Mapping[str, Any], inner: Inner) -> None:
        super().__init__(work, base)
        self.inner, self.outer = inner, 0

    def step(self, draw: Draw) -> Gradient:
        """w = c - lr (c - m): the outer step along c - m; the loss is the last inner one."""
        centre = [p.detach().clone() for p in self.work.parameters]
        mean, last = self._mean(centre, draw)
        with torch.no_grad():
            for p, c, m in zip(self.work.parameters, centre, mean, strict=True):
                p.copy_(c - self.work.lr * (c - m))
        self.outer += 1
        return Gradient(last.loss, [c - m for c, m in zip(centre, mean, strict=True)])

    def _mean(self, centre: list[Tensor], draw: Draw) -> tuple[list[Tensor], Gradient]:
        mean, gamma = [c.clone() for c in centre], self.inner.gamma_at(self.outer)
        optimizer = self._fresh_optimizer()
        for _ in range(self.inner.steps):
            found = self.base.gradient(*draw())
            for p, g, c in zip(self.work.parameters, found.tensors, centre, strict=True):
                p.grad = g.add(p.detach() - c, alpha=gamma)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            self._shake()
            torch._foreach_lerp_(mean, self._weights(), 1 - self.inner.keep)
        return mean, found

    def _fresh_optimizer(self) -> torch.optim.SGD:
        momentum = self.inner.momentum
        return torch.optim.SGD(
            self.work.parameters,
            lr=self.inner.lr,
            momentum=momentum,
            nesterov=momentum > 0,
            weight_decay=self.work.settings.weight_decay,
        )

    def _shake(self) -> None:
        if self.inner.noise:
            scale = self.inner.lr**0.5 * self.inner.noise
            torch._foreach_add_(self._weights(), self.work.noise_like(self._weights(), scale))

    def _weights(self) -> list[Tensor]:
        return [p.detach() for p in self.work.parameters]

    def state_dict(self) -> dict[str, Any]:
        """The base's state and the number of outer steps: scoping depends on it."""
        return {**super().state_dict(), "outer": self.outer}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        super().load_state_dict(state)
        self.outer = int(state["outer"])
