package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schemas;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Curves of linear networks, which are straight lines. */
class PartialDependenceTest {
  private static Mlp linear(float... parameters) {
    int inputs = parameters.length - 1;
    return Mlp.of(new Architecture(inputs, List.of(), 1, List.of()), parameters).withLoss(Loss.MSE);
  }

  @Test
  void curvesOfNumbersAreThoseOfTheirUnits() {
    double[] mean = {10, 0};
    double[] deviation = {2, 1};
    Model network = Model.of(linear(3, 1, 5).withScaling(Scaling.standardise(mean, deviation)));
    float[] rows = {1, 7, -1, 8, 0, 9, 0, 0}; // the numbers 12, 8, 10, 10
    PartialDependence places = new PartialDependence(network, rows, 0, 0);
    assertArrayEquals(new double[] {8, 10, 12}, places.positions(), 1e-9);
    assertEquals(List.of(), places.labels());
    assertArrayEquals(new double[] {8, 11, 14}, places.mean(rows), 1e-5); // 6 from the others
    assertArrayEquals(new double[] {3, 6, 9}, places.mean(new float[] {40, 1}), 1e-5);
  }

  @Test
  void manyNumbersHaveTheirQuantiles() {
    float[] rows = new float[1001];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i * i;
    }
    PartialDependence places = new PartialDependence(Model.of(linear(1, 0)), rows, 0, 0);
    assertEquals(21, places.places());
    assertEquals(50 * 50, places.positions()[1]);
    assertEquals(1_000_000, places.positions()[20]);
    assertArrayEquals(places.positions(), places.mean(new float[] {3}), 0.1);
  }

  @Test
  void gapsAreNoNumbersAndCategoriesAreAll() {
    Column age = new NumberColumn("age", 0, 30, true);
    Column city = new CategoryColumn("city", 1, List.of("Rom", "Ulm"), true, false);
    Column sex = new CategoryColumn("sex", 2, List.of("f", "m"), false, false);
    Model network = Model.of(linear(1, 100, 2, 3, 4, 5, 0)).withSchema(Schemas.of(age, city, sex));
    float[] rows = {20, 0, 1, 0, 0, 1, 30, 1, 0, 0, 1, -1, 25, 0, 0, 1, 0, 1};
    PartialDependence ofAge = new PartialDependence(network, rows, 0, 0);
    assertArrayEquals(new double[] {20, 25}, ofAge.positions());
    assertArrayEquals(new double[] {27, 32}, ofAge.mean(new float[] {30, 1, 1, 0, 0, 1}), 1e-5);
    PartialDependence ofCity = new PartialDependence(network, rows, 1, 0);
    assertEquals(List.of("Rom", "Ulm"), ofCity.labels());
    assertArrayEquals(new double[] {7, 8}, ofCity.mean(new float[] {0, 0, 0, 0, 1, 1}), 1e-5);
    PartialDependence ofSex = new PartialDependence(network, rows, 2, 0);
    assertArrayEquals(new double[] {-1, 9}, ofSex.mean(new float[] {0, 0, 0, 0, 1, 1}), 1e-5);
  }

  @Test
  void datesAreYears() {
    Column day =
        new DateColumn(
            new NumberColumn("day", 0, 0, false),
            new CategoryColumn("day", 0, List.of("01", "02"), false, false),
            new CategoryColumn("day", 0, List.of("1", "2"), false, false));
    Model network = Model.of(linear(0, 1, 0, 0)).withSchema(Schemas.of(day));
    float[] rows = {19723, -1, 1, 19754, 1, 1}; // 2024-01-01 and 2024-02-01
    PartialDependence places = new PartialDependence(network, rows, 0, 0);
    assertArrayEquals(new double[] {2024, 2024.085}, places.positions(), 2e-3);
    assertArrayEquals(new double[] {-1, 1}, places.mean(rows), 1e-6); // the month moves with it
  }
}
