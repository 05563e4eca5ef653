"""The search for sharper claims: first what tells most about the bound, then what survived again.

A breadth-first walk.  Its nodes are the forms of the claim and the variations that survived, its
edges the operators.  A refuted variation is not varied further: whatever is stronger is false.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise

from sympy import S

from numerics.falsify.unsupported import Unsupported
from numerics.sharpen.bounds import bounds_of
from numerics.sharpen.candidates import Relations, candidates
from numerics.sharpen.changes import Change, Scale
from numerics.sharpen.compact import certified_constant
from numerics.sharpen.edges import BRIEF, Edge
from numerics.sharpen.examine import Examiner
from numerics.sharpen.forms import forms
from numerics.sharpen.nodes import Node, key_of
from numerics.sharpen.progress import progress
from numerics.sharpen.report import Sharpening, Variation
from numerics.sharpen.strength import sample_of
from numerics.sharpen.variations import Operator, operators
from numerics.table import witness_in_words
from numerics.verify import verify
from theory import clock
from theory.claims import Claim
from theory.statements import Not
from theory.verdicts import Status, Verdict

DEEPEST = 2  # successive changes
SHARE, KEPT = 0.3, 0.85  # of the budget: for the claim itself, for everything but last attacks
HALF = S.Half
BOXES = 0.1  # of the budget, for a compact domain
WORTH, AGAIN = 1.0, 3.0  # seconds, and full attacks, for one candidate at the end


def sharpen(
    claim: Claim, budget: float = 60.0, seed: int = 0, only: Iterable[str] | None = None
) -> Sharpening:
    """Sharper claims than this one, within about ``budget`` seconds.

    ``only`` names the operators to use, files of ``numerics/sharpen/variations``; by default all.

    >>> from sympy import symbols
    >>> t = symbols("t", real=True)
    >>> str(sharpen(Claim(id="square", holds=t <= t**2), budget=5)).endswith("nothing to sharpen")
    True
    """
    start, chosen = clock.now(), operators(only)
    verdict = verify(claim, budget=min(20.0, SHARE * budget), seed=seed)
    if (message := _refusal(claim, verdict)) is not None:
        return Sharpening(claim, verdict, message=message, seconds=verdict.seconds)
    search = Search(claim, verdict, budget, seed, start, chosen)
    interrupted = False
    try:
        with progress() as tell:
            search.run(tell)
    except KeyboardInterrupt:
        interrupted = True
    return search.result(interrupted)


def _refusal(claim: Claim, verdict: Verdict) -> str | None:
    """The sentence on a claim that cannot be sharpened."""
    nothing = "there is nothing to sharpen"
    if verdict.status is Status.REFUTED:
        where = "" if verdict.witness is None else f" {witness_in_words(verdict.witness)}"
        return f"{claim.id}: refuted{where}; {nothing}"
    if verdict.status in (Status.VACUOUS, Status.ERROR):
        return f"{claim.id}: {verdict.status.value}; {nothing}"
    if isinstance(claim.holds, Not):
        return f"{claim.id}: a negation says that something exists; {nothing}"
    return None


@dataclass
class Search:
    """The state of the walk; ``run`` may be interrupted at any time."""

    claim: Claim
    verdict: Verdict
    budget: float
    seed: int
    start: float
    operators: list[Operator]
    variations: list[Variation] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    relations: Relations = field(default_factory=Relations)

    def __post_init__(self) -> None:
        attack = min(3.0, max(1.6, self.budget / 40))
        proof = min(20.0, max(1.0, self.budget / 2))
        self.examiner = Examiner(self.seed, self.start + KEPT * self.budget, attack, proof)
        self._queue: list[tuple[int, int, int, Node, Operator]] = []
        self._ticket, self._seen = count(), {key_of(self.claim)}
        self._false: set[tuple[str, str]] = set()  # (form, change): false, on whatever else changed
        self._outdone: set[Node] = set()  # nodes with a proved and better factor
        sharpness = self.verdict.sharpness
        if sharpness is not None and sharpness.at:
            self.examiner.pool.add(sharpness.at["dimension"], sharpness.at["values"])

    def run(self, tell: Callable[[str], None]) -> None:
        """Walk until the budget or the proposals end, then attack the candidates once more."""
        tell(self.claim.id)
        if (sentence := certified_constant(self.claim, BOXES * self.budget)) is not None:
            self.notes.append(sentence)
        for node in self._roots():
            self._push(node)
        while self._queue and self.examiner.left() > 0:
            *_, node, operator = heapq.heappop(self._queue)
            if node in self._outdone:
                continue
            for proposal in self._proposals(node, operator):
                if self.examiner.left() <= 0:
                    break
                tell(f"{node.form}: {_name(proposal)}")
                self._consider(node, proposal)
        self.examiner.deadline = self.start + self.budget
        self._once_more(tell)

    def result(self, interrupted: bool) -> Sharpening:
        found = tuple(self.variations)
        known = {key_of(v.claim): v.status for v in found}
        return Sharpening(
            self.claim,
            self.verdict,
            found,
            tuple(e.enclosure(known) for e in self.edges if not e.trail),
            candidates(found, self.relations),
            interrupted=interrupted,
            seconds=round(clock.now() - self.start, 3),
            notes=tuple(self.notes),
        )

    def _roots(self) -> Iterator[Node]:
        """The claim and its other forms; a form that is false is none."""
        for name, claim in forms(self.claim):
            if key_of(claim) in self._seen:
                continue
            self._seen.add(key_of(claim))
            change = Change(claim, "in this form")
            variation = self.examiner.prove(self.examiner.examine(change, name, (), BRIEF))
            self.notes.append(f"{name}: {variation.says} ({variation.status.value})")
            if variation.status in (Status.SURVIVED, Status.PROVED):
                known = variation.status is Status.PROVED
                yield Node(claim, name, known, sample_of(claim, self.seed))
        proved = self.verdict.status in (Status.PROVED, Status.CERTIFIED)
        yield Node(self.claim, "as stated", proved, sample_of(self.claim, self.seed))

    def _push(self, node: Node) -> None:
        depth = len(node.trail)
        for operator in self.operators if depth < DEEPEST else ():
            entry = (depth, operator.order, next(self._ticket), node, operator)
            heapq.heappush(self._queue, entry)

    def _proposals(self, node: Node, operator: Operator) -> Iterator[Change | Scale]:
        """What the operator proposes, where it is stronger; a proposal that fails is none."""
        try:
            for proposal in operator.variations(node.claim):
                if self._is_stronger(node, proposal):
                    yield proposal
        except (Unsupported, ValueError, TypeError, NotImplementedError) as problem:
            self.notes.append(f"{operator.name}: not tried on {node.form}: {problem}")

    def _is_stronger(self, node: Node, proposal: Change | Scale) -> bool:
        if (node.form, _name(proposal)) in self._false:
            return False
        if proposal.by_form:
            return True
        half = proposal.at(HALF) if isinstance(proposal, Scale) else proposal
        if half is None or node.sample is None:
            return False
        pairs = zip(bounds_of(half.claim), bounds_of(node.claim), strict=True)
        changed = [(a, b) for a, b in pairs if a.expr != b.expr]
        return bool(changed) and all(
            node.sample.is_below(a.expr, b.expr, b.sense) for a, b in changed
        )

    def _consider(self, node: Node, proposal: Change | Scale) -> None:
        if isinstance(proposal, Scale):
            # A hypothesis that was moved to its edge has no other edge behind it.
            if not (proposal.by_form and node.trail and node.trail[-1].endswith(proposal.place)):
                self._along(node, proposal)
        elif key_of(proposal.claim) not in self._seen:
            self._seen.add(key_of(proposal.claim))
            variation = self.examiner.examine(proposal, node.form, node.trail)
            self._keep(node, self.examiner.prove(variation))

    def _along(self, node: Node, scale: Scale) -> None:
        """The least factor of a scale; the survivors before the last are implied by it."""
        edge = Edge(scale, self.examiner, node.form, node.trail, node.proved)
        self.edges.append(edge)
        edge.run()
        order = sorted(range(len(edge.found)), key=lambda k: -float(edge.factors[k]))
        alive = [k for k in order if edge.found[k].status is not Status.REFUTED]
        for weak, strong in pairwise(alive):
            self.relations.implied(edge.found[weak].claim, edge.found[strong].claim)
        for k in order:
            fresh = key_of(edge.found[k].claim) not in self._seen
            self._seen.add(key_of(edge.found[k].claim))
            if fresh:
                self._keep(node, edge.found[k], expand=[k] == alive[-1:])
        if any(v.status is Status.PROVED for v in edge.found) and not scale.by_form:
            self._outdone.add(node)

    def _keep(self, node: Node, variation: Variation, expand: bool = True) -> None:
        self.variations.append(variation)
        if variation.status is Status.REFUTED:
            self._false.add((node.form, variation.change))
        if variation.status not in (Status.SURVIVED, Status.PROVED):
            return
        if node.variation is not None:
            self.relations.implied(node.variation.claim, variation.claim)
        if expand:
            same = variation.claim.given == node.claim.given
            sample = node.sample if same else sample_of(variation.claim, self.seed)
            known = variation.status is Status.PROVED
            self._push(Node(variation.claim, node.form, known, sample, variation.trail, variation))

    def _once_more(self, tell: Callable[[str], None]) -> None:
        """What is left of the budget goes to the candidates, the only ones that are reported."""
        alive = candidates(tuple(self.variations), self.relations)
        for k, variation in enumerate(alive):
            seconds = self.examiner.left() / (len(alive) - k)
            if seconds < WORTH:
                break
            tell(f"once more: {variation.change}")
            at = self.variations.index(variation)
            attack = min(AGAIN * self.examiner.attack, seconds / 2)
            again = self.examiner.attack_again(variation, attack)
            if again.claim.id in self.examiner.hurried:
                again = self.examiner.prove(again, min(self.examiner.proof, seconds / 2))
            self.variations[at] = again


def _name(proposal: Change | Scale) -> str:
    return proposal.place if isinstance(proposal, Scale) else proposal.text
