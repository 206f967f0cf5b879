package dev.lanewise.spark;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Predictor;
import dev.lanewise.spark.TrustColumns.Column;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.IntFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Scores the rows of one task in batches, with a predictor that only this task uses. */
final class RowScorer implements Iterator<Row> {
  /** With this number of rows, weights in the nearest cache are reused often. */
  private static final int BATCH = 256;

  private final Iterator<Row> rows;
  private final Inputs.Reader reader;
  private final Predictor predictor;
  private final Outputs outputs;
  private final List<Column> trust;
  private final double[] classNumbers;
  private final int added; // number of added columns
  private final Row[] batch = new Row[BATCH];
  private final double[][] raw = new double[BATCH][];
  private final Queue<Row> scored = new ArrayDeque<>(BATCH);

  RowScorer(
      Model model, Inputs.Reader reader, Outputs outputs, Iterator<Row> rows, List<Column> trust) {
    this.rows = rows;
    this.reader = reader;
    this.predictor = model.predictor(BATCH);
    this.outputs = outputs;
    this.classNumbers = Outputs.classNumbers(model);
    this.trust = trust;
    this.added = outputs.fields().size() + trust.size();
  }

  @Override
  public boolean hasNext() {
    return !scored.isEmpty() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (scored.isEmpty()) {
      score();
    }
    return scored.remove();
  }

  private void score() {
    if (!rows.hasNext()) {
      throw new NoSuchElementException();
    }
    int count = 0;
    for (; count < BATCH && rows.hasNext(); count++) {
      batch[count] = rows.next();
      try {
        raw[count] = reader.read(batch[count]);
      } catch (IllegalArgumentException e) {
        throw Cells.wrong(e, RowText.of(batch[count]));
      }
    }
    double[][] some = count == BATCH ? raw : Arrays.copyOf(raw, count);
    Predictions predictions = predict(some);
    List<IntFunction<Object>> further =
        trust.stream().map(column -> column.values().of(predictions, some)).toList();
    for (int i = 0; i < count; i++) {
      Row row = batch[i];
      Object[] values = new Object[row.size() + added];
      for (int c = 0; c < row.size(); c++) {
        values[c] = row.get(c);
      }
      int at = outputs.put(predictions, i, classNumbers, values, row.size());
      for (IntFunction<Object> column : further) {
        values[at++] = column.apply(i);
      }
      scored.add(RowFactory.create(values));
    }
  }

  private Predictions predict(double[][] some) {
    try {
      return predictor.predict(some);
    } catch (IllegalArgumentException | ArithmeticException e) {
      for (int i = 0; i < some.length; i++) { // to find the row
        try {
          predictor.predict(new double[][] {some[i]});
        } catch (IllegalArgumentException | ArithmeticException ofRow) {
          throw Cells.wrong(ofRow, RowText.of(batch[i]));
        }
      }
      throw e;
    }
  }
}
