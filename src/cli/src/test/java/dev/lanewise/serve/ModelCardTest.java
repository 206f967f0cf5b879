package dev.lanewise.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of a model begins with values that its columns accept. */
class ModelCardTest {
  private static final Pattern TYPICAL = Pattern.compile("\"typical\": ?\"([^\"]*)\"");

  private static String typical(Column column, Notation notation) {
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
    Matcher found = TYPICAL.matcher(card);
    assertTrue(found.find(), card);
    return found.group(1);
  }

  private static CategoryColumn none(boolean other) {
    return new CategoryColumn("none", 0, List.of(), other, false);
  }

  @Test
  void datesAreWrittenInTheNotationOfTheColumn() {
    for (Notation notation : Notation.ofDates()) {
      boolean isTime = notation.example().matches("14:05|2:05 PM");
      double days = (isTime ? 0 : 19_978) + 15.1 / 24; // 2024-09-12T15:06
      NumberColumn number = new NumberColumn("d", 0, days, false);
      boolean mayHaveTimes = !notation.example().equals("20240531");
      for (boolean hasTimes : new boolean[] {mayHaveTimes, isTime}) {
        Optional<CategoryColumn> hours = hasTimes ? Optional.of(none(true)) : Optional.empty();
        Column date = new DateColumn(number, none(!isTime), none(true), hours);
        Cell read = Cell.read(notation, typical(date, notation));
        String time = hasTimes ? "T15:06" : "";
        assertEquals((isTime ? "1970-01-01" : "2024-09-12") + time, read.string(), "" + notation);
      }
    }
    NumberColumn born = new NumberColumn("d", 0, -10_000, false); // 1942-08-16
    Column date = new DateColumn(born, none(true), none(true));
    assertEquals("16.08.42", typical(date, Notation.of("31.05.24 from 1930")));
  }

  @ParameterizedTest
  @CsvSource({
    "'1.234,5', 1234.567891, '1234,57'",
    "'1,234.5', -0.25, -0.25",
    "'1234,5%', 0.4935, '49,35%'",
    "'EUR 1,234.5', 0, EUR 0",
    "'$1,234.5', 1e9, $1000000000",
    "1 234.5 kg, 3, 3 kg",
  })
  void numbersAreWrittenInTheNotationOfTheColumn(String example, double number, String text) {
    Notation notation = Notation.of(example);
    assertEquals(text, typical(new NumberColumn("n", 0, number, false), notation));
    assertEquals(number, Cell.read(notation, text).number(), 1e-5 * Math.abs(number));
  }
}
