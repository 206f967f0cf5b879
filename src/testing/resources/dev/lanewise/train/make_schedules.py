"""Makes reference_schedules.npz for ScheduleTest: for each of PyTorch's schedulers, the learning rates of 50 epochs and the
final parameters in float64. The data and the first weights are those of make_reference.py, with plain SGD and one step of
all rows per epoch. For the plateau, the file also has the validation losses, which determine the rates.

    python3 make_schedules.py           (Debian's python3-torch, 2.6; writes beside itself)
"""
import os
import numpy as np
import torch
from torch.optim import lr_scheduler as S

here = os.path.dirname(os.path.abspath(__file__))
data = np.load(os.path.join(here, "reference_data.npz"))
init = np.load(os.path.join(here, "reference_init.npz"))
EPOCHS, ETA = 50, 0.2


def split(name):
    rows = data["inputs_" + name].reshape(len(data["inputs_" + name]), -1) / 255.0
    return torch.from_numpy(rows), torch.from_numpy(data["target_" + name].astype(np.int64))


def warm(optimizer, epochs, after):
    linear = S.LinearLR(optimizer, start_factor=1 / (epochs + 1), total_iters=epochs)
    return S.SequentialLR(optimizer, [linear, after], milestones=[epochs])


schedules = {
    "constant": lambda o: S.ConstantLR(o, factor=1),
    "step": lambda o: S.StepLR(o, 7, 0.6),
    "exponential": lambda o: S.ExponentialLR(o, 0.93),
    "inverse": lambda o: S.LambdaLR(o, lambda t: 1 / (1 + 0.1 * t)),
    "cosine": lambda o: S.CosineAnnealingLR(o, 30, 0.01),
    "plateau": lambda o: S.ReduceLROnPlateau(o, factor=0.3, patience=2, min_lr=0.005),
    "warm_constant": lambda o: S.LinearLR(o, start_factor=1 / 11, total_iters=10),
    "warm_step": lambda o: warm(o, 5, S.StepLR(o, 7, 0.6)),
    "warm_cosine": lambda o: warm(o, 8, S.CosineAnnealingLR(o, 42, 0)),
}

out = {}
for name, make in schedules.items():
    network = torch.nn.Sequential()
    for l in range(1, len(init.files) // 2 + 1):
        weights = torch.from_numpy(init["W%d" % l].astype(np.float64))
        layer = torch.nn.Linear(*weights.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = weights.T.contiguous(), torch.from_numpy(init["b%d" % l].astype(np.float64))
        network.extend([layer, torch.nn.ReLU()])
    del network[-1]
    # A plateau needs rising validation losses; at this rate the network overfits the training rows.
    optimizer = torch.optim.SGD(network.parameters(), lr=2.0 if name == "plateau" else ETA)
    scheduler = make(optimizer)
    rates, losses = [], []
    rows, labels = split("train")
    for epoch in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(rows), labels).backward()
        optimizer.step()
        with torch.no_grad():
            valid = split("valid")
            losses.append(torch.nn.functional.cross_entropy(network(valid[0]), valid[1]).item())
        scheduler.step(*([losses[-1]] if name == "plateau" else []))
    print(name, np.round(rates, 4), np.round(losses, 4) if name == "plateau" else "")
    out[name + "_rates"], out[name + "_losses"] = np.array(rates), np.array(losses)
    for l, layer in enumerate(network[::2], 1):
        out["%s_W%d" % (name, l)] = layer.weight.detach().numpy().T.astype(np.float32)
        out["%s_b%d" % (name, l)] = layer.bias.detach().numpy().astype(np.float32)
np.savez_compressed(os.path.join(here, "reference_schedules.npz"), **out)
