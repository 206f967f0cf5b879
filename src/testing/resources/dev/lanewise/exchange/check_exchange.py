"""Loads files written by Lanewise into PyTorch and onnx.checker: python3 check_exchange.py DIRECTORY.

rows.npz has the rows x and, under the name of each model, its predictions. The script prints the largest difference.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

ACTIVATIONS = {
    "relu": nn.ReLU, "leaky-relu": nn.LeakyReLU, "elu": nn.ELU, "selu": nn.SELU, "gelu": nn.GELU,
    "gelu-tanh": lambda: nn.GELU(approximate="tanh"), "silu": nn.SiLU, "mish": nn.Mish, "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid, "softplus": nn.Softplus, "identity": nn.Identity,
}
OUTPUTS = {"softmax": nn.Softmax(1), "sigmoid": nn.Sigmoid(), "mse": nn.Identity(), "huber": nn.Identity(), "mae": nn.Identity(),
           "pinball-0.9": nn.Identity()}

directory = Path(sys.argv[1])
rows = np.load(directory / "rows.npz")
x = torch.from_numpy(rows["x"])
largest = 0
for file in sorted(directory.glob("*.safetensors")):
    with safe_open(file, "pt") as opened:
        facts = opened.metadata()
    layers = []
    tensors = load_file(file)
    for i, label in enumerate([*facts["activations"].split(","), None]):
        w = tensors[f"{2 * i}.weight"]
        layers += [nn.Linear(w.shape[1], w.shape[0])] + ([ACTIVATIONS[label]()] if label else [])
    net = nn.Sequential(*layers)
    net.load_state_dict(tensors, strict=True)
    with torch.no_grad():
        found = nn.Sequential(net, OUTPUTS[facts["loss"]])(x).numpy()
    expected = rows[file.stem]
    difference = np.abs(found - expected).max() / max(1, np.abs(expected).max())
    assert difference <= 1e-5, (file, difference)
    largest = max(largest, difference)
for file in directory.glob("*.onnx"):
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version == 7 and model.opset_import[0].version == 13
print(len(list(directory.glob("*.safetensors"))), len(list(directory.glob("*.onnx"))), largest)
