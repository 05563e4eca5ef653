"""Claims of every kind that boxes meet: true with room, touching, false, undefined, unbounded."""

from sympy import (
    Abs,
    And,
    E,
    Eq,
    Expr,
    Max,
    Min,
    Ne,
    Or,
    Piecewise,
    Rational,
    Symbol,
    atan,
    cos,
    cosh,
    erf,
    exp,
    hessian,
    log,
    oo,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tanh,
)

from theory import (
    Claim,
    Convex,
    Equal,
    Label,
    Lipschitz,
    Signs,
    Smooth,
    Vector,
    absolute,
    dot,
    in_orthant,
    norm,
    ones,
    unit,
)

a, b, c = symbols("a b c", real=True)
r = Symbol("r", positive=True)
u, v, t, x = Vector("u"), Vector("v"), Vector("t"), Vector("x")
y, s = Label("y"), Signs("s")
HALF = Rational(1, 2)
TWO_BOX = [Abs(a) <= 2, Abs(b) <= 3]
ANNULUS = [a >= HALF, a <= 2, b >= HALF, b <= 2]


def sigmoid(z: Expr) -> Expr:
    return 1 / (1 + exp(-z))


def adversarial(p: Expr, q: Expr) -> Expr:
    """Logistic loss at x = (1, 0), radius 1/2, label 1."""
    return log(1 + exp(sqrt(p**2 + q**2) / 2 - p))


def greatest_curvature() -> Expr:
    h = hessian(adversarial(a, b), (a, b))
    half_sum, half_gap = (h[0, 0] + h[1, 1]) / 2, (h[0, 0] - h[1, 1]) / 2
    return half_sum + sqrt(half_gap**2 + h[0, 1] ** 2)


def claim(name, holds, given=(), dimensions=None) -> Claim:
    return Claim(id=name, holds=holds, given=given, dimensions=dimensions)


TRUE = [
    claim("polynomial", a**2 + b**2 - a * b * Rational(3, 2) > -HALF / 50, TWO_BOX),
    claim("sigmoid product", sigmoid(a) * sigmoid(-a) * sigmoid(b) <= Rational(26, 100), TWO_BOX),
    claim("rotation", norm(u + v) * norm(u) < Rational(31, 10), [norm(u) <= 1, norm(v) <= 2]),
    claim("inner product", dot(u, v) < Rational(201, 100), [norm(u) <= 1, norm(v) <= 2]),
    claim("irrational ball", norm(u) ** 2 < Rational(201, 100), [norm(u) <= sqrt(2)]),
    claim("direction", dot(unit(u + v), v) < 3, [norm(u) <= 1, norm(v) <= 2, norm(u + v) > 1]),
    claim("label", exp(-y * a) < 8, [Abs(a) <= 2]),
    claim("signs", dot(s, t) > -HALF / 5, [norm(t, oo) <= 2, in_orthant(t, s)], (1, 2)),
    claim("one-norm", norm(t, 1) < 2 * norm(t, oo) + HALF / 5, [norm(t) <= 2], (2,)),
    claim("three-norm", norm(t, 3) < 2, [norm(t) <= Rational(3, 2)], (1, 2)),
    claim("components", norm(absolute(t) - ones()) < 4, [norm(t, oo) <= 2], (1, 2)),
    claim("touch at a corner", exp(a) >= 1, [a >= 0, a <= 1]),
    claim("touch on two sides", a * b >= 0, [a >= 0, a <= 1, b >= 0, b <= 2]),
    claim("piecewise", Piecewise((a**2, a < 1), (2 - a, True)) <= Rational(41, 10), TWO_BOX),
    claim("either", Or(a > -1, a < 0), TWO_BOX),
    claim("both", And(a + b < 6, a - b < Rational(51, 10)), TWO_BOX),
    claim("apart", Ne(a * b - 7, 0), TWO_BOX),
    claim("hypothesis excludes", a**2 + b**2 > Rational(19, 10), [*TWO_BOX, a * b >= 1]),
    claim("undefined outside", log(a) < 1, [a > HALF, a <= 2]),
    claim("functions", tanh(a) + atan(a) + erf(b) + sin(a) * cos(b) < 5, TWO_BOX),
    claim("hyperbolic", cosh(a) - sinh(a) < 8, TWO_BOX),
    claim("extremes", Max(a, b) - Min(a, b, 1) < Rational(51, 10), TWO_BOX),
    claim("constants", a * E + b * pi < 15, TWO_BOX),
    claim("positive symbol", log(1 + r) < r + HALF / 10, [r <= 3]),
    claim("curvature", greatest_curvature() < HALF, ANNULUS),
    claim("Lipschitz", Lipschitz(log(1 + exp(a)), a, Rational(96, 100)), [Abs(a) <= 3]),
    claim("Lipschitz, every d", Lipschitz(tanh(norm(t)), t, Rational(3, 2)), [norm(t) <= 2]),
    claim("Lipschitz map", Lipschitz(tanh(norm(t)) * t, t, 3), [norm(t, oo) <= 1], (1, 2)),
    claim("smooth", Smooth(log(1 + exp(dot(t, ones()))), t, 1), [norm(t) <= 2], (2,)),
    claim(
        "smooth on an annulus",
        Smooth(log(1 + exp(norm(t + Rational(5, 4) * ones()) / 2 - dot(t, s))), t, 2),
        [norm(t, oo) <= Rational(3, 4)],
        (2,),
    ),
    claim("convex", Convex(log(1 + exp(a)) + a**2 / 10, a), [Abs(a) <= 2]),
    claim("convex, every d", Convex(exp(norm(t) ** 2 / 4), t), [norm(t) <= 1]),
]
TOUCHING = [
    claim("touch of a wave", Lipschitz(sin(a), a, 1), [Abs(a) <= 2]),
    claim("sigmoid slope", sigmoid(a) * sigmoid(-a) <= Rational(1, 4), TWO_BOX),
    claim("two squares", 2 * a * b <= a**2 + b**2, TWO_BOX),
    claim("Cauchy", dot(u, v) <= norm(u) * norm(v), [norm(u) <= 1, norm(v) <= 2]),
    claim("strict at a corner", exp(a) > 1, [a >= 0, a <= 1]),
    claim("exact constant", Lipschitz(sigmoid(a), a, Rational(1, 4)), [Abs(a) <= 2]),
    claim("flat direction", Convex(dot(t, ones()) ** 2, t), [norm(t) <= 2], (2,)),
]
FALSE = [
    claim("two squares too many", 2 * a * b <= a**2 + b**2 - HALF / 5, TWO_BOX),
    claim("triangle reversed", norm(u + v) >= norm(u), [norm(u) <= 1, norm(v) <= 2]),
    claim("a hair", sigmoid(a) * sigmoid(-a) <= Rational(2499, 10_000), TWO_BOX),
    claim("only near an end", a < Rational(1999, 1000), TWO_BOX),
    claim("curvature too small", greatest_curvature() < Rational(45, 100), ANNULUS),
    claim("label matters", exp(-y * a) < 8, [a >= 0, a <= 3]),
    claim("kink", Smooth(Abs(a), a, 5), TWO_BOX),
    claim("kink of a norm", Smooth(norm(t), t, 5), [norm(t) <= 1]),
    claim("jump", Lipschitz(sign(a), a, 5), TWO_BOX),
    claim("jump in pieces", Lipschitz(Piecewise((0, a < 0), (1, True)), a, 5), TWO_BOX),
    claim("step", Lipschitz(sign(a) ** 2 * a**2, a, 3), TWO_BOX),
    claim("root", Lipschitz(sqrt(a), a, 5), [a >= 0, a <= 1]),
    claim("constant too small", Lipschitz(a**2, a, Rational(39, 10)), TWO_BOX),
    claim("concave", Convex(-(a**2), a), TWO_BOX),
    claim("concave kink", Convex(-Abs(a), a), TWO_BOX),
    claim("saddle", Convex(dot(t, s) ** 2 - 2 * norm(t) ** 2, t), [norm(t) <= 1], (2,)),
]
NOT_SHOWN = [
    claim("unbounded", exp(a) >= HALF, [a >= 0]),
    claim("undefined below 0", log(a) <= 1, [Abs(a) <= 1]),
    claim("undefined at an end", log(a) <= 1, [a >= 0, a <= 1]),
    claim("root of negative numbers", sqrt(a - 3) <= 3, TWO_BOX),
    claim("0/0", sin(a) / a <= 2, TWO_BOX),
    claim("through a pole", 1 / a**2 > HALF / 5, TWO_BOX),
    claim("inside tanh", tanh(log(a)) <= 2, TWO_BOX),
    claim("inside a product with 0", 0 * b + (a - a) + a / Abs(a) <= 2, TWO_BOX),
    claim("direction of 0", dot(unit(u), v) <= 3, [norm(u) <= 1, norm(v) <= 2]),
    claim("pieces that end", Piecewise((1, a < 1)) <= 2, TWO_BOX),
    claim("equation", Eq(a + b, b + a, evaluate=False), TWO_BOX),
    claim("equal vectors", Equal(t, 1 * t + 0 * x), [norm(t) <= 1]),
    claim("no constant", Lipschitz(a**2, a), TWO_BOX),
    claim("not invariant", norm(u, 1) < 5, [norm(u) <= 1]),
    claim("no points", a <= 2, [a >= 1, a <= 0]),
    claim("not convex", Lipschitz(1 / a, a, 5), [Abs(a) <= 2, Abs(a) >= HALF]),
]
