package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A column of cells that is used again and again. */
class TableColumnTest {
  private static List<Cell> cells(TableColumn column, int rows) {
    List<Cell> cells = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      cells.add(column.cell(row));
    }
    return cells;
  }

  private static Cell word(String word) {
    return new Cell(Double.NaN, word);
  }

  private static Cell number(double number) {
    return new Cell(number, null);
  }

  /** Up to 1000 words keep their places when the rows are cleared; more words are forgotten. */
  @Test
  void whatIsForgottenIsNotTakenForAnother() {
    for (int words : new int[] {1, 1000, 1001, 1500}) {
      TableColumn column = new TableColumn();
      for (int i = 0; i < words; i++) {
        column.addWord("w" + i);
      }
      column.clear();
      assertEquals(words > 1000 ? 0 : words, column.codesOfStrings().count());
      column.addWord("w" + (words - 1));
      column.add(5);
      column.addWord("other");
      column.addMissing();
      assertEquals(
          List.of(word("w" + (words - 1)), number(5), word("other"), Cell.MISSING),
          cells(column, 4));
    }
  }

  @Test
  void wordsAndNumbersThatStandForNoValue() {
    TableColumn column = new TableColumn();
    column.add(1);
    column.addWord("NA");
    column.addWord("\u000bNA"); // unlike a space, this character is not blank
    column.add(-9);
    column.addWord("TRUE");
    column.addMissing();
    assertSame(column, column.in(null, List.of()));
    assertSame(column, column.in(null, List.of("none", "na")));
    Cell none = Cell.MISSING;
    assertEquals(
        List.of(number(1), none, word("\u000bNA"), number(-9), word("true"), none),
        cells(column.in(null, List.of("NA")), 6));
    assertEquals(
        List.of(number(1), word("NA"), word("\u000bNA"), none, word("true"), none),
        cells(column.in(null, List.of("-9.0")), 6));
    assertEquals(2, column.in(null, List.of("NA")).codesOfStrings().count());
    assertEquals(cells(column, 6), cells(column.in(Notation.of("31.05.2024"), List.of()), 6));
  }

  /** The same words have other places in another column, even between gaps. */
  @Test
  void rowsOfAnotherColumn() {
    TableColumn other = new TableColumn();
    for (String word : new String[] {"x", "a", "b", "a", "a", "c"}) {
      other.addWord(word);
    }
    other.add(3);
    other.addMissing();
    other.addWord("b");
    TableColumn column = new TableColumn();
    column.addWord("b");
    column.add(1);
    column.append(other, 1, 8);
    Cell a = word("a");
    Cell b = word("b");
    assertEquals(
        List.of(b, number(1), a, b, a, a, word("c"), number(3), Cell.MISSING, b),
        cells(column, 10));
    assertEquals(3, column.codesOfStrings().count());
    TableColumn numbers = new TableColumn();
    numbers.add(7);
    numbers.add(8);
    column.append(numbers, 1, 1);
    assertEquals(number(8), column.cell(10));
  }
}
