package dev.lanewise.cli;

import java.io.IOException;

/**
 * Writes predictions as one JSON object, or as one in each line, in which results have the names of
 * classes or columns.
 */
final class AnswerJson {
  private static final int BLOCK = 1 << 13; // characters that are written at once

  private final Outputs outputs;
  private final String[] members; // the text before each result
  private final String[] labels; // of classes

  AnswerJson(Outputs outputs) {
    this.outputs = outputs;
    String begin = outputs.areNumbers() ? "\"outputs\":{" : "\"probabilities\":{";
    members = new String[outputs.count()];
    labels = new String[outputs.count()];
    for (int c = 0; c < members.length; c++) {
      String name = Json.of(outputs.name(c));
      labels[c] = outputs.names().isEmpty() ? outputs.name(c) : name; // numbers as numbers
      members[c] = (c == 0 ? begin : ",") + name + ':';
    }
  }

  private void cover(StringBuilder text, double[] results, int from) {
    if (outputs.areClasses()) {
      text.append(",\"set\":").append(Json.of(outputs.set(results, from)));
      return;
    }
    for (boolean upper : new boolean[] {false, true}) {
      double[] ends = outputs.ends(results, from, upper);
      Json named = new Json();
      for (int k = 0; k < ends.length; k++) {
        named.put(outputs.name(k), ends[k]);
      }
      text.append(upper ? ",\"high\":" : ",\"low\":").append(named);
    }
  }

  /** Writes rows; of lines, the last one has the notes. */
  void write(Scorer.Scored scored, boolean areLines, HttpAnswer answer) throws IOException {
    double[] results = scored.results;
    StringBuilder text = answer.text().append(areLines ? "" : "{\"predictions\":[");
    for (int row = 0; row < scored.rows; row++) {
      int from = row * members.length;
      text.append(row == 0 ? "{" : areLines ? "}\n{" : "},\n{");
      if (outputs.areClasses()) {
        text.append("\"predicted\":").append(labels[scored.label(row)]).append(',');
      }
      for (int c = 0; c < members.length; c++) {
        outputs.append(text.append(members[c]), results[from + c]);
      }
      text.append('}');
      if (outputs.areCovering()) {
        cover(text, results, from);
      }
      if (outputs.areFamiliar()) {
        text.append(",\"familiar\":").append(scored.familiar[row]);
      }
      if (text.length() > BLOCK) {
        answer.write(text);
      }
    }
    text.append(areLines ? "" : scored.rows == 0 ? "]" : "}]");
    if (!scored.notes.isEmpty()) {
      text.append(",\"notes\":").append(Json.of(scored.notes));
    }
    answer.write(text.append("}\n"));
  }
}
