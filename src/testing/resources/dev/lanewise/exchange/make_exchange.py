"""Writes models of PyTorch, scikit-learn and Keras and their predictions; run it in this directory.

It needs numpy, torch, safetensors, onnx and scikit-learn. expected.npz has the rows x and, under the name of each
file, the predictions of its model for them.
"""

import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(0)
rng = np.random.default_rng(0)
x = rng.normal(size=(40, 5)).astype(np.float32)
expected = {"x": x}

ACTIVATIONS = {
    "relu": nn.ReLU(), "leaky-relu": nn.LeakyReLU(), "elu": nn.ELU(), "selu": nn.SELU(), "gelu": nn.GELU(),
    "gelu-tanh": nn.GELU(approximate="tanh"), "silu": nn.SiLU(), "mish": nn.Mish(), "tanh": nn.Tanh(),
    "sigmoid": nn.Sigmoid(), "identity": nn.Identity(),
}


def result(name, net):
    net.eval()
    with torch.no_grad():
        expected[name] = net(torch.from_numpy(x)).numpy()


def export(name, net, opset=13):
    net.eval()
    torch.onnx.export(net, torch.from_numpy(x), name, input_names=["x"], output_names=["y"], opset_version=opset,
                      dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, dynamo=False)
    result(name, net)


for label, activation in ACTIVATIONS.items():
    net = nn.Sequential(nn.Linear(5, 4), activation, nn.Linear(4, 6), activation, nn.Linear(6, 3))
    save_file(net.state_dict(), f"torch_{label}.safetensors")
    result(f"torch_{label}.safetensors", nn.Sequential(net, nn.Softmax(1)))
    export(f"torch_{label}.onnx", nn.Sequential(net, nn.Softmax(1)))

for kind, dtype in (("half", torch.float16), ("bfloat", torch.bfloat16), ("double", torch.float64)):
    net = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)).to(dtype)
    save_file(net.state_dict(), f"torch_{kind}.safetensors", {"activations": "relu", "loss": "softmax"})
    result(f"torch_{kind}.safetensors", nn.Sequential(net.float(), nn.Softmax(1)))


class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.deep, self.out = nn.Linear(5, 7), nn.Linear(7, 7, bias=False), nn.Linear(7, 2)

    def forward(self, rows):
        return torch.sigmoid(self.out(torch.tanh(self.deep(torch.tanh(self.first(rows))))))


named = Named()
save_file(named.state_dict(), "named.safetensors")
result("named.safetensors", named)
export("named.onnx", named)

norm = nn.Sequential(
    nn.BatchNorm1d(5), nn.Linear(5, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 6), nn.GELU(),
    nn.BatchNorm1d(6), nn.Linear(6, 4), nn.BatchNorm1d(4), nn.Softmax(1))
for module in norm:
    if isinstance(module, nn.BatchNorm1d):
        size = module.num_features
        module.running_mean.copy_(torch.randn(size))
        module.running_var.copy_(torch.rand(size) + 0.3)
        module.weight.data.copy_(torch.rand(size) + 0.5)
        module.bias.data.copy_(torch.randn(size))
export("norm.onnx", norm)
export("regression.onnx", nn.Sequential(nn.Flatten(), nn.Linear(5, 4), nn.Hardtanh(0, 1e30), nn.Linear(4, 2)))

# The operators that skl2onnx writes for a pipeline of StandardScaler and MLPClassifier.
y = np.array(["a", "b", "c"])[(x[:, :3]).argmax(1)]
scaler = StandardScaler().fit(x)
clf = MLPClassifier((6, 5), activation="tanh", max_iter=50, random_state=0).fit(scaler.transform(x), y)
nodes, constants, t = [], [], "X"


def constant(name, value):
    constants.append(numpy_helper.from_array(np.asarray(value), name))
    return name


def node(op, *inputs, **attributes):
    global t
    t = f"t{len(nodes)}"
    nodes.append(helper.make_node(op, list(inputs), [t], name=f"N{len(nodes)}", **attributes))
    return t


node("Sub", "X", constant("mean", scaler.mean_.astype(np.float32)))
node("Div", t, constant("scale", scaler.scale_.astype(np.float32)))
node("Cast", t, to=1)
for i, (w, b) in enumerate(zip(clf.coefs_, clf.intercepts_)):
    node("MatMul", t, constant(f"coefficient{i}", w.astype(np.float32)))
    node("Add", t, constant(f"intercepts{i}", b.astype(np.float32).reshape(1, -1)))
    node("Softmax" if i == 2 else "Tanh", t)
nodes.append(helper.make_node("Identity", [t], ["probabilities"]))
nodes.append(helper.make_node("ArgMax", [t], ["label"], axis=1, keepdims=0))
graph = helper.make_graph(
    nodes, "pipeline", [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 5])],
    [helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
     helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 3])], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
onnx.checker.check_model(model)
onnx.save(model, "pipeline.onnx")
expected["pipeline.onnx"] = clf.predict_proba(scaler.transform(x))


def sklearn(name, model, rows, **more):
    arrays = {f"coefs_{i}": w for i, w in enumerate(model.coefs_)}
    arrays |= {f"intercepts_{i}": b for i, b in enumerate(model.intercepts_)}
    np.savez(name, activation=model.activation, out_activation_=model.out_activation_, **arrays, **more)
    probability = hasattr(model, "predict_proba")
    expected[name] = model.predict_proba(rows) if probability else model.predict(rows)


z = scaler.transform(x)
scale = {"mean_": scaler.mean_, "scale_": scaler.scale_}
for activation in ("relu", "logistic", "tanh", "identity"):
    fit = {"activation": activation, "max_iter": 30, "random_state": 0}
    binary = MLPClassifier((4,), **fit).fit(z, np.where(x[:, 0] > 0, "yes", "no"))
    sklearn(f"binary_{activation}.npz", binary, z, classes_=binary.classes_, **scale)
    multi = MLPClassifier((4, 3), **fit).fit(z, x[:, :3].argmax(1))
    sklearn(f"multi_{activation}.npz", multi, z, classes_=multi.classes_, **scale)
    labels = MLPClassifier((4,), **fit).fit(x, (x[:, :2] > 0).astype(int))
    sklearn(f"labels_{activation}.npz", labels, x)
    numbers = MLPRegressor((4,), **fit).fit(z, x[:, :2] * 100)
    sklearn(f"numbers_{activation}.npz", numbers, z, **scale)

# The order of Keras' model.get_weights(): kernel [in][out], bias, kernel, bias, and so on.
weights = [rng.normal(size=s).astype(np.float32) for s in ((5, 5), (5,), (5, 3), (3,))]
np.savez("keras.npz", *weights)
hidden = np.maximum(x @ weights[0] + weights[1], 0)
logits = (hidden @ weights[2] + weights[3]).astype(np.float64)
p = np.exp(logits - logits.max(1, keepdims=True))
expected["keras.npz"] = p / p.sum(1, keepdims=True)

np.savez_compressed("expected.npz", **{k: np.asarray(v, np.float64) for k, v in expected.items()})
