"""Compare the verifier with the conformance vectors: every case is computed, and its bits are compared.

    python3 lanewise_verifier.py --vectors data/conformance

The exit code is 0 if all agree, and 1 if not. The runs of runs.json need half a minute on an idle machine.
"""

import json
import math
import os
from types import SimpleNamespace

import numpy as np

F32, F64 = np.float32, np.float64
UNKNOWN = "a case that this program does not know"
SHAPE = {"sigmoid": "sigmoid", "mse": "mse", "huber": "mse", "mae": "mae", "softmax": "softmax", "pinball-0.7": "mse"}


def floats(text):
    """Return the f32 numbers, or the f64 numbers, of a text of hexadecimal digits."""
    words = text.split()
    wide = bool(words) and len(words[0]) == 16
    return np.array([int(w, 16) for w in words], np.uint64 if wide else np.uint32).view(F64 if wide else F32)


def hexes(values):
    """Return the text of f32, f64 or uint64 numbers. All NaN are written as one."""
    values = np.ascontiguousarray(values).reshape(-1)
    if values.dtype == np.uint64:
        return " ".join("%016x" % v for v in values.tolist())
    wide = values.dtype == F64
    nan = "7ff8000000000000" if wide else "7fc00000"
    patterns = values.view(np.uint64 if wide else np.uint32).tolist()
    return " ".join(nan if v != v else ("%016x" if wide else "%08x") % p for v, p in zip(values, patterns))


def shapes(sizes, numbers):
    """Return the arrays W, b, W, b, ... of a flat array of parameters."""
    arrays, at = [], 0
    for inputs, outputs in zip(sizes, sizes[1:]):
        for shape in ((inputs, outputs), (outputs,)):
            arrays.append(numbers[at:at + math.prod(shape)].reshape(shape).copy())
            at += math.prod(shape)
    return arrays


def flat(parameters):
    """Return parameters as a flat array."""
    return np.concatenate([p.reshape(-1) for p in parameters])


def options_of(text):
    """Return options such as "a=1 b=2" by name."""
    return dict(word.split("=", 1) for word in text.split())


class Cases:
    """Computes the cases, one method a file; each yields pairs of what was found and what is expected, with a name."""

    def __init__(self, v):
        self.v = v

    def options(self, **changes):
        """Return options of a network, as the verifier has them, with changes."""
        values = {**self.v.settle_options(changes.pop("given", {}), SimpleNamespace(kind="course", loss="mse"),
                                          SimpleNamespace(t=[0], w=None), None)}
        o = self.v.network_options(values, {}, SimpleNamespace(loss=changes.get("loss", "softmax")), False)
        vars(o).update(changes)
        return o

    def functions(self, cases):
        """exp, log and log1pexp of section 13, and the activations of section 14."""
        for c in cases:
            x = floats(c["x"])
            function = {"exp": self.v.exp, "log": self.v.log, "log1pexp": self.v.log1pexp}.get(c["case"])
            if function:
                yield "y", hexes(function(x)), c["y"]
                continue
            forward, backward = self.v.ACTIVATIONS[c["case"]]
            y = forward(x)
            yield "y", hexes(y), c["y"]
            yield "gradient", hexes(backward(x, y, floats(c["g"]))), c["gradient"]

    def layers(self, cases):
        """The products of a layer, of sections 12 and 16."""
        for c in cases:
            n, k, m = c["n"], c["k"], c["m"]
            x, w, b = floats(c["x"]).reshape(n, k), floats(c["w"]).reshape(k, m), floats(c["b"])
            g = floats(c["g"]).reshape(n, m)
            o = self.options(activations=["relu"])
            relu = self.v.ACTIVATIONS["relu"]
            yield "y", hexes(relu[0](self.v.chain(x, w, b))), c["y"]
            # A first layer whose outputs are x, so that the gradient goes through its relu.
            first = [np.eye(k, dtype=F32), np.zeros(k, F32)]
            gradients = self.v.backward(o, first + [w, b], [x, None], [relu[0](x)], [x, x], g, None)
            yield "gradient of w", hexes(gradients[2]), c["gradient of w"]
            yield "gradient of b", hexes(gradients[3]), c["gradient of b"]
            through = relu[1](x, x, self.v.chain(g, w.T, F32(0)))
            yield "gradient of x", hexes(through), c["gradient of x"]

    def losses(self, cases):
        """Losses and their gradients, of section 15."""
        for c in cases:
            o = self.options(loss=c["case"], label_smoothing=0.0)
            x = floats(c["x"]).reshape(c["n"], c["k"])
            if c["case"] != "softmax":
                t = floats(c["t"]).reshape(x.shape)
                yield "loss", hexes(self.v.losses(o, x, t)), c["loss"]
                yield "gradient", hexes(self.v.loss_gradient(o, x, t, None)), c["gradient"]
                continue
            t, weights = np.array(c["t"]), floats(c["weights"])
            yield "first largest", x.argmax(axis=1).tolist(), c["first largest"]
            yield "loss", hexes(self.v.losses(o, x, t)), c["loss"]
            yield "gradient", hexes(self.v.loss_gradient(o, x, t, None)), c["gradient"]
            o.label_smoothing = 0.1
            smooth = self.v.losses(o, x, t, F32(0.1))
            yield "smooth loss", hexes(smooth), c["smooth loss"]
            yield "smooth gradient", hexes(self.v.loss_gradient(o, x, t, None)), c["smooth gradient"]
            yield "weighted loss", hexes(smooth * weights), c["weighted loss"]
            yield "weighted gradient", hexes(self.v.loss_gradient(o, x, t, weights)), c["weighted gradient"]

    def random(self, cases):
        """Random numbers, functions in f64 and initial weights, of sections 3, 4 and 10."""
        for c in cases:
            if c["case"].startswith("key"):
                stream, index = (int(word) for word in c["case"].replace("key of stream ", "").split(", index "))
                k = self.v.key(c["seed"] & self.v.MASK, stream, index)
                count = len(c["bits"].split())
                yield "key", "%016x" % k, c["key"]
                yield "bits", " ".join("%016x" % self.v.bits(k, i) for i in range(count)), c["bits"]
                yield "many bits", hexes(self.v.many_bits(k, 0, count)), c["bits"]
                yield "uniform", hexes(self.v.uniforms(k, 0, len(c["uniform"].split()))), c["uniform"]
            elif "keys" in c:
                found = [self.v.gaussians(int(k, 16), 0, 1)[0] for k in c["keys"].split()]
                yield "numbers", hexes(np.array(found)), c["numbers"]
            elif c["case"].startswith("gaussian"):
                count = len(c["numbers"].split())
                yield "numbers", hexes(self.v.gaussians(int(c["key"], 16), 0, count)), c["numbers"]
            elif c["case"].startswith("dropout"):
                kept = floats(c["kept"])
                found = self.v.kept_by_dropout(int(c["key"], 16), len(kept), c["threshold"])
                yield "kept", found.tolist(), (kept != 0).tolist()
            elif c["case"] == "permutation":
                yield "order", self.v.permutation(int(c["key"], 16), c["n"]), c["order"]
            elif c["case"] == "pow":
                x = float(floats(c["x"])[0])
                yield "z", hexes(np.array([self.v.pow64(x, int(y)) for y in floats(c["y"])])), c["z"]
            elif c["case"] in ("log", "exp", "cos", "sin"):
                function = {"log": self.v.log64, "exp": self.v.exp64, "cos": self.v.cos64,
                            "sin": lambda x: self.v.cos64(x, 3)}[c["case"]]
                yield "y", hexes(np.array([function(x) for x in floats(c["x"]).tolist()])), c["y"]
            elif "init" in c:
                sizes = [int(size) for size in c["case"].split()[-1].split("-")]
                found = self.v.initial_parameters(c["init"], sizes, c["seed"] & self.v.MASK)
                yield "parameters", hexes(flat(found)), c["parameters"]
            else:
                yield UNKNOWN, None, c["case"]

    def updates(self, cases):
        """Steps of optimizers, learning rates, clipping and input factors, of sections 16 to 18."""
        for c in cases:
            if c["case"].startswith("four steps"):
                yield from self.steps(c)
            elif c["case"].startswith("rates of epochs"):
                yield "rates", hexes(np.array(self.rates(c))), c["rates"]
            elif c["case"].startswith("cosine-log"):
                o = self.options(schedule="cosine-log", eta=0.04, schedule_epochs=3, warmup=0)
                steps = len(c["rates"].split()) // 3
                rates = [self.v.learning_rate(o, e, s, steps, None) for e in range(3) for s in range(steps)]
                yield "rates", hexes(np.array(rates)), c["rates"]
            elif c["case"].startswith("flat-cosine"):
                o = self.options(dropout_schedule="flat-cosine", dropout_epochs=3)
                count = len(c["shares"].split())
                shares = [self.v.dropout_share(o, i // 7, i % 7, 7) for i in range(count)]
                yield "shares", hexes(np.array(shares)), c["shares"]
            elif c["case"].startswith("factor of clip"):
                g = np.array([F32(i * 7919 % 1009 - 504) / F32(777) for i in range(c["n"])])
                yield "gradients", hexes(self.v.clip([g], float(floats(c["clip-norm"])[0]))[0]), hexes(g * floats(c["factor"])[0])
            elif "V, f" in c:
                f = floats(c["V, f"])
                rows = 3
                v, f = f[:-rows].reshape(rows, -1), f[-rows:]
                dw = floats(c["dW"]).reshape(v.shape)
                yield "W", hexes(f[:, None] * v), c["W"]
                found = np.append((f[:, None] * dw).reshape(-1), self.v.sum16(v * dw))
                yield "dV, df", hexes(found.astype(F32)), c["dV, df"]
            else:
                yield UNKNOWN, None, c["case"]

    def steps(self, c):
        """Yield the weights and states of some steps of an optimizer."""
        w = floats(c["weights"]).reshape(5, -1).copy()
        own = {name: c[name] for name in ("momentum", "beta1", "beta2", "epsilon")}
        o = self.options(optimizer=c["optimizer"], weight_decay=c["weight decay"], rate_by_inputs=True, clip_norm=0.0,
                         **own)
        optimizer = self.v.Optimizer(o, [w], ["w"])
        optimizer.t = c["steps before"]
        for gradient, after in zip(c["gradients"], c["weights after"]):
            optimizer.update([w], [floats(gradient).reshape(w.shape)], 0.03)
            yield "weights after", hexes(w), after
        states = {"sgd": [], "adam": [optimizer.m, optimizer.v], "adamw": [optimizer.m, optimizer.v]}
        for found, state in zip(states.get(c["optimizer"], [optimizer.v]), c["states"]):
            yield "states", hexes(found[0]), state

    def rates(self, c):
        """Return the learning rates of a schedule, epoch by epoch."""
        words, _, warmup = c["schedule"].partition(" behind warm-up ")
        name, *numbers = words.split()
        numbers = [float(number) for number in numbers]
        names = {"cosine": ["schedule_epochs", "schedule_minimum"], "exponential": ["schedule_factor"],
                 "inverse": ["schedule_decay"], "step": ["schedule_epochs", "schedule_factor"],
                 "plateau": ["schedule_epochs", "schedule_factor", "schedule_minimum"], "constant": []}[name]
        o = self.options(schedule=name, eta=0.2, warmup=int(float(warmup or 0)), **dict(zip(names, numbers)))
        plateau = SimpleNamespace(rate=o.eta, best=math.inf, waited=0)
        rates = []
        for epoch in range(len(c["rates"].split())):
            rates.append(self.v.learning_rate(o, epoch, 0, 1, plateau))
            self.v.plateau_after(o, plateau, epoch, 1 / (epoch + 1) if epoch < 6 else 0.16)
        return rates

    def rows(self, cases):
        """Scaling, quantiles, bins, stratification, folds and orders of epochs, of sections 7, 8 and 11."""
        scaled = {}
        for c in cases:
            if "scale" in c:
                x = np.array([floats(row) for row in c["x"]])
                columns = [self.v.scaled_by(c["scale"], np.sort(v).tolist(), v) for v in x.T]
                scaled[c["scale"]] = np.array(columns).T
                yield "scaled", hexes(scaled[c["scale"]]), c["scaled"]
            elif c["case"] == "robust with the median 0 and the width 1":
                found = self.v.scaled_by("robust", [-0.5, -0.5, 0.0, 0.5, 0.5], floats(c["x"]))
                yield "scaled", hexes(found), c["scaled"]
            elif c["case"].startswith("4 bins"):
                edges = self.v.bin_edges(scaled["robust"], 4)
                yield "edges", [hexes(np.array(e, F64)) for e in edges], c["edges"]
                yield "inputs", hexes(self.v.with_bins(scaled["robust"], edges)[:, 3:]), c["inputs"]
            elif c["case"].startswith("quantiles"):
                names, _, first = c["case"].replace("quantiles ", "").partition(" of the first ")
                qs, x = [float(word) for word in names.split(", ")], floats(c["x"])
                x = np.sort(x[:int(first)] if first else x).tolist()
                yield "quantiles", hexes(np.array([self.v.quantile_of(x, q) for q in qs])), c["quantiles"]
            elif c["case"] == "stratified order":
                rest, test = self.v.take_classes(list(range(len(c["classes"]))), c["test"], c["classes"])
                rest, valid = self.v.take_classes(rest, c["validation"], c["classes"])
                yield "order", rest + valid + test, c["order"]
            elif c["case"].startswith("validation rows"):
                folds = self.v.fold_of_rows(c["seed"] & self.v.MASK, c["classes"])
                found = [np.nonzero(folds == j)[0].tolist() for j in range(5)]
                expected = [[int(v) for v in floats(row)] for row in c["rows"]]
                yield "rows", found, expected
            elif c["case"] == "shards":
                o = SimpleNamespace(no_shuffle=False, shards=c["shards"], batch_size=c["batch size"])
                for epoch in (0, 9):
                    order = self.v.order_in_shards(o, c["seed"] & self.v.MASK, epoch, c["rows"])
                    yield "order of epoch", order.tolist(), c["order of epoch %d" % epoch]
                last = order[c["rows"] // c["batch size"] * c["batch size"]:]
                found = [at.start for at in self.v.shares(o, last)] + [len(last)]
                yield "first rows", found, c["first rows of the shards in the last mini-batch"]
            elif c["case"] in ("shuffled", "balanced"):
                o = SimpleNamespace(no_shuffle=False, shards=1, balanced=c["case"] == "balanced")
                for epoch in (0, 9):
                    order = self.v.epoch_order(o, c["seed"] & self.v.MASK, epoch, np.array(c["classes"]))
                    yield "order of epoch", order.tolist(), c["order of epoch %d" % epoch]
            else:
                yield UNKNOWN, None, c["case"]

    def trainings(self, cases):
        """Small networks, epoch by epoch."""
        parts = {}
        for c in cases:
            if "options" not in c:
                parts[c["case"], c["loss"]] = c
                continue
            loss, sizes = c["loss"], [int(size) for size in c["case"].split()[-1].split("-")]
            kept = [parts[name, SHAPE[loss]] for name in ("training rows", "validation rows")]
            given = {**options_of(c["options"]), "activation": c["activation"],
                     "hidden": ",".join(map(str, sizes[1:-1]))}
            train, valid = (self.training_rows(part, loss, sizes, "weight-column" in given) for part in kept)
            data = SimpleNamespace(kind="course", loss=loss, outputs=sizes[-1], train=train, valid=valid)
            o = self.v.network_options(self.v.settle_options(given, data, train, valid), given, data, False)
            after = [c["initial"]] + c["after"]
            for done, parameters, end in self.v.train(o, data, int(given["seed"]), o.epochs):
                if done == "end":
                    yield "result", hexes(flat(parameters)), c["result"]
                    yield "best epoch", -1 if end[0] is None else end[0], c["best epoch"]
                else:
                    yield "after epoch %d" % done, hexes(flat(parameters)), after[done]

    def training_rows(self, part, loss, sizes, weighted):
        """Return rows of a small network."""
        x, w = floats(part["x"]).reshape(-1, sizes[0]), floats(part["weights"]) if weighted else None
        t = np.array(part["t"]) if loss == "softmax" else floats(part["t"]).reshape(len(x), -1)
        raw = None if loss == "softmax" else t.astype(F64)
        return SimpleNamespace(x=x, t=t, w=w, raw=raw, target_scaling=None)

    def averages(self, cases):
        """Means of the results of several networks, of section 20."""
        for c in cases:
            x, networks, results = floats(c["x"]).reshape(c["n"], -1), [], []
            weights = c["weights"] or [1] * len(c["sizes"])
            for sizes, parameters, weight in zip(c["sizes"], c["parameters"], weights):
                sizes = [int(size) for size in sizes.split("-")]
                o = self.options(loss=c["loss"], activations=["relu"] * (len(sizes) - 2))
                networks.append(SimpleNamespace(o=o, edges=[], weight=weight))
                results.append(shapes(sizes, floats(parameters)))
            scaling = [floats(c[name]) for name in ("mean of the targets", "deviation")] if c["deviation"] else None
            rows = SimpleNamespace(x=x, target_scaling=scaling)
            yield "means", hexes(self.v.mean_results(networks, results, rows)), c["means"]

    def selections(self, cases):
        """Weights by selection, temperatures and calibrated probabilities, of section 20."""
        for c in cases:
            o = self.options(loss=c["loss"], activations=["relu"])
            softmax, folds = c["loss"] == "softmax", []
            for x, t, w in zip(c["x"], c["targets"], c["weights of rows"]):
                t = np.array(t) if softmax else floats(t).reshape(-1, 3)
                folds.append(SimpleNamespace(x=floats(x).reshape(-1, 2).astype(F32), w=floats(w).astype(F32),
                                             t=t if softmax else t.astype(F32), raw=t, target_scaling=None))
            networks, results = [], []
            o.balanced, o.class_weights = False, "none"
            for i, parameters in enumerate(c["parameters"]):
                rows = SimpleNamespace(train=folds[0], valid=folds[i % 3 % 2], outputs=3)
                networks.append(SimpleNamespace(o=o, rows=rows, group=i // 3, fold=i % 3 % 2, weight=1))
                results.append(shapes([2, 4, 3], floats(parameters)))
            held = self.v.held_out(networks, results, True)
            yield "weights", self.v.selected_weights(o, held, 2), c["weights by 20 further selections"]
            if softmax:
                found = self.v.temperature_of(held, [3, 1, 7])
                yield "temperature", hexes(np.array([found] if found else [])), c["temperature with the weights 3, 1, 7"]
                if found is None:
                    continue
                p = np.array([[0.5, 0.3, 0.2], [0, 1e-9, 1], [0.2, 2.0 ** -149, 0.8]])
                expected = c["calibrated 0.5 0.3 0.2, 0 1e-9 1, 0.2 2^-149 0.8"]
                yield "calibrated", hexes(self.v.calibrated(found, p)), expected

    def tables(self, cases):
        """Tables as CSV, and the inputs and divisions that follow from them, of sections 6 to 8."""
        for c in cases:
            given = options_of(c["options"])
            data = self.v.read_table(given, {"data": ("table.csv", {"table.csv": c["csv"].encode("utf-8")})})
            self.v.scale(given, data)
            parts = [data.train, data.valid, data.test]
            for name, part in zip(("training", "validation", "test"), parts):
                yield name + " rows", [] if part is None else part.place.tolist(), c[name + " rows"]
            yield "loss", data.loss, c["loss"]
            yield "inputs of a row", data.train.x.shape[1], c["inputs of a row"]
            for part, expected in zip((data.train, data.test), c["inputs"]):
                found = np.zeros(0, F32) if part is None else part.x
                digest = self.v.hashlib.sha256(found.astype("<f4").tobytes()).hexdigest()
                yield "inputs", "sha256 " + digest if found.size > 4000 else hexes(found), expected
            t = data.train.t
            yield "targets", t.tolist() if data.loss == "softmax" else hexes(t), c["targets of the training rows"]

    def runs(self, cases):
        """Whole runs, epoch by epoch."""
        for c in cases:
            given, name = {}, None
            for word in c["options"].split():
                if word.startswith("--"):
                    name = word[2:]
                    given[name] = ""
                else:
                    given[name] = word
            path = os.path.join(self.folder, "..", "..", given["data"])
            finals = []
            _, _, networks = self.v.networks_of(given, {"data": (path, {path: self.v.file_bytes(path)})})
            for j, network in enumerate(networks):
                training = self.v.train(network.o, network.rows, network.seed, network.o.epochs)
                for done, parameters, end in training:
                    if done == "end":
                        finals.append(self.v.digest(parameters))
                        yield "best epoch", -1 if end[0] is None else end[0], c["best epochs"][j]
                    else:
                        yield "network %d epoch %d" % (j, done), self.v.digest(parameters), c["digests"][j][done]
            yield "results", finals, c["results"]
            result = finals[0] if len(finals) == 1 else self.v.digest_of_networks(finals)
            yield "result", result, c["result"]


def main(folder, verifier):
    """Compute all cases of a folder, print how many values agree, and return the exit code."""
    cases, wrong = Cases(verifier), 0
    cases.folder = folder
    for name in ("functions", "layers", "losses", "random", "updates", "rows", "trainings", "averages", "selections",
                 "tables", "runs"):
        with open(os.path.join(folder, name + ".json"), encoding="utf-8") as file:
            content = json.load(file)
        values = differences = 0
        for what, found, expected in getattr(cases, name)(content["cases"]):
            values += 1
            if found != expected:
                differences += 1
                print("%s.json, value %d, %s: %s DIFFERS from %s" % (name, values, what, found, expected))
        print("%s.json: %d cases, %d values, %d differ" % (name, len(content["cases"]), values, differences), flush=True)
        wrong += differences
    return 1 if wrong else 0
