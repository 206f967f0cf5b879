package dev.lanewise.cli;

import dev.lanewise.files.RunData;
import dev.lanewise.files.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.ChosenRows;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Table;
import java.io.IOException;
import java.util.Arrays;

/** {@code uncertain}: shows the rows of which a model is least certain. */
final class UncertainCommand implements Command {
  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    int count = arguments.whole("count");
    RunData.take(arguments, output);
    Subject subject = Subject.load(arguments, output, true);
    if (!subject.model.loss().task().hasClasses()) {
      throw Problem.failure(
          "uncertain: a model of loss %s, expected a model of softmax, which chooses a class",
          subject.model.loss().label());
    }
    Evaluation evaluation = subject.evaluate(arguments);
    int[] rows = ChosenRows.leastCertain(evaluation, count);
    Table.of(Arrays.stream(rows).boxed().toList())
        .column("index", row -> row)
        .column("true", row -> subject.shown(evaluation.label(row)))
        .column("predicted", row -> subject.shown(evaluation.predicted(row)))
        .column("confidence", null, row -> (double) evaluation.confidence(row))
        .forPrograms("probabilities", evaluation::probabilities)
        .print(output)
        .events(output, "row");
  }
}
