package dev.lanewise.cli;

import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes give the same weights as the command. */
class RecipesOfCommandsTest {
  @TempDir Path directory;

  /** The target may be any column, and a recipe may set the options of the command. */
  @Test
  void optionsAndSeveralTargetsGiveTheDigestOfTheCommand() throws Exception {
    Path file = directory.resolve("rooms.csv");
    StringBuilder rows = new StringBuilder("area,rent,windows,heat\n");
    for (int i = 0; i < 60; i++) {
      rows.append("%s,%s,%s,%s%n".formatted(i * 7 % 60, 3 * i + 0.5, i % 4, i % 9 + i * 0.25));
    }
    Table table = Table.read(Files.writeString(file, rows));
    for (Recipe recipe : List.of(Recipe.TABLE_FAST, Recipe.TABLE_BEST)) {
      Recipe few = recipe.with("epochs", 3).with("hidden", 6).with("seed", 5);
      String digest = few.fit(table.withTarget("rent,heat"), 1, epoch -> true).model().sha256();
      String options = "--target rent,heat --epochs 3 --hidden 6 --seed 5 --preset";
      Path out = directory.resolve(recipe.name());
      Run.line("train --data", file, options, recipe.name(), "--out", out)
          .ok("Weights sha256 " + digest);
    }
  }
}
