package dev.lanewise.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import dev.lanewise.rows.internal.Cell;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of a model begins with values that its columns accept. */
class ModelCardTest {
  private static final Pattern NOTATION = Pattern.compile("\"notation\": ?\"([^\"]*)\"");

  private static String example(Column column, Notation notation) {
    Schema plain = Schemas.of(column);
    Schema schema =
        new Schema(
            plain.columns(),
            plain.targets(),
            plain.weight(),
            List.of(),
            plain.places(),
            true,
            List.of(),
            '.',
            Map.of(column.name(), notation));
    Mlp model = Mlp.initial(Architecture.relu(schema.inputs(), List.of(), 2), Initializer.HE, 1);
    String card = new ModelCard(null, Model.of(model).withSchema(schema), 1000, 10, false).json;
    Matcher found = NOTATION.matcher(card);
    assertTrue(found.find() && !card.contains("typical"), card);
    return found.group(1);
  }

  private static CategoryColumn none(boolean other) {
    return new CategoryColumn("none", 0, List.of(), other, false);
  }

  @Test
  void aColumnWithANotationBeginsWithItsExample() {
    for (Notation notation : Notation.ofDates()) {
      Column date = new DateColumn(new NumberColumn("d", 0, 19_978, false), none(true), none(true));
      assertEquals(notation.example(), example(date, notation));
      assertNotNull(Cell.read(notation, notation.example()), notation.example());
    }
    Notation percent = Notation.of("1234,5%");
    assertEquals("1234,5%", example(new NumberColumn("n", 0, 0.4935, false), percent));
  }
}
