package dev.lanewise.cli;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects predictions as arrays, which are written after the last row. */
final class ArrayPredictions implements Predictions {
  private static final int MOST = Integer.MAX_VALUE - 8;

  private Outputs outputs;
  private int targets;
  private long[] index = new long[16];
  private long[] labels = new long[16]; // true classes, -1: none
  private long[] predicted = new long[16];
  private double[] numbers = new double[16]; // or true numbers, NaN: none
  private double[] results = new double[16];
  private double[] familiarities = new double[16];
  private int rows;

  @Override
  public void begin(Outputs outputs, int targets, List<String> columns) {
    this.outputs = outputs;
    this.targets = targets;
  }

  @Override
  public void row(
      long number,
      String[] texts,
      double[] found,
      int from,
      int label,
      double familiar,
      List<String> unused) {
    int count = outputs.count();
    if ((long) (rows + 1) * count > MOST) {
      throw Problem.failure(
          "predict: more than " + rows + " rows of " + count + " outputs, expected --out FILE.csv");
    }
    if (rows == index.length) {
      index = Arrays.copyOf(index, 2 * rows);
      labels = Arrays.copyOf(labels, 2 * rows);
      predicted = Arrays.copyOf(predicted, 2 * rows);
      familiarities = Arrays.copyOf(familiarities, 2 * rows);
    }
    index[rows] = number;
    familiarities[rows] = familiar;
    int end = (rows + 1) * count;
    if (end > results.length) {
      results = Arrays.copyOf(results, (int) Math.min(MOST, Math.max(end, 2L * results.length)));
    }
    System.arraycopy(found, from, results, rows * count, count);
    if (outputs.areClasses()) {
      predicted[rows] = label;
      labels[rows] = targets == 0 ? -1 : label(texts[0]);
    } else if (targets > 0) {
      if (end > numbers.length) {
        numbers = Arrays.copyOf(numbers, results.length);
      }
      for (int k = 0; k < count; k++) {
        numbers[rows * count + k] = Arguments.number(texts[k]);
      }
    }
    rows++;
  }

  private int label(String text) {
    if (outputs.names().isEmpty()) {
      return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
    return outputs.names().indexOf(text);
  }

  /** Adds sets of classes as 0 and 1, or the ends of intervals. */
  private void cover(Map<String, NdArray> arrays) {
    int count = outputs.count();
    byte[] sets = new byte[rows * count];
    double[][] ends = new double[2][rows * count];
    for (int row = 0; row < rows; row++) {
      int from = row * count;
      if (outputs.areClasses()) {
        boolean[] set = outputs.level().set(Arrays.copyOfRange(results, from, from + count));
        for (int c = 0; c < count; c++) {
          sets[from + c] = (byte) (set[c] ? 1 : 0);
        }
      } else {
        System.arraycopy(outputs.ends(results, from, false), 0, ends[0], from, count);
        System.arraycopy(outputs.ends(results, from, true), 0, ends[1], from, count);
      }
    }
    if (outputs.areClasses()) {
      arrays.put("set", NdArray.ofBytes(sets, rows, count));
    } else {
      arrays.put("low", NdArray.of(ends[0], rows, count));
      arrays.put("high", NdArray.of(ends[1], rows, count));
    }
  }

  void write(Path file) throws IOException {
    int count = outputs.count();
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("index", NdArray.of(Arrays.copyOf(index, rows), rows));
    if (outputs.areClasses()) {
      if (targets > 0) {
        arrays.put("true", NdArray.of(Arrays.copyOf(labels, rows), rows));
      }
      arrays.put("predicted", NdArray.of(Arrays.copyOf(predicted, rows), rows));
    } else if (targets > 0) {
      arrays.put("true", NdArray.of(Arrays.copyOf(numbers, rows * count), rows, count));
    }
    String name = outputs.areNumbers() ? "outputs" : "probabilities";
    Object all = outputs.array(results, 0, rows * count);
    arrays.put(
        name,
        all instanceof double[] doubles
            ? NdArray.of(doubles, rows, count)
            : NdArray.of((float[]) all, rows, count));
    if (outputs.areCovering()) {
      cover(arrays);
    }
    if (outputs.areFamiliar()) {
      arrays.put(Outputs.FAMILIAR, NdArray.of(Arrays.copyOf(familiarities, rows), rows));
    }
    arrays.put("class_names", NdArray.ofStrings(outputs.shownNames(), count));
    Npz.write(file, arrays);
  }
}
