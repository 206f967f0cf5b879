"""Makes losses.npz for LossTest: PyTorch's losses of rows of outputs in float64, and their gradients with respect to the
outputs. Each row's loss is multiplied by a weight, and the sum is divided by the number of rows; label smoothing is PyTorch's.

    python3 make_losses.py           (Debian's python3-torch, 2.6; writes beside itself)
"""
import os
import numpy as np
import torch
from torch.nn import functional as f

random = np.random.default_rng(6)
ROWS, COLUMNS, SMOOTHING = 40, 19, 0.1
x = (random.normal(size=(ROWS, COLUMNS)) * np.linspace(0.1, 8, ROWS)[:, None]).astype(np.float32)
labels = random.integers(0, COLUMNS, ROWS)
flags = random.integers(0, 2, (ROWS, COLUMNS)).astype(np.float32)
flags[0] = random.uniform(size=COLUMNS)
numbers = (2 * random.normal(size=(ROWS, COLUMNS))).astype(np.float32)
weights = random.uniform(0, 3, ROWS).astype(np.float32)
out = {"x": x, "labels": labels, "flags": flags, "numbers": numbers, "weights": weights}
double = lambda a: torch.from_numpy(a.astype(np.float64))
t, b, y, w = torch.from_numpy(labels), double(flags), double(numbers), double(weights)
rows = {
    "softmax": lambda x: f.cross_entropy(x, t, reduction="none"),
    "smoothed": lambda x: f.cross_entropy(x, t, reduction="none", label_smoothing=SMOOTHING),
    "sigmoid": lambda x: f.binary_cross_entropy_with_logits(x, b, reduction="none").mean(1),
    "mse": lambda x: f.mse_loss(x, y, reduction="none").mean(1),
    "huber": lambda x: f.huber_loss(x, y, reduction="none").mean(1),
    "mae": lambda x: f.l1_loss(x, y, reduction="none").mean(1),
}
for name, loss in rows.items():
    for weighted in (False, True):
        leaf = double(x).requires_grad_()
        losses = loss(leaf) * w if weighted else loss(leaf)
        losses.mean().backward()
        key = name + ("_weighted" if weighted else "")
        out[key + "_loss"], out[key + "_gradient"] = losses.detach().numpy(), leaf.grad.numpy()
np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "losses.npz"), **out)
