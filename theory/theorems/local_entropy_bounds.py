r"""Local entropy smooths every f: bounds of its Hessian in every dimension.

.. math:: E(\theta) = -\log\int e^{-f(t)-\frac\gamma2\|\theta-t\|^2}dt, \qquad
          \nabla^2 E \preceq \gamma I, \qquad
          \nabla^2 E \succeq \begin{cases} 0 & f \text{ convex}\\
          -\frac{\gamma L}{\gamma-L} I & f\ L\text{-weakly convex},\ \gamma > L\\
          -\bigl(\frac{M^2}2+\frac M2\sqrt{M^2+4\gamma}\bigr) I & f\ M\text{-Lipschitz} \end{cases}

An adversarial loss of an L_tt-smooth loss is L_tt-weakly convex, so the middle line speaks of it
with L = L_tt, for every attack set.
**Tight** where f = -(L/2)||t||^2 attains the bound, **upper** for Lipschitz f.
Kinks: none of E.   Shapes: t, theta (d,); gamma has the unit of f/t^2.
Source: Chaudhari et al. 2017; Kanai et al. 2021; constants ours.
"""

from typing import Any

from sympy import Max, Rational, sqrt, symbols

from theory import Claim, Convex, Lipschitz, Smooth, Vector, identity, norm
from theory.claims import with_mutants
from theory.general import Function, LocalEntropy
from theory.loewner_order import LoewnerLe
from theory.moduli import StronglyConcave, StronglyConvex, WeaklyConvex

t, theta = Vector("t"), Vector("theta")
L, M, m, beta, gamma = symbols("L M m beta gamma", positive=True)
function = Function("f", "t")
f, entropy = function(t), LocalEntropy(function, gamma)
E, bend = entropy.value(theta), entropy.hessian(theta)
OURS, ENTROPY = "ours; local entropy is from Chaudhari et al. 2017", "Chaudhari et al. 2017"
hair = Rational(999, 1000)


def above(bound: Any) -> LoewnerLe:
    return LoewnerLe(bend, bound * identity())


def below(bound: Any) -> LoewnerLe:
    return LoewnerLe(bound * identity(), bend)


def smooth(constant: Any) -> Smooth:
    return Smooth(E, theta, constant)


anything = Claim(
    id="local-entropy-bends-up-at-most-gamma",
    title="The Hessian of a local entropy is at most gamma, whatever f is",
    holds=above(gamma),
    source=OURS,
    kind="tight",
)
anything = with_mutants(
    anything,
    anything.mutate("a hair less", False, holds=above(hair * gamma)),
    anything.mutate("half", False, holds=above(gamma / 2)),
    anything.mutate("from below", False, holds=below(-gamma)),
    anything.mutate("positive", False, holds=below(0)),
    anything.mutate("squared", False, holds=above(gamma**2)),
    anything.mutate("twice", True, holds=above(2 * gamma)),
)

convex = Claim(
    id="local-entropy-of-convex-smooth",
    title="The local entropy of a convex function is gamma-smooth",
    given=[Convex(f, t)],
    holds=smooth(gamma),
    source=OURS,
    kind="tight",
)
convex = with_mutants(
    convex,
    convex.mutate("a hair less", False, holds=smooth(hair * gamma)),
    convex.mutate("any function", False, given=[]),
    convex.mutate("weakly convex", False, given=[WeaklyConvex(f, t, L)]),
    convex.mutate("stays convex", True, holds=Convex(E, theta)),
    convex.mutate("twice", True, holds=smooth(2 * gamma)),
)

flatter = gamma * m / (gamma + m)
strong = Claim(
    id="local-entropy-of-strongly-convex",
    title="The modulus m of strong convexity becomes gamma m/(gamma + m)",
    given=[StronglyConvex(f, t, m)],
    holds=StronglyConvex(E, theta, flatter),
    source=OURS,
    kind="tight",
)
strong = with_mutants(
    strong,
    strong.mutate(
        "a hair more", False, holds=StronglyConvex(E, theta, Rational(1001, 1000) * flatter)
    ),
    strong.mutate("unchanged", False, holds=StronglyConvex(E, theta, m)),
    strong.mutate("gamma", False, holds=StronglyConvex(E, theta, gamma)),
    strong.mutate("of a convex function", False, given=[Convex(f, t)]),
    strong.mutate("half", True, holds=StronglyConvex(E, theta, flatter / 2)),
)

weak = gamma * L / (gamma - L)
bent = WeaklyConvex(f, t, L)
weakly = Claim(
    id="local-entropy-of-weakly-convex",
    title="The Hessian is at least -gamma L/(gamma - L) for an L-weakly convex f",
    given=[bent, gamma > L],
    holds=below(-weak),
    source=OURS,
    kind="tight",
)
weakly = with_mutants(
    weakly,
    weakly.mutate("a hair more", False, holds=below(-hair * weak)),
    weakly.mutate("unchanged", False, holds=below(-L)),
    weakly.mutate("sum", False, holds=below(-gamma * L / (gamma + L))),
    weakly.mutate("convex", False, holds=below(0)),
    weakly.mutate("any function", False, given=[gamma > L]),
    weakly.mutate("small gamma", False, given=[bent, gamma < L]),
    weakly.mutate("twice", True, holds=below(-2 * weak)),
)

weak_smooth = Claim(
    id="local-entropy-of-weakly-convex-smooth",
    title="For an L-weakly convex f and gamma > L it is max(gamma, gamma L/(gamma - L))-smooth",
    given=[bent, gamma > L],
    holds=smooth(Max(gamma, weak)),
    source=OURS,
    kind="tight",
)
weak_smooth = with_mutants(
    weak_smooth,
    weak_smooth.mutate("gamma alone", False, holds=smooth(gamma)),
    weak_smooth.mutate("second alone", False, holds=smooth(weak)),
    weak_smooth.mutate("a hair less", False, holds=smooth(hair * Max(gamma, weak))),
    weak_smooth.mutate("any function", False, given=[gamma > L]),
    weak_smooth.mutate("sum", True, holds=smooth(gamma + weak)),
)

stiff = Claim(
    id="local-entropy-of-weakly-convex-stiff",
    title="From gamma = 2L on, the local entropy of an L-weakly convex f is gamma-smooth",
    given=[bent, gamma >= 2 * L],
    holds=smooth(gamma),
    source=OURS,
    kind="tight",
)
stiff = with_mutants(
    stiff,
    stiff.mutate("a hair earlier", False, given=[bent, gamma >= Rational(1999, 1000) * L]),
    stiff.mutate("from L", False, given=[bent, gamma > L]),
    stiff.mutate("a hair less", False, holds=smooth(hair * gamma)),
    stiff.mutate("any function", False, given=[gamma >= 2 * L]),
    stiff.mutate("from three L", True, given=[bent, gamma >= 3 * L]),
)

excess = M**2 / 2 + M / 2 * sqrt(M**2 + 4 * gamma)
steep = Lipschitz(f, t, M)
lipschitz = Claim(
    id="local-entropy-of-lipschitz",
    title="The Hessian is at least -(M^2 + M sqrt(M^2 + 4 gamma))/2 for an M-Lipschitz f",
    given=[steep],
    holds=below(-excess),
    source=OURS,
    kind="upper",
)
lipschitz = with_mutants(
    lipschitz,
    lipschitz.mutate("half", False, holds=below(-excess / 2)),
    lipschitz.mutate("first term", False, holds=below(-(M**2) / 2)),
    lipschitz.mutate("convex", False, holds=below(0)),
    lipschitz.mutate("any function", False, given=[]),
    lipschitz.mutate("of twice the constant", False, given=[Lipschitz(f, t, 2 * M)]),
    lipschitz.mutate("twice", True, holds=below(-2 * excess)),
)

lipschitz_smooth = Claim(
    id="local-entropy-of-lipschitz-smooth",
    title="The local entropy of an M-Lipschitz function is smooth, in every dimension alike",
    given=[steep],
    holds=smooth(Max(gamma, excess)),
    source=OURS,
    kind="upper",
)
lipschitz_smooth = with_mutants(
    lipschitz_smooth,
    lipschitz_smooth.mutate("gamma alone", False, holds=smooth(gamma)),
    lipschitz_smooth.mutate("any function", False, given=[]),
    lipschitz_smooth.mutate("half of it", False, holds=smooth(Max(gamma, excess) / 2)),
    lipschitz_smooth.mutate("stiff", True, given=[steep, gamma >= 2 * M**2], holds=smooth(gamma)),
    lipschitz_smooth.mutate("sum", True, holds=smooth(gamma + excess)),
)

value = Claim(
    id="local-entropy-keeps-lipschitz",
    title="The local entropy of an M-Lipschitz function is M-Lipschitz",
    given=[steep],
    holds=Lipschitz(E, theta, M),
    source=ENTROPY,
    kind="tight",
)
value = with_mutants(
    value,
    value.mutate("half", False, holds=Lipschitz(E, theta, M / 2)),
    value.mutate("squared", False, holds=Lipschitz(E, theta, M**2)),
    value.mutate("any function", False, given=[]),
    value.mutate("of twice the constant", False, given=[Lipschitz(f, t, 2 * M)]),
    value.mutate("twice", True, holds=Lipschitz(E, theta, 2 * M)),
)

up, down = gamma * beta / (gamma + beta), gamma * beta / (gamma - beta)
curved = Smooth(f, t, beta)
flattened = Claim(
    id="local-entropy-of-smooth-above",
    title="The curvature beta of f becomes at most gamma beta/(gamma + beta)",
    given=[curved],
    holds=above(up),
    source=OURS,
    kind="tight",
)
flattened = with_mutants(
    flattened,
    flattened.mutate("a hair less", False, holds=above(hair * up)),
    flattened.mutate("half", False, holds=above(up / 2)),
    flattened.mutate("any function", False, given=[]),
    flattened.mutate("from below", False, holds=below(-up)),
    flattened.mutate("unchanged", True, holds=above(beta)),
    flattened.mutate("gamma", True, holds=above(gamma)),
)

steepened = Claim(
    id="local-entropy-of-smooth",
    title="The local entropy of a beta-smooth f is gamma beta/(gamma - beta)-smooth",
    given=[curved, gamma > beta],
    holds=smooth(down),
    source=OURS,
    kind="tight",
)
steepened = with_mutants(
    steepened,
    steepened.mutate("a hair less", False, holds=smooth(hair * down)),
    steepened.mutate("sum", False, holds=smooth(up)),
    steepened.mutate("unchanged", False, holds=smooth(beta)),
    steepened.mutate("small gamma", False, given=[curved]),
    steepened.mutate("any function", False, given=[gamma > beta]),
    steepened.mutate("for a convex one", True, given=[curved, Convex(f, t)], holds=smooth(up)),
)

concave = Claim(
    id="local-entropy-of-strongly-concave",
    title="The modulus m of strong concavity becomes gamma m/(gamma - m)",
    given=[StronglyConcave(f, t, m), gamma > m],
    holds=above(-gamma * m / (gamma - m)),
    source="ours",
    kind="tight",
)
concave = with_mutants(
    concave,
    concave.mutate(
        "a hair more", False, holds=above(-Rational(1001, 1000) * gamma * m / (gamma - m))
    ),
    concave.mutate("strongly convex", False, given=[StronglyConvex(f, t, m), gamma > m]),
    concave.mutate("any function", False, given=[gamma > m]),
    concave.mutate("unchanged", True, holds=above(-m)),
)

drift = norm(entropy.gradient(theta))
mean = Claim(
    id="local-entropy-mean-near",
    title="For an M-Lipschitz f the mean is within M/gamma of the centre",
    given=[steep],
    holds=drift <= M,
    source="ours",
    kind="tight",
)
mean = with_mutants(
    mean,
    mean.mutate("half", False, holds=drift <= M / 2),
    mean.mutate("times gamma", False, holds=drift <= gamma * M),
    mean.mutate("any function", False, given=[]),
    mean.mutate("twice", True, holds=drift <= 2 * M),
)
