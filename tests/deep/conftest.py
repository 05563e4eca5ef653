"""Tests of the deep part: skipped without torch, unless ADVSMOOTH_NEEDS=torch promises it."""

import os

if os.environ.get("ADVSMOOTH_NEEDS") == "torch":
    import torch
    from pyautoattack import AutoAttack
    from skimage import data
    from sklearn import datasets

    del AutoAttack, data, datasets, torch
