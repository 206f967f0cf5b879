"""Writes PyTorch's activations and clips as ONNX graphs; run it in this directory.

It needs numpy and torch. activations.npz has the bytes of each graph under its name, the ordered names, the rows x, and
y [names][rows][2], the outputs of each network for these rows in double. The rows have numbers of deviation 1, tiny, large
and huge numbers, numbers of one sign, and zeros of both signs.
"""

import io
import warnings

import numpy as np
import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(3)


class Of(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def quarter(module):
    module.weight.data.fill_(0.25)
    return module


ACTIVATIONS = {
    # Activations of Lanewise, as one operator or composed.
    "relu": nn.ReLU(), "threshold": nn.Threshold(0, 0), "clamp-min-0": Of(lambda x: torch.clamp(x, min=0)),
    "hardtanh-0-1e30": nn.Hardtanh(0, 1e30), "clamp-min-half": Of(lambda x: torch.clamp(x, min=-0.5)),
    "clamp-max-6": Of(lambda x: torch.clamp(x, max=6.0)),
    "maximum-0": Of(lambda x: torch.maximum(x, torch.zeros(()))), "prelu-0": nn.PReLU(1, 0.0),
    "leaky-relu": nn.LeakyReLU(), "prelu-0.01": nn.PReLU(1, 0.01),
    "leaky-maximum": Of(lambda x: torch.maximum(x, 0.01 * x)),
    "leaky-where": Of(lambda x: torch.where(x < 0, 0.01 * x, x)),
    "elu": nn.ELU(), "celu": nn.CELU(), "elu-where": Of(lambda x: torch.where(x > 0, x, torch.exp(x) - 1)),
    "selu": nn.SELU(), "gelu": nn.GELU(), "gelu-20": nn.GELU(), "gelu-tanh": nn.GELU(approximate="tanh"),
    "gelu-erf": Of(lambda x: x * (0.5 + 0.5 * torch.erf(0.7071067811865476 * x))),
    "gelu-pow": Of(lambda x: 0.5 * x * (1 + torch.tanh(0.7978845608028654 * (x + 0.044715 * x**3)))),
    "silu": nn.SiLU(), "silu-exp": Of(lambda x: x / (1 + torch.exp(-x))),
    "silu-1.702": Of(lambda x: x * torch.sigmoid(1.702 * x)),
    "mish": nn.Mish(), "mish-18": nn.Mish(), "mish-log": Of(lambda x: x * torch.tanh(torch.log(1 + torch.exp(x)))),
    "tanh": nn.Tanh(), "tanh-sigmoid": Of(lambda x: 2 * torch.sigmoid(2 * x) - 1),
    "sigmoid": nn.Sigmoid(), "sigmoid-tanh": Of(lambda x: 0.5 * torch.tanh(0.5 * x) + 0.5),
    "sigmoid-exp": Of(lambda x: 1 / (1 + torch.exp(-x))), "identity": nn.Identity(),
    # Functions that Lanewise does not have.
    "relu6": nn.ReLU6(), "relu6-9": nn.ReLU6(), "hardtanh": nn.Hardtanh(), "hardtanh-0-6": nn.Hardtanh(0, 6),
    "hardtanh-0-8": nn.Hardtanh(0, 8), "clamp-0-20": Of(lambda x: torch.clamp(x, 0, 20)),
    "hardswish": nn.Hardswish(), "hardswish-14": nn.Hardswish(), "hardsigmoid": nn.Hardsigmoid(),
    "leaky-relu-0.2": nn.LeakyReLU(0.2), "prelu-0.25": quarter(nn.PReLU(4)), "rrelu": nn.RReLU(),
    "elu-2": nn.ELU(2.0), "celu-2": nn.CELU(2.0), "softplus": nn.Softplus(), "softplus-2": nn.Softplus(2.0),
    "softsign": nn.Softsign(), "tanhshrink": nn.Tanhshrink(), "softshrink": nn.Softshrink(),
    "hardshrink": nn.Hardshrink(), "logsigmoid": nn.LogSigmoid(), "softmax": nn.Softmax(1),
    "log-softmax": nn.LogSoftmax(1), "square": Of(lambda x: x * x), "abs": Of(torch.abs), "sin": Of(torch.sin),
    "square-relu": Of(lambda x: torch.relu(x) ** 2), "relu-tanh": nn.Sequential(nn.Tanh(), nn.ReLU()),
    "step": Of(lambda x: torch.where(x > 0.5, x, 0.25 * x)), "silu-1.01": Of(lambda x: x * 1.01 * torch.sigmoid(x) + 0.01 * x),
}

rng = np.random.default_rng(0)
base = rng.normal(size=(4, 3))
x = np.concatenate([scale * base for scale in (1, 1e-7, 30, 1e3, 1e6)])
x = np.concatenate([x, np.abs(base) * 1e6, -np.abs(base) * 1e6, np.abs(base), -np.abs(base), [[0.0] * 3, [-0.0] * 3]])
x = torch.from_numpy(x.astype(np.float32))
arrays, y = {"x": x.numpy()}, []
for name, activation in ACTIVATIONS.items():
    net = nn.Sequential(nn.Linear(3, 4), activation, nn.Linear(4, 2)).eval()
    out = io.BytesIO()
    opset = {"9": 9, "14": 14, "18": 18, "20": 20}.get(name.split("-")[-1], 13)
    torch.onnx.export(net, x, out, input_names=["x"], output_names=["y"], opset_version=opset, dynamo=False,
                      dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
    arrays[name] = np.frombuffer(out.getvalue(), np.uint8)
    with torch.no_grad():
        y.append(net.double()(x.double()).numpy().astype(np.float32))
np.savez_compressed("activations.npz", names=list(ACTIVATIONS), y=y, **arrays)
print(len(ACTIVATIONS))
