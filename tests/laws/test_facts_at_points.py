"""What the hypotheses are said to say at points is true of concrete functions and maps.

Every fact that the provers are given, checked on exact instances that meet the hypotheses: one
that fails on an instance would let anything be proved.
"""

from __future__ import annotations

import random
from itertools import islice

import pytest
from flint import ctx

from numerics.falsify.unknowns.numbers import BITS, Undefined
from numerics.falsify.unknowns.relations import decided
from numerics.falsify.unknowns.scope import parts_of
from numerics.falsify.unknowns.search import Search
from tests.laws.test_unknown_functions import TRUE
from theory import clock
from theory.claims import Claim
from theory.general.at_points import Unsuitable, known_at_points

INSTANCES, SECONDS = 25, 6.0


def facts(claim: Claim):
    """All facts, those of the thorough version included."""
    found = {}
    for thorough in (False, True):
        try:
            _, _, known = known_at_points(claim, thorough)
        except Unsuitable:
            return []
        found |= {f.relation: f for f in known}
    return list(found.values())


def instances(claim: Claim, seed: int):
    search = Search(parts_of(claim), random.Random(seed))
    yield from islice(search.admissible(clock.now() + SECONDS), INSTANCES)


@pytest.mark.parametrize("name", TRUE)
def test_no_fact_fails_on_an_instance(name):
    given, holds = TRUE[name]
    claim = Claim(id=name, given=given, holds=holds)
    known, seen = facts(claim), 0
    with ctx.workprec(BITS):
        for at in instances(claim, 1):
            for fact in known:
                try:
                    truth = decided(fact.relation, at)
                except Undefined:
                    continue
                seen += truth is True
                assert truth is not False, (
                    str(fact.relation),
                    fact.because,
                    at.instance.unknowns(),
                )
    assert seen or not known


def test_a_wrong_fact_would_be_seen():
    given, holds = TRUE["concave-attack"]
    claim = Claim(id="wrong", given=given, holds=holds)
    broken = 0
    with ctx.workprec(BITS):
        for at in instances(claim, 2):
            for fact in facts(claim):
                relation = fact.relation
                turned = relation.func(relation.rhs, relation.lhs)
                try:
                    broken += decided(turned, at) is False
                except Undefined:
                    continue
    assert broken
