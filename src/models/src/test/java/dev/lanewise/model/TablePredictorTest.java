package dev.lanewise.model;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.rows.internal.RowEncoder;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests which values a predictor of rows takes, and that it never mixes the values of two rows. */
class TablePredictorTest {
  private static final CategoryColumn WORD =
      new CategoryColumn("word", 1, List.of("1.5", "a", "true"), true, true);

  private static final DateColumn DAY =
      new DateColumn(
          new NumberColumn("day", 2, 19000, false),
          new CategoryColumn("day month", 2, List.of("05", "06"), true, false),
          new CategoryColumn("day weekday", 2, List.of("5"), true, false));

  /** Returns a model whose outputs differ if its inputs do. */
  private static Model model(char decimal, String... missing) {
    Schema schema =
        Schemas.of(List.of(missing), decimal, new NumberColumn("x", 0, 7, true), WORD, DAY);
    int inputs = schema.inputs();
    return Model.of(Mlp.initial(Architecture.relu(inputs, List.of(8), 2), Initializer.HE, 1))
        .withScaling(Scaling.none())
        .withSchema(schema)
        .withLoss(Loss.MSE);
  }

  private static float[] of(TablePredictor predictor) {
    float[] results = new float[2];
    predictor.predict(results);
    return results;
  }

  private static float[] floats(Predictions one) {
    return new float[] {(float) one.value(0, 0), (float) one.value(0, 1)};
  }

  private static float[] of(Model model, Object x, Object word, Object day) {
    Map<String, Object> row = new HashMap<>();
    row.put("x", x);
    row.put("word", word);
    row.put("day", day);
    return floats(model.tablePredictor().predict(row));
  }

  private static void assertSame(float[] expected, float[] found) {
    assertArrayEquals(expected, found);
  }

  private static void assertOther(float[] expected, float[] found) {
    assertFalse(Arrays.equals(expected, found), Arrays.toString(found));
  }

  @Test
  void valuesByTheirMeaning() {
    Model model = model('.', "NA", "-1");
    float[] expected = of(model, 2, "a", "2024-05-31");
    assertSame(expected, of(model, "2.0", " a\t", LocalDate.of(2024, 5, 31)));
    assertSame(expected, of(model, Optional.of(2L), new StringBuilder("a"), "2024-05-31T00:00Z"));
    Date date = new Date(LocalDate.of(2024, 5, 31).toEpochDay() * 86_400_000);
    assertSame(expected, of(model, (byte) 2, 'a', date));
    ZonedDateTime time = ZonedDateTime.parse("2024-05-31T02:00+02:00[Europe/Berlin]");
    assertSame(expected, of(model, 2f, "a", time));
    assertOther(expected, of(model, 2, "A", "2024-05-31"));
    assertOther(expected, of(model, 2, "a\n", "2024-05-31"));
    assertOther(expected, of(model, 2, "a", "2024-05-30"));
    assertSame(of(model, 2, 1.5, null), of(model, 2, "1.50", ""));
    assertSame(of(model, 2, true, null), of(model, 2, "TRUE", "NA"));

    float[] none = of(model, null, null, null);
    assertSame(none, of(model, -1, "NA", "NA"));
    assertSame(none, of(model, "-1.0", "-1", ""));
    assertSame(none, of(model, Double.NaN, -1.0, " "));
    assertSame(none, of(model, Optional.empty(), -1L, null));
    TablePredictor predictor = model.tablePredictor();
    assertSame(none, of(predictor.set("x", -1).set("word", null).set("day", null)));
    assertSame(none, of(predictor.set(0, -1.0).set(1, -1.0).set(2, Double.NaN)));
    assertSame(none, of(predictor.set("x", (String) null).set("word", "").set("day", "NA")));
    assertOther(none, of(model, 7, null, null)); // a gap has its own input
  }

  @Test
  void textsHaveTheDecimalMarkOfTheFile() {
    Model model = model(',', "NA");
    float[] expected = of(model, 2.5, 1.5, null);
    assertSame(expected, of(model, "2,5", "1,5", null));
    rejects(() -> of(model, "2.5", "a", null), "column x is \"2.5\", expected a finite number");
  }

  /** Java widens a character to a number if a method takes one, but here it is text. */
  @Test
  void charactersAndTruthValuesAreWords() {
    TablePredictor predictor = model('.', "NA").tablePredictor();
    float[] expected = of(predictor.set("x", 2).set("word", "a").set("day", null));
    assertSame(expected, of(predictor.set("x", '2').set("word", 'a').set("day", null)));
    assertSame(expected, of(predictor.set(0, '2').set(1, 'a').set("day", null)));
    Character boxed = 'a';
    assertSame(expected, of(predictor.set("x", 2).set("word", boxed).set("day", null)));
    expected = of(predictor.set("x", 2).set("word", "true").set("day", null));
    assertSame(expected, of(predictor.set("x", 2).set("word", true).set("day", null)));
    assertSame(expected, of(predictor.set(0, 2).set(1, true).set("day", null)));
    assertEquals(new Cell(Double.NaN, "m"), Cell.of('m', List.of()));
    assertEquals(new Cell(5, null), Cell.of('5', List.of()));
    assertEquals(new Cell(Double.NaN, "false"), Cell.of(false, List.of()));
  }

  @Test
  void numbersForNoValueHaveTheDecimalMarkOfTheFile() {
    Model model = model(',', "-9,99", "NA");
    float[] none = of(model, null, "a", null);
    for (Object x : new Object[] {"-9,99", "-9,990", -9.99, "NA"}) {
      assertSame(none, of(model, x, "a", null));
    }
    assertSame(none, of(model.tablePredictor().set(0, -9.99).set(1, "a").set("day", null)));
    assertOther(none, of(model, "-9,98", "a", null));
  }

  @Test
  void aRowThatFailedIsNotPartOfTheNext() {
    TablePredictor predictor = model('.').tablePredictor();
    predictor.set("x", 1).set("word", "a");
    Map<String, ?> wrong = Map.of("x", 5, "word", "a", "day", "a day");
    assertThrows(IllegalArgumentException.class, () -> predictor.predict(wrong));
    assertUnset(predictor.set("day", "2024-05-31"), "x");
    predictor.set("x", 1).set("word", "a");
    Map<String, ?> short1 = Map.of("x", 5, "word", "a");
    rejects(() -> predictor.predict(short1), "predict: no column day in a row with ");
    assertUnset(predictor.set("day", "2024-05-31"), "x");
    of(predictor.set("x", 1).set("word", "a").set("day", "2024-05-31"));
    assertUnset(predictor, "x"); // every row must be set completely
    rejects(() -> predictor.set("X", 1), "no column X in the model, expected one of x, word, day");
  }

  /** Every call that sets a row can fail, and then no column of the row stays set. */
  @Test
  void everyCallThatFailsForgetsTheRow() {
    TablePredictor predictor = model('.', "NA").tablePredictor();
    Object unspeakable =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("closed");
          }
        };
    record Failing(double x) {
      @Override
      public double x() {
        throw new IllegalStateException("closed");
      }
    }
    float[] results = new float[2];
    Map<String, Object> badMap = new HashMap<>();
    badMap.put("x", unspeakable);
    badMap.put("word", "a");
    badMap.put("day", null);
    List<Runnable> failing =
        List.of(
            () -> predictor.set("day", "a day"),
            () -> predictor.set("day", 'd'),
            () -> predictor.set("day", 5.5),
            () -> predictor.set("day", true),
            () -> predictor.set("x", "many"),
            () -> predictor.set("x", Double.POSITIVE_INFINITY),
            () -> predictor.set(2, "2024-13-01"),
            () -> predictor.set(0, "many"),
            () -> predictor.set(3, 1),
            () -> predictor.set(-1, "a"),
            () -> predictor.set("X", 1),
            () -> predictor.set("X", "1"),
            () -> predictor.set("X", null),
            () -> predictor.set("X", 1),
            () -> predictor.set("day", List.of(1)),
            () -> predictor.set("word", unspeakable),
            () -> predictor.predict(results), // the day is not set
            () -> predictor.predict(),
            () -> predictor.predict(badMap),
            () -> predictor.predict(new Failing(1)));
    for (Runnable fails : failing) {
      predictor.set("x", 1).set("word", "a");
      assertThrows(RuntimeException.class, fails::run);
      predictor.set("day", null);
      assertUnset(predictor, "x");
      predictor.set("x", 2).set("day", null);
      assertUnset(predictor, "word");
    }
    predictor.set("x", 1).set("word", "a").set("day", null);
    assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[1]));
    assertUnset(predictor, "x");
  }

  /** The notes on a row are the sentences about a file with this row (see UnseenValuesTest). */
  @Test
  void valuesThatTheModelHasNotMet() {
    CategoryColumn sex = new CategoryColumn("sex", 2, List.of("f", "m"), false, false);
    Schema schema = Schemas.of(new NumberColumn("x", 0, 7, false), sex, WORD);
    Model model =
        Model.of(Mlp.initial(Architecture.relu(schema.inputs(), List.of(3), 2), Initializer.HE, 1))
            .withScaling(Scaling.none())
            .withSchema(schema);
    TablePredictor predictor = model.tablePredictor();
    float[] results = new float[2];
    predictor.set("x", 1).set("sex", "f").set("word", 1.5).predict(results);
    assertEquals(List.of(), predictor.notes());
    predictor.set("x", "NA").set("sex", "MALE").set("word", 2.5).predict(results);
    List<String> expected =
        List.of(
            "Column x: 1 of 1 rows have no value, where all training rows had one (the median of the training rows replaces it)",
            "Column sex: 1 of 1 values are unknown to the model, such as \"MALE\" (it knows f, m)",
            "Column word: 1 of 1 values are unknown to the model, such as \"2.5\" (it knows 1.5, a, true)");
    assertEquals(expected, predictor.notes());
    Map<String, Object> row = new HashMap<>();
    row.put("x", null);
    row.put("sex", "MALE");
    row.put("word", 2.5);
    predictor.predict(row);
    assertEquals(expected, predictor.notes());
    UnseenValues all = new UnseenValues(schema);
    predictor.countUnseen(all);
    predictor.set("x", 1).set("sex", (String) null).set("word", "A").predict(results);
    predictor.countUnseen(all);
    predictor.set("x", 1).set("sex", "m").set("word", "TRUE").predict(results);
    predictor.countUnseen(all);
    assertEquals(5, all.total());
    List<String> together =
        List.of(
            "Column x: 1 of 3 rows have no value, where all training rows had one (the median of the training rows replaces it)",
            "Column sex: 1 of 2 values are unknown to the model, such as \"MALE\" (it knows f, m)",
            "Column sex: 1 of 3 rows have no value, where all training rows had one (it counts as an unknown value)");
    // There is no note on words: training had rare ones, and one of these words is known.
    assertEquals(together, all.notes());
    UnseenValues twice = new UnseenValues(schema);
    twice.add(all);
    twice.add(all);
    assertEquals(10, twice.total());
    assertEquals(together.get(1).replace("1 of 2", "2 of 4"), twice.notes().get(1));
    twice.clear();
    assertEquals(0, twice.total());
    assertEquals(List.of(), twice.notes());
  }

  @Test
  void notesAreOfTheRowThatWasPredictedLast() {
    TablePredictor predictor = model('.', "NA").withLoss(Loss.SOFTMAX).tablePredictor();
    assertThrows(IllegalStateException.class, predictor::notes);
    of(predictor.set("x", 1).set("word", "a").set("day", null));
    assertEquals(1, predictor.notes().size());
    predictor.set("x", 1);
    assertThrows(IllegalStateException.class, predictor::notes);
    of(predictor.set("word", "a").set("day", null));
    assertThrows(IllegalStateException.class, () -> of(predictor));
    assertThrows(IllegalStateException.class, predictor::notes);
  }

  private static void assertUnset(TablePredictor predictor, String column) {
    rejects(
        IllegalStateException.class,
        () -> of(predictor),
        "predict: column " + column + " was not set");
  }

  @Test
  void numbersThatAreTooLarge() {
    TablePredictor predictor = model('.').tablePredictor();
    for (double large : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> predictor.set("x", large));
    }
    predictor.set("x", 1e300).set("word", "a").set("day", "2024-05-31");
    rejects(() -> of(predictor), " x is 1.0E300, expected a smaller number: after scaling (none)");
  }

  @Test
  void nothingIsAllocatedForNumbers() {
    Model model =
        Model.of(Mlp.initial(Architecture.relu(3, List.of(8), 2), Initializer.HE, 1))
            .withScaling(Scaling.none())
            .withSchema(Schema.ofNumbers(3, 1));
    TablePredictor predictor = model.tablePredictor();
    float[] results = new float[2];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        predictor.set(0, i).set(1, -i).set(2, 0.5).predict(results);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < 10_000, least + " bytes for 10000 rows");
  }

  record Private(double x, String word, LocalDate day) {}

  @Test
  void componentsOfRecords() {
    Model model = model('.', "NA");
    TablePredictor predictor = model.tablePredictor();
    float[] found = floats(predictor.predict(new Private(2, "a", LocalDate.of(2024, 5, 31))));
    assertSame(of(model, 2, "a", "2024-05-31"), found);
    record Failing(double x) {
      @Override
      public double x() {
        throw new IllegalStateException("closed");
      }
    }
    rejects(
        () -> predictor.predict(new Failing(1)),
        "component x cannot be read (java.lang.IllegalStateE");
    // A row that failed is forgotten.
    predictor.set("x", 2).set("word", "a").set("day", "2024-05-31");
    assertThrows(IllegalArgumentException.class, () -> predictor.predict(new Failing(1)));
    assertThrows(IllegalStateException.class, () -> predictor.predict(new double[2]));
  }

  /** Rows together have the results and the notes that they have one by one. */
  @Test
  void rowsTogetherAreTheRowsAlone() {
    Mlp one = model('.', "NA").withLoss(Loss.SOFTMAX).members().get(0);
    Model two = Model.of(List.of(one, one.withParameters(halves(one.parameters()))));
    for (Model model : List.of(Model.of(one), two)) {
      List<Map<String, ?>> rows = new ArrayList<>();
      for (int i = 0; i < 300; i++) { // more than a batch
        Map<String, Object> map = new HashMap<>();
        map.put("x", i % 7 == 0 ? null : (Object) (i / 300.0));
        map.put("word", i % 5 == 0 ? "unknown" : "a");
        map.put("day", i % 10 == 0 ? null : LocalDate.of(2024, 5, 31));
        map.put("other", "is ignored");
        rows.add(map);
      }
      TablePredictor predictor = model.tablePredictor();
      Predictions together = predictor.predict(rows);
      List<String> notes = predictor.notes();
      UnseenValues unseen = new UnseenValues(model.schema().orElseThrow());
      assertEquals(rows.size(), together.rows());
      for (int i = 0; i < rows.size(); i++) {
        Predictions alone = predictor.predict(rows.get(i));
        predictor.countUnseen(unseen);
        assertArrayEquals(alone.values(0), together.values(i), "row " + i);
        assertEquals(alone.label(0), together.label(i));
      }
      assertEquals(unseen.notes(), notes);
      assertEquals(1, notes.size(), notes.toString());
      assertEquals(0, predictor.predict(List.of()).rows());
    }
  }

  private static float[] halves(float[] parameters) {
    for (int i = 0; i < parameters.length; i += 3) {
      parameters[i] /= 2;
    }
    return parameters;
  }

  @Test
  void aWrongRowAmongOthersIsNamed() {
    TablePredictor predictor = model('.', "NA").tablePredictor();
    Private good = new Private(2, "a", null);
    for (Object wrong : Arrays.asList(Map.of("x", 1, "word", "a"), "a,b", null)) {
      predictor.predict(List.of(good));
      rejects(
          () -> predictor.predict(Arrays.asList(good, wrong)),
          wrong instanceof Map
              ? "row 1: predict: no column day in a row with "
              : "row 1: predict: " + wrong + ", expected a map or a record");
      assertThrows(IllegalStateException.class, predictor::notes);
    }
    Map<String, ?> many = Map.of("x", "many", "word", "a", "day", "");
    rejects(() -> predictor.predict(List.of(many)), "row 0: column x is \"many\", expected");
    assertUnset(predictor.set("day", null), "x");
  }

  @Test
  void theClassOfARow() {
    Model numbers = model('.', "NA");
    assertEquals(2, numbers.tablePredictor().outputs());
    Mlp classes = numbers.withLoss(Loss.SOFTMAX).members().get(0);
    float[] parameters = classes.parameters();
    for (int best = 0; best < 2; best++) {
      parameters[parameters.length - 2 + best] = 1e7f; // outweighs the large number of days
      Model model = Model.of(classes.withParameters(parameters));
      TablePredictor predictor = model.tablePredictor();
      predictor.set("x", 1).set("word", "a").set("day", "2024-05-31");
      assertEquals(Integer.toString(best), predictor.predict().className(0));
      parameters[parameters.length - 2 + best] = 0;
    }
    Mlp equal =
        classes
            .withParameters(new float[classes.parameterCount()])
            .withClassNames(List.of("u", "v"));
    TablePredictor first = Model.of(equal).tablePredictor();
    first.set("x", 1).set("word", "a").set("day", "2024-05-31");
    assertEquals("u", first.predict().className(0));
  }

  /** A category without words has no input, so the next column begins at the same place. */
  @Test
  void anInputBelongsToTheColumnThatHasIt() {
    CategoryColumn one = new CategoryColumn("one", 0, List.of("a"), true, false);
    CategoryColumn none = new CategoryColumn("none", 1, List.of(), true, false);
    NumberColumn number = new NumberColumn("x", 2, 0, false);
    RowEncoder encoder = new RowEncoder(Schemas.of(one, none, number), Scaling.none());
    assertEquals(one.inputs() + none.inputs() + 1, encoder.inputs());
    assertEquals(2, encoder.columnOf(encoder.first(2)));
  }
}
