package dev.lanewise.data;

import dev.lanewise.format.Csv;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a CSV file. The distinct values of its target column are the classes: numbers
 * ascending, or else names in the order of their code points. For a loss that does not take classes
 * there may be several target columns, of numbers as they stand.
 */
final class Table implements RawRows {
  private final String file;
  private final int[] targetColumns; // one for classes
  private final int weight; // the column of weights, or -1
  private final int[] featureColumns;
  private final List<String> header; // one a column; of no header empty strings
  private final Loss loss;

  /** A row each: byte[] if all its numbers are bytes, an eighth of the memory; else double[]. */
  private List<Object> rows = new ArrayList<>();

  private List<Long> lines = new ArrayList<>(); // where each row stands in the file
  private List<String> targets = new ArrayList<>(); // classes; equal ones are one object
  private List<double[]> targetNumbers = new ArrayList<>(); // or numbers; NaN: none
  private final List<Float> weights = new ArrayList<>(); // of each row, if there is such a column
  private final Map<String, String> texts = new HashMap<>(); // the distinct targets
  private final Map<String, Double> numbers = new LinkedHashMap<>(); // what they are; NaN: none
  private final List<String> classNames = new ArrayList<>(); // or of the target columns
  private final List<String> firstTexts = new ArrayList<>(); // the first row's targets, no numbers
  private Labels labels; // of the rows once they are arranged

  Table(String file, int[] targetColumns, int weight, List<String> header, Loss loss) {
    this.loss = loss;
    this.file = file;
    this.targetColumns = targetColumns;
    this.weight = weight;
    this.header = header;
    boolean[] isTaken = new boolean[header.size()];
    int taken = targetColumns.length;
    if (weight >= 0) {
      isTaken[weight] = true;
      taken++;
    }
    featureColumns = new int[header.size() - taken];
    for (int column : targetColumns) {
      isTaken[column] = true;
      addName(header.get(column));
    }
    for (int column = 0, feature = 0; column < isTaken.length; column++) {
      if (!isTaken[column]) {
        featureColumns[feature++] = column;
      }
    }
  }

  /** Outputs have the names of their columns; one by itself needs none. */
  private void addName(String name) {
    if (targetColumns.length > 1 && !name.isEmpty()) {
      classNames.add(name);
    }
  }

  /** Adds a record. */
  void add(Csv csv) throws FormatException {
    if (csv.fields() != header.size()) {
      throw new FormatException(
          file,
          "line %s has %s columns, expected %s as in the lines before",
          csv.line(),
          csv.fields(),
          header.size());
    }
    double[] values = new double[targetColumns.length];
    for (int k = 0; k < values.length; k++) {
      if (csv.text(targetColumns[k]).isBlank()) {
        String expected = loss.takesClasses() ? "a class" : "a number";
        throw new FormatException(
            file, "line %s: the target is empty, expected %s", csv.line(), expected);
      }
      values[k] = csv.number(targetColumns[k]);
    }
    if (loss.takesClasses()) {
      addClass(csv.text(targetColumns[0]), values[0]);
    } else {
      if (lines.isEmpty() && Double.isNaN(values[0])) { // perhaps a header: see dropHeader
        for (int column : targetColumns) {
          firstTexts.add(csv.text(column).strip());
        }
      }
      targetNumbers.add(values);
    }
    if (weight >= 0) {
      String place = "line " + csv.line() + ", column " + described(weight);
      weights.add(Labels.weight(csv.number(weight), file, place));
    }
    lines.add(csv.line());
    rows.add(features(csv));
  }

  private void addClass(String text, double number) throws FormatException {
    if (texts.putIfAbsent(text, text) == null) {
      numbers.put(text, number);
      if (numbers.size() > Labels.MAX_CLASSES + 1) { // one may be a header
        throw new FormatException(
            file,
            "more than %s different targets, expected classes (numbers are for regression)",
            Labels.MAX_CLASSES);
      }
    }
    targets.add(texts.get(text));
  }

  private Object features(Csv csv) throws FormatException {
    double[] numbers = new double[features()];
    byte[] bytes = new byte[numbers.length];
    boolean allBytes = true;
    for (int j = 0; j < numbers.length; j++) {
      int column = featureColumns[j];
      numbers[j] = csv.number(column);
      bytes[j] = (byte) numbers[j];
      allBytes &= Preprocessor.isByte(numbers[j]);
      if (Double.isNaN(numbers[j])) {
        String text = csv.text(column);
        throw new FormatException(
            file,
            "line %s, column %s %s, expected a finite number",
            csv.line(),
            described(column),
            text.isBlank() ? "is empty" : "is \"" + text + "\"");
      }
    }
    return allBytes ? bytes : numbers;
  }

  private String described(int column) {
    String name = header.get(column);
    return name.isEmpty() ? "" + column : column + " (" + name + ")";
  }

  /** Takes the first row for a header if its targets are no numbers, all others are and differ. */
  void dropHeader() {
    if (!loss.takesClasses()) {
      boolean header = rows.size() > 1;
      for (int row = 0; row < rows.size() && header; row++) {
        for (double number : targetNumbers.get(row)) {
          header &= Double.isNaN(number) == (row == 0);
        }
      }
      if (header) {
        rows.remove(0);
        lines.remove(0);
        targetNumbers.remove(0);
        weights.subList(0, Math.min(1, weights.size())).clear();
        for (String name : firstTexts) {
          addName(name);
        }
      }
      return;
    }
    String first = targets.get(0);
    double number = numbers.remove(first);
    boolean others = !numbers.isEmpty() && !numbers.containsValue(Double.NaN);
    if (Double.isNaN(number) && others && targets.lastIndexOf(first) == 0) {
      rows.remove(0);
      lines.remove(0);
      targets.remove(0);
      weights.subList(0, Math.min(1, weights.size())).clear();
    } else {
      numbers.put(first, number);
    }
  }

  /** Numbers the classes. */
  private Map<String, Integer> classOf() throws FormatException {
    boolean numeric = !numbers.containsValue(Double.NaN);
    List<String> sorted = new ArrayList<>(numbers.keySet());
    sorted.sort(
        (a, b) ->
            numeric
                ? numbers.get(a).compareTo(numbers.get(b))
                : Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
    Map<String, Integer> classOf = new HashMap<>();
    double last = Double.NaN;
    for (String text : sorted) {
      double value = numbers.get(text);
      if (numeric && (value != Math.rint(value) || Math.abs(value) > 1L << 53)) {
        throw new FormatException(
            file,
            "line %s: the target is %s, expected whole numbers or names as classes (other numbers"
                + " are for regression)",
            lines.get(targets.indexOf(text)),
            text);
      }
      if (!numeric || value != last) { // 1 and 1.0 are the same
        classNames.add(numeric ? Long.toString((long) value) : text);
      }
      last = value;
      classOf.put(text, classNames.size() - 1);
    }
    int largest = classNames.size() - 1;
    if (numeric
        && classNames.get(0).equals("0")
        && classNames.get(largest).equals(Integer.toString(largest))) {
      classNames.clear();
    }
    return classOf;
  }

  /** Finds the classes and puts the rows into another order. */
  void arrange(int[] order) throws FormatException {
    Map<String, Integer> classOf = loss.takesClasses() ? classOf() : null;
    rows = arranged(rows, order);
    lines = arranged(lines, order);
    labels = classOf == null ? numbers(order) : classes(classOf, order);
    if (weight >= 0) {
      labels.weights = new float[order.length];
      for (int row = 0; row < order.length; row++) {
        labels.weights[row] = weights.get(order[row]);
      }
    }
  }

  private Labels numbers(int[] order) throws FormatException {
    targetNumbers = arranged(targetNumbers, order);
    int columns = targetColumns.length;
    float[] all = new float[Math.multiplyExact(order.length, columns)];
    for (int i = 0; i < all.length; i++) {
      String place = "line " + lines.get(i / columns);
      if (columns > 1) {
        place += ", column " + targetColumns[i % columns];
      }
      double value = targetNumbers.get(i / columns)[i % columns];
      all[i] = Labels.number(value, loss, file, place);
    }
    return new Labels(all, columns, file);
  }

  private Labels classes(Map<String, Integer> classOf, int[] order) {
    targets = arranged(targets, order);
    int[] classes = new int[order.length];
    for (int row = 0; row < classes.length; row++) {
      classes[row] = classOf.get(targets.get(row));
    }
    return new Labels(classes, 0, file);
  }

  private static <T> List<T> arranged(List<T> list, int[] order) {
    List<T> result = new ArrayList<>();
    for (int i : order) {
      result.add(list.get(i));
    }
    return result;
  }

  /** The names of the classes, none if they are 0, 1, 2, ...; or of several target columns. */
  List<String> classNames() {
    return classNames;
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public int features() {
    return featureColumns.length;
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public void copyRow(int row, double[] out) {
    if (rows.get(row) instanceof byte[] bytes) {
      for (int j = 0; j < out.length; j++) {
        out[j] = bytes[j] & 0xff;
      }
    } else {
      System.arraycopy(rows.get(row), 0, out, 0, out.length);
    }
  }

  @Override
  public byte[] bytes() {
    return null; // not one array
  }

  @Override
  public boolean isTable() {
    return true;
  }

  @Override
  public String where() {
    return file;
  }

  @Override
  public String place(int row, int feature) {
    return "line " + lines.get(row) + ", column " + featureColumns[feature];
  }
}
