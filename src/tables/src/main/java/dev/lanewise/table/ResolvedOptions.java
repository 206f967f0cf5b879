package dev.lanewise.table;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.model.Model;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.internal.DivisionRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All that determines how a file is loaded: the options, and for the rest the options of a model,
 * if there is one.
 *
 * @param trains whether the model is trained further, perhaps on another file
 */
record ResolvedOptions(
    ReadOptions reading,
    DivisionOptions division,
    ScaleOptions scaling,
    Optional<Model> model,
    boolean trains) {

  static ResolvedOptions of(LoadOptions... options) {
    Objects.requireNonNull(options, "options");
    Arrays.stream(options).forEach(LoadOptions::given);
    ReadOptions reading = one(options, ReadOptions.class, ReadOptions.defaults());
    DivisionOptions division = one(options, DivisionOptions.class, DivisionOptions.defaults());
    if (division.rule.group().isPresent()) {
      List<String> ignored = new ArrayList<>(reading.ignored);
      ignored.add(division.rule.group().get());
      reading = reading.withIgnored(ignored);
    }
    return new ResolvedOptions(
        reading,
        division,
        one(options, ScaleOptions.class, ScaleOptions.defaults()),
        Optional.empty(),
        false);
  }

  private static <T extends LoadOptions> T one(LoadOptions[] options, Class<T> kind, T usual) {
    List<T> given = Arrays.stream(options).filter(kind::isInstance).map(kind::cast).toList();
    if (given.size() > 1) {
      throw DataErrors.wrong("%s %s, expected one", given.size(), kind.getSimpleName());
    }
    return given.isEmpty() ? usual : given.get(0);
  }

  /** Combines options with a model, which decides what the options leave open. */
  static ResolvedOptions of(Model model, boolean trains, LoadOptions... options) {
    Objects.requireNonNull(model, "model");
    ResolvedOptions given = of(options);
    ReadOptions reading = given.reading;
    if (model.schema().isPresent()) {
      TableOptions known = TableOptions.of(model.schema().get());
      reading = reading.withTable(reading.table.orElse(known).withNotations(known.notations()));
    }
    if (reading.totals == ReadOptions.Totals.REFUSE
        && model.training().contains("skip-totals=yes")) {
      reading = reading.withTotals(ReadOptions.Totals.SKIP);
    }
    ScaleOptions scaling = given.scaling;
    if (scaling.scale.isEmpty()) {
      scaling =
          scaling.withScale(
              model.scaling().map(ScaleChoice::fixed).orElse(ScaleChoice.bytesOrNone()));
    }
    if (scaling.targetScale.isEmpty() && model.loss().task().scalesTargets()) {
      scaling = scaling.withTargetScale(ScaleChoice.fixed(model.targetScaling()));
    }
    if (scaling.loss.isEmpty()) {
      scaling = scaling.withLoss(model.loss());
    }
    return new ResolvedOptions(reading, given.division, scaling, Optional.of(model), trains);
  }

  /** Returns how the model's training file was divided, before folds were taken for validation. */
  Optional<Division> known() {
    return model.flatMap(Model::division).map(d -> d.withFolds(OptionalLong.empty(), 0));
  }

  ResolvedOptions with(ReadOptions other) {
    return new ResolvedOptions(other, division, scaling, model, trains);
  }

  ResolvedOptions with(DivisionOptions other) {
    return new ResolvedOptions(reading, other, scaling, model, trains);
  }

  ResolvedOptions with(ScaleOptions other) {
    return new ResolvedOptions(reading, division, other, model, trains);
  }

  /** Returns whether a file that is not the model's training file is divided. */
  boolean divides() {
    return trains || division.divides();
  }

  /** Throws if the options divide the model's training file differently than its training did. */
  void requireSame(Division known, String file) throws FormatException {
    DivisionOptions asked = division;
    // Further training may have another seed, as its shuffles also use it. Arrays have no seed.
    boolean right =
        (trains || known.sizes().isEmpty() || asked.seed.orElse(known.seed()) == known.seed())
            && asked.splitSizes.orElse(known.sizes()).equals(known.sizes())
            && (asked.validFraction.isEmpty() || asked.validFraction.equals(known.validFraction()))
            && (asked.stratified.isEmpty() || asked.stratified.get() == known.stratified())
            && (asked.rule.equals(DivisionRule.NONE) || asked.rule.toString().equals(known.rule()));
    if (!right && model.isPresent()) {
      throw new FormatException(
          file,
          "the training file, divided differently than in the model's training, expected %s (leave"
              + " these options out)",
          known);
    }
  }

  /** Throws if the rows do not have the number of inputs of the model, if there is a model. */
  void requireInputs(RawRows rows) throws FormatException {
    int inputs = model.map(known -> known.inputs()).orElse(rows.features());
    if (rows.features() != inputs) {
      Optional<Schema> schema = model.flatMap(Model::schema);
      throw new FormatException(
          rows.where(),
          "rows of %s features, expected %s",
          rows.features(),
          schema.isEmpty()
              ? inputs + " as the model takes"
              : Message.of(
                  "a table such as a CSV file, as the model was trained on one, with columns %s",
                  schema.get().columnNames()));
    }
  }

  /** Returns the names of columns that mark a header: those in the model and in the options. */
  HeaderNames headerNames() {
    Set<String> known = new HashSet<>(reading.ignored);
    known.addAll(reading.categorical);
    known.addAll(reading.numeric);
    reading.weight.ifPresent(known::add);
    reading.target.ifPresent(known::add);
    reading.target.ifPresent(all -> known.addAll(List.of(all.strip().split("\\s*,\\s*", -1))));
    known.removeIf(name -> name.matches("-?[0-9]{1,9}"));
    Optional<Schema> schema = model.flatMap(Model::schema).filter(Schema::header);
    schema.ifPresent(its -> known.addAll(its.columnNames()));
    return new HeaderNames(known, model.isEmpty() || trains);
  }

  /**
   * The facts about the header of a table that a caller knows before reading it.
   *
   * @param known names, at least one of which a header contains; empty if nothing is known
   * @param mayBeNumbers whether a line of only numbers, such as years, may be a header; false if
   *     there is a model, as it would not know these names
   */
  record HeaderNames(Set<String> known, boolean mayBeNumbers) {
    /** Nothing is known. */
    static final HeaderNames ANY = new HeaderNames(Set.of(), true);
  }
}
