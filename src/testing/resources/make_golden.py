#!/usr/bin/python3
"""Makes all golden files of the tests again with the scripts of their folders, and prints which differ from the stored files.

    /usr/bin/python3 make_golden.py [FOLDER ...]    (folders such as metrics or exchange; by default all)

It needs the interpreter and the packages of Debian 13, with which the stored files were made: python3 3.13, python3-numpy 2.2,
python3-pandas 2.2, python3-sklearn 1.4, python3-torch 2.6, python3-onnx 1.17 and python3-safetensors 0.4. Other versions
make files with the same meaning and other bytes. Each script works in a copy of its folder, and a stored file changes only
with the option --write.

BLAS and NumPy's functions round differently on different processors, so these files may have other last bits on another
processor: train/losses.npz, metrics/permutation.npz, nn/model_float64.npz, train/reference_run.npz, and in exchange
expected.npz, pipeline.onnx and the networks that scikit-learn trains (binary_*, labels_*, multi_*, numbers_*).

A script draws the numbers of its files from one generator, in order. Add a new case at the end of its script, or give it
its own generator, numpy.random.default_rng(zlib.crc32(NAME.encode())), so that no older file changes.
"""
import argparse
import filecmp
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SKLEARN = HERE.parents[1] / "examples/lanewise_sklearn.py"  # the script that make_scalers.py tests


def run(script, write):
    """Runs a script in a copy of its folder, and returns the names of the files that differ."""
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy"
        shutil.copytree(script.parent, copy)
        words = [str(SKLEARN), "scalers.npz"] if script.name == "make_scalers.py" else []
        subprocess.run([sys.executable, "-W", "ignore", script.name, *words], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        names = sorted(p.name for p in copy.iterdir() if p.is_file())
        different = [n for n in names if not (script.parent / n).exists() or not filecmp.cmp(copy / n, script.parent / n, False)]
        for name in different if write else []:
            shutil.copy(copy / name, script.parent / name)
        return different


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="*")
    parser.add_argument("--write", action="store_true", help="replace the stored files that differ")
    options = parser.parse_args()
    failed = False
    # make_reference.py comes first, because the other scripts read its files
    for script in sorted(HERE.glob("dev/lanewise/**/make_*.py"), key=lambda p: (p.parent, p.name != "make_reference.py", p.name)):
        folder = str(script.parent.relative_to(HERE / "dev/lanewise"))
        if options.folder and folder not in options.folder:
            continue
        try:
            different = run(script, options.write)
            print(f"{folder}/{script.name}:", "the same bytes" if not different else "other bytes in " + ", ".join(different))
            failed |= bool(different)
        except subprocess.CalledProcessError as e:
            print(f"{folder}/{script.name}: failed ({e.returncode})")
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
