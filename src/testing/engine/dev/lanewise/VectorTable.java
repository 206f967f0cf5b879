package dev.lanewise;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The table of the conformance vectors: words, numbers, dates, gaps, rare categories, a column that
 * is ignored, weights and two targets. It is the same on every machine.
 */
public final class VectorTable {
  private static final List<String> CITIES =
      List.of("Ulm", "Bern", "Wien", "Köln", "Zürich", "Graz", "Linz", "Chur", "Basel");

  private VectorTable() {}

  /**
   * {@return the text of the table as CSV}
   *
   * @param rows number of rows, without the header
   */
  public static String csv(int rows) {
    Random random = new Random(12);
    StringBuilder text = new StringBuilder("name,sex,age,class,city,fare,day,weight,price,kept\n");
    for (int row = 0; row < rows; row++) {
      boolean first = random.nextInt(3) == 0;
      double age = random.nextInt(5) == 0 ? Double.NaN : random.nextInt(800) / 10.0;
      double fare = Math.rint(Math.scalb(1 + random.nextDouble(), random.nextInt(9)) * 100) / 100;
      int place = (int) Math.abs(random.nextGaussian() * 3);
      String city = place == 3 ? "" : place < CITIES.size() ? CITIES.get(place) : "far " + row;
      boolean woman = random.nextInt(5) < 2;
      boolean kept = (woman ? 2 : 0) + (first ? 1 : 0) + random.nextGaussian() > 1;
      double price = 3 * fare + (first ? 100 : 0) + random.nextInt(20);
      text.append("\"Passenger, no. ").append(row).append('"');
      text.append(woman ? ",female," : ",male,");
      text.append(age == age ? number(age) : row % 2 == 0 ? "" : "NA");
      text.append(',').append(first ? "1st" : random.nextInt(3) == 0 ? "2nd" : "3rd");
      text.append(',').append(city).append(',').append(number(fare));
      text.append(
          String.format(
              Locale.ROOT, ",2024-%02d-%02d", 1 + random.nextInt(4), 1 + random.nextInt(28)));
      text.append(',').append(1 + random.nextInt(4) / 2.0);
      text.append(',').append(number(price)).append(kept ? ",yes\n" : ",no\n");
    }
    return text.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
