"""Reads a table with pandas and with Lanewise: pandas' C parser in MB/s, with default and correctly rounded numbers, and whole processes
that read, describe and count, in turn, as processor time. The table has 500,000 rows of 28 numbers and a label, as CsvBenchmark's.

    mvn -q -Pbench package -Dmaven.test.skip
    /usr/bin/python3 bench/peers.d/pandas_csv.py
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import numpy
import pandas

LANEWISE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "target", "lanewise")
PANDAS = "import pandas, sys; t = pandas.read_csv(sys.argv[1]); t.describe(include='all'); t.nunique()"
ROUNDS = 5


def processor_time(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "table.csv")
    random = numpy.random.default_rng(1)
    table = pandas.DataFrame(random.normal(size=(500_000, 28)), columns=["x%d" % c for c in range(28)])
    table["label"] = random.integers(0, 2, 500_000)
    table.to_csv(file, index=False, float_format="%.7g")
    size = os.path.getsize(file)
    print("%d bytes, pandas %s" % (size, pandas.__version__))
    for precision in (None, "round_trip"):
        seconds = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            pandas.read_csv(file, float_precision=precision)
            seconds.append(time.perf_counter() - start)
        print("read_csv, float_precision %s: %.0f MB/s" % (precision, size / statistics.median(seconds) / 1e6))
    commands = {"pandas": [sys.executable, "-c", PANDAS, file], "lanewise inspect": [LANEWISE, "inspect", file]}
    taken = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            taken[name].append(processor_time(command))
    for name, seconds in taken.items():
        print("%s, processor time: %.2f s (%.2f to %.2f)" % (name, statistics.median(seconds), min(seconds), max(seconds)))
