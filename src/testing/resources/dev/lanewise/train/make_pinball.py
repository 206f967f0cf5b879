"""Makes pinball.npz for PinballTest: scikit-learn's mean_pinball_loss of each row of outputs, and its weighted mean over all rows.

    python3 make_pinball.py           (Debian's python3-sklearn, 1.4.2; writes beside itself)
"""
import os
import numpy as np
from sklearn.metrics import mean_pinball_loss

random = np.random.default_rng(45)
ROWS, COLUMNS = 40, 19
outputs = (random.normal(size=(ROWS, COLUMNS)) * np.linspace(0.1, 8, ROWS)[:, None]).astype(np.float32)
targets = (2 * random.normal(size=(ROWS, COLUMNS))).astype(np.float32)
targets[:, 3] = outputs[:, 3]  # met exactly
weights = random.uniform(0, 3, ROWS).astype(np.float32)
out = {"outputs": outputs, "targets": targets, "weights": weights}
double = lambda a: a.astype(np.float64)
for level in (0.05, 0.5, 0.9):
    key = "pinball-%s" % level
    out[key + "_rows"] = np.array([mean_pinball_loss(double(t), double(y), alpha=level) for t, y in zip(targets, outputs)])
    out[key + "_mean"] = np.array([mean_pinball_loss(double(targets), double(outputs), alpha=level, sample_weight=double(weights))])
np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pinball.npz"), **out)
