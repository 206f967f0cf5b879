package dev.lanewise.nn.internal;

import java.util.List;

/**
 * What a fact of a model says of itself.
 *
 * @param lines for people
 * @param member the name of its member in JSON; null for none
 * @param value the value of that member
 * @param isNote whether neither inputs nor results depend on the fact
 */
public record Said(List<String> lines, String member, Object value, boolean isNote) {
  /**
   * Makes the statement of a fact on which inputs or results depend. An empty line stands for no
   * line.
   */
  public Said(String line, String member, Object value) {
    this(line.isEmpty() ? List.of() : List.of(line), member, value, false);
  }
}
