package dev.lanewise.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DivisionTest {
  private static String words(List<Double> sizes, OptionalDouble valid, boolean stratified) {
    return division("file", sizes, valid, stratified, RowSample.NONE).toString();
  }

  private static Division division(
      String file, List<Double> sizes, OptionalDouble valid, boolean stratified, RowSample sample) {
    return new Division(file, 7, sizes, valid, stratified, sample, OptionalLong.empty(), 0, "");
  }

  @Test
  void inTheWordsOfTheCommandLine() {
    OptionalDouble usual = OptionalDouble.empty();
    OptionalDouble tenth = OptionalDouble.of(0.1);
    List<Double> sizes = List.of(0.75, 0.25);
    assertEquals("the usual division", words(List.of(), usual, false));
    assertEquals("stratified", words(List.of(), usual, true));
    assertEquals("a share of 0.1 for validation", words(List.of(), tenth, false));
    assertEquals("seed 7, split sizes [0.75, 0.25]", words(sizes, usual, false));
    assertEquals(
        "seed 7, split sizes [0.75, 0.25], a share of 0.1 for validation, stratified",
        words(sizes, tenth, true));
    assertEquals(
        "seed 7, split sizes [0.75, 0.25], folds for validation with seed 9",
        division("file", sizes, usual, false, RowSample.NONE)
            .withFolds(OptionalLong.of(9), 0)
            .toString());
    Division byRule =
        new Division(
            "file",
            7,
            sizes,
            usual,
            false,
            RowSample.NONE,
            OptionalLong.empty(),
            0,
            "order of day");
    assertEquals("seed 7, split sizes [0.75, 0.25], order of day", byRule.toString());
  }

  @Test
  void ofAFile() {
    Division one = division("a", List.of(), OptionalDouble.empty(), true, RowSample.NONE);
    RowSample rows = RowSample.of(new long[] {1, 2});
    Division other = one.of("b", rows);
    assertEquals(division("b", List.of(), OptionalDouble.empty(), true, rows), other);
    assertFalse(one.isOfSameFile(other));
    assertTrue(one.isOfSameFile(other.of("a", rows)));
  }
}
