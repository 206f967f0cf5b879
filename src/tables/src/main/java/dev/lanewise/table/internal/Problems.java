package dev.lanewise.table.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The problems of the columns of a table, which are reported together: first one line for each,
 * then the remedies of all of them. A problem after which nothing else can be said is thrown at
 * once. A model needs all its columns, so no remedy leaves one out; lines may have problems, too.
 */
public final class Problems {
  /** Maximum number of problems in one message. */
  private static final int MOST = 18;

  private final String file;
  private final boolean isForModel;
  private final Map<String, FormatException> found = new LinkedHashMap<>(); // by column

  /** Makes an empty list for a file, perhaps of rows for a model. */
  public Problems(String file, boolean isForModel) {
    this.file = file;
    this.isForModel = isForModel;
  }

  /**
   * Adds the problem of a column or a line, unless that has one already.
   *
   * @throws FormatException the problem, if its remedy changes how all columns are read; all of
   *     them if there are more of a model than a message has
   */
  public void add(String column, FormatException problem) throws FormatException {
    if (!Message.problem(problem).remedies(Remedy.HEADER).isEmpty()) {
      throw problem;
    }
    found.putIfAbsent(column, problem);
    if (isForModel && found.size() > MOST) {
      throwAny();
    }
  }

  /**
   * Adds the problem of a target, which cannot be left out.
   *
   * @throws FormatException the problem, if it has no remedy but another target
   */
  public void addTarget(String column, FormatException problem) throws FormatException {
    if (remedies(column, problem).equals(List.of(Remedy.IGNORE.with(column)))) {
      throw problem;
    }
    add(column, problem);
  }

  /** {@return whether a problem of a column was added} */
  public boolean has(String column) {
    return found.containsKey(column);
  }

  /**
   * Throws if problems were added.
   *
   * @throws FormatException the problem, or one with a line for each problem and their remedies
   */
  public void throwAny() throws FormatException {
    if (found.size() == 1) {
      throw found.values().iterator().next();
    } else if (found.isEmpty()) {
      return;
    }
    boolean isAll = found.size() <= MOST;
    List<Message> lines = new ArrayList<>();
    String what = isForModel ? "columns or lines" : "columns";
    String first = isAll ? "" : ", such as the first " + MOST;
    lines.add(Message.of("%s %s cannot be read as they are%s:", found.size(), what, first));
    Map<String, Message> remedies = new LinkedHashMap<>();
    found.entrySet().stream()
        .limit(MOST)
        .forEach(
            each -> {
              FormatException problem = each.getValue();
              boolean isHere = problem.getMessage().startsWith(file + ": ");
              lines.add(
                  Message.of("  %s", isHere ? Message.problem(problem) : Message.of(problem)));
              remedies(each.getKey(), problem).forEach(one -> remedies.put(one.coded(), one));
            });
    Message advice = Message.of("");
    for (String one : new TreeSet<>(remedies.keySet())) { // remedies of one kind stand together
      advice = Message.of("%s %s", advice, remedies.get(one));
    }
    String mended = isForModel ? "what options mend" : isAll ? "all of this" : "these";
    if (!remedies.isEmpty()) {
      lines.add(Message.of("  %s at once:%s", mended, advice));
    }
    throw new FormatException(file, Message.lines(lines), found.values().iterator().next());
  }

  /** Returns the changes that mend a problem whatever its column means. */
  private List<Message> remedies(String column, FormatException problem) {
    for (Remedy kind : List.of(Remedy.MISSING, Remedy.DECIMAL)) {
      List<Message> all = Message.problem(problem).remedies(kind);
      if (!all.isEmpty()) {
        return all;
      }
    }
    return isForModel ? List.of() : List.of(Remedy.IGNORE.with(column));
  }
}
