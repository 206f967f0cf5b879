package dev.lanewise.serve;

import dev.lanewise.format.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The predictions of rows with what belongs to them. Arrays may have more room than rows.
 *
 * @param results probabilities or outputs, [rows][outputs]
 * @param labels the classes, [rows]; null if the model has none
 * @param rows the number of rows
 * @param notes sentences about the rows
 */
public record Answer(double[] results, int[] labels, int rows, List<String> notes) {
  /** Returns the answer with further notes. */
  Answer with(List<String> further) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(further);
    return new Answer(results, labels, rows, all);
  }

  /** What values are: the number of a class, floats, doubles, or 1 for each class in a set. */
  public enum Kind {
    CLASS,
    FLOAT,
    DOUBLE,
    SET
  }

  /** Reads the values of a row of an answer. */
  interface Values {
    void read(Answer answer, int row, double[] to);
  }

  /**
   * A column of answers. Each way out, such as CSV, JSON, npz and HTTP, writes the columns of
   * {@link Outputs#columns} as their kinds say, and knows none of them by name.
   *
   * @param prefix what CSV writes before the name of an output, each of which has its field there
   * @param width values of a row, one for each output; 0 of the class
   * @param label returns the name of a class, or its number; null for no class
   */
  public record Column(
      String name, String prefix, Kind kind, int width, IntFunction<?> label, Values values) {
    /** Returns the number of values of a row. */
    int count() {
      return Math.max(1, width);
    }

    /** Appends the shortest text from which a value can be read back. */
    void append(StringBuilder text, double value) {
      switch (kind) {
        case FLOAT -> text.append((float) value);
        case DOUBLE -> text.append(value);
        default -> text.append((int) value);
      }
    }

    /** Returns whether the values are whole numbers. */
    boolean isWhole() {
      return kind != Kind.FLOAT && kind != Kind.DOUBLE;
    }

    /** Returns the values of a row as JSON; of a set, its classes. */
    Object json(Answer answer, int row) {
      double[] found = new double[count()];
      values.read(answer, row, found);
      if (kind == Kind.SET) {
        return IntStream.range(0, width).filter(c -> found[c] > 0).mapToObj(label).toList();
      } else if (kind == Kind.CLASS) {
        return label.apply((int) found[0]);
      }
      return numbers(found);
    }

    /** Returns numbers in their precision. */
    private Object numbers(double[] all) {
      if (kind != Kind.FLOAT) {
        return all;
      }
      float[] floats = new float[all.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) all[i];
      }
      return floats;
    }

    private double[] all(Answer answer) {
      double[] all = new double[answer.rows * count()];
      double[] found = new double[count()];
      for (int row = 0; row < answer.rows; row++) {
        values.read(answer, row, found);
        System.arraycopy(found, 0, all, row * found.length, found.length);
      }
      return all;
    }

    /** Returns the values of all rows as flat JSON; of sets, whether each class is inside. */
    public Object tensor(Answer answer) {
      double[] all = all(answer);
      return switch (kind) {
        case CLASS -> Arrays.stream(all).mapToObj(c -> label.apply((int) c)).toList();
        case SET -> Arrays.stream(all).mapToObj(inside -> inside > 0).toList();
        default -> numbers(all);
      };
    }

    /** Returns the values of all rows for npz files. */
    NdArray array(Answer answer) {
      double[] all = all(answer);
      int[] shape = {answer.rows, width};
      if (kind == Kind.CLASS) {
        return NdArray.of(Arrays.stream(all).mapToLong(c -> (long) c).toArray(), answer.rows);
      } else if (kind == Kind.SET) {
        byte[] inside = new byte[all.length];
        for (int i = 0; i < inside.length; i++) {
          inside[i] = (byte) all[i];
        }
        return NdArray.ofBytes(inside, shape);
      }
      return numbers(all) instanceof float[] floats
          ? NdArray.of(floats, shape)
          : NdArray.of(all, shape);
    }
  }
}
