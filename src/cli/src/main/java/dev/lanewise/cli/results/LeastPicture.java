package dev.lanewise.cli.results;

import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.CaseGallery;
import java.util.ArrayList;
import java.util.List;

/** A picture of the rows about which a model is least certain. */
public final class LeastPicture {
  private LeastPicture() {}

  /** Draws rows as images or bars. */
  public static String of(Subject subject, Evaluation evaluation, int[] rows) {
    List<CaseGallery.Case> cases = new ArrayList<>();
    for (int row : rows) {
      float[] features = new float[subject.split.features()];
      subject.split.copyRows(null, row, 1, features, 0);
      cases.add(
          new CaseGallery.Case(
              row,
              subject.className(evaluation.label(row)),
              subject.className(evaluation.predicted(row)),
              evaluation.label(row) == evaluation.predicted(row),
              evaluation.confidence(row),
              features));
    }
    String title = "Least certain of %s rows (%s)".formatted(evaluation.rows(), subject.splitName);
    int[] shape = subject.data.inputShape();
    return CaseGallery.of(title, cases)
        .withFeatureNames(subject.data.featureNames())
        .withShape(shape.length > 0 ? shape : subject.model.inputShape())
        .svg();
  }
}
