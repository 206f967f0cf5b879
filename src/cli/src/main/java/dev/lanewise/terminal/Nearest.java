package dev.lanewise.terminal;

import java.util.Collection;
import java.util.regex.Pattern;

/** Finds the name nearest to a mistyped one. */
public final class Nearest {
  /** Other spellings of the option for help. */
  private static final Pattern HELP = Pattern.compile("-*(h|help|\\?)|/\\?");

  private Nearest() {}

  /** Returns a clause that suggests a name, or nothing if none is near. */
  public static String suggestion(String typed, Collection<String> names) {
    if (HELP.matcher(typed).matches()) {
      return ", did you mean --help?";
    }
    String best = "";
    int least = Integer.MAX_VALUE;
    for (String name : names) {
      boolean begins = typed.length() > 1 && !typed.equals("--") && name.startsWith(typed);
      int distance = begins ? 0 : distance(typed, name);
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    // A third of the letters may be wrong, in a short name one letter.
    boolean near = least <= Math.max(1, best.replace("-", "").length() / 3);
    return near ? ", did you mean " + best + "?" : "";
  }

  /** Counts the insertions, deletions, replacements and swaps that turn one text into the other. */
  public static int distance(String a, String b) {
    // distances between the first i and the first j letters
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
