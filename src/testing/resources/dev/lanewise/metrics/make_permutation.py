"""Makes permutation.npz: small networks of scikit-learn and its permutation importance of their columns.

    python3 make_permutation.py          (numpy, scikit-learn)

NAME/W1, b1, W2, b2, ... are the weights and biases of MLPClassifier or MLPRegressor, NAME/activation an index of
ACTIVATIONS, and NAME/loss an index of LOSSES. NAME/rows are the scored rows, with NAME/labels or NAME/targets and perhaps
NAME/weights. NAME/mean, NAME/error and NAME/deviation [columns] are the mean of permutation_importance over 200 repeats,
its standard error and the deviation; NAME/baseline is the score. The last entry of mean, error and deviation is for columns
0 and 2 permuted together, which a loop over scikit-learn's score computes.
"""
import os
import warnings

import numpy as np
from sklearn.inspection import permutation_importance
from sklearn.neural_network import MLPClassifier, MLPRegressor

ACTIVATIONS = ("relu", "tanh")
LOSSES = ("softmax", "sigmoid", "mse")
REPEATS = 200
rng = np.random.default_rng(5)
arrays = {}


def case(name, model, loss, x, truth, weights=None):
    model.fit(x[150:], truth[150:])
    rows, truth = x[:150], truth[:150]
    weights = None if weights is None else weights[:150]
    for i, (w, b) in enumerate(zip(model.coefs_, model.intercepts_), start=1):
        arrays[f"{name}/W{i}"] = w.astype("f4")
        arrays[f"{name}/b{i}"] = b.astype("f4")
    arrays[name + "/activation"] = np.array([ACTIVATIONS.index(model.activation)])
    arrays[name + "/loss"] = np.array([LOSSES.index(loss)])
    arrays[name + "/rows"] = rows.astype("f4")
    if loss == "softmax":
        arrays[name + "/labels"] = truth.astype("i4")
    else:
        arrays[name + "/targets"] = truth.reshape(len(truth), -1).astype("f4")
    if weights is not None:
        arrays[name + "/weights"] = weights.astype("f4")
    baseline = model.score(rows, truth, weights)
    found = permutation_importance(model, rows, truth, n_repeats=REPEATS, random_state=3, sample_weight=weights)
    together = []
    for _ in range(REPEATS):
        permuted = rows.copy()
        permuted[:, [0, 2]] = rows[rng.permutation(len(rows))][:, [0, 2]]
        together.append(baseline - model.score(permuted, truth, weights))
    falls = np.vstack([found.importances, together])
    arrays[name + "/baseline"] = np.array([baseline])
    arrays[name + "/mean"] = falls.mean(1)
    arrays[name + "/deviation"] = falls.std(1)
    arrays[name + "/error"] = falls.std(1, ddof=1) / np.sqrt(REPEATS)


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    x = rng.normal(size=(600, 4)).astype("f4").astype("f8")
    noise = rng.normal(size=(600, 3))
    scores = np.stack([2 * x[:, 0], x[:, 0] + 2 * x[:, 1], -x[:, 2]], axis=1) + noise
    weights = rng.gamma(2.0, 1.0, 600).astype("f4").astype("f8") + 0.125
    settings = dict(hidden_layer_sizes=(8,), solver="lbfgs", max_iter=300, random_state=1)
    case("classes", MLPClassifier(**settings), "softmax", x, scores.argmax(1))
    case("classes_weighted", MLPClassifier(activation="tanh", **settings), "softmax", x, scores.argmax(1), weights)
    case("output", MLPClassifier(activation="tanh", **settings), "sigmoid", x, (scores[:, 1] > 0.5).astype(int), weights)
    case("number", MLPRegressor(**settings), "mse", x, scores[:, 0] + x[:, 1] * x[:, 2])
    case("numbers_weighted", MLPRegressor(**settings), "mse", x, scores[:, :2], weights)
np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "permutation.npz"), **arrays)
