"""Makes offsets.npz: NAME/targets with small and large spreads on small and large offsets, NAME/outputs near them, and
NAME/scores (rmse, mae, r2), which numpy computes from these doubles.

numpy rounds the mean of numbers near 1e15 to an eighth, so R2 uses the mean of the differences from the first target, which
are exact. Run it with numpy 1.26 or later: python3 make_offsets.py
"""
import pathlib

import numpy as np

rng = np.random.default_rng(5)
arrays = {}
for offset in (0, 1e3, -1e6, 2e7, 1e9, -1e12, 1e15):
    for spread in (1e-6, 1e-3, 0.3, 1, 1e3, 1e6):
        n = 24
        targets = offset + spread * rng.normal(size=n)
        outputs = targets + 0.5 * spread * rng.normal(size=n)
        shifted = targets - targets[0]
        if shifted.std() < 4 * np.spacing(np.abs(targets).max()):
            continue  # a double cannot tell these targets apart
        d = outputs - targets
        r2 = 1 - (d**2).sum() / ((shifted - shifted.mean()) ** 2).sum()
        name = f"{offset:g}_{spread:g}"
        arrays[name + "/targets"] = targets
        arrays[name + "/outputs"] = outputs
        arrays[name + "/scores"] = np.array([np.sqrt((d**2).mean()), np.abs(d).mean(), r2])
np.savez_compressed(pathlib.Path(__file__).with_name("offsets.npz"), **arrays)
