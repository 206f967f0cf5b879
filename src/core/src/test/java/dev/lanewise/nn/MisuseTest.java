package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong calls fail at once, with an exception that says what to do. */
class MisuseTest {
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(2, List.of(4), 3), Initializer.HE, 1);

  private static void refused(String text, Executable call) {
    rejects(call, text);
  }

  /** In a single array, results would overwrite rows that have not been predicted yet. */
  @Test
  void featuresAndProbabilitiesAreTwoArrays() {
    float[] both = new float[30];
    Predictor predictor = MODEL.predictor(2);
    String text = "one array for both features and probabilities, expected two";
    refused(text, () -> predictor.predict(both, both));
    refused(text, () -> predictor.predict(both, 10, both, null));
  }

  @Test
  void rowsAreArrays() {
    Predictor predictor = MODEL.predictor(2);
    String text = "predict: row 1 is null, expected 2 features";
    refused(text, () -> predictor.predict(new float[][] {{1, 2}, null}));
    refused(text, () -> predictor.predict(new double[][] {{1, 2}, null}));
    assertEquals(1, predictor.predict(new double[][] {{1, 2}}).rows());
  }

  /** Several layers of 2^31 - 1 units have more parameters than a long can count. */
  @Test
  void sizesThatNoLongCountsAreRefused() {
    int most = Integer.MAX_VALUE;
    for (int layers = 1; layers < 9; layers++) {
      List<Integer> hidden = Collections.nCopies(layers, most);
      refused("parameters, expected fewer than 2^31", () -> Architecture.relu(most, hidden, most));
    }
  }

  /** A file would change such names, so that two different names could become equal. */
  @ParameterizedTest
  @ValueSource(strings = {"a\0", "a\0b", "a\ud800", "\udc00a"})
  void namesAreTextThatFilesKeep(String name) {
    String text = "the character 0 or half of a surrogate pair, expected text that every file";
    refused(text, () -> MODEL.withClassNames(List.of("x", name, "z")));
  }

  /** If two classes had the same name, labels given by name would all go to the first of them. */
  @Test
  void classNamesAreDistinctAndThere() {
    refused(
        "class names: 'a' twice, expected each once",
        () -> MODEL.withClassNames(List.of("a", "b", "a")));
    refused(
        "class names: null, expected a text",
        () -> MODEL.withClassNames(Arrays.asList("a", null, "b")));
  }

  @Test
  void notesOnTheTrainingCanBeSaved() {
    refused("ends in the character 0", () -> MODEL.withTraining(List.of("epochs=1\0")));
  }
}
