"""Times the course's training in numpy, in a given type (the course uses float64): an epoch with shuffle, loss and accuracy of
every step and validation, and the prediction of one row."""
import sys
import numpy as np
from common import TRAININGS, report, report_row, report_version

try:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    report_version("numpy", np.__version__, "%s %s" % (blas["name"], blas["version"]))
except (TypeError, KeyError):  # before numpy 1.25
    report_version("numpy", np.__version__, "an unknown BLAS")

dtype = np.dtype(sys.argv[1])
sizes, _, batch, eta, rows, valid = TRAININGS["course"]
layers = range(len(sizes) - 1)
rng = np.random.RandomState(0)
x = rng.rand(rows, sizes[0]).astype(dtype)
t = np.eye(sizes[-1], dtype=dtype)[rng.randint(0, sizes[-1], rows)]
x_valid = rng.rand(valid, sizes[0]).astype(dtype)
t_valid = np.eye(sizes[-1], dtype=dtype)[rng.randint(0, sizes[-1], valid)]
w = [(0.1 * rng.randn(sizes[l], sizes[l + 1])).astype(dtype) for l in layers]
b = [np.zeros(n, dtype) for n in sizes[1:]]


def forward(rows):
    inputs, sums = [rows], []
    for l in layers:
        sums.append(inputs[-1].dot(w[l]) + b[l])
        inputs.append(np.maximum(sums[-1], 0))
    return inputs, sums


def softmax(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


def measures(p, targets):
    return -np.sum(targets * np.log(p)) / len(p), np.mean(p.argmax(axis=1) == targets.argmax(axis=1))


def step(rows, targets):
    inputs, sums = forward(rows)
    p = softmax(sums[-1])
    measures(p, targets)
    delta = (p - targets) / len(p)
    gradients = []
    for l in reversed(layers):
        gradients.append((inputs[l].T.dot(delta), delta.sum(axis=0)))
        if l > 0:
            delta = delta.dot(w[l].T) * (sums[l - 1] > 0)
    for l, (dw, db) in zip(reversed(layers), gradients):
        w[l] = w[l] - eta * dw
        b[l] = b[l] - eta * db


def epoch():
    order = rng.permutation(rows)
    xs, ts = x[order], t[order]
    for first in range(0, rows, batch):
        step(xs[first : first + batch], ts[first : first + batch])
    for first in range(0, valid, batch):
        measures(softmax(forward(x_valid[first : first + batch])[1][-1]), t_valid[first : first + batch])


report("course", epoch)
row = x[:1]
report_row(lambda: softmax(forward(row)[1][-1]))
