"""Makes metrics.npz beside it: predictions and what scikit-learn says of them.

    python3 make_metrics.py          (numpy, scikit-learn)

For each case: NAME/labels, NAME/logits or NAME/predicted, and the results. Logits are whole numbers, so that many
rows have a tie, which the first class wins (numpy's argmax). A prediction of -1 is that of a row of nothing but NaN.
"""
import os
import warnings

import numpy as np
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix, precision_recall_fscore_support

rng = np.random.default_rng(7)
arrays = {}


def case(name, classes, labels, predicted, logits=None):
    every = list(range(classes))
    arrays[name + "/labels"] = labels.astype("i4")
    if logits is None:
        arrays[name + "/predicted"] = predicted.astype("i4")
    else:
        arrays[name + "/logits"] = logits.astype("f4")
    arrays[name + "/confusion"] = confusion_matrix(labels, predicted, labels=every).astype("i4")
    scores = precision_recall_fscore_support(labels, predicted, labels=every, zero_division=0)
    arrays[name + "/scores"] = np.stack(scores, axis=1).astype("f8")  # [classes][precision, recall, f1, support]
    report = classification_report(labels, predicted, labels=every, zero_division=0, output_dict=True)
    for average in ("macro", "weighted"):
        arrays[name + "/" + average] = np.array(list(report[average + " avg"].values()), "f8")
    arrays[name + "/accuracy"] = np.array([accuracy_score(labels, predicted)])


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
    # scikit-learn also counts a label outside its list for the support, and gives it no row or column.
    unpredicted = rng.integers(-1, 4, 80)
    unpredicted[7] = -1
    case("unpredicted", 4, rng.integers(0, 4, 80), unpredicted)
    case("nothing_predicted", 3, np.array([0, 1, 1]), np.array([-1, -1, -1]))

np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "metrics.npz"), **arrays)
