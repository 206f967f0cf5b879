"""Makes reference_data.npz, reference_init.npz and reference_run.npz for ReferenceTest: a small data set of drawn marks, a
network's initial weights, and the weights after 1 and 5 epochs of the course's training loop in float64.

    python3 make_reference.py            (Debian's python3-numpy; writes beside itself)
"""
import os
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(11)
SIDE, CLASSES, SIZES, BATCH, ETA = 12, 5, [144, 10, 14, 5], 15, 0.05

# Five classes of marks: a bar at one of five angles, with a random centre, a random brightness and noise.
y, x = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2


def draw(n):
    labels = rng.randint(0, CLASSES, n)
    images = np.empty((n, SIDE, SIDE))
    for i, label in enumerate(labels):
        angle = np.pi * label / CLASSES + 0.1 * rng.randn()
        dx, dy = rng.randn(2)
        across = (x - dx) * np.sin(angle) - (y - dy) * np.cos(angle)
        images[i] = (120 + 60 * rng.rand()) * np.exp(-(across**2) / 2) + 40 + 12 * rng.randn(SIDE, SIDE)
    return np.clip(np.round(images), 0, 255).astype(np.uint8), labels.astype(np.uint8)


data = {}
for split, n in ("train", 230), ("valid", 40), ("test", 30):
    data["inputs_" + split], data["target_" + split] = draw(n)
np.savez_compressed(os.path.join(here, "reference_data.npz"), **data)

init = {}
for l in range(1, len(SIZES)):
    deviation = 0.01 if l == len(SIZES) - 1 else 0.1
    init["W%d" % l] = (deviation * rng.randn(SIZES[l - 1], SIZES[l])).astype(np.float32)
    init["b%d" % l] = np.zeros(SIZES[l], np.float32)
np.savez(os.path.join(here, "reference_init.npz"), **init)

p = {name: value.astype(np.float64) for name, value in init.items()}
layers = range(1, len(SIZES))


def activations(rows):
    out = [rows]
    for l in layers:
        sums = out[-1].dot(p["W%d" % l]) + p["b%d" % l]
        out.append(sums if l == layers[-1] else np.where(sums > 0, sums, 0))
    return out


def loss(logits, labels):
    shifted = logits - logits.max(axis=1)[:, None]
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1))[:, None]
    return -log_p[np.arange(len(labels)), labels].mean(), np.mean(logits.argmax(axis=1) == labels), np.exp(log_p)


rows = {s: data["inputs_" + s].reshape(-1, SIDE * SIDE) / 255.0 for s in ("train", "valid", "test")}
labels = {s: data["target_" + s].astype(int) for s in rows}
out = {"train_ce": [], "train_acc": [], "valid_ce": [], "valid_acc": []}
for epoch in range(5):
    for start in range(0, len(rows["train"]), BATCH):
        batch, target = rows["train"][start : start + BATCH], labels["train"][start : start + BATCH]
        acts = activations(batch)
        ce, acc, prob = loss(acts[-1], target)
        delta = (prob - np.eye(CLASSES)[target]) / len(batch)
        gradient = {}
        for l in reversed(layers):
            gradient["W%d" % l] = acts[l - 1].T.dot(delta)
            gradient["b%d" % l] = delta.sum(axis=0)
            delta = delta.dot(p["W%d" % l].T) * (acts[l - 1] > 0)
        for name in p:
            p[name] = p[name] - ETA * gradient[name]
    valid = loss(activations(rows["valid"])[-1], labels["valid"])
    for name, value in zip(out, (ce, acc, valid[0], valid[1])):
        out[name].append((epoch, value))
    if epoch in (0, 4):
        out.update({"%s_after_%d" % (name, epoch + 1): value for name, value in p.items()})
test = loss(activations(rows["test"])[-1], labels["test"])
np.savez(os.path.join(here, "reference_run.npz"), test_ce=test[0], test_acc=test[1], **out)
