"""Shared code of the Python peers: the two trainings, random data in their shapes, and the timing of an epoch."""
import os
import statistics
import time

# name: layer sizes, optimizer, rows per mini-batch, learning rate, training rows and validation rows
TRAININGS = {
    "course": ([2304, 16, 80, 7], "sgd", 100, 0.01, 3374, 419),
    "wide": ([784, 512, 512, 10], "adam", 128, 0.001, 10000, 1000),
}


def report_version(name, version, built_with):
    """Prints the version of a library, the BLAS that it was built with, and the BLAS files that this process has loaded."""
    files = set()
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            names = (os.path.basename(line.split()[-1]) for line in maps)
            files = {file for file in names if ".so" in file and any(blas in file for blas in ("blas", "mkl", "libatlas"))}
    except OSError:
        pass  # not on Linux
    print("version: %s %s, built with %s%s" % (name, version, built_with, "".join(", " + file for file in sorted(files))))


def report(name, epoch, seconds=4.0):
    """Runs epochs for some seconds and prints the median time of those after the first third, in ms."""
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        epoch()
        times.append(time.perf_counter() - start)
    print("%s %.6g" % (name, 1e3 * statistics.median(times[len(times) // 3 :])))


def report_row(predict, seconds=2.0):
    """Calls predict for some seconds and prints the median time of a call, over groups of 100, in us."""
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(100):
            predict()
        times.append((time.perf_counter() - start) / 100)
    print("row %.6g" % (1e6 * statistics.median(times[len(times) // 3 :])))
