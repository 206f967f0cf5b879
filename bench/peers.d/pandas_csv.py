"""Measures pandas' C parser on the file of CsvBenchmark, in MB/s, with default and correctly rounded numbers. Argument: the file."""
import os
import sys
import time
import pandas

file = sys.argv[1]
for precision in (None, "round_trip"):
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        pandas.read_csv(file, float_precision=precision)
        best = min(best, time.perf_counter() - start)
    print(f"pandas {pandas.__version__}, float_precision {precision}: {os.path.getsize(file) / best / 1e6:.0f} MB/s")
