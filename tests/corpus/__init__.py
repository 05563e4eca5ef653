"""The trap corpus: claims of known truth, each false one beside its nearest true neighbour.

`claims/` holds claim files by family (`advsmooth verify tests/corpus/claims` reads them too),
`malformed/` files that must be refused.  A new trap is one expression in one file.
`python -m tests.corpus` runs them all and says which verdicts deviate from the contract.
"""
