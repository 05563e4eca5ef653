"""Models whose adversarial losses are known: quadratics, small networks, wells with ties.

Each file is one family or one tool, and theorems on general models are tested against them.
"""
