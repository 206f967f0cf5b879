package dev.lanewise.trust;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Stores a profile as further facts of a model, and reads it. */
final class ProfileArrays {
  private static final String PREFIX = "profile";

  /** Two strings: the version of these arrays, and the split of the results. */
  private static final String WORDS = PREFIX;

  private static final String VERSION = "1";

  private static final String ROWS = PREFIX + "_rows"; // int64 [1]

  /** The scaled quantiles of numbers and dates: float32 [columns][33]. */
  private static final String QUANTILES = PREFIX + "_quantiles";

  /**
   * The counts of each column and of its missing values, then the counts of results and classes:
   * int32.
   */
  private static final String COUNTS = PREFIX + "_counts";

  /** The means of the inputs of dates, except days and missing values, date by date: float32. */
  private static final String DATES = PREFIX + "_dates";

  /** The quantiles of the results: float64 [results][33]. */
  private static final String RESULTS = PREFIX + "_results";

  private static final int EDGES = Histogram.CELLS + 1;

  private final Model model;
  private int next; // next position in the counts

  ProfileArrays(Model model) {
    this.model = model;
  }

  static boolean isIn(Model model) {
    return model.furtherFacts().containsKey(WORDS);
  }

  /** Returns whether an array is part of a profile. */
  static boolean isOne(String name) {
    return name.equals(WORDS) || name.startsWith(PREFIX + "_");
  }

  static Map<String, NdArray> of(Profile profile) {
    IntStream.Builder counts = IntStream.builder();
    profile.columns().forEach(column -> Arrays.stream(column.counts).forEach(counts));
    profile.results.forEach(h -> Arrays.stream(h.counts(), 0, Histogram.CELLS).forEach(counts));
    Arrays.stream(profile.classes).forEach(counts);
    int[] all = counts.build().toArray();
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put(WORDS, NdArray.ofStrings(List.of(VERSION, profile.heldOut()), 2));
    arrays.put(ROWS, NdArray.of(new long[] {profile.rows()}, 1));
    arrays.put(COUNTS, NdArray.of(all, all.length));
    double[] quantiles =
        quantiles(profile.columns().stream().map(c -> c.histogram).filter(Objects::nonNull));
    arrays.put(QUANTILES, NdArray.of(floats(quantiles), quantiles.length / EDGES, EDGES));
    arrays.put(DATES, NdArray.of(floats(profile.dateParts), profile.dateParts.length));
    double[] results = quantiles(profile.results.stream());
    arrays.put(RESULTS, NdArray.of(results, results.length / EDGES, EDGES));
    arrays.values().removeIf(array -> array.length() == 0);
    return arrays;
  }

  private static double[] quantiles(Stream<Histogram> histograms) {
    return histograms.flatMapToDouble(each -> Arrays.stream(each.quantiles())).toArray();
  }

  private static float[] floats(double[] numbers) {
    return NdArray.of(numbers, numbers.length).toFloats();
  }

  /** Reads the profile of a model; throws IllegalArgumentException if it does not fit the model. */
  Profile read() {
    List<Column> columns = Profile.schema(model).columns();
    int[] first = ProfileBuilder.firstInputs(columns);
    NdArray words = model.furtherFacts().get(WORDS);
    String version = text(words, 0);
    if (!version.equals(VERSION)) {
      throw wrong(WORDS, "version " + version + ", expected " + VERSION);
    }
    double[] rows = numbers(ROWS, 1, Allowed.FINITE);
    if (!(rows[0] >= 1 && rows[0] <= ProfileBuilder.MOST_ROWS && rows[0] == Math.rint(rows[0]))) {
      throw wrong(ROWS, rows[0] + " rows, expected 1 to " + ProfileBuilder.MOST_ROWS);
    }
    String heldOut = text(words, 1);
    if (words.length() != 2 || !List.of("", "validation", "test").contains(heldOut)) {
      throw wrong(WORDS, "the split '" + heldOut + "' at its end, expected validation or test");
    }
    boolean hasClasses = model.loss().task().hasClasses();
    int outcomes = heldOut.isEmpty() ? 0 : hasClasses ? 1 : model.outputs();
    int[] classes = new int[hasClasses ? model.outputs() : 0];
    int countOf = outcomes * Histogram.CELLS + (outcomes > 0 ? classes.length : 0);
    countOf += columns.stream().mapToInt(column -> ColumnProfile.counts(column)).sum();
    List<Column> plain = columns.stream().filter(c -> !(c instanceof CategoryColumn)).toList();
    int parts = plain.stream().mapToInt(c -> c.inputs() - ColumnProfile.number(c).inputs()).sum();
    double[] counts = numbers(COUNTS, countOf, Allowed.FROM_ZERO);
    double[] quantiles = numbers(QUANTILES, plain.size() * EDGES, Allowed.FINITE_FLOATS);
    double[] results = numbers(RESULTS, outcomes * EDGES, Allowed.FINITE);
    List<ColumnProfile> profiles = new ArrayList<>();
    int at = 0;
    for (int c = 0; c < columns.size(); c++) {
      Column column = columns.get(c);
      int[] each = take(counts, ColumnProfile.counts(column));
      boolean isCategory = column instanceof CategoryColumn;
      Histogram histogram = isCategory ? null : histogram(QUANTILES, quantiles, at++, each);
      Scaling scaling = Profile.scaling(model);
      ColumnProfile profile = new ColumnProfile(column, first[c], scaling, histogram, each);
      if (Arrays.stream(profile.quantiles()).anyMatch(Double::isNaN)) {
        throw wrong(QUANTILES, "numbers that no scaled " + profile.name() + " can be");
      } else if (profile.rows() != (int) rows[0]) {
        String problem = "%s rows in column %s, expected %s";
        throw wrong(COUNTS, problem.formatted(profile.rows(), profile.name(), (int) rows[0]));
      }
      profiles.add(profile);
    }
    List<Histogram> histograms = new ArrayList<>();
    for (int k = 0; k < outcomes; k++) {
      histograms.add(histogram(RESULTS, results, k, take(counts, Histogram.CELLS)));
    }
    if (outcomes > 0) {
      classes = take(counts, classes.length);
      int sum = hasClasses ? Arrays.stream(classes).sum() : histograms.get(0).count();
      if (sum < 1 || histograms.stream().anyMatch(each -> each.count() != sum)) {
        throw wrong(COUNTS, "results of other numbers of rows than " + sum + ", expected as many");
      }
    }
    return new Profile(
        model,
        (int) rows[0],
        profiles,
        numbers(DATES, parts, Allowed.FROM_MINUS_ONE_TO_ONE),
        heldOut,
        histograms,
        classes);
  }

  private static Histogram histogram(String name, double[] quantiles, int row, int[] counts) {
    double[] own = Arrays.copyOfRange(quantiles, row * EDGES, (row + 1) * EDGES);
    int[] all = Arrays.copyOf(counts, EDGES);
    return new Histogram(Allowed.ascending(named(name), own), all);
  }

  private int[] take(double[] counts, int size) {
    int[] taken = new int[size];
    for (int i = 0; i < size; i++) {
      double count = counts[next++];
      if (!(count >= 0 && count <= ProfileBuilder.MOST_ROWS && count == Math.rint(count))) {
        throw wrong(COUNTS, count + ", expected a number of rows");
      }
      taken[i] = (int) count;
    }
    return taken;
  }

  private String text(NdArray words, int i) {
    try {
      return words.stringAt(i);
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      throw wrong(WORDS, "not two words, expected a version and the name of a split");
    }
  }

  /** Returns the elements of an array; none if it is absent and has none. */
  private double[] numbers(String name, int size, Allowed what) {
    NdArray array = model.furtherFacts().get(name);
    int found = array == null ? 0 : array.length();
    if (found != size) {
      throw wrong(name, found + " numbers, expected " + size + " for the columns of the model");
    }
    try {
      return array == null ? new double[0] : what.in(named(name), array.toDoubles());
    } catch (IllegalStateException e) {
      throw wrong(name, "texts, expected numbers");
    }
  }

  private static String named(String array) {
    return "profile of the model: fact/" + array;
  }

  private static IllegalArgumentException wrong(String name, String problem) {
    return new IllegalArgumentException(named(name) + " has " + problem);
  }
}
