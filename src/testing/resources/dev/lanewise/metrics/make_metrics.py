"""Makes metrics.npz, probabilities.npz and regression.npz: predictions and scikit-learn's metrics of them.

    python3 make_metrics.py          (numpy, scikit-learn)

metrics.npz has for each case NAME/labels, NAME/logits or NAME/predicted, perhaps NAME/weights, and the results, among
them NAME/balanced, the balanced accuracy.
Logits are whole numbers, so that many rows have a tie, which the first class wins (numpy's argmax). A row of NaN alone
has the prediction -1. With weights, the support is their sum.

probabilities.npz has NAME/labels, NAME/probabilities, perhaps NAME/weights; the results are NAME/areas (ROC AUC of each
class against the others; NaN where scikit-learn refuses or gives NaN), NAME/precisions (average precision of each class
with an area), NAME/averages (macro, weighted), NAME/top (top-k
accuracy for every k) and NAME/log_loss. Probabilities of many cases are sixteenths, so that many are equal.

regression.npz has NAME/targets, NAME/outputs, perhaps NAME/weights; the results are NAME/scores [outputs + 1][mse, mae,
r2], whose last row has the means.
"""
import os
import warnings

import numpy as np
from sklearn.metrics import (accuracy_score, average_precision_score, balanced_accuracy_score, classification_report, confusion_matrix, log_loss, matthews_corrcoef,
                             mean_absolute_error, mean_squared_error, precision_recall_fscore_support, r2_score, roc_auc_score,
                             top_k_accuracy_score)

rng = np.random.default_rng(7)
arrays = {}


def case(name, classes, labels, predicted, logits=None, weights=None):
    every = list(range(classes))
    arrays[name + "/labels"] = labels.astype("i4")
    if logits is None:
        arrays[name + "/predicted"] = predicted.astype("i4")
    else:
        arrays[name + "/logits"] = logits.astype("f4")
    arrays[name + "/confusion"] = confusion_matrix(labels, predicted, labels=every).astype("i4")
    if weights is not None:
        arrays[name + "/weights"] = weights.astype("f4")
        weighted = confusion_matrix(labels, predicted, labels=every, sample_weight=weights)
        arrays[name + "/weighted_confusion"] = weighted.astype("f8")
    weigh = dict(sample_weight=weights)
    scores = precision_recall_fscore_support(labels, predicted, labels=every, zero_division=0, **weigh)
    arrays[name + "/scores"] = np.stack(scores, axis=1).astype("f8")  # [classes][precision, recall, f1, support]
    report = classification_report(labels, predicted, labels=every, zero_division=0, output_dict=True, **weigh)
    for average in ("macro", "weighted"):
        arrays[name + "/" + average] = np.array(list(report[average + " avg"].values()), "f8")
    arrays[name + "/matthews"] = np.array([matthews_corrcoef(labels, predicted, **weigh)])
    arrays[name + "/balanced"] = np.array([balanced_accuracy_score(labels, predicted, **weigh)])
    arrays[name + "/accuracy"] = np.array([accuracy_score(labels, predicted, **weigh)])


def some_weights(rows):
    """Returns float32 numbers as float64; a fifth of them are 0."""
    weights = rng.gamma(1.0, 2.0, rows).astype("f4").astype("f8")
    weights[rng.random(rows) < 0.2] = 0
    return weights


def area(positive, scores, weights):
    try:
        return roc_auc_score(positive, scores, sample_weight=weights)
    except ValueError as e:
        assert "Only one class present" in str(e), e
        return np.nan


def probability_case(name, labels, probabilities, weights=None):
    probabilities = probabilities.astype("f4")
    arrays[name + "/labels"] = labels.astype("i4")
    arrays[name + "/probabilities"] = probabilities
    if weights is not None:
        arrays[name + "/weights"] = weights.astype("f4")
    p = probabilities.astype("f8")
    classes = p.shape[1]
    every = list(range(classes))
    areas = np.array([area(labels == c, p[:, c], weights) for c in every])
    arrays[name + "/areas"] = areas
    arrays[name + "/precisions"] = np.array([
        np.nan if np.isnan(areas[c]) else average_precision_score(labels == c, p[:, c], sample_weight=weights)
        for c in every])
    w = np.ones(len(labels)) if weights is None else weights
    if classes > 2 and not np.isnan(areas).any():
        averages = [roc_auc_score(labels, p, multi_class="ovr", average=average, sample_weight=weights)
                    for average in ("macro", "weighted")]
    else:  # scikit-learn refuses absent classes, and returns one area for two classes
        there = ~np.isnan(areas)
        support = np.array([w[labels == c].sum() for c in every])
        averages = [areas[there].mean(), np.average(areas[there], weights=support[there])]
    arrays[name + "/averages"] = np.array(averages)
    scores = p[:, 1] if classes == 2 else p
    arrays[name + "/top"] = np.array([top_k_accuracy_score(labels, scores, k=k, labels=every, sample_weight=weights)
                                      for k in range(1, classes + 1)])
    arrays[name + "/log_loss"] = np.array([log_loss(labels, p, labels=every, sample_weight=weights)])


def sixteenths(rows, classes):
    return np.array([rng.multinomial(16, rng.dirichlet(np.full(classes, 0.7))) for _ in range(rows)]) / 16


def likely_labels(probabilities):
    """Draws labels from the probabilities, so that the probabilities are informative."""
    return np.array([rng.choice(len(p), p=p / p.sum()) for p in probabilities.astype("f8")])


def regression_case(name, targets, outputs, weights=None):
    targets = targets.astype("f4")
    outputs = outputs.astype("f4")
    arrays[name + "/targets"] = targets
    arrays[name + "/outputs"] = outputs
    if weights is not None:
        arrays[name + "/weights"] = weights.astype("f4")
    scores = []
    for average in ("raw_values", "uniform_average"):
        pair = (targets.astype("f8"), outputs.astype("f8"), )
        scores.append(np.stack([np.atleast_1d(score(*pair, sample_weight=weights, multioutput=average)) for score in
                                (mean_squared_error, mean_absolute_error, r2_score)], axis=1))
    arrays[name + "/scores"] = np.concatenate(scores)


def save(name):
    np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), **arrays)
    arrays.clear()


def ties(name, classes, rows, label_classes=None):
    logits = rng.integers(0, 4, (rows, classes))
    labels = np.where(rng.random(rows) < 0.5, logits.argmax(1), rng.integers(0, classes, rows))
    if label_classes is not None:
        labels = rng.choice(label_classes, rows)
    case(name, classes, labels, logits.argmax(1), logits)


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    ties("ties", 7, 385)
    ties("ties_many_classes", 40, 300)
    ties("ties_absent_labels", 5, 60, [1, 3])
    ties("binary", 2, 31)
    case("never_predicted", 4, rng.integers(0, 4, 50), rng.choice([0, 2], 50))
    case("absent_from_both", 6, rng.choice([0, 1, 4], 40), rng.choice([1, 2, 4], 40))
    case("last_classes_absent", 9, rng.integers(0, 3, 40), rng.integers(0, 3, 40))
    case("all_wrong", 3, np.array([0, 1, 2, 0]), np.array([1, 2, 0, 2]))
    case("all_right", 3, np.array([2, 1, 2, 0]), np.array([2, 1, 2, 0]))
    case("one_row", 3, np.array([1]), np.array([1]))
    case("one_class", 1, np.zeros(5, int), np.zeros(5, int))
    # scikit-learn counts a label outside its list in the support, but gives it no row or column.
    unpredicted = rng.integers(-1, 4, 80)
    unpredicted[7] = -1
    case("unpredicted", 4, rng.integers(0, 4, 80), unpredicted)
    case("nothing_predicted", 3, np.array([0, 1, 1]), np.array([-1, -1, -1]))
    for name, classes, rows in (("weighted", 5, 200), ("weighted_binary", 2, 41)):
        logits = rng.integers(0, 4, (rows, classes))
        labels = np.where(rng.random(rows) < 0.5, logits.argmax(1), rng.integers(0, classes, rows))
        case(name, classes, labels, logits.argmax(1), logits, some_weights(rows))
    # Class 2 has only rows of weight 0; class 3 has no rows.
    labels = rng.choice([0, 1, 2, 4], 60)
    weights = some_weights(60)
    weights[labels == 2] = 0
    case("weighted_absent", 5, labels, rng.choice([0, 1, 3], 60), None, weights)
    save("metrics.npz")

    for weighted in ("", "weighted_"):
        def weigh(rows):
            return some_weights(rows) if weighted else None

        p = sixteenths(300, 5)
        probability_case(weighted + "ties", likely_labels(p), p, weigh(300))
        p = sixteenths(120, 2)
        probability_case(weighted + "binary", likely_labels(p), p, weigh(120))
        p = rng.dirichlet(np.full(12, 0.5), 400)
        probability_case(weighted + "many_classes", likely_labels(p), p, weigh(400))
        p = rng.dirichlet(np.ones(4), 90).astype("f4")
        probability_case(weighted + "floats", likely_labels(p), p, weigh(90))
        p = sixteenths(80, 6)
        probability_case(weighted + "absent", rng.choice([0, 2, 5], 80), p, weigh(80))
        p = sixteenths(30, 3)
        probability_case(weighted + "all_equal", rng.integers(0, 3, 30), np.full((30, 3), 0.25) + [0.25, 0, 0], weigh(30))
        probability_case(weighted + "all_right", np.arange(9) % 3, np.eye(3)[np.arange(9) % 3], weigh(9))
    labels = rng.choice([0, 1, 2, 4], 60)
    weights = some_weights(60)
    weights[labels == 2] = 0
    probability_case("weightless_class", labels, sixteenths(60, 5), weights)
    save("probabilities.npz")

    for weighted in ("", "weighted_"):
        def weigh(rows):  # quarters, so that the mean of constant targets is exact in numpy
            return np.floor(some_weights(rows) * 4) / 4 if weighted else None

        t = rng.normal(0, 2, (150, 1))
        regression_case(weighted + "one_output", t, t + rng.normal(0, 1, t.shape), weigh(150))
        t = rng.normal([0, 1000, -5], [1, 1, 30], (200, 3))
        regression_case(weighted + "several", t, t + rng.normal(0, [0.5, 2, 3], t.shape), weigh(200))
        t = np.full((40, 4), [2.5, 2.5, -3, 0.0])
        y = t + np.stack([rng.normal(0, 1, 40), np.zeros(40), np.full(40, 1.0), np.zeros(40)], axis=1)
        regression_case(weighted + "constant_targets", t, y, weigh(40))
        t = rng.integers(0, 3, (25, 2))
        regression_case(weighted + "useless", t, rng.normal(50, 1, t.shape), weigh(25))
    save("regression.npz")
