package dev.lanewise.recipe;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.model.Folds;
import dev.lanewise.nn.Loss;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of networks with options of their own. */
class GroupTest {
  private static final Recipe SMALL =
      Recipe.TABLE.with("members", 3).with("hidden", "6,6").with("epochs", 3);

  private static Dataset data() {
    float[][] rows = new float[60][2];
    int[] labels = new int[60];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = i * 7 % 11;
      rows[i][1] = i % 5;
      labels[i] = i % 11 < 4 ? 1 : 0;
    }
    return Dataset.of(Rows.of(rows, labels));
  }

  private static List<String> digests(RecipeRun run) {
    return run.members().stream().map(each -> each.model().sha256()).toList();
  }

  /** So a search can select trials, and a training can repeat them all. */
  @Test
  void eachGroupHasTheNetworksThatItsOptionsHaveAlone() {
    String groups = "2 dropout=0.2 binnedMembers=0; 1; 3 hidden=4 learningRate=0.01 batchSize=16";
    RecipeRun all = SMALL.with("configurations", groups).fit(data());
    List<String> alone = new ArrayList<>();
    Recipe first = SMALL.with("dropout", 0.2).with("binnedMembers", 0);
    Recipe last = SMALL.with("hidden", 4).with("learningRate", 0.01).with("batchSize", 16);
    for (Recipe recipe : List.of(first, SMALL, last)) {
      alone.addAll(digests(recipe.fit(data())));
    }
    assertEquals(alone, digests(all));
    assertArrayEquals(new int[] {2, 2, 2, 1, 1, 1, 3, 3, 3}, all.model().memberWeights());
    assertTrue(all.validation().isPresent());
  }

  /** Each group has the folds from the first on, also where the networks are found in a model. */
  @Test
  void theFoldsBeginAgainWithEachGroup() {
    Recipe recipe = SMALL.with("configurations", "1; 1");
    for (int member = 0; member < 6; member++) {
      Rows own = recipe.rows(data(), member).validation().orElseThrow();
      Rows same = SMALL.rows(data(), member % 3).validation().orElseThrow();
      assertEquals(same.rows(), own.rows());
      for (int row = 0; row < own.rows(); row++) {
        assertEquals(same.label(row), own.label(row));
      }
    }
    assertEquals(36, Folds.of(data(), 0, 3).validated(6));
    assertEquals(60, Folds.of(data(), 0).validated(6));
  }

  @ParameterizedTest
  @CsvSource({
    "hidden=4, groups such as 2 hidden=512",
    "0 hidden=4, groups such as",
    "1;, groups such as",
    "1 hidden, groups such as",
    "1 hidden=4 hidden=5, hidden once in a group",
    "1 seed=4, 'seed for all networks, not for a group'",
    "1 members=2, 'members for all networks, not for a group'",
    "1 epochs=2, 'epochs for all networks, not for a group'",
    "1 patience=2, 'patience for all networks, not for a group'",
    "1 hiden=4, one of [hidden",
    "1 learningRate=0, other options in group 1 (learning rate 0.0",
    "10001, groups such as",
    "1; 1 binnedMembers=4, other options in group 2 (binnedMembers 4",
    "1 hidden=4;2 hidden=x, other options in group 2 (hidden x",
    "1; 1 bins=1001 dropout=0, other options in group 2 (bins 1001",
    "1; 1 bins=8, the same bins in all networks that see bins",
    "1 optimizer=adan, optimizer to be one of sgd",
  })
  void wrongGroupsAreRefused(String groups, String expected) {
    String message = refusal(() -> Recipe.TABLE.with("configurations", groups));
    assertTrue(message.contains("expected " + expected), message);
  }

  @Test
  void thereAreAtMostAHundredNetworks() {
    String groups = "1" + "; 1".repeat(33);
    String message = refusal(() -> Recipe.TABLE.with("configurations", groups));
    assertTrue(message.endsWith("expected at most 100 networks in all"), message);
  }

  /** 1000 rows are 4 steps of 256 rows or 15 of 64, and a patience has at least 200 steps. */
  @Test
  void thePatienceOfAGroupFollowsFromItsBatchSize() {
    Recipe recipe = Recipe.TABLE.with("configurations", "1; 1 batchSize=64; 1 batchSize=512");
    Recipe known = recipe.resolvedFor(1000);
    List<String> found = new ArrayList<>();
    for (int member : List.of(0, 3, 6)) { // of each group the first
      Recipe own = known.member(member);
      found.add(own.value("patience", Loss.SOFTMAX, true));
      assertEquals("last-error", own.value("best", Loss.SOFTMAX, true));
    }
    List<String> alone = new ArrayList<>();
    for (int batch : List.of(256, 64, 512)) {
      Recipe own = Recipe.TABLE.with("batchSize", batch).resolvedFor(1000);
      alone.add(own.value("patience", Loss.SOFTMAX, true));
    }
    assertEquals(alone, found);
    assertEquals(List.of("67", "32", "200"), found);
    Recipe again = known.with("epochs", 5).resolvedFor(1).member(6);
    assertEquals("200", again.value("patience", Loss.SOFTMAX, true));
    assertEquals("5", again.value("epochs", Loss.SOFTMAX, true));
  }
}
