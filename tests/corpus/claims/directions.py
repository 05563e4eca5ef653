"""Inner products and directions: the inequalities of Euclid, Cauchy, Hoelder, Dunkl and Clarkson.

.. math:: \\Bigl\\|\\frac{u}{\\|u\\|} - \\frac{v}{\\|v\\|}\\Bigr\\|
          \\le \\frac{2\\|u - v\\|}{\\|u\\| + \\|v\\|}
"""

from contract import BIT, HAIR, open_, prove, refute
from sympy import Abs, Eq, Max, Min, Rational, oo, sqrt, symbols

from theory import Vector, dot, norm, unit

u, v, w = Vector("u"), Vector("v"), Vector("w")
k = symbols("k", real=True)
turn = norm(unit(u) - unit(v))
size, other, gap = norm(u), norm(v), norm(u - v)
both = [size > 0, other > 0]
half = Rational(1, 2)

dunkl = prove("dunkl", turn * (size + other) <= 2 * gap, given=both, why="Dunkl-Williams 1964")
dunkl_bit = refute(
    "dunkl-bit", turn * (size + other) <= (2 - BIT) * gap, given=both, near=dunkl, why="|u| = |v|"
)
schaeffer = prove(
    "schaeffer", turn <= 2 * gap / Max(size, other), given=both, why="Massera-Schaeffer 1958"
)
schaeffer_bit = refute(
    "schaeffer-bit",
    turn <= (2 - BIT) * gap / Max(size, other),
    given=both,
    near=schaeffer,
    why="v a tiny multiple of -u",
)
maligranda = open_(
    "maligranda",
    turn >= (gap - Abs(size - other)) / Min(size, other),
    given=both,
    truth=True,
    why="Maligranda 2006: |u - v| <= min |e - f| + | |u| - |v| |",
)
maligranda_plain = refute(
    "maligranda-plain", turn >= gap / Min(size, other), given=both, near=maligranda, why="v = 2u"
)
maligranda_hair = refute(
    "maligranda-hair",
    turn >= (1 + HAIR) * (gap - Abs(size - other)) / Min(size, other),
    given=both,
    near=maligranda,
    why="u = -v",
)
angle = prove(
    "angle", Eq(turn**2, 2 - 2 * dot(u, v) / (size * other)), given=both, why="|e - f|^2 expanded"
)
angle_sign = refute(
    "angle-sign", Eq(turn**2, 2 + 2 * dot(u, v) / (size * other)), given=both, near=angle, why="u=v"
)
chord = prove(
    "chord",
    Eq(turn**2 * size * other, gap**2 - (size - other) ** 2),
    given=both,
    why="both are 2|u||v| - 2<u, v>",
)
chord_sum = refute(
    "chord-sum",
    Eq(turn**2 * size * other, (size + other) ** 2 - gap**2),
    given=both,
    near=chord,
    why="u = v",
)
right_angle = prove(
    "right-angle", norm(unit(u) + unit(v)) <= sqrt(2), given=[*both, dot(u, v) <= 0], why="2 + 2cos"
)
right_angle_past = refute(
    "right-angle-past",
    norm(unit(u) + unit(v)) <= sqrt(2),
    given=[*both, dot(u, v) <= BIT],
    near=right_angle,
    why="u = v = (1/20)",
)
sum_two = prove("sum-two", norm(unit(u) + unit(v)) <= 2, given=both, why="triangle inequality")
sum_two_strict = refute(
    "sum-two-strict", norm(unit(u) + unit(v)) < 2, given=both, near=sum_two, why="u = v"
)

reverse = prove("reverse", Abs(norm(u, 3) - norm(v, 3)) <= norm(u - v, 3), why="triangle, p = 3")
reverse_hair = refute(
    "reverse-hair",
    Abs(norm(u, 3) - norm(v, 3)) <= (1 - HAIR) * norm(u - v, 3),
    near=reverse,
    why="v = 2u",
)
reverse_mixed = refute(
    "reverse-mixed",
    Abs(norm(u, 3) - norm(v, 3)) <= norm(u - v, 4),
    near=reverse,
    why="v = 0, u = (1, 1)",
)
parallelogram = prove(
    "parallelogram", Eq(norm(u + v) ** 2 + gap**2, 2 * size**2 + 2 * other**2), why="expand"
)
parallelogram_3 = refute(
    "parallelogram-3",
    Eq(norm(u + v, 3) ** 2 + norm(u - v, 3) ** 2, 2 * norm(u, 3) ** 2 + 2 * norm(v, 3) ** 2),
    dimensions=(2,),
    near=parallelogram,
    why="only the 2-norm obeys it: (1, 0), (0, 1)",
)
parallelogram_line = prove(
    "parallelogram-line",
    Eq(norm(u + v, 3) ** 2 + norm(u - v, 3) ** 2, 2 * norm(u, 3) ** 2 + 2 * norm(v, 3) ** 2),
    dimensions=(1,),
    why="d = 1: all norms are |u|",
)
pythagoras = prove(
    "pythagoras", Eq(norm(u + v) ** 2, size**2 + other**2), given=[Eq(dot(u, v), 0)], why="expand"
)
pythagoras_sharp = refute(
    "pythagoras-sharp",
    Eq(norm(u + v) ** 2, size**2 + other**2),
    given=[dot(u, v) >= 0],
    near=pythagoras,
    why="u = v",
)
obtuse = prove(
    "obtuse", size <= norm(u + v), given=[dot(u, v) >= 0], why="|u|^2 + |v|^2 <= |u+v|^2"
)
obtuse_past = refute(
    "obtuse-past", size <= norm(u + v), given=[dot(u, v) >= -BIT], near=obtuse, why="v = -u, small"
)

schwarz = prove("schwarz", dot(u, v) ** 2 <= size**2 * other**2, why="Cauchy-Schwarz")
schwarz_strict = refute(
    "schwarz-strict", dot(u, v) ** 2 < size**2 * other**2, given=both, near=schwarz, why="u = v"
)
combined = prove(
    "combined",
    dot(2 * u + v, u + 3 * v) <= norm(2 * u + v) * norm(u + 3 * v),
    why="Cauchy-Schwarz for 2u + v and u + 3v",
)
combined_hair = refute(
    "combined-hair",
    dot(2 * u + v, u + 3 * v) <= (1 - HAIR) * norm(2 * u + v) * norm(u + 3 * v),
    near=combined,
    why="u = v = 1",
)
hoelder = prove("hoelder", dot(u, v) <= norm(u, 3) * norm(v, Rational(3, 2)), why="1/3 + 2/3 = 1")
hoelder_wrong = refute(
    "hoelder-wrong", dot(u, v) <= norm(u, 3) * norm(v, Rational(8, 5)), near=hoelder, why="(1, 1)"
)
hoelder_easy = prove(
    "hoelder-easy", dot(u, v) <= norm(u, 3) * norm(v, Rational(7, 5)), why="7/5-norm >= 3/2-norm"
)
hoelder_oo = prove("hoelder-oo", Abs(dot(u, v)) <= norm(u, 1) * norm(v, oo), why="1/1 + 1/oo = 1")
hoelder_oo_both = refute(
    "hoelder-oo-both", Abs(dot(u, v)) <= norm(u, 4) * norm(v, oo), near=hoelder_oo, why="(1, 1)"
)
minkowski = prove("minkowski", norm(u + v, 5) <= norm(u, 5) + norm(v, 5), why="Minkowski, p = 5")
minkowski_6 = refute(
    "minkowski-6",
    norm(u + v, 5) <= norm(u, 5) + norm(v, 6),
    near=minkowski,
    why="u = 0, v = (1, 1)",
)
three_terms = prove(
    "three-terms", norm(2 * u - v + w, oo) <= 2 * norm(u, oo) + norm(v, oo) + norm(w, oo), why="sum"
)
three_terms_lost = refute(
    "three-terms-lost",
    norm(2 * u - v + w, oo) <= (2 - BIT) * norm(u, oo) + norm(v, oo) + norm(w, oo),
    near=three_terms,
    why="v = w = 0",
)


def halves(p):
    return (norm(u + v, p) / 2) ** p + (norm(u - v, p) / 2) ** p


clarkson = prove(
    "clarkson", halves(4) <= (norm(u, 4) ** 4 + norm(v, 4) ** 4) / 2, why="Clarkson 1936, p >= 2"
)
low = Rational(3, 2)
clarkson_flip = refute(
    "clarkson-flip",
    halves(low) <= (norm(u, low) ** low + norm(v, low) ** low) / 2,
    near=clarkson,
    why="p < 2: (1, 0), (0, 1) give 1.41 > 1",
)
apollonius = prove(
    "apollonius",
    Eq(norm(k * u + (1 - k) * v) ** 2, k * size**2 + (1 - k) * other**2 - k * (1 - k) * gap**2),
    why="expand",
)
apollonius_sign = refute(
    "apollonius-sign",
    Eq(norm(k * u + (1 - k) * v) ** 2, k * size**2 + (1 - k) * other**2 + k * (1 - k) * gap**2),
    near=apollonius,
    why="u = -v = 1, k = 1/2",
)
detour = prove("detour", norm(u - w) ** 2 <= 2 * gap**2 + 2 * norm(v - w) ** 2, why="(a + b)^2")
detour_bit = refute(
    "detour-bit",
    norm(u - w) ** 2 <= (2 - BIT) * gap**2 + (2 - BIT) * norm(v - w) ** 2,
    near=detour,
    why="v the midpoint",
)
ptolemy = open_(
    "ptolemy",
    gap * norm(w) <= norm(u - w) * other + norm(v - w) * size,
    truth=True,
    why="Ptolemy's inequality holds in Euclidean space",
)
ptolemy_bit = refute(
    "ptolemy-bit",
    gap * norm(w) <= (1 - BIT) * (norm(u - w) * other + norm(v - w) * size),
    near=ptolemy,
    why="equality for 0 < u < w < v on a line",
)
ptolemy_1 = refute(
    "ptolemy-1",
    norm(u - v, 1) * norm(w, 1) <= norm(u - w, 1) * norm(v, 1) + norm(v - w, 1) * norm(u, 1),
    dimensions=(2,),
    near=ptolemy,
    why="1-norm, u = (1, 0), v = (0, 1), w = (1, 1): 4 > 2",
)
buzano = open_(
    "buzano",
    dot(u, w) * dot(w, v) <= (size * other + dot(u, v)) / 2 * norm(w) ** 2,
    truth=True,
    why="Buzano 1974",
)
buzano_lost = refute(
    "buzano-lost",
    dot(u, w) * dot(w, v) <= size * other / 2 * norm(w) ** 2,
    near=buzano,
    why="u=v=w",
)
young = prove("young", dot(u, v) <= size**2 / 2 + other**2 / 2, why="|u - v|^2 >= 0")
young_bit = refute(
    "young-bit", dot(u, v) <= (half - BIT) * size**2 + half * other**2, near=young, why="u = v"
)
scaled_young = prove(
    "scaled-young",
    dot(u, v) <= k**2 * size**2 + other**2 / (4 * k**2),
    given=[k > 0],
    why="|k u - v/(2k)|^2 >= 0",
)
