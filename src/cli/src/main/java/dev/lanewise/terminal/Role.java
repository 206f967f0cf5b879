package dev.lanewise.terminal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What an option of a command decides. Notes of models, records of runs, verification and
 * resumption ask this, and know no option by its name. An option that has no role here decides the
 * result: it is noted, recorded and compared, so that nothing is lost if somebody forgets it here.
 */
public enum Role {
  /** What is printed, and how fast. It is in no record. */
  SHOWN,
  /** The result. */
  RESULT,
  /** The result; a run that is resumed may have another value, such as more epochs. */
  LENGTH,
  /** The result, which the model contains itself. */
  STORED,
  /** The result, by a data file. The digest of the file is recorded and compared. */
  DATA,
  /** The result, by a model file. Its digest is recorded and compared. */
  MODEL,
  /** Where encoded rows are kept. */
  PLACE,
  /** How a run gets to its result. */
  WAY,
  /** How a run begins; what follows for its result is recorded instead. */
  START,
  /** This call of the command; a run that is resumed may have another value. */
  CALL;

  /** The roles of options, perhaps of one command only, in the order in which verify names them. */
  private static final Map<String, Role> ROLES = new LinkedHashMap<>();

  static {
    put(DATA, "data", "targets", "valid-data", "test-data");
    put(MODEL, "initial-model");
    put(STORED, "hidden", "activation");
    put(PLACE, "cache");
    put(CALL, "out");
    put(START, "force");
    put(CALL, "resume", "trust");
    put(WAY, "checkpoint-every", "verbose");
    put(START, "time");
    put(LENGTH, "train epochs", "search trials", "search time");
    put(RESULT, "search cache");
    put(SHOWN, "quiet", "json", "progress", "threads", "unfold", "debug", "help");
  }

  /** The options of a training that name files to read. */
  public static final List<String> READ = options(Role::isRead);

  private static void put(Role role, String... options) {
    for (String option : options) {
      ROLES.put(option, role);
    }
  }

  public static Role of(String command, String option) {
    return ROLES.getOrDefault(command + " " + option, ROLES.getOrDefault(option, RESULT));
  }

  /** Returns the options of a training with a role. */
  public static List<String> options(Predicate<Role> which) {
    return ROLES.keySet().stream()
        .filter(option -> option.indexOf(' ') < 0 && which.test(ROLES.get(option)))
        .toList();
  }

  /** Returns whether an option of a training is compared with that of the repeated training. */
  public static boolean isCompared(String option) {
    Role role = of("train", option);
    return !role.isRead() && !role.isFree();
  }

  /** Returns whether it names a file that is read, whose digest is compared instead. */
  public boolean isRead() {
    return this == DATA || this == MODEL;
  }

  /** Returns whether it changes neither the result nor the data. */
  public boolean isFree() {
    return this == PLACE || this == WAY || this == START || this == CALL;
  }

  /** Returns whether a model notes it. */
  public boolean isNoted() {
    return this == RESULT || this == LENGTH;
  }

  /** Returns whether a record has it, to repeat what was done. */
  public boolean isGiven() {
    return this != START && this != CALL;
  }

  /** Returns whether a run that is resumed may have another value. */
  public boolean isOpen() {
    return this == LENGTH || this == PLACE || this == CALL;
  }
}
