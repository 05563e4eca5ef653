r"""Attacks solved to their optimality conditions, with the certificate.

.. math:: \delta_i^* \in \arg\max_{\|\delta\|_p \le \epsilon} l(x_i + \delta, y_i, \theta),
          \qquad p \in \{2, \infty\}.

Gradient ascent from several starts, then Newton's method (``newton.py``) on the best and on the
runners-up that are different; on the box, flips of single coordinates (``flips.py``). float64, no
pixel box: with it even the L2 set is a polyhedron cut by a ball, and the theorems are about the
ball. Each sample is by itself: its solution does not depend on the others in the batch. What is
certified is a local maximiser (first order by ``residual``, second by ``curvature_margin``); that
it is the global one is only as sure as
the number of starts, and ``gap`` says by how much it won. Samples that fail stay in the result
with their residual: ``Solution.report()`` names them. Source: ours (D12, D13, D22).

>>> model = torch.nn.Linear(2, 2).double()
>>> objective = Objective(model)
>>> x, y = torch.zeros(1, 2, dtype=torch.double), torch.tensor([0])
>>> solve(objective, objective.theta(), x, y, 2, 0.5).report()
'all 1 samples meet the optimality conditions to 1e-08'
"""

from __future__ import annotations

import math
from dataclasses import fields, replace

import torch
from torch import Tensor

from numerics.deep.attacks.flips import best_flip
from numerics.deep.attacks.input_problem import InputProblem
from numerics.deep.attacks.inputs import check_batch, check_losses, check_start
from numerics.deep.attacks.newton import polish
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.optimality import face, measured
from numerics.deep.attacks.quiet import quiet
from numerics.deep.attacks.reduced_hessian import margin
from numerics.deep.attacks.solution import Solution
from numerics.deep.objective import Objective
from numerics.sentences import Malformed

ASCENT, FIRST_STEP, LAST_STEP = 30, 1.0, 0.01  # steps, and their sizes in radii
APART, SAME = 0.05, 1e-3  # in radii: a different ascent, the same maximiser
ROUGH = 1e-6  # residual of runners-up: their values are then right to far below it
RUNNERS_UP = 3
FLIPS = 20  # at most so many in a row, L-infinity only
TARGETS = 4  # starts towards other classes, the likeliest first
CHUNK = 256  # samples at a time, which bounds the memory


def solve(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    p: float,
    radius: float,
    starts: int = 8,
    tolerance: float = 1e-8,
    start: Tensor | None = None,
    seed: int = 0,
) -> Solution:
    """The worst perturbations found; x (n, *shape), theta flat, both float64 on one device.

    ``start`` (like x), if given, is the first of the ``starts``; the gradient's direction at x is
    the next, then the directions towards other classes; the rest are random.
    Raises ``Malformed`` for what cannot be solved.
    """
    ball = _checked(objective, theta, x, y, p, radius, starts, start)
    if not len(x):
        raise Malformed("certified attack: no samples, expected at least one")
    parts = []
    with quiet(objective.model):
        for rows in torch.arange(len(x), device=x.device).split(CHUNK):
            problem = InputProblem(objective, theta.detach(), x[rows].detach(), y[rows])
            warm = None if start is None else start[rows].detach().flatten(1)
            parts.append(_solve(problem, ball, starts, tolerance, warm, seed))
    return _joined(parts)


def certificate(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, p: float, radius: float,
    delta: Tensor,
) -> Solution:  # fmt: skip
    """The same measurements of somebody else's delta (n, *shape), which is not moved."""
    ball = _checked(objective, theta, x, y, p, radius, 1, delta)
    with quiet(objective.model):
        problem = InputProblem(objective, theta.detach(), x.detach(), y)
        return _with_curvature(problem, delta.detach().flatten(1), ball)


def _checked(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, p: float, radius: float,
    starts: int, start: Tensor | None,
) -> NormBall:  # fmt: skip
    where = "certified attack"
    check_batch(where, x, y)
    if p not in (2, math.inf):
        raise Malformed(f"{where}: p = {p}, expected 2 or inf")
    if theta.dtype != torch.float64 or x.dtype != torch.float64:
        raise Malformed(
            f"{where}: theta in {theta.dtype} and x in {x.dtype}, expected float64 "
            "(model.double(), x.double())"
        )
    if theta.shape != (objective.size,):
        raise Malformed(
            f"{where}: theta of shape {tuple(theta.shape)}, expected ({objective.size},)"
        )
    if starts < 1:
        raise Malformed(f"{where}: {starts} starts, expected at least 1")
    if start is not None:
        check_start(where, start, x)
    return NormBall(p, radius)


def _solve(
    problem: InputProblem, ball: NormBall, starts: int, tolerance: float, warm: Tensor | None,
    seed: int,
) -> Solution:  # fmt: skip
    flat = torch.zeros_like(problem.x.flatten(1))
    values, gradient = problem.value_and_gradient(flat)
    check_losses("certified attack", values)
    if ball.radius == 0:
        return replace(measured(problem, flat, ball), gap=torch.full_like(values, math.inf))
    directions = [gradient, *_towards_classes(problem, starts - 1)]
    candidates = _ascended(problem, _starts(directions, ball, starts, warm, seed), ball)
    n = len(flat)
    rows = torch.arange(n, device=flat.device).repeat(starts)
    reached = problem.at(rows).values(candidates.flatten(0, 1)).detach().view(starts, n)
    check_losses("certified attack", reached)
    best, gap = _tournament(problem, candidates, reached, ball, tolerance)
    return replace(_with_curvature(problem, best, ball), gap=gap)


def _towards_classes(problem: InputProblem, limit: int) -> list[Tensor]:
    """Gradients of z_j - z_y at x for the classes j that come next to y, at most ``limit``."""
    with torch.enable_grad():
        point = torch.zeros_like(problem.x).requires_grad_(True)
        z = problem.objective.outputs(problem.theta, problem.x + point)
        if z.ndim != 2 or z.shape[1] < 3 or int(problem.y.max()) >= z.shape[1]:
            return []  # not a classifier of several classes
        others = z.detach().scatter(1, problem.y[:, None], -math.inf)
        ranked = others.argsort(dim=1, descending=True)[:, : min(limit, z.shape[1] - 1, TARGETS)]
        own = z.gather(1, problem.y[:, None])
        leads = (z.gather(1, ranked) - own).sum(0)
        return [torch.autograd.grad(lead, point, retain_graph=True)[0].flatten(1) for lead in leads]


def _starts(
    directions: list[Tensor], ball: NormBall, starts: int, warm: Tensor | None, seed: int
) -> Tensor:
    """(starts, n, d): warm, then along the directions, then random on the boundary."""
    generator = torch.Generator().manual_seed(seed)
    like = directions[0]
    shape = (starts, 1, like.shape[1])  # one draw for all samples: no batch effects
    drawn = torch.randn(shape, generator=generator, dtype=like.dtype).to(like.device)
    chosen = [*directions, *(v.expand_as(like) for v in drawn)]
    points = [ball.radius * ball.dual_direction(v) for v in chosen]
    if warm is not None:
        points.insert(0, ball.project(warm))
    return torch.stack(points[:starts])


def _ascended(problem: InputProblem, points: Tensor, ball: NormBall) -> Tensor:
    """Projected gradient ascent of all starts at once, with shrinking steps: (starts, n, d)."""
    starts, n, _ = points.shape
    many = problem.at(torch.arange(n, device=points.device).repeat(starts))
    delta = points.flatten(0, 1)
    shrink = (LAST_STEP / FIRST_STEP) ** (1 / (ASCENT - 1))
    for count in range(ASCENT):
        _, gradient = many.value_and_gradient(delta)
        size = ball.radius * FIRST_STEP * shrink**count
        delta = ball.project(delta + size * ball.dual_direction(gradient))
    return delta.view_as(points)


def _tournament(
    problem: InputProblem, candidates: Tensor, reached: Tensor, ball: NormBall, tolerance: float
) -> tuple[Tensor, Tensor]:
    """The best maximiser (n, d) and its lead over the best different candidate (n,).

    The leader is polished, then up to ``RUNNERS_UP`` of the candidates away from it, best first;
    one that overtakes becomes the leader. Candidates that were never polished count with the value
    that ascent gave them, so the lead is not flattered by their being left out.
    """
    rows = torch.arange(candidates.shape[1], device=candidates.device)
    first = reached.argmax(0)
    best = polish(problem, candidates[first, rows], ball, tolerance)
    value = problem.values(best).detach()
    second = torch.full_like(value, -math.inf)
    open_ = torch.ones_like(reached, dtype=torch.bool)
    open_[first, rows] = False
    for _ in range(RUNNERS_UP):
        open_ &= ball.size((candidates - best).flatten(0, 1)).view_as(reached) > APART * ball.radius
        left = open_.any(0).nonzero()[:, 0]
        if not len(left):
            break
        place = torch.where(open_, reached, -math.inf).argmax(0)[left]
        open_[place, left] = False
        part = problem.at(left)
        rival = polish(part, candidates[place, left], ball, ROUGH)
        found = part.values(rival).detach()
        different = ball.size(rival - best[left]) > SAME * ball.radius
        wins = different & (found > value[left])
        loser = torch.where(wins, value[left], found)
        second[left] = torch.where(different, torch.maximum(second[left], loser), second[left])
        best[left[wins]], value[left[wins]] = rival[wins], found[wins]
    best = polish(problem, best, ball, tolerance)  # rivals that won; the others do not move
    if ball.p == math.inf:
        second = torch.maximum(second, _flipped(problem, best, ball, tolerance))
    value = problem.values(best).detach()
    rest = torch.where(open_, reached, -math.inf).amax(0)
    return best, value - torch.maximum(second, rest)


def _flipped(problem: InputProblem, best: Tensor, ball: NormBall, tolerance: float) -> Tensor:
    """Improves ``best`` in place by flips; the best value left behind, -inf where none: (n,)."""
    left = torch.full_like(best[:, 0], -math.inf)
    rows = torch.arange(len(best), device=best.device)
    for _ in range(FLIPS):
        part = problem.at(rows)
        value = part.values(best[rows]).detach()
        trial, risen = best_flip(part, best[rows])
        better = risen > value + 1e-12 * (1 + value.abs())
        rows, trial, value = rows[better], trial[better], value[better]
        if not len(rows):
            break
        best[rows], left[rows] = polish(problem.at(rows), trial, ball, tolerance), value
    return left


def _with_curvature(problem: InputProblem, delta: Tensor, ball: NormBall) -> Solution:
    solution = measured(problem, delta, ball)
    check_losses("certified attack", solution.value)
    if ball.radius == 0:
        return replace(solution, curvature_margin=torch.full_like(solution.value, math.inf))
    _, gradient = problem.value_and_gradient(delta)
    least = margin(problem.products(delta), face(delta, gradient, ball))
    return replace(solution, curvature_margin=least)


def _joined(parts: list[Solution]) -> Solution:
    tensors = {
        f.name: torch.cat([getattr(part, f.name) for part in parts])
        for f in fields(Solution)
        if isinstance(getattr(parts[0], f.name), Tensor)
    }
    return replace(parts[0], **tensors)
