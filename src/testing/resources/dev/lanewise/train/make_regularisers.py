"""Makes reference_regularisers.npz for OptimizersTest: the parameters after 50 steps of PyTorch's optimizers in float64,
with weight decay (of weights only; biases are a separate parameter group) and with clipping by norm. The data and the first
weights are those of make_reference.py, with mini-batches of 15 in file order. The printed counts show that clipping had an
effect.

    python3 make_regularisers.py           (Debian's python3-torch, 2.6; writes beside itself)
"""
import os
import numpy as np
import torch

here = os.path.dirname(os.path.abspath(__file__))
data = np.load(os.path.join(here, "reference_data.npz"))
init = np.load(os.path.join(here, "reference_init.npz"))
BATCH, STEPS = 15, 50

rows = torch.from_numpy(data["inputs_train"].reshape(len(data["inputs_train"]), -1) / 255.0)
labels = torch.from_numpy(data["target_train"].astype(np.int64))
starts = list(range(0, len(rows), BATCH))

O = torch.optim
# name: optimizer, weight decay, largest norm
cases = {
    "sgd_l2": (lambda g: O.SGD(g, lr=0.1), 0.2, None),
    "momentum_l2": (lambda g: O.SGD(g, lr=0.01, momentum=0.9), 0.2, None),
    "nesterov_l2": (lambda g: O.SGD(g, lr=0.01, momentum=0.9, nesterov=True), 0.2, None),
    "rmsprop_l2": (lambda g: O.RMSprop(g, lr=0.001), 0.2, None),
    "adam_l2": (lambda g: O.Adam(g, lr=0.01, eps=1e-3), 0.05, None),
    "adamw": (lambda g: O.AdamW(g, lr=0.01), 0.3, None),
    "sgd_clip": (lambda g: O.SGD(g, lr=0.1), 0, 0.2),
    "adam_clip": (lambda g: O.Adam(g, lr=0.01, eps=1e-3), 0, 0.2),
    "momentum_l2_clip": (lambda g: O.SGD(g, lr=0.03, momentum=0.9), 0.1, 0.15),
}

out = {}
for name, (make, decay, limit) in cases.items():
    network = torch.nn.Sequential()
    for l in range(1, len(init.files) // 2 + 1):
        weights = torch.from_numpy(init["W%d" % l].astype(np.float64))
        layer = torch.nn.Linear(*weights.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = weights.T.contiguous(), torch.from_numpy(init["b%d" % l].astype(np.float64))
        network.extend([layer, torch.nn.ReLU()])
    del network[-1]
    weights = [l.weight for l in network[::2]]
    biases = [l.bias for l in network[::2]]
    optimizer = make([{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0}])
    norms = []
    for step in range(STEPS):
        first = starts[step % len(starts)]
        optimizer.zero_grad()
        outputs = network(rows[first : first + BATCH])
        torch.nn.functional.cross_entropy(outputs, labels[first : first + BATCH]).backward()
        if limit:
            norms.append(torch.nn.utils.clip_grad_norm_(network.parameters(), limit).item())
        optimizer.step()
    if limit:
        print(name, "clipped", np.sum(np.array(norms) > limit), "of", STEPS)
    for l, layer in enumerate(network[::2], 1):
        out["%s_W%d" % (name, l)] = layer.weight.detach().numpy().T.astype(np.float32)
        out["%s_b%d" % (name, l)] = layer.bias.detach().numpy().astype(np.float32)
np.savez_compressed(os.path.join(here, "reference_regularisers.npz"), **out)
