package dev.lanewise.cli;

import dev.lanewise.cli.answers.Outputs;
import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.inputs.RunData;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Table;
import dev.lanewise.cli.results.LeastPicture;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.LeastCertain;
import dev.lanewise.trust.Familiarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** {@code uncertain}: shows the rows of which a model is least certain. */
final class UncertainCommand implements Command {
  private static final int MOST = 1000;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    int count = arguments.integer("count", 1, MOST);
    Path file = DataSource.out(arguments, "out");
    if (!arguments.text("out").toLowerCase(Locale.ROOT).endsWith(".svg")) {
      throw arguments.wrong("out", "a name that ends in .svg");
    }
    RunData.take(arguments, output);
    DataSource.out(arguments, "out"); // checked again, now with the files of the run
    Subject subject = Subject.load(arguments, output, true);
    if (!subject.model.loss().task().hasClasses()) {
      throw Problem.failure(
          "uncertain: a model of loss %s, expected a model of softmax, which chooses a class",
          subject.model.loss().label());
    }
    Evaluation evaluation = subject.evaluate(arguments);
    Familiarity familiarity = Outputs.familiarity(subject.model, arguments);
    double[] familiar = familiarity == null ? null : familiarity.of(subject.split);
    int[] rows =
        familiar == null ? LeastCertain.rows(evaluation, count) : leastFamiliar(familiar, count);
    Table<Integer> table =
        Table.of(Arrays.stream(rows).boxed().toList())
            .column("index", row -> row)
            .column("true", row -> subject.shown(evaluation.label(row)))
            .column("predicted", row -> subject.shown(evaluation.predicted(row)))
            .column("confidence", null, row -> (double) evaluation.confidence(row))
            .forPrograms("probabilities", evaluation::probabilities);
    if (familiar != null) {
      table.column(Outputs.FAMILIAR, row -> familiar[row]);
    }
    table.print(output).events(output, "row");
    interruption.hold();
    String which = familiar == null ? "certain" : "familiar";
    RunDirectory.write(file, LeastPicture.of(subject, evaluation, which, rows));
    output.note("Saved in " + file);
  }

  /** Returns the rows that are least like those of the training; equal ones keep their order. */
  private static int[] leastFamiliar(double[] familiar, int count) {
    return IntStream.range(0, familiar.length)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> familiar[row]))
        .limit(count)
        .mapToInt(row -> row)
        .toArray();
  }
}
