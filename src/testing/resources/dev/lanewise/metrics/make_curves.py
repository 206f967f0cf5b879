"""Makes curves.npz: probabilities and scikit-learn's curves over all thresholds.

    python3 make_curves.py          (numpy, scikit-learn)

A case has NAME/labels and NAME/probabilities [rows][classes] for a softmax loss, or NAME/targets [rows][outputs] for a
sigmoid loss, and perhaps NAME/weights. Each class c that has rows, beside rows of other classes, has NAME/c/roc and
NAME/c/precision_recall [3][points] (x, y and thresholds; the latter in ascending order of recall) and NAME/c/numbers
[area, average precision]. NAME/BINS/calibration [2][bins with rows] is calibration_curve (share of positives, mean
probability), which ignores weights, and NAME/BINS/error is the expected calibration error. Many probabilities are equal or
on the edge of a bin.
"""
import os

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

rng = np.random.default_rng(11)
arrays = {}


def some_weights(rows):
    """Returns float32 numbers as float64; a fifth of them are 0."""
    weights = rng.gamma(1.0, 2.0, rows).astype("f4").astype("f8")
    weights[rng.random(rows) < 0.2] = 0
    return weights


def curves(name, positive, scores, weights):
    w = np.ones(len(scores)) if weights is None else weights
    if not (0 < (w * positive).sum() < w.sum()):
        return
    weigh = dict(sample_weight=weights)
    x, y, thresholds = roc_curve(positive, scores, **weigh)
    arrays[name + "/roc"] = np.stack([x, y, thresholds])
    precision, recall, thresholds = precision_recall_curve(positive, scores, **weigh)
    arrays[name + "/precision_recall"] = np.stack([recall, precision, np.r_[thresholds, np.inf]])[:, ::-1]
    arrays[name + "/numbers"] = np.array([roc_auc_score(positive, scores, **weigh),
                                          average_precision_score(positive, scores, **weigh)])


def calibration(name, right, p, weights):
    w = np.ones(len(p)) if weights is None else weights
    for bins in (1, 3, 10, 16):
        place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], p)
        error = 0
        for b in range(bins):
            own = place == b
            error += abs((w * right)[own].sum() - (w * p)[own].sum()) / w.sum()
        arrays[f"{name}/{bins}/error"] = np.array([error])
        if weights is None:
            arrays[f"{name}/{bins}/calibration"] = np.stack(calibration_curve(right, p, n_bins=bins))


def case(name, truth, probabilities, weights=None):
    probabilities = probabilities.astype("f4")
    arrays[name + "/probabilities"] = probabilities
    p = probabilities.astype("f8")
    if weights is not None:
        arrays[name + "/weights"] = weights.astype("f4")
    if truth.ndim == 1:
        arrays[name + "/labels"] = truth.astype("i4")
        calibration(name, truth == p.argmax(1), p.max(1), weights)
    else:
        arrays[name + "/targets"] = truth.astype("f4")
        calibration(name, truth.ravel() > 0.5, p.ravel(),
                    weights if weights is None else np.repeat(weights, p.shape[1]))
    for c in range(p.shape[1]):
        curves(f"{name}/{c}", truth == c if truth.ndim == 1 else truth[:, c] > 0.5, p[:, c], weights)


def sixteenths(rows, classes):
    return np.array([rng.multinomial(16, rng.dirichlet(np.full(classes, 0.7))) for _ in range(rows)]) / 16


def likely_labels(probabilities):
    return np.array([rng.choice(len(p), p=p / p.sum()) for p in probabilities.astype("f8")])


for weighted in ("", "weighted_"):
    def weigh(rows):
        return some_weights(rows) if weighted else None

    p = sixteenths(300, 5)
    case(weighted + "ties", likely_labels(p), p, weigh(300))
    p = rng.dirichlet(np.full(3, 0.5), 200).astype("f4")
    case(weighted + "floats", likely_labels(p), p, weigh(200))
    p = sixteenths(90, 4)
    case(weighted + "absent", rng.choice([0, 2], 90), p, weigh(90))
    case(weighted + "all_equal", rng.integers(0, 2, 30), np.full((30, 2), 0.25) + [0.5, 0], weigh(30))
    case(weighted + "all_right", np.arange(9) % 3, np.eye(3)[np.arange(9) % 3], weigh(9))
    p = np.where(rng.random((150, 3)) < 0.5, rng.integers(0, 11, (150, 3)) / 10, rng.random((150, 3)))
    case(weighted + "outputs", (rng.random((150, 3)) < p).astype(int), p, weigh(150))
case("alone", np.zeros(8, int), np.ones((8, 1)))
file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "curves.npz")
np.savez_compressed(file, **arrays)
