"""Makes calibration.npz: probabilities, their calibration by scipy, and their scores by scikit-learn.

    python3 make_calibration.py          (numpy, scipy, scikit-learn)

A case has NAME/labels and NAME/probabilities [rows][classes] for a softmax loss, or NAME/targets [rows][outputs] for a
sigmoid loss, and perhaps NAME/weights. NAME/numbers has t and b of the smallest summed log loss of softmax(log(p) /
exp(t) + b) with the penalty (t^2 + b^2) / (2 * 0.5^2), for each output of a sigmoid loss; for classes b = 0, or it belongs
to class 1 if NAME ends in "biased" (Newton's method from the result of minimize); weights are multiplied by their sum over the sum of their squares. NAME/calibrated has
the probabilities that follow, NAME/log_loss [2] and NAME/brier [2] their scores before and after.
"""
import os

import numpy as np
from scipy.optimize import approx_fprime, minimize
from scipy.special import expit, log_softmax, softmax
from sklearn.metrics import brier_score_loss, log_loss

LEAST, MOST = 2.0 ** -149, 1 - 2.0 ** -25
rng = np.random.default_rng(5)
arrays = {}


def least(loss, gradient):
    """Returns the numbers with the smallest loss and penalty: minimize, then Newton steps with differences of the gradient."""
    slope = lambda x: gradient(x) + 4 * x
    x = minimize(lambda x: loss(x) + 2 * np.sum(x * x), np.zeros(2), jac=slope, method="BFGS").x
    for _ in range(20):
        x = x - np.linalg.solve(approx_fprime(x, slope, 1e-7), slope(x))
    return x


def classes(name, rows, count, factor, weighted, shift=0):
    truth = rng.normal(0, 1.5, (rows, count))
    labels = np.array([rng.choice(count, p=softmax(t)) for t in truth])
    p = softmax(factor * truth + shift * np.eye(count)[1], axis=1).astype("f4")
    w = rng.gamma(1.0, 2.0, rows).astype("f4") if weighted else np.ones(rows, "f4")
    logs = np.log(np.maximum(p.astype("f8"), LEAST))
    u = w.astype("f8") * (w.astype("f8").sum() / (w.astype("f8") ** 2).sum())
    at = np.arange(rows), labels

    def sums(x):
        return logs * np.exp(-x[0]) + x[1] * np.eye(count)[1]

    def loss(x):
        return -np.sum(u * log_softmax(sums(x), axis=1)[at])

    def gradient(x):
        q = softmax(sums(x), axis=1)
        slopes = [-np.exp(-x[0]) * np.sum(u * ((q * logs).sum(1) - logs[at])), np.sum(u * (q[:, 1] - (labels == 1)))]
        return np.array(slopes) * [1, shift != 0]

    numbers = least(loss, gradient)
    after = softmax(sums(numbers), axis=1)
    losses = [np.average(-log_softmax(z, axis=1)[np.arange(rows), labels], weights=w) for z in (logs, sums(numbers))]
    assert abs(losses[1] - log_loss(labels, after, sample_weight=w)) < 1e-12
    hot = np.eye(count)[labels]
    if count == 2:
        brier = [brier_score_loss(labels, q[:, 1], sample_weight=w) for q in (p.astype("f8"), after)]
        brier[0] = (brier[0] + np.average((p[:, 0].astype("f8") - hot[:, 0]) ** 2, weights=w)) / 2  # float32 does not add up to 1
    else:
        brier = [np.average(((q - hot) ** 2).sum(1), weights=w) for q in (p.astype("f8"), after)]
    arrays.update({name + "/labels": labels, name + "/probabilities": p, name + "/numbers": numbers,
                   name + "/calibrated": after, name + "/log_loss": np.array(losses), name + "/brier": np.array(brier)})
    if weighted:
        arrays[name + "/weights"] = w


def flags(name, rows, outputs, factor, shift, weighted):
    z = rng.normal(0, 2, (rows, outputs))
    targets = (rng.random((rows, outputs)) < expit(z)).astype("f4")
    p = expit(factor * z + shift).astype("f4")
    w = rng.gamma(1.0, 2.0, rows).astype("f4").astype("f8") if weighted else np.ones(rows)
    both = []
    for k in range(outputs):
        inside = np.clip(p[:, k].astype("f8"), LEAST, MOST)
        odds = np.log(inside) - np.log(1 - inside)
        t = targets[:, k].astype("f8")
        u = w * (w.sum() / (w ** 2).sum())

        def loss(x):
            z = np.exp(-x[0]) * odds + x[1]
            return np.sum(u * (np.logaddexp(0, z) - t * z))

        def gradient(x):
            d = u * (expit(np.exp(-x[0]) * odds + x[1]) - t)
            return np.array([-np.exp(-x[0]) * np.sum(d * odds), np.sum(d)])

        both.append(least(loss, gradient))
    both = np.array(both)
    inside = np.clip(p.astype("f8"), LEAST, MOST)
    after = expit(np.exp(-both[:, 0]) * (np.log(inside) - np.log(1 - inside)) + both[:, 1])
    brier = [np.mean([brier_score_loss(targets[:, k], q[:, k], sample_weight=w) for k in range(outputs)])
             for q in (p.astype("f8"), after)]
    arrays.update({name + "/targets": targets, name + "/probabilities": p, name + "/numbers": both.ravel(),
                   name + "/calibrated": after, name + "/brier": np.array(brier)})
    if weighted:
        arrays[name + "/weights"] = w.astype("f4")


classes("two", 300, 2, 2.5, False)
classes("weighted", 200, 3, 0.4, True)
classes("many", 150, 7, 1.7, False)
flags("flags", 250, 3, 2.2, 0.7, False)
flags("weighted_flags", 120, 2, 0.5, -1, True)
classes("biased", 160, 2, 1.6, True, 0.8)
file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "calibration.npz")
np.savez_compressed(file, **arrays)
print(file, os.path.getsize(file), "bytes")
