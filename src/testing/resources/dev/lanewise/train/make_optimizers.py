"""Makes reference_optimizers.npz for OptimizersTest: the parameters after 50 steps of each of PyTorch's optimizers in float64.
The data and the first weights are those of make_reference.py, with mini-batches of 15 in file order and the learning rate
0.01. RMSprop's first steps are ten times its learning rate, which would amplify rounding errors, so its rate is 0.001.
AdamW's decay applies to weights only; biases are a separate parameter group.

    python3 make_optimizers.py           (Debian's python3-torch, 2.6; writes beside itself)
"""
import os
import numpy as np
import torch

here = os.path.dirname(os.path.abspath(__file__))
data = np.load(os.path.join(here, "reference_data.npz"))
init = np.load(os.path.join(here, "reference_init.npz"))
BATCH, STEPS, ETA = 15, 50, 0.01

rows = torch.from_numpy(data["inputs_train"].reshape(len(data["inputs_train"]), -1) / 255.0)
labels = torch.from_numpy(data["target_train"].astype(np.int64))
starts = list(range(0, len(rows), BATCH))

optimizers = {
    "sgd": lambda p: torch.optim.SGD(p, lr=ETA),
    "momentum": lambda p: torch.optim.SGD(p, lr=ETA, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=ETA, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=ETA / 10),
    "adam": lambda p: torch.optim.Adam(p, lr=ETA),
    "adam_other": lambda p: torch.optim.Adam(p, lr=ETA, betas=(0.7, 0.95), eps=1e-3),
    "adamw": lambda p: torch.optim.AdamW(p, lr=ETA),
}

out = {}
for name, make in optimizers.items():
    network = torch.nn.Sequential()
    for l in range(1, len(init.files) // 2 + 1):
        weights = torch.from_numpy(init["W%d" % l].astype(np.float64))
        layer = torch.nn.Linear(*weights.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = weights.T.contiguous(), torch.from_numpy(init["b%d" % l].astype(np.float64))
        network.extend([layer, torch.nn.ReLU()])
    del network[-1]
    biases = {"params": [l.bias for l in network[::2]]}
    if name == "adamw":
        biases["weight_decay"] = 0
    optimizer = make([{"params": [l.weight for l in network[::2]]}, biases])
    for step in range(STEPS):
        first = starts[step % len(starts)]
        optimizer.zero_grad()
        outputs = network(rows[first : first + BATCH])
        torch.nn.functional.cross_entropy(outputs, labels[first : first + BATCH]).backward()
        optimizer.step()
    for l, layer in enumerate(network[::2], 1):
        out["%s_W%d" % (name, l)] = layer.weight.detach().numpy().T.astype(np.float32)
        out["%s_b%d" % (name, l)] = layer.bias.detach().numpy().astype(np.float32)
np.savez_compressed(os.path.join(here, "reference_optimizers.npz"), **out)
