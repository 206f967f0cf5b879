#!/usr/bin/python3
"""Makes folds.csv, out-of-fold predictions as cross-validate saves them, and folds_values.csv, scikit-learn's metrics.

Columns of folds.csv: case, repeat, fold, row, weight, true value, and up to three predictions: probabilities of
classes as float32, in regression a float64. The rows of a fold stand in a random order, and folds differ in size.
Some probabilities are equal, within a row (the first class is chosen) and between rows.
"""
import numpy as np
from sklearn import metrics

rng = np.random.default_rng(46)
rows, values = [], []


def folds(case, n, count, repeats, weighted, truth, predict, scores):
    weights = np.round(rng.exponential(1, n), 2).astype("f4").astype("f8") if weighted else np.ones(n)
    for repeat in range(repeats):
        predictions = predict()
        of_fold = rng.permutation(np.minimum(rng.integers(0, count + 1, n), count - 1))  # the last fold is the largest
        for fold in range(count):
            for row in rng.permutation(np.flatnonzero(of_fold == fold)):
                cells = [case, repeat, fold, row, repr(float(weights[row])), truth[row]]
                rows.append(",".join(map(str, cells + [repr(float(p)) for p in predictions[row]])))
        for name, value in scores(predictions, weights if weighted else None).items():
            values.append(f"{case},{repeat},{name},{float(value)!r}")


def classes(case, n, shares, *args):
    k = len(shares)
    truth = rng.choice(k, n, p=shares)

    def predict():
        logits = rng.normal(0, 1, (n, k)) + 1.5 * np.eye(k)[truth]
        p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        p[: n // 4] = [rng.multinomial(4, own) / 4 for own in p[: n // 4]]
        return p.astype("f4").astype("f8")

    def scores(p, weights):
        chosen = p.argmax(1)
        w = dict(sample_weight=weights)
        found = {
            "accuracy": metrics.accuracy_score(truth, chosen, **w),
            "matthews": metrics.matthews_corrcoef(truth, chosen, **w),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, chosen, **w),
            "macro_f1": metrics.f1_score(truth, chosen, average="macro", labels=range(k), **w),
            "log_loss": metrics.log_loss(truth, p, labels=range(k), **w),
        }
        for c in range(k):
            found[f"roc_auc {c}"] = metrics.roc_auc_score(truth == c, p[:, c], **w)
            found[f"average_precision {c}"] = metrics.average_precision_score(truth == c, p[:, c], **w)
        return found

    folds(case, n, *args, truth, predict, scores)


def numbers(case, n, *args):
    truth = rng.normal(50, 9, n).astype("f4").astype("f8")

    def scores(y, weights):
        w = dict(sample_weight=weights)
        return {
            "r2": metrics.r2_score(truth, y[:, 0], **w),
            "mae": metrics.mean_absolute_error(truth, y[:, 0], **w),
            "mse": metrics.mean_squared_error(truth, y[:, 0], **w),
        }

    folds(case, n, *args, truth, lambda: (truth + rng.normal(0.3, 6, n))[:, None], scores)


classes("binary", 90, [0.7, 0.3], 4, 2, False)
classes("three", 80, [0.5, 0.3, 0.2], 3, 1, False)
classes("weighted", 70, [0.4, 0.4, 0.2], 5, 1, True)
numbers("number", 60, 5, 2, False)
numbers("weighted_number", 60, 3, 1, True)
with open("folds.csv", "w") as out:
    out.write("\n".join(rows) + "\n")
with open("folds_values.csv", "w") as out:
    out.write("\n".join(values) + "\n")
