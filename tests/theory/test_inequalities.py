"""Entailment between inequalities: what must be proved, what must not, and why a proof counts.

Certificates are checked again here by code that shares nothing with the engine.
"""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from sympy import (
    Abs,
    Eq,
    Function,
    Implies,
    Max,
    Min,
    Ne,
    Not,
    Or,
    Piecewise,
    Poly,
    Rational,
    S,
    Symbol,
    cos,
    exp,
    log,
    pi,
    sign,
    sin,
    sqrt,
    symbols,
    sympify,
    tanh,
)

from theory import clock
from theory.reasoning.inequalities import contradictory, entails, find_point, smt
from theory.reasoning.inequalities.composites import Z, shape
from theory.reasoning.inequalities.engine import Problem
from theory.reasoning.inequalities.formulas import Literal
from theory.reasoning.inequalities.kernel import verify
from theory.reasoning.inequalities.search import Search

u, v, w, d, g = symbols("u v w d g", real=True)
a, b, c, r = symbols("a b c r", positive=True)
X, B, e, n, n1, n2, N, m = symbols("X B e n n1 n2 N m", nonnegative=True)
k = Symbol("k", integer=True, positive=True)


class Sign(Symbol):
    """A label of {-1, 1} whose square SymPy evaluates, as the vector language has it."""

    def __new__(cls, name):
        return Symbol.__new__(cls, name, integer=True, nonzero=True)

    def _eval_power(self, exponent):
        return S.One if exponent.is_even else self if exponent.is_odd else None


y = Sign("y")


def softplus(z):
    return log(1 + exp(-z))


def sigma(z):
    return 1 / (1 + exp(z))


GRAM = [u**2 <= a**2 * b**2, v**2 <= a**2 * c**2, w**2 <= b**2 * c**2]
DETERMINANT = a**2 * b**2 * c**2 + 2 * u * v * w - a**2 * w**2 - b**2 * v**2 - c**2 * u**2 >= 0

TRUE = [
    (
        "smoothness-away",
        [X <= B, n1 >= r, n2 >= r],
        (X + e) ** 2 / 4 + 2 * e / (n1 + n2) <= (B + e) ** 2 / 4 + e / r,
    ),
    ("smoothness-one-norm", [X <= B, n >= r], (X + e) ** 2 / 4 + e / n <= (B + e) ** 2 / 4 + e / r),
    (
        "dunkl-williams",
        [d**2 <= a**2 * b**2],
        (2 - 2 * d / (a * b)) * (a + b) ** 2 <= 4 * (a**2 + b**2 - 2 * d),
    ),
    (
        "dunkl-williams-abs",
        [Abs(d) <= a * b],
        (2 - 2 * d / (a * b)) * (a + b) ** 2 <= 4 * (a**2 + b**2 - 2 * d),
    ),
    ("triangle", [Eq(N**2, a**2 + b**2 + 2 * d), d <= a * b], a + b >= N),
    ("reverse-triangle", [Eq(N**2, a**2 + b**2 - 2 * d), d <= a * b], a - b <= N),
    ("am-gm", [], a + b >= 2 * sqrt(a * b)),
    ("am-gm-squares", [], u**2 + v**2 >= 2 * u * v),
    ("am-gm-three", [], (a + b + c) / 3 >= (a * b * c) ** Rational(1, 3)),
    ("harmonic", [], 2 / (1 / a + 1 / b) <= (a + b) / 2),
    ("three-squares", [], u**2 + v**2 + w**2 >= u * v + v * w + w * u),
    ("cauchy-schwarz", [], (u * a + v * b) ** 2 <= (u**2 + v**2) * (a**2 + b**2)),
    ("gram-pair", [d**2 <= a**2 * b**2], Abs(d) <= a * b),
    ("gram-three", [DETERMINANT, a >= 1, *GRAM], b**2 * c**2 - w**2 >= 0),
    ("minkowski", [], sqrt((u + v) ** 2 + (d + g) ** 2) <= sqrt(u**2 + d**2) + sqrt(v**2 + g**2)),
    ("norm-one-two", [], sqrt(u**2 + v**2) <= Abs(u) + Abs(v)),
    ("norm-two-max", [], Max(Abs(u), Abs(v)) <= sqrt(u**2 + v**2)),
    ("abs-triangle", [], Abs(u + v) <= Abs(u) + Abs(v)),
    ("abs-product", [], Abs(u * v) <= u**2 / 2 + v**2 / 2),
    ("abs-reverse", [], Abs(Abs(u) - Abs(v)) <= Abs(u - v)),
    ("max-mean", [], Max(u, v) >= (u + v) / 2),
    ("min-max", [], Eq(Max(u, v) + Min(u, v), u + v)),
    ("hinge-lipschitz", [], Abs(Max(0, 1 - u) - Max(0, 1 - v)) <= Abs(u - v)),
    ("sign-times", [], u * sign(u) >= 0),
    ("sign-abs", [], Eq(u * sign(u), Abs(u))),
    ("piecewise", [], Piecewise((u, u > 0), (-u, True)) >= u),
    ("piecewise-defined", [], Piecewise((1 / u, u > 0), (1, True)) > 0),
    ("sqrt-lower", [], sqrt(1 + u**2) >= 1),
    ("sqrt-monotone", [a <= b], sqrt(a) <= sqrt(b)),
    ("sqrt-difference", [a >= 1, b >= 1], Abs(sqrt(a) - sqrt(b)) <= Abs(a - b) / 2),
    ("quotient", [u > 0], 1 / u >= 0),
    ("quotient-difference", [n1 >= r, n2 >= r], Abs(1 / n1 - 1 / n2) <= Abs(n1 - n2) / r**2),
    ("cancelled", [Ne(u, v)], Eq((u**2 - v**2) / (u - v), u + v)),
    ("equality-chain", [Eq(u, v + 1), v >= 2], u**2 >= 9),
    ("disjunctive-fact", [Or(u >= 2, u <= -2)], u**2 >= 4),
    ("disjunctive-goal", [u**2 >= 4], Or(u >= 2, u <= -2)),
    ("implication", [], Implies(u > 1, u**2 > u)),
    ("integer", [], k >= 1),
    ("label", [], y * u <= Abs(u)),
    ("strict", [u > v, v >= 1], u**2 > v**2),
    ("exp-tangent", [], exp(u) >= 1 + u),
    ("exp-order", [u < v], exp(u) < exp(v)),
    ("exp-convex", [], exp((u + v) / 2) <= (exp(u) + exp(v)) / 2),
    ("exp-sum", [], Eq(exp(u + v) * exp(-v), exp(u))),
    ("log-tangent", [], log(a) <= a - 1),
    ("log-order", [a <= b], log(a) <= log(b)),
    ("log-number", [], 3 * log(2) + pi < 6),
    ("sigma-below-one", [], exp(-(u - e * n)) / (1 + exp(-(u - e * n))) <= 1),
    ("sigma-symmetric", [], Eq(sigma(u) + sigma(-u), 1 + 0 * u)),
    ("sigma-slope", [], exp(-u) / (1 + exp(-u)) ** 2 <= Rational(1, 4)),
    ("sigma-lipschitz", [], Abs(sigma(u) - sigma(v)) <= Abs(u - v) / 4),
    ("softplus-adversarial", [], softplus(u - e * n) >= softplus(u)),
    ("softplus-shift", [], Eq(log(1 + exp(u)), u + softplus(u))),
    ("softplus-above", [], softplus(u) >= -u),
    ("softplus-at-zero", [], softplus(u) >= log(2) - u / 2),
    ("softplus-lipschitz", [], Abs(softplus(u) - softplus(v)) <= Abs(u - v)),
    ("softplus-convex", [], softplus(u) - softplus(v) >= -sigma(v) * (u - v)),
    ("softplus-on-domain", [m >= 1], softplus(m) <= Rational(1, 2)),
    ("curvature", [Abs(w) <= B], exp(-u) / (1 + exp(-u)) ** 2 * w**2 <= B**2 / 4),
    ("tanh-range", [], tanh(u) ** 2 < 1),
    ("tanh-below", [], tanh(m) <= m),
    ("tanh-lipschitz", [], Abs(tanh(u) - tanh(v)) <= Abs(u - v)),
    ("power-positive", [B > 0, X >= 0], B**X > 0),
    ("circle", [], sin(u) ** 2 + cos(u) ** 2 <= 1),
]

FALSE = [
    ("quotient-undefined", [], 1 / u >= 0),
    ("quotient-square", [], 1 / u**2 >= 0),
    ("quotient-nonnegative", [u >= 0], 1 / u >= 0),
    ("sqrt-undefined", [], sqrt(u) >= 0),
    ("log-undefined", [u >= 0], log(u) <= u),
    ("difference-quotient", [], Eq((a**2 - b**2) / (a - b), a + b)),
    ("wrong-am-gm", [], a + b >= 3 * sqrt(a * b)),
    ("wrong-triangle", [Eq(N**2, a**2 + b**2 + 2 * d), d <= a * b], a >= N),
    ("wrong-strict", [u >= v], u > v),
    ("wrong-square", [], u**2 > 0),
    (
        "wrong-constant",
        [X <= B, n >= r],
        (X + e) ** 2 / 4 + e / n <= (B + e) ** 2 / 4 + e / (2 * r),
    ),
    (
        "wrong-dunkl",
        [d**2 <= a**2 * b**2],
        (2 - 2 * d / (a * b)) * (a + b) ** 2 <= 3 * (a**2 + b**2 - 2 * d),
    ),
    ("wrong-abs", [], Abs(u + v) <= Abs(u) - Abs(v)),
    ("wrong-max", [], Max(u, v) <= (u + v) / 2),
    ("wrong-sign", [], sign(u) ** 2 >= 1),
    ("wrong-disjunction", [u**2 >= 4], u >= 2),
    ("wrong-piecewise", [], Piecewise((1 / u, u >= 0), (1, True)) > 0),
    ("piecewise-gap", [], Piecewise((v, u > 0)) >= v),
    ("wrong-norms", [], sqrt(u**2 + v**2) >= Abs(u) + Abs(v)),
    ("wrong-label", [], y * u <= u),
    ("wrong-hinge", [], Abs(Max(0, 1 - u) - Max(0, 1 - v)) <= Abs(u - v) / 2),
    ("wrong-exp", [], exp(u) >= 2 + u),
    ("wrong-sigma-slope", [], exp(-u) / (1 + exp(-u)) ** 2 <= Rational(1, 5)),
    ("wrong-sigma-bound", [], sigma(u) <= Rational(1, 3)),
    ("wrong-softplus", [], softplus(u) <= 1),
    ("wrong-adversarial", [], softplus(u + e * n) >= softplus(u)),
    ("wrong-tanh", [], tanh(u) <= u),
    ("wrong-sum-of-exps", [], exp(u) + exp(v) <= exp(u + v)),
]

CONTRADICTORY = [
    [n >= 2, n <= 1],
    [u**2 + v**2 <= -1 - w**2],
    [u**2 + v**2 <= w, w < 0],
    [u * v >= 1, u + v <= 0, u >= 0],
    [Eq(u**2, 2), u > 2],
    [1 / u > 0, u < 0],
    [sqrt(u) < -(v**2)],
    [Eq(1 / u, 0)],
    [Abs(u) < v, v < u],
    [exp(u) < 1, u > 0],
    [Or(u > 1, u < -1), u**2 < 1],
    [Eq(u, v), Ne(u, v)],
    [softplus(u) < 0],
    [Eq(y * u, 1), Abs(u) > 1],
    [u > v, v > w, w > u],
]


def ids(cases):
    return [case[0] for case in cases]


def limit(seconds: float = 30.0) -> float:
    return clock.now() + seconds


# -- an independent checker ------------------------------------------------------------------------


class Checker:
    """Re-reads a certificate from its strings and refutes the hypotheses again."""

    def __init__(self, data):
        self.symbols = {name: Symbol(name) for name in data["variables"]}
        self.data = data

    def polynomial(self, text):
        gens = list(self.symbols.values()) or [Symbol("unused")]
        return Poly(sympify(text, locals=self.symbols), *gens, domain="QQ")

    def check(self):
        return self.refutes(self.data["hypotheses"], self.data["refutation"])

    def refutes(self, known, node):
        if node["rule"] == "products":
            return self.identity(known, node)
        if node["rule"] == "smt":
            return self.solvers(known, node)
        if node["rule"] == "lemma":
            literal = node["literal"]
            return self.refutes([*known, self.contrary(literal)], node["because"]) and self.refutes(
                [*known, literal], node["then"]
            )
        parts = node["clause"]["some"]
        return (
            (node["clause"] in known or self.two_sides(known, parts))
            and len(parts) == len(node["branches"])
            and all(
                self.refutes([*known, *flat(part)], branch)
                for part, branch in zip(parts, node["branches"], strict=True)
            )
        )

    def two_sides(self, known, parts):
        (p, op), (q, other) = parts
        opposite = (self.polynomial(p) + self.polynomial(q)).is_zero
        return [p, "!="] in known and op == other == ">" and opposite

    def contrary(self, literal):
        p, op = literal
        if op in ("=", "!="):
            return [p, "!=" if op == "=" else "="]
        return [str((-self.polynomial(p)).as_expr()), ">" if op == ">=" else ">="]

    def knows(self, known, literal):
        p = self.polynomial(literal[0])
        return any(
            isinstance(h, list) and h[1] == literal[1] and (self.polynomial(h[0]) - p).is_zero
            for h in known
        )

    def identity(self, known, node):
        total, strict = self.polynomial("0"), False
        for term in node["products"]:
            factors = [(f[0], f[1]) for f in term["factors"]]
            assert Fraction(term["multiplier"]) > 0
            assert all(self.knows(known, f) for f in factors)
            assert all(factors.count(f) % 2 == 0 for f in factors if f[1] in ("=", "!="))
            value = self.polynomial(term["multiplier"])
            for p, _ in factors:
                value *= self.polynomial(p)
            value *= self.polynomial(term.get("square", "1")) ** 2
            total += value
            strict |= "square" not in term and all(op in (">", "!=") for _, op in factors)
        for term in node["equalities"]:
            assert term["of"][1] == "=" and self.knows(known, term["of"])
            total += self.polynomial(term["cofactor"]) * self.polynomial(term["of"][0])
        return strict and total.is_zero

    def solvers(self, known, node):
        import z3

        assert node["answers"] == {"z3": "unsat", "cvc5": "unsat"}
        assert all(f in known for f in node["formulas"])
        assert node["text"].count("(assert") == len(node["formulas"])
        solver = z3.SolverFor("QF_NRA")
        solver.from_string(node["text"])
        return str(solver.check()) == "unsat"


def flat(formula):
    return formula["every"] if isinstance(formula, dict) and "every" in formula else [formula]


# -- proofs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, facts, goal", TRUE, ids=ids(TRUE))
def test_true_is_proved_and_its_certificate_holds(name, facts, goal):
    proof = entails(facts, goal, deadline=limit())
    assert proof is not None
    if proof.data:
        assert Checker(proof.data).check()


@pytest.mark.parametrize("facts", CONTRADICTORY, ids=str)
def test_contradictions_are_found_and_certified(facts):
    proof = contradictory(facts, deadline=limit())
    assert proof is not None
    if proof.data:
        assert Checker(proof.data).check()
    assert find_point(facts, deadline=limit(5)) is None


def test_methods_are_named_and_carry_their_material():
    bounds = entails([X <= B, n1 >= r], X + n1 + 1 > r - B)
    assert bounds.method == "nonnegative-coefficients"
    assert "polynomial" in bounds.data and "substitution" in bounds.data
    products = entails([], u**2 + v**2 >= 2 * u * v)
    assert products.method == "products" and products.data["products"]
    assert entails([], Eq((u + v) ** 2, u**2 + 2 * u * v + v**2)).method == "evaluation"
    assert any("positive sum" in step for step in products.steps)


# -- what must not be proved -----------------------------------------------------------------------


@pytest.mark.parametrize("name, facts, goal", FALSE, ids=ids(FALSE))
def test_false_is_not_proved(name, facts, goal):
    assert entails(facts, goal, deadline=limit(8)) is None


@pytest.mark.parametrize(
    "name, facts, goal",
    [case for case in FALSE if case[0].startswith("wrong")],
    ids=[case[0] for case in FALSE if case[0].startswith("wrong")],
)
def test_false_has_a_rational_counterexample(name, facts, goal):
    if name == "wrong-piecewise":
        pytest.skip("fails only where it is undefined")
    point = find_point([*facts, Not(goal)], deadline=limit(8))
    assert point is not None
    assert all(value.is_Rational for value in point.values())
    replayed = goal.xreplace(point).doit()
    assert replayed in (S.false, False) or not bool(replayed)


@pytest.mark.parametrize(
    "facts, goal",
    [
        ([], Function("f")(u) >= 0),
        ([], Eq(Function("f")(u), Function("f")(v))),
        ([Function("f")(u) > 0], u > 0),
    ],
)
def test_what_cannot_be_read_is_not_proved(facts, goal):
    assert entails(facts, goal, deadline=limit(5)) is None


def test_undefined_facts_hold_nowhere_but_undefined_goals_are_not_proved():
    assert entails([1 / u > 0], u > 0) is not None
    assert entails([log(u) > 0], u > 0) is not None
    assert entails([Or(1 / u > 0, v > 0)], u > 0) is None
    assert entails([], Or(1 / u > 0, u <= 0)) is not None
    assert entails([], Eq(1 / u - 1 / v, (v - u) / (u * v))) is None
    assert entails([Ne(u, 0), Ne(v, 0)], Eq(1 / u - 1 / v, (v - u) / (u * v))) is not None


def test_expired_deadline_proves_nothing():
    assert entails([], a + b >= 2 * sqrt(a * b), deadline=clock.now() - 1) is None


@pytest.mark.parametrize("liar", ["z3", "cvc5"])
def test_one_lying_solver_is_not_enough(monkeypatch, liar):
    honest = smt.ask

    def ask(solver, text, seconds):
        if solver.startswith(liar):
            return {"answer": "unsat", "core": []}
        return honest(solver, text, seconds)

    monkeypatch.setattr(smt, "ask", ask)
    for _, facts, goal in FALSE[:14]:
        assert entails(facts, goal, deadline=limit(8)) is None


def test_solvers_alone_are_asked_for_both_answers(monkeypatch):
    asked = []
    honest = smt.ask

    def ask(solver, text, seconds):
        asked.append(solver)
        return honest(solver, text, seconds)

    monkeypatch.setattr(smt, "ask", ask)
    facts = [u**2 + v**2 <= 1, u**4 + v**4 >= 1 + d**2]
    proof = entails(facts, u**2 * v**2 <= 0)
    assert proof is not None
    if proof.method == "smt":
        assert {"z3", "cvc5"} <= set(asked) and proof.data["answers"]["cvc5"] == "unsat"


def test_a_solver_that_hangs_or_dies_is_no_answer():
    hard = "(set-logic QF_NRA)(declare-const x Real)(assert (> x 0))(check-sat)"
    assert smt.ask("no such solver", hard, 1.0)["answer"] == "error"
    assert smt.ask("z3", "(this is not smt-lib", 1.0)["answer"] == "error"
    assert smt._worker is not None
    smt._worker.process.kill()
    smt._worker.process.wait()
    assert smt.ask("z3", hard, 2.0)["answer"] == "sat"


# -- the kernel ------------------------------------------------------------------------------------


def refuted(facts, goal):
    problem = Problem(facts, goal, limit())
    return problem.context, Search(limit()).refute(problem.context)


def tampered(node):
    """Copies of a single identity with one part changed."""
    product = node["products"][0]
    yield {**node, "products": node["products"][1:]}
    yield {
        **node,
        "products": [{**product, "multiplier": product["multiplier"] * 2}, *node["products"][1:]],
    }
    yield {
        **node,
        "products": [{**product, "multiplier": -product["multiplier"]}, *node["products"][1:]],
    }
    stranger = Literal(product["factors"][0].value + 1, ">")
    yield {**node, "products": [{**product, "factors": [stranger]}, *node["products"][1:]]}
    yield {**node, "rule": "unknown"}


def test_kernel_rejects_tampered_identities():
    context, node = refuted([X <= B, n1 >= r, n2 >= r], X + 2 * r <= B + n1 + n2)
    assert node["rule"] == "products" and verify(context, node)
    assert not any(verify(context, bad) for bad in tampered(node))


def test_kernel_needs_both_solvers_and_the_right_text():
    context, _ = refuted([u > 1], u > 0)
    formulas = tuple(context.known)
    text = smt.problem_text(context.ring, formulas)
    node = {
        "rule": "smt",
        "formulas": formulas,
        "text": text,
        "answers": {"z3": "unsat", "cvc5": "unsat"},
    }
    assert verify(context, node)
    assert not verify(context, {**node, "answers": {"z3": "unsat"}})
    assert not verify(context, {**node, "answers": {"z3": "unsat", "cvc5": "unknown"}})
    assert not verify(context, {**node, "text": text.replace("> ", "< ")})


# -- points ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        [u**2 + v**2 < 1, u > v],
        [Eq(u**2 + v**2, 2), u > v],
        [exp(u) > 10, v < log(u)],
        [sqrt(a) > b, a < k],
        [1 / u < 0, Abs(v) > 2],
        [Eq(u * v, a), a > 7],
        [Eq(y * u, -3), u > 0],
        [softplus(u) < Rational(1, 10)],
    ],
    ids=str,
)
def test_points_satisfy_the_facts_and_the_assumptions(facts):
    point = find_point(facts, deadline=limit())
    assert point is not None
    assert all(bool(fact.xreplace(point)) for fact in facts)
    assert all(point[s] > 0 for s in (a, b, k) if s in point)
    assert point.get(k, S.One).is_integer and point.get(y, S.One) ** 2 == 1


def test_no_point_where_none_is_rational():
    assert find_point([Eq(u**2, 2)], deadline=limit(5)) is None
    assert find_point([S.false]) is None


# -- attack on the whole ---------------------------------------------------------------------------


def random_term(rng, depth):
    if depth == 0:
        return rng.choice([u, v, a, n, S.One, S(2), -S.One, Rational(1, 2)])
    x, z = random_term(rng, depth - 1), random_term(rng, depth - 1)
    return rng.choice(
        [
            lambda: x + z,
            lambda: x - z,
            lambda: x * z,
            lambda: Abs(x),
            lambda: Max(x, z),
            lambda: x**2,
            lambda: exp(x) if depth < 2 else x,
            lambda: sqrt(x**2 + 1),
            lambda: 1 / (1 + z**2),
            lambda: log(1 + Abs(x)) if depth < 2 else z,
            lambda: sign(x),
            lambda: 1 / z if z != 0 else x,
        ]
    )()


@pytest.mark.parametrize("seed", range(24))
def test_nothing_proved_is_false_at_a_point(seed):
    """Random problems: a proved goal has no rational counterexample and is defined everywhere."""
    from theory.enclosure import decide

    rng = random.Random(seed)
    facts = [random_term(rng, 1) >= random_term(rng, 1) for _ in range(2)]
    goal = random_term(rng, 2) >= random_term(rng, 2) - rng.choice([0, 1])
    if goal in (S.true, S.false) or S.NaN in (*facts, goal) or goal.has(S.ComplexInfinity):
        pytest.skip("evaluated as written")
    proof = entails(facts, goal, deadline=limit(4))
    if proof is None:
        return
    values = [S.Zero, S.One, -S.One, S(2), Rational(-1, 2), Rational(1, 3), S(-3)]
    for _ in range(60):
        point = {
            u: rng.choice(values),
            v: rng.choice(values),
            a: rng.choice([S.One, S(2), Rational(1, 3)]),
            n: rng.choice([S.Zero, S.One, S(3)]),
        }
        if all(fact is S.true or decide(fact, point) is True for fact in facts):
            assert decide(goal, point) is True


def test_shapes_come_with_proofs():
    z = Z
    s = shape(log(1 + exp(-z)), S.Reals)
    assert s.order == "decreasing" and s.bend == "convex" and s.slope == 1
    assert s.lower == (0, False) and s.upper is None
    assert shape(1 / (exp(z) - 1), S.Reals).order is None
