"""Runs the course's job in numpy's float32: 1000 epochs of the digits with shuffle, loss and accuracy of every step, validation
after every epoch and the scores of all splits. It saves model and statistics. Arguments: the data file, an output folder."""
import os
import sys
import numpy as np

data, folder = np.load(sys.argv[1]), sys.argv[2]
f = np.float32
sizes, batch, eta, epochs = [64, 16, 80, 10], 100, f(0.01), 1000
layers = range(len(sizes) - 1)
rng = np.random.RandomState(0)


def split(name):
    inputs = data["inputs_" + name]
    targets = np.eye(sizes[-1], dtype=f)[data["target_" + name].ravel()]
    return inputs.reshape(len(inputs), -1).astype(f) / f(255), targets


x, t = split("train")
x_valid, t_valid = split("valid")
w = [(s * rng.randn(m, n)).astype(f) for m, n, s in zip(sizes, sizes[1:], (0.1, 0.1, 0.01))]
b = [np.zeros(n, f) for n in sizes[1:]]


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


statistics = []
for epoch in range(epochs):
    order = rng.permutation(len(x))
    xs, ts = x[order], t[order]
    for first in range(0, len(x), batch):
        rows, targets = xs[first : first + batch], ts[first : first + batch]
        inputs, sums = forward(rows)
        p = softmax(sums[-1])
        train = measures(p, targets)
        delta = (p - targets) / f(len(p))
        gradients = []
        for l in reversed(layers):
            gradients.append((inputs[l].T.dot(delta), delta.sum(axis=0)))
            if l > 0:
                delta = delta.dot(w[l].T) * (sums[l - 1] > 0)
        for l, (dw, db) in zip(reversed(layers), gradients):
            w[l] = w[l] - eta * dw
            b[l] = b[l] - eta * db
    statistics.append(train + measures(softmax(forward(x_valid)[1][-1]), t_valid))

scores = [measures(softmax(forward(rows)[1][-1]), targets) for rows, targets in map(split, ("train", "valid", "test"))]
np.savez(os.path.join(folder, "nn_model.npz"), **{"%s%d" % (name, l + 1): a[l] for name, a in (("W", w), ("b", b)) for l in layers})
np.savez(os.path.join(folder, "nn_stats.npz"), statistics=np.array(statistics))
print("CE: Train %.5f Validation %.5f Test %.5f" % tuple(ce for ce, _ in scores))
