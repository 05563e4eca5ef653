"""Every theorem file is a statement with its formula, its source and enough mutants."""

import ast
import importlib
import pkgutil
import re
from types import ModuleType

import pytest
from sympy import false, true

import theory.open_claims
import theory.planted
import theory.theorems
from theory import AdversarialLoss, Lipschitz, NormBall, Vector, logistic
from theory.claims import Claim, Mutant, with_mutants
from theory.statements import Statement

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLANTED = ("false", "vacuous", "nonsmooth", "hair")


def modules(package: ModuleType) -> list[ModuleType]:
    found = pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    return [importlib.import_module(info.name) for info in found]


def claims_of(module: ModuleType) -> list[Claim]:
    return [value for value in vars(module).values() if isinstance(value, Claim)]


def mutants_of(module: ModuleType) -> list[Mutant]:
    return [mutant for claim in claims_of(module) for mutant in claim.mutants]


def short(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


LIBRARY = modules(theory.theorems)
STATED = [*LIBRARY, *modules(theory.open_claims)]
CLAIMS = [claim for module in STATED for claim in claims_of(module)]
every_file = pytest.mark.parametrize("module", STATED, ids=short)
every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)


@every_file
def test_a_docstring_has_formula_kind_kinks_shapes_and_source(module: ModuleType) -> None:
    text = module.__doc__ or ""
    for part in (".. math::", "**", "Kinks", "Shapes", "Source:"):
        assert part in text, f"{module.__name__}: expected {part!r} in the docstring"


@every_file
def test_a_docstring_says_what_kind_of_statement_it_is(module: ModuleType) -> None:
    bold = " ".join(re.findall(r"\*\*(.+?)\*\*", module.__doc__ or "", re.DOTALL)).lower()
    assert any(word in bold for word in ("tight", "upper", "lower", "identity", "counterexample"))


@every_file
def test_a_file_states_at_least_one_claim_and_eight_mutants(module: ModuleType) -> None:
    assert claims_of(module)
    assert len(mutants_of(module)) >= 8


@every_file
def test_most_mutants_of_a_file_are_known_and_some_are_false(module: ModuleType) -> None:
    truths = [mutant.truth for mutant in mutants_of(module)]
    assert set(truths) <= {True, False, None}
    assert truths.count(False) >= 4
    assert truths.count(None) <= 1


@every_file
def test_a_mutant_differs_from_its_claim_and_from_the_other_mutants(module: ModuleType) -> None:
    for claim in claims_of(module):
        shapes = [content(claim), *(content(mutant.claim) for mutant in claim.mutants)]
        written_out = [k for k, (holds, *_) in enumerate(shapes) if holds not in (true, false)]
        repeated = [claim.mutants[k - 1].change for k in written_out if shapes[k] in shapes[:k]]
        assert not repeated, f"{claim.id}: repeated {repeated}"


def content(claim: Claim) -> tuple[object, ...]:
    return (claim.holds, claim.given, claim.dimensions)


def test_ids_are_unique_in_the_library_and_the_planted_files() -> None:
    planted = [importlib.import_module(f"theory.planted.{name}") for name in PLANTED]
    ids = [claim.id for module in (*STATED, *planted) for claim in claims_of(module)]
    assert len(ids) == len(set(ids))


def test_mutant_ids_are_unique() -> None:
    ids = [mutant.claim.id for claim in CLAIMS for mutant in claim.mutants]
    assert len(ids) == len(set(ids))


@every_claim
def test_a_claim_has_an_id_a_title_a_source_and_a_kind(claim: Claim) -> None:
    assert KEBAB.fullmatch(claim.id)
    assert claim.title
    assert claim.source
    assert claim.kind


@every_claim
def test_no_source_invents_a_number(claim: Claim) -> None:
    words = r"(theorem|lemma|proposition|corollary|section|equation|figure|table)\s*\d"
    assert not re.search(words, claim.source, re.IGNORECASE)


@every_file
def test_no_docstring_invents_a_theorem_number(module: ModuleType) -> None:
    assert not re.search(r"(theorem|lemma|proposition|corollary)\s*\d", module.__doc__ or "", re.I)


@every_claim
def test_a_claim_prints_itself_and_its_variables(claim: Claim) -> None:
    assert "for " in str(claim)
    assert hash(claim) == hash(claim)
    assert claim.free_variables or claim.holds in (True,)


@every_file
def test_a_file_binds_only_names_claims_and_helpers(module: ModuleType) -> None:
    """A file states; it does not run anything but assignments, imports and short helpers."""
    with open(str(module.__file__), encoding="utf-8") as text:
        body = ast.parse(text.read()).body
    kinds = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef)
    assert all(isinstance(node, kinds) for node in body)


def test_conjectures_are_marked_and_are_no_part_of_the_library() -> None:
    kinds = {c.kind for m in modules(theory.open_claims) for c in claims_of(m)}
    assert kinds == {"conjecture", "upper"}
    assert "conjecture" not in {c.kind for m in LIBRARY for c in claims_of(m)}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_files_say_what_must_become_of_each_claim(name: str) -> None:
    module = importlib.import_module(f"theory.planted.{name}")
    assert set(module.TRUTH) == {claim.id for claim in claims_of(module)}
    assert set(module.TRUTH.values()) <= {"refuted", "vacuous", "not proved"}


def test_the_library_holds_no_planted_claim() -> None:
    planted = {
        claim.id
        for name in PLANTED
        for claim in claims_of(importlib.import_module(f"theory.planted.{name}"))
    }
    assert not planted & {claim.id for claim in CLAIMS}
    assert not any(claim.id.startswith("planted") for claim in CLAIMS)


def test_every_kind_of_statement_occurs_in_the_library() -> None:
    used = {type(claim.holds).__name__ for claim in CLAIMS}
    conclusions = {k for k in all_kinds(Statement) if not k.startswith("_")} - {"Everywhere"}
    assert conclusions <= used


def all_kinds(kind: type) -> set[str]:
    below: list[type] = kind.__subclasses__()
    return {k.__name__ for k in below}.union(*(all_kinds(k) for k in below))


def test_the_contract_example_is_in_the_library() -> None:
    from sympy import symbols

    from theory import Label

    theta, x, y = Vector("theta"), Vector("x"), Label("y")
    eps, rho, bound = symbols("epsilon rho B", positive=True)
    field = AdversarialLoss(logistic, NormBall(2, eps)).gradient(theta, x, y)
    wanted = Lipschitz(field, wrt=theta, constant=(bound + eps) ** 2 / 4 + eps / rho)
    assert wanted in [claim.holds for claim in CLAIMS]


def test_with_mutants_keeps_the_claim() -> None:
    claim = CLAIMS[0]
    bare = with_mutants(claim)
    assert bare == claim
    assert bare.mutants == ()
    assert with_mutants(bare, *claim.mutants).mutants == claim.mutants
