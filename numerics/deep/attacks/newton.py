r"""Newton's method for a local maximiser of the loss on a ball, sample by sample.

.. math:: \delta \leftarrow R(\delta + t s), \qquad P(\lambda I - H)P\, s = P\nabla_x l.

On the L2 sphere P removes the normal, lambda = <g, delta>/radius^2 and R scales back onto the
sphere: Newton on the Karush-Kuhn-Tucker system. On the L-infinity ball P keeps the coordinates
that are not pressed against their side (projected Newton), lambda = 0 and R clips. Inside, P = I.
t is halved until the loss rises enough, or the residual halves with no loss of value.
Source: Bertsekas 1982 (projected Newton); Absil et al. 2008 (Newton on the sphere).
"""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.deep.attacks.input_problem import InputProblem
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.optimality import Face, face, residual
from numerics.deep.attacks.reduced_hessian import DENSE, step

HALVINGS = 30
BELOW = 1e-2  # the last step is quadratic: aim well below the tolerance, get there for free


def polish(
    problem: InputProblem, delta: Tensor, ball: NormBall, tolerance: float, limit: int = 60
) -> Tensor:
    """Delta (n, d) moved to a maximiser nearby; samples that stall stay where they stalled.

    Nothing is claimed of the result: ``optimality.measured`` says how good it is.
    """
    delta = ball.project(delta)
    values, gradient = problem.value_and_gradient(delta)
    going = torch.ones_like(values, dtype=torch.bool)
    for _ in range(limit):
        going = going & (residual(delta, gradient, ball) > _goal(gradient, tolerance))
        rows = going.nonzero()[:, 0]
        if not len(rows):
            break
        moved = _move(problem.at(rows), delta[rows], values[rows], gradient[rows], ball)
        delta[rows], values[rows], gradient[rows] = moved[0], moved[1], moved[2]
        going[rows] = moved[3]
    return delta


def _goal(gradient: Tensor, tolerance: float) -> Tensor:
    """Small gradients make small residuals anywhere: ask for the same share of the gradient."""
    return BELOW * tolerance * torch.linalg.vector_norm(gradient, dim=1).clamp(1e-3, 1.0)


def _move(
    problem: InputProblem, delta: Tensor, values: Tensor, gradient: Tensor, ball: NormBall
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One Newton step each, in other directions where that fails: delta, l, g, and who moved."""
    held = face(delta, gradient, ball)
    accuracy = min(0.1, float(residual(delta, gradient, ball).max()))
    state = [delta, values, gradient]
    s = step(problem.products(delta), held, gradient, ball.radius, accuracy)
    *state, moved = _search(problem, state, s, held, ball)
    for retry in (_dense_step, _gradient_step):
        stuck = (~moved).nonzero()[:, 0]
        if not len(stuck):
            break
        part, face_ = problem.at(stuck), held.at(stuck)
        own = [tensor[stuck] for tensor in state]
        *own, moved[stuck] = _search(part, own, retry(part, own, face_, ball), face_, ball)
        for tensor, piece in zip(state, own, strict=True):
            tensor[stuck] = piece
    return state[0], state[1], state[2], moved


def _dense_step(problem: InputProblem, state: list[Tensor], held: Face, ball: NormBall) -> Tensor:
    """Newton's with an indefinite matrix made definite, where it is affordable."""
    return step(problem.products(state[0]), held, state[2], ball.radius, 1e-3, DENSE)


def _gradient_step(
    problem: InputProblem, state: list[Tensor], held: Face, ball: NormBall
) -> Tensor:
    """The steepest direction."""
    return ball.radius * ball.dual_direction(held.tangent(state[2]))


def retracted(delta: Tensor, move: Tensor, held: Face, ball: NormBall) -> Tensor:
    """Back onto the sphere where it holds, into the ball elsewhere."""
    moved = delta + move
    on_sphere = (held.normal != 0).any(1)[:, None]
    return torch.where(on_sphere, ball.radius * ball.dual_direction(moved), ball.project(moved))


def _search(
    problem: InputProblem, state: list[Tensor], s: Tensor, held: Face, ball: NormBall
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Backtracking along R(delta + t s), each sample by itself; state is delta, l, g."""
    delta, values, gradient = (tensor.clone() for tensor in state)
    was = residual(delta, gradient, ball)
    slope = (held.tangent(gradient) * s).sum(1)
    pending = torch.arange(len(delta), device=delta.device)
    moved = torch.zeros_like(values, dtype=torch.bool)
    t = 1.0
    for _ in range(HALVINGS):
        old, rise = delta[pending], t * slope[pending]
        trial = retracted(old, t * s[pending], held.at(pending), ball)
        new_values, new_gradient = problem.at(pending).value_and_gradient(trial)
        flat = (held.normal[pending] == 0).all(1)  # clipping shortens the step: count what is left
        rise = torch.where(flat, (gradient[pending] * (trial - old)).sum(1), rise).clamp(min=0)
        gain = new_values - values[pending]
        rounding = 1e-14 * (1 + values[pending].abs())
        halved = residual(trial, new_gradient, ball) <= 0.5 * was[pending]
        good = ((gain >= 1e-4 * rise) & (gain > rounding)) | (halved & (gain >= -rounding))
        rows = pending[good]
        delta[rows], values[rows], gradient[rows] = (
            trial[good],
            new_values[good],
            new_gradient[good],
        )
        moved[rows] = True
        pending = pending[~good]
        if not len(pending):
            break
        t /= 2
    return delta, values, gradient, moved
