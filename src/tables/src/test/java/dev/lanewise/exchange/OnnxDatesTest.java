package dev.lanewise.exchange;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs of columns of dates take numbers that their caller computes from timestamps. */
class OnnxDatesTest {
  private static final int ROWS = 600;

  /** The inputs of a date, computed here as the description of a graph says. */
  private static final Map<String, ToDoubleFunction<OffsetDateTime>> INPUTS =
      Map.of(
          "days",
          t -> (t.toEpochSecond() + t.getNano() / 1e9) / 86_400, // in UTC
          "month",
          OffsetDateTime::getMonthValue,
          "weekday",
          t -> t.getDayOfWeek().getValue(),
          "time",
          t -> t.toLocalTime().toNanoOfDay() / 86_400e9);

  private static CategoryColumn list(
      String name, int place, boolean gaps, int first, int last, String format) {
    boolean hasRare = last > 20; // some hours share an input
    List<String> known = IntStream.rangeClosed(first, last).mapToObj(format::formatted).toList();
    return new CategoryColumn(name, place, known, hasRare, gaps);
  }

  private static DateColumn date(String name, int place, boolean gaps, int lastHour) {
    return new DateColumn(
        new NumberColumn(name, place, 19_800, gaps),
        list(name + " month", place, gaps, 2, 11, "%02d"),
        list(name + " weekday", place, gaps, 1, 7, "%d"),
        lastHour == 0
            ? Optional.empty()
            : Optional.of(list(name + " hour", place, gaps, 0, lastHour, "%02d")));
  }

  /** Three columns: all parts; no hour; and an hour that is the same in all training rows. */
  private static Schema schema() {
    CategoryColumn one = new CategoryColumn("c hour", 2, List.of("14"), false, false);
    CategoryColumn none = new CategoryColumn("c month", 2, List.of(), false, false);
    return Schemas.of(
        date("a", 0, true, 22),
        date("b", 1, false, 0),
        new DateColumn(new NumberColumn("c", 2, 0.5, false), none, none, Optional.of(one)));
  }

  private static Model model(Schema schema, ModelKind kind) {
    double[] median = new double[schema.inputs()];
    double[] range = new double[median.length];
    Arrays.fill(range, Double.NaN);
    int at = 0;
    for (Column column : schema.columns()) {
      DateColumn date = (DateColumn) column;
      median[at] = date.days().median();
      range[at] = median[at] < 1 ? 0.5 : 200;
      at += column.inputs();
    }
    return kind.of(
        Model.of(Mlp.initial(Architecture.relu(median.length, List.of(8), 3), Initializer.HE, 5))
            .withSchema(schema)
            .withScaling(Scaling.robust(median, range)),
        6);
  }

  private static OffsetDateTime drawn(Random random, boolean isTime) {
    LocalDateTime time = LocalDateTime.of(isTime ? 1970 : 2023 + random.nextInt(3), 1, 1, 0, 0);
    time = time.plusDays(isTime ? 0 : random.nextInt(365)).plusHours(random.nextInt(24));
    if (random.nextInt(3) > 0) { // at the hour, one nanosecond before it, or within it
      time = time.plusNanos(random.nextInt(2) * 3600_000_000_000L - random.nextInt(2));
      time = isTime ? time.withYear(1970).withDayOfYear(1) : time;
    } else {
      time = time.plusNanos(Math.abs(random.nextLong()) % 3600_000_000_000L);
    }
    return time.atOffset(ZoneOffset.ofHours(isTime ? 0 : random.nextInt(20) - 10));
  }

  private static Map<String, OnnxTensor> tensors(
      OrtSession session, Map<String, OffsetDateTime[]> columns) throws Exception {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    for (String input : session.getInputNames()) {
      String[] parts = input.split("/");
      double[] x =
          Arrays.stream(columns.get(parts[0]))
              .mapToDouble(t -> t == null ? Double.NaN : INPUTS.get(parts[1]).applyAsDouble(t))
              .toArray();
      tensors.put(input, Sessions.tensor(session, input, 1, x));
    }
    return tensors;
  }

  @ParameterizedTest
  @EnumSource
  void aRuntimePredictsAsTheModelDoes(ModelKind kind) throws Exception {
    Model model = model(schema(), kind);
    Random random = new Random(kind.ordinal());
    Map<String, OffsetDateTime[]> columns = new HashMap<>();
    for (String name : model.schema().get().columnNames()) {
      OffsetDateTime[] times = new OffsetDateTime[ROWS];
      for (int row = 0; row < ROWS; row++) {
        OffsetDateTime drawn = drawn(random, name.equals("c"));
        drawn = name.equals("b") ? drawn.truncatedTo(ChronoUnit.DAYS) : drawn;
        times[row] = random.nextInt(9) == 0 ? null : drawn;
      }
      columns.put(name, times);
    }
    TablePredictor predictor = model.tablePredictor();
    try (OrtSession session = Sessions.of(model);
        OrtSession.Result results = session.run(tensors(session, columns))) {
      assertEquals(
          List.of("a/days", "a/month", "a/weekday", "a/time"),
          session.getInputNames().stream().filter(name -> name.startsWith("a/")).toList());
      assertEquals(9, session.getInputNames().size());
      float[][] found = (float[][]) results.get("probabilities").get().getValue();
      for (int row = 0; row < ROWS; row++) {
        Map<String, Object> values = new HashMap<>();
        for (String name : columns.keySet()) {
          OffsetDateTime time = columns.get(name)[row];
          values.put(name, time == null ? null : time.toString());
        }
        double[] expected = predictor.predict(values).values(0);
        for (int k = 0; k < expected.length; k++) {
          assertEquals(expected[k], found[row][k], 2e-6, values::toString);
        }
      }
    }
  }

  /** Weekdays from 0, or hours in place of a part of the day, would shift the inputs. */
  @Test
  void numbersThatAreNoPartOfADateStopTheRuntime() throws Exception {
    Model model = model(schema(), ModelKind.ONE);
    OffsetDateTime[] time = {OffsetDateTime.parse("2024-05-31T14:05Z")};
    Onnx onnx = OnnxWriter.write(model, Map.of(), false, Set.of());
    try (OrtSession session = Sessions.of(model)) {
      for (String wrong :
          "a/month 0,a/weekday 0,b/month 13,b/weekday 8,a/time 14,c/time 1".split(",")) {
        String input = wrong.split(" ")[0];
        for (double number : new double[] {Double.parseDouble(wrong.split(" ")[1]), Double.NaN}) {
          Map<String, OnnxTensor> tensors =
              tensors(session, Map.of("a", time, "b", time, "c", time));
          tensors.put(input, Sessions.tensor(session, input, 1, number));
          rejects(OrtException.class, () -> session.run(tensors), "Name:'" + input + "'");
          Map<String, Object> row = new HashMap<>();
          for (String name : tensors.keySet()) {
            row.put(name, new double[] {INPUTS.get(name.substring(2)).applyAsDouble(time[0])});
          }
          row.put(input, new double[] {number});
          OnnxGraph graph = new OnnxGraph(onnx, "f");
          rejects(
              FormatException.class, () -> graph.run(row), input + "), expected one of [-999, ");
        }
      }
    }
  }

  @Test
  void theDescriptionSaysHowToComputeTheInputs() {
    Schema schema = Schemas.of(date("day", 0, false, 23), new NumberColumn("price", 1, 3, false));
    schema =
        new Schema(
            schema.columns(),
            schema.targets(),
            schema.weight(),
            schema.ignored(),
            schema.places(),
            true,
            schema.missing(),
            '.',
            Map.of("day", Notation.of("31.05.2024"), "price", Notation.of("1.234,5%")));
    Mlp model = Mlp.initial(Architecture.relu(schema.inputs(), List.of(), 2), Initializer.HE, 1);
    assertEquals(
        """
        Inputs are N x 1, a column of the table each.
        day/days: float; NaN is a missing value; days since 1970-01-01T00:00Z; \
        of times t in pandas: (t - pd.Timestamp(0)) / pd.Timedelta(days=1); the table has 31.05.2024 for 2024-05-31
        day/month: float; NaN is a missing value; 1 to 12; of times t in pandas: t.dt.month
        day/weekday: float; NaN is a missing value; 1 (Monday) to 7; of times t in pandas: t.dt.dayofweek + 1
        day/time: double; NaN is a missing value; the past part of the day, 0.5 at noon; \
        of times t in pandas: (t - t.dt.normalize()) / pd.Timedelta(days=1)
        price: float; NaN is a missing value; the table has 1.234,5% for 12.345""",
        OnnxWriter.write(Model.of(model).withSchema(schema), Map.of(), false, Set.of()).doc());
  }

  /** The order of the entries of a map may differ from one start of the JVM to the next. */
  @Test
  void attributesAreWrittenInTheOrderOfTheirNames() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxWriter.write(model(schema(), ModelKind.ONE), Map.of(), false, Set.of()).write(out);
    for (Onnx.Node node : Onnx.read(new ByteArrayInputStream(out.toByteArray()), "f").nodes()) {
      List<String> names = List.copyOf(node.attributes().keySet()); // as in the file
      assertEquals(names.stream().sorted().toList(), names, node.where());
    }
  }

  @Test
  void columnsWithTheNameOfAPartAreRefused() {
    Schema schema = Schemas.of(date("day", 0, false, 0), new NumberColumn("day/days", 1, 0, false));
    Mlp model = Mlp.initial(Architecture.relu(schema.inputs(), List.of(), 2), Initializer.HE, 1);
    rejects(
        () -> OnnxWriter.write(Model.of(model).withSchema(schema), Map.of(), false, Set.of()),
        "column day/days, expected");
  }
}
