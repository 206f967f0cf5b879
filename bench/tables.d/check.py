"""Reads and writes files for bench/tables.

    check.py drop TABLE ROWS                        writes a table without its last column, the target
    check.py score TABLE EVALUATION PREDICTIONS     prints the score of an evaluation, the loss (mean log loss, or 1 - R2),
                                                    the mean probability of the second of two classes less its share,
                                                    the number of rows, and whether predictions without the target have
                                                    the same score
"""

import csv
import json
import sys


def rows(file):
    with open(file, newline="", encoding="utf-8") as lines:
        return list(csv.reader(lines))


if sys.argv[1] == "drop":
    with open(sys.argv[3], "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(row[:-1] for row in rows(sys.argv[2]))
else:
    targets = [row[-1] for row in rows(sys.argv[2])[1:]]
    events = [json.loads(line) for line in open(sys.argv[3])]
    evaluation = next(event for event in events if event["event"] == "evaluation")
    header, *predictions = rows(sys.argv[4])
    surplus = ""
    if "r2" in evaluation:
        score = evaluation["r2"]
        loss = 1 - score
        pairs = [(float(t), float(row[1])) for t, row in zip(targets, predictions)]
        mean = sum(t for t, _ in pairs) / len(pairs)
        again = 1 - sum((t - y) ** 2 for t, y in pairs) / sum((t - mean) ** 2 for t, _ in pairs)
    else:
        score = evaluation["accuracy"]
        loss = evaluation["loss"]
        if len(header) == 4:  # row, predicted class, a probability of each class
            name = header[3].removeprefix("p_")
            surplus = f"{sum(float(row[3]) for row in predictions) / len(targets) - targets.count(name) / len(targets):.5f}"
        again = sum(t == row[1] for t, row in zip(targets, predictions)) / len(targets)
    same = abs(score - again) < 1e-6 and len(predictions) == len(targets)
    print(f"{score:.5f},{loss:.5f},{surplus},{len(targets)},{'same' if same else f'differ: {again:.5f}'}")
