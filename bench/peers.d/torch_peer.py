"""Times PyTorch: an epoch of both trainings with shuffle and validation, and a prediction by the course's network."""
import re
import sys
import torch
from common import TRAININGS, report, report_row, report_version

blas = re.search(r"BLAS_INFO=([^,\s]+)", torch.__config__.show())
report_version("PyTorch", torch.__version__, "BLAS " + (blas.group(1) if blas else "unknown"))

torch.manual_seed(0)
torch.set_num_threads(int(sys.argv[1]))


def network(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


for name, (sizes, optimizer, batch, eta, rows, valid) in TRAININGS.items():
    x, t = torch.rand(rows, sizes[0]), torch.randint(0, sizes[-1], (rows,))
    x_valid, t_valid = torch.rand(valid, sizes[0]), torch.randint(0, sizes[-1], (valid,))
    net = network(sizes)
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
    optim = kind(net.parameters(), lr=eta, fused=True)  # one pass over the parameters
    loss = torch.nn.CrossEntropyLoss()

    def epoch():
        order = torch.randperm(rows)
        for first in range(0, rows, batch):
            chosen = order[first : first + batch]
            optim.zero_grad()
            loss(net(x[chosen]), t[chosen]).backward()
            optim.step()
        with torch.no_grad():
            for first in range(0, valid, batch):
                loss(net(x_valid[first : first + batch]), t_valid[first : first + batch])

    report(name, epoch)
    if name == "course":
        with torch.no_grad():
            row = x[:1]
            report_row(lambda: torch.softmax(net(row), 1))
