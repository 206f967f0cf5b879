package dev.lanewise.rows.internal;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.NetworkFacts;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The facts about the data of a table that a model also stores. */
public record DataFacts(
    Loss loss,
    Scaling scaling,
    Scaling targetScaling,
    List<String> classNames,
    Schema schema,
    Division division,
    List<WatchedColumn> watched) {

  /** Returns the facts as arrays of the same names as in a model. */
  public Map<String, NdArray> arrays() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    visit(this, Fields.to(arrays));
    return arrays;
  }

  /** Reads the facts of an open file and verifies its checksum. */
  public static DataFacts of(SealedNpz npz) throws IOException {
    DataFacts facts = visit(null, Fields.of(npz));
    npz.verify();
    return facts;
  }

  /** Visits the facts, which are null while reading. */
  private static DataFacts visit(DataFacts own, Fields fields) throws IOException {
    return new DataFacts(
        visit(NetworkFacts.LOSS, own, DataFacts::loss, fields),
        visit(NetworkFacts.SCALING, own, DataFacts::scaling, fields),
        visit(NetworkFacts.TARGET_SCALING, own, DataFacts::targetScaling, fields),
        visit(NetworkFacts.CLASS_NAMES, own, DataFacts::classNames, fields.optional()),
        visit(TableFacts.SCHEMA, own, DataFacts::schema, fields),
        visit(TableFacts.DIVISION, own, DataFacts::division, fields),
        visit(TableFacts.WATCHED, own, DataFacts::watched, fields.optional()));
  }

  private static <T> T visit(
      Fact<T> fact, DataFacts own, Function<DataFacts, T> part, Fields fields) throws IOException {
    return fact.visit(own == null ? null : part.apply(own), fields, NetworkFacts.NONE);
  }
}
