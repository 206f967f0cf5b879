"""Makes activations.npz for ActivationTest: PyTorch's activations of x in float64, and the gradients with respect to x
for gradients g with respect to the outputs.

    python3 make_activations.py           (Debian's python3-torch, 2.6; writes beside itself)
"""
import os
import numpy as np
import torch
from torch.nn import functional as f

random = np.random.default_rng(6)
x = np.concatenate([np.linspace(-9, 9, 181), random.normal(size=150), 1e-4 * random.normal(size=20), [-30, -15, 15, 30]])
x = torch.from_numpy(x.astype(np.float32).astype(np.float64)).requires_grad_()
g = torch.from_numpy(random.normal(size=len(x)).astype(np.float32).astype(np.float64))
functions = {
    "leaky_relu": lambda x: f.leaky_relu(x, 0.01),
    "elu": f.elu,
    "selu": f.selu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "silu": f.silu,
    "mish": f.mish,
    "softplus": f.softplus,
    "gelu": f.gelu,
    "gelu_tanh": lambda x: f.gelu(x, approximate="tanh"),
}
out = {"x": x.detach().numpy().astype(np.float32), "g": g.numpy().astype(np.float32)}
for name, function in functions.items():
    y = function(x)
    out[name + "_y"] = y.detach().numpy()
    out[name + "_dx"] = torch.autograd.grad(y, x, g)[0].numpy()
np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "activations.npz"), **out)
