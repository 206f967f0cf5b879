package dev.lanewise.cli;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.table.RowStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongPredicate;

/** Reads the wanted rows of a file or a split, with their numbers and their values as text. */
public final class ExplainedRows {
  private static final int ROWS = 64; // that are read at once
  private static final NumberColumn PLAIN = new NumberColumn("", 0, Double.NaN, false);

  private final RowStream stream; // null for a split
  private final Rows split; // null for a stream
  private final LongPredicate wanted;
  private final int width;
  private final Scaling scaling;
  private final List<Column> columns = new ArrayList<>(); // that have features
  private final List<Integer> firsts = new ArrayList<>(); // the first feature of each
  private final float[] read; // [ROWS][width]
  private final int[] places = new int[ROWS]; // places of the wanted rows among those read
  private long before; // rows before those read
  private int last; // rows read
  private int count; // number of wanted rows

  private ExplainedRows(
      RowStream stream, Rows split, Scaling scaling, Model model, LongPredicate wanted) {
    this.stream = stream;
    this.split = split;
    this.wanted = wanted;
    this.scaling = scaling;
    width = model.inputs();
    read = new float[Math.multiplyExact(ROWS, width)];
    int first = 0;
    for (Column column : model.schema().map(s -> s.columns()).orElse(List.of())) {
      if (column.inputs() > 0) {
        columns.add(column);
        firsts.add(first);
        first += column.inputs();
      }
    }
  }

  public static ExplainedRows of(RowStream stream, Model model, LongPredicate wanted) {
    return new ExplainedRows(stream, null, stream.scaling(), model, wanted);
  }

  public static ExplainedRows of(Rows split, Model model, LongPredicate wanted) {
    return new ExplainedRows(null, split, split.scaling(), model, wanted);
  }

  /** Reads the next wanted rows and returns their scaled features; empty at the end. */
  public float[] next() throws IOException {
    count = 0;
    do {
      before += last;
      last = stream == null ? copy() : stream.next(read);
      for (int i = 0; i < last; i++) {
        if (wanted.test(before + i)) {
          places[count++] = i;
        }
      }
    } while (count == 0 && last > 0);
    float[] features = new float[count * width];
    for (int i = 0; i < count; i++) {
      System.arraycopy(read, places[i] * width, features, i * width, width);
    }
    return features;
  }

  private int copy() {
    int rows = (int) Math.min(ROWS, split.rows() - before);
    split.copyRows(null, (int) before, rows, read, 0);
    return rows;
  }

  /** Returns the number of a row in the file or split, from 0. */
  public long number(int row) {
    return before + places[row];
  }

  /** Returns the value of each column in a row that was read, as text. */
  public List<String> values(int row) {
    int place = places[row];
    List<String> values = new ArrayList<>();
    List<String> names = stream == null || columns.isEmpty() ? List.of() : stream.columns();
    double[] raw = stream == null ? new double[0] : stream.numbers(place);
    if (raw.length == 0) {
      raw = new double[width];
      for (int j = 0; j < width; j++) {
        raw[j] = scaling.undo(read[place * width + j], j);
      }
    }
    for (int c = 0; c < (columns.isEmpty() ? width : columns.size()); c++) {
      if (columns.isEmpty()) {
        values.add(PLAIN.text(raw, c));
        continue;
      }
      int named = names.size() > 1 ? names.indexOf(columns.get(c).name()) : -1;
      values.add(
          named < 0 ? columns.get(c).text(raw, firsts.get(c)) : stream.texts(place).get(named));
    }
    return values;
  }

  /** Draws rows up to a number, in the order of the file. */
  public float[] draw(int most) throws IOException {
    record Drawn(long bits, long number, float[] features) {}

    Comparator<Drawn> byBits = Comparator.comparingLong(Drawn::bits);
    PriorityQueue<Drawn> drawn = new PriorityQueue<>(byBits.reversed());
    long key = CounterRandom.key(0, CounterRandom.PERMUTATION, 0);
    for (float[] rows = next(); rows.length > 0; rows = next()) {
      for (int i = 0; i < count; i++) {
        float[] features = Arrays.copyOfRange(rows, i * width, (i + 1) * width);
        drawn.add(new Drawn(CounterRandom.bits(key, number(i)), number(i), features));
        if (drawn.size() > most) {
          drawn.remove();
        }
      }
    }
    float[] all = new float[Math.multiplyExact(drawn.size(), width)];
    int at = 0;
    for (Drawn each : drawn.stream().sorted(Comparator.comparingLong(Drawn::number)).toList()) {
      System.arraycopy(each.features, 0, all, at, width);
      at += width;
    }
    return all;
  }

  /** Returns the number of rows that were looked at. */
  public long rows() {
    return before + last;
  }
}
