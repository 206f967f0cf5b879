package dev.lanewise.rows;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests schemas of columns without names, and of columns whose names clash. */
class SchemaTest {
  private static Schema of(String feature, String target, String weight) {
    return new Schema(
        List.of(new NumberColumn(feature, 0, 1, false)),
        List.of(target),
        Optional.of(weight),
        List.of(),
        Map.of("a", 0, "b", 1, "c", 2),
        true,
        List.of(),
        '.',
        Map.of());
  }

  @Test
  void aColumnIsOfOneUse() {
    assertEquals(List.of("b"), of("a", "b", "c").targets());
    for (String[] twice : new String[][] {{"a", "a", "c"}, {"a", "b", "a"}, {"a", "b", "b"}}) {
      rejects(() -> of(twice[0], twice[1], twice[2]), ", expected only one of the two");
    }
    rejects(() -> of("a", "b", "d"), "schema: column d has no place");
  }

  @Test
  void columnsOfNumbersHaveTheirPlacesForNames() {
    Schema schema = Schema.ofNumbers(2, 3);
    assertEquals(List.of("#0", "#1"), schema.columnNames());
    assertEquals(List.of("#2", "#3", "#4"), schema.targets());
    assertEquals(Map.of("#0", 0, "#1", 1, "#2", 2, "#3", 3, "#4", 4), schema.places());
    assertEquals(List.of(), Schema.ofNumbers(1, 0).targets());
    assertEquals(0, Schema.ofNumbers(0, 0).inputs());
    int most = Integer.MAX_VALUE;
    for (int[] wrong : new int[][] {{-1, 1}, {1, -1}, {most, 1}, {1, most}}) {
      assertThrows(IllegalArgumentException.class, () -> Schema.ofNumbers(wrong[0], wrong[1]));
    }
    assertEquals("Schema[#0, #1 -> #2, #3, #4]", schema.toString());
    Model model =
        Model.of(Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1))
            .withClassNames(List.of("no", "yes"))
            .withSchema(schema);
    assertTrue(
        model.toString().endsWith(", 6 parameters, columns #0, #1, classes no, yes]"),
        model::toString);
    TablePredictor predictor = model.tablePredictor();
    rejects(
        () -> predictor.set("#0", null),
        "column #0 is empty, expected a finite number: a model without a schema does not replace missing values");
    rejects(() -> predictor.set("#0", "x"), "column #0 is \"x\", expected a finite number");
  }
}
