"""Asks lanewise serve with Triton's client for Python, a client of the Open Inference Protocol that others wrote.

Usage: python3 triton_client.py lanewise.jar

Trains on a table with gaps and on the digits, serves both models, and compares the tensors of the answers with the files of
lanewise predict. Needs numpy and tritonclient[http]; a folder with the sources of the client may be in PYTHONPATH.
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import tritonclient.http as triton

LANEWISE = ["java", "--add-modules", "jdk.incubator.vector", "-Xmx1g", "-jar", str(pathlib.Path(sys.argv[1]).resolve())]
DIGITS = pathlib.Path(__file__).resolve().parents[2] / "data" / "digits.npz"


def lanewise(*words):
    subprocess.run([*LANEWISE, *map(str, words), "--quiet"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def tensor(name, array, datatype):
    part = triton.InferInput(name, list(array.shape), datatype)
    part.set_data_from_numpy(array, binary_data=False)
    return part


def predicted(file):
    """Returns the labels and probabilities in a file of lanewise predict."""
    lines = list(csv.reader(file.open()))[1:]
    return [line[-3] for line in lines], np.array([line[-2:] for line in lines], np.float32)


def table(client, folder):
    rows = [(i % 37 if i % 11 else None, "red" if i % 3 else "blue") for i in range(300)]
    file = folder / "table.csv"
    text = "".join(f"{'' if a is None else a},{c},{'high' if (a or 0) > 18 else 'low'}\n" for a, c in rows)
    file.write_text("size,colour,kind\n" + text)
    if client is None:
        lanewise("train", "--data", file, "--preset", "table-fast", "--epochs", 8, "--out", folder / "table")
        lanewise("predict", "--model", folder / "table", "--data", file, "--split", "all", "--out", folder / "table.predicted.csv")
        return
    sizes = np.array([np.nan if a is None else a for a, _ in rows])
    known = ~np.isnan(sizes)  # JSON has no NaN, and this client no gaps
    colours = np.array([c for _, c in rows], object)
    inputs = [tensor("size", sizes[known], "FP64"), tensor("colour", colours[known].reshape(-1, 1), "BYTES")]
    for compression in None, "gzip":
        answer = client.infer(
            "table", inputs, request_id="7", request_compression_algorithm=compression, response_compression_algorithm=compression
        )
        labels, probabilities = predicted(folder / "table.predicted.csv")
        assert answer.get_response()["id"] == "7"
        assert list(answer.as_numpy("predicted")) == list(np.array(labels, object)[known])
        assert (answer.as_numpy("probabilities") == probabilities[known]).all()


def digits(client, folder):
    if client is None:
        lanewise("train", "--data", DIGITS, "--epochs", 20, "--eta", 0.1, "--out", folder / "digits")
        lanewise("predict", "--model", folder / "digits", "--data", DIGITS, "--out", folder / "digits.npz")
        return
    expected = np.load(folder / "digits.npz")
    pixels = np.load(DIGITS)["inputs_test"].reshape(-1, 64)
    for name, datatype in {"UINT8": np.uint8, "INT32": np.int32, "FP32": np.float32, "FP64": np.float64}.items():
        answer = client.infer("digits", [tensor("input", pixels.astype(datatype), name)])
        assert (answer.as_numpy("probabilities") == expected["probabilities"]).all(), name
        assert (answer.as_numpy("predicted") == expected["predicted"]).all(), name
    binary = triton.InferInput("input", list(pixels.shape), "UINT8")
    binary.set_data_from_numpy(pixels, binary_data=True)
    try:
        client.infer("digits", [binary])
        raise AssertionError("binary tensors are not refused")
    except triton.InferenceServerException as e:
        assert "binary_data=False" in str(e), e


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    table(None, folder)
    digits(None, folder)
    models = [f"--model={part}={folder / part}" for part in ("table", "digits")]
    server = subprocess.Popen([*LANEWISE, "serve", *models, "--port=0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = json.loads(server.stdout.readline())["port"]
        client = triton.InferenceServerClient(f"127.0.0.1:{port}")
        assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("table")
        assert [part["name"] for part in client.get_model_metadata("table")["inputs"]] == ["size", "colour"]
        table(client, folder)
        digits(client, folder)
    finally:
        server.terminate()
        server.wait()
print("Triton's client gets the predictions of lanewise predict.")
