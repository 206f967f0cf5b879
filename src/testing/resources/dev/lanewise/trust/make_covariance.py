"""Makes covariance.npz: rows and their covariance as shrunk by scikit-learn's ledoit_wolf.

    python3 make_covariance.py          (numpy, scikit-learn)

A case has NAME/rows [rows][columns], taken as of mean 0, NAME/covariance [columns][columns], and NAME/distances [rows],
the squared Mahalanobis distances of the rows from 0.
"""
import os

import numpy as np
from sklearn.covariance import ledoit_wolf

rng = np.random.default_rng(7)
arrays = {}
for name, count, d in (("many", 200, 5), ("few", 12, 20), ("one", 30, 1)):
    rows = rng.normal(0, 1, (count, d)) @ rng.normal(0, 1, (d, d))
    covariance, _ = ledoit_wolf(rows, assume_centered=True)
    arrays[name + "/rows"] = rows
    arrays[name + "/covariance"] = covariance
    arrays[name + "/distances"] = np.einsum("ij,jk,ik->i", rows, np.linalg.inv(covariance), rows)
np.savez(os.path.join(os.path.dirname(os.path.abspath(__file__)), "covariance.npz"), **arrays)
