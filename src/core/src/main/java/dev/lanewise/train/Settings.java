package dev.lanewise.train;

import java.util.regex.Pattern;

/**
 * Texts of options, such as {@code adam 0x1.ccccccccccccdp-1 ...}, by which a checkpoint recognises
 * the training that it belongs to.
 */
final class Settings {
  private static final Pattern HEXADECIMAL = Pattern.compile("-?0x[01]\\.[0-9a-f]+p-?[0-9]+");

  private Settings() {}

  /** Writes a name and numbers, in hexadecimal because Java 19 writes some decimals differently. */
  static String of(String name, double... numbers) {
    StringBuilder text = new StringBuilder(name);
    for (double number : numbers) {
      text.append(' ').append(Double.toHexString(number));
    }
    return text.toString();
  }

  /** Returns a setting with decimal numbers, for messages. */
  static String readable(String setting) {
    return HEXADECIMAL
        .matcher(setting)
        .replaceAll(number -> Double.toString(Double.parseDouble(number.group())));
  }
}
