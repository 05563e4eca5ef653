"""Smoothness of the adversarial loss, measured: with the attack that moves as theta moves.

``hessian_products`` holds the attack fixed; ``adversarial_hessian`` adds what the motion of the
attack contributes, which ``attack_jacobian`` measures by itself. ``lanczos`` and
``spectral_density`` read spectra off such products, ``difference_quotients`` and ``jumps`` measure
without derivatives of the attack, ``input_flatness`` and ``flatness_bounds`` relate the curvature
in the parameters to that in the input.
"""
