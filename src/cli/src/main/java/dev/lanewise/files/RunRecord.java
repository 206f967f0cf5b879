package dev.lanewise.files;

import dev.lanewise.format.FormatException;
import dev.lanewise.source.JsonScanner;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.SmallFile;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The record of a run or of a prediction: a JSON object with one member per line, whose last member
 * is the digest of the text before it. Values that are read are maps, lists, texts, doubles,
 * booleans or null.
 */
public record RunRecord(Path file, Map<String, Object> members) {
  /** The format of all records but those of runs. */
  public static final int FORMAT = 1;

  /**
   * The format of the records of runs. Since 2, validation and weighted figures are other ones;
   * since 3, presets fit a temperature, and table-best is another.
   */
  public static final int OF_RUN = 3;

  private static final String LAST = "  \"sha256\": \"";
  private static final String END = "\"\n}\n";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./,:=+@%-]+");

  /** Returns options, each of which is given as {@code name=value}, as a member of a record. */
  public static Json options(List<String> lines) {
    Json json = new Json();
    for (String line : lines) {
      int equals = line.indexOf('=');
      json.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return json;
  }

  /**
   * Returns the digests of the files that the options of a training name. A file that no longer
   * exists has a problem in place of one: the run goes on, but cannot be verified.
   */
  public static List<Json> data(Arguments arguments) {
    List<Json> data = new ArrayList<>();
    for (String option : Role.READ) {
      if (arguments.text(option) != null) {
        Path file = arguments.path(option);
        Json named = new Json().put("option", option);
        data.add(named);
        try {
          named.put(FileDigest.of(option, file).json());
        } catch (IOException e) {
          named.put("file", file).put("problem", RunFiles.reason(e));
        }
      }
    }
    return data;
  }

  public static String outcome(TrainingRun.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  public static String text(Json record) {
    StringBuilder text = new StringBuilder("{\n");
    record.members.forEach(
        (name, value) -> {
          String member = new Json().put(name, value).toString();
          int colon = name.length() + 3; // the name stands between a bracket and two quotes
          text.append("  ").append(member, 1, colon).append(": ");
          text.append(member, colon + 1, member.length() - 1).append(",\n");
        });
    return text + LAST + FileDigest.sha256(text.toString()) + END;
  }

  public static RunRecord of(Path directory) throws IOException {
    Path file = directory.resolve(RunFiles.RECORD);
    if (Files.notExists(file)) {
      throw Problem.failure(
          "%s: no %s, expected the directory of a run whose train left one (train again)",
          directory, RunFiles.RECORD);
    }
    RunRecord record = read(file);
    Double format = record.get(Double.class, "format");
    if (format == null || format < FORMAT || format > OF_RUN) {
      throw new FormatException(
          file.toString(),
          "format %s, expected %s (a record of another version of Lanewise)",
          record.members.get("format"),
          OF_RUN);
    }
    record.requireShape();
    return record;
  }

  /** Refuses a record of a version in which the figures had another meaning. */
  public void requireOfThisVersion() throws FormatException {
    if (!Double.valueOf(OF_RUN).equals(get(Double.class, "format"))) {
      throw new FormatException(
          file.toString(),
          "format %s, expected %s: its figures or presets mean something else (train again)",
          members.get("format"),
          OF_RUN);
    }
  }

  /** Refuses a record without the members that every command needs. */
  private void requireShape() throws FormatException {
    required(String.class, "outcome");
    required(Double.class, "epochs");
    required(Map.class, "weights");
    for (String options : List.of("given", "options")) {
      for (String name : object(options).keySet()) {
        required(String.class, options, name);
      }
      required(Map.class, options);
    }
    read();
  }

  /** Reads a record, and refuses one that was changed. */
  public static RunRecord read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw SmallFile.unreadable(file, e);
    }
    if (!(parsed(bytes, file.toString()) instanceof Map<?, ?> object)) {
      throw new FormatException(
          file.toString(), "not a JSON object, expected a record that" + " train left");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    int at = text.lastIndexOf(LAST);
    String sha256 = FileDigest.sha256(text.substring(0, Math.max(at, 0)));
    if (!text.substring(Math.max(at, 0)).equals(LAST + sha256 + END)) {
      throw new FormatException(
          file.toString(),
          "changed since it was written (its sha256 would be %s...), expected the file as"
              + " train wrote it: other options make another run, which train can make",
          sha256.substring(0, 12));
    }
    return new RunRecord(file, new RunRecord(file, Map.of("", object)).object(""));
  }

  /** Reads a value as maps, lists, texts, doubles, booleans or null. */
  public static Object parsed(byte[] bytes, String name) throws FormatException {
    JsonScanner json = new JsonScanner(bytes, bytes.length, name);
    Object value = value(json);
    json.finish();
    return value;
  }

  private static Object value(JsonScanner json) throws FormatException {
    char kind = json.kind();
    if (kind == '{') {
      Map<String, Object> object = new LinkedHashMap<>();
      json.begin(kind);
      while (json.more()) {
        String name = json.member();
        object.put(name, value(json));
      }
      return object;
    } else if (kind == '[') {
      List<Object> list = new ArrayList<>();
      json.begin(kind);
      while (json.more()) {
        list.add(value(json));
      }
      return list;
    }
    return kind == '"' ? json.text() : kind == '0' ? (Object) json.number() : json.word();
  }

  /**
   * Returns a record for each file that the run has read, with {@code option}, {@code file}, {@code
   * sha256}, and perhaps {@code files} or {@code problem}.
   */
  public List<RunRecord> read() throws FormatException {
    List<RunRecord> read = new ArrayList<>();
    for (Object each : required(List.class, "data")) {
      Map<String, Object> named = new LinkedHashMap<>();
      named.put("data", each);
      RunRecord of = new RunRecord(file, named);
      of.required(Map.class, "data");
      of.required(String.class, "data", "option");
      of.required(String.class, "data", "file");
      read.add(new RunRecord(file, of.object("data")));
    }
    return read;
  }

  /** Returns the part of the record about each network; the record itself if there is only one. */
  public List<RunRecord> networks(int count) throws FormatException {
    if (count == 1) {
      return List.of(this);
    }
    List<?> parts = required(List.class, "members");
    if (parts.size() != count) {
      throw new FormatException(
          file.toString(), "%s members, expected %s as the statistics have", parts.size(), count);
    }
    List<RunRecord> networks = new ArrayList<>();
    for (Object part : parts) {
      Map<String, Object> named = new LinkedHashMap<>();
      named.put("members", part);
      networks.add(new RunRecord(file, new RunRecord(file, named).object("members")));
    }
    return networks;
  }

  /** Refuses a file whose digest is another than the recorded one. */
  public void requireSame(Object named, String found, Object recorded, String wayOut) {
    if (!found.equals(recorded)) {
      throw Problem.failure(
          "%s: changed: sha256 %s, expected %s as %s says (%s)",
          named, FileDigest.brief(found), FileDigest.brief((String) recorded), file, wayOut);
    }
  }

  /** Describes one of these files: its name and digest. */
  public String shown() throws FormatException {
    return text("file") + ", sha256 " + FileDigest.brief(text("sha256"));
  }

  public String text(String... names) throws FormatException {
    return get(String.class, names);
  }

  /** Returns a time; null if there is none. */
  public Instant time(String name) throws FormatException {
    String text = text(name);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw wrong(text, name);
    }
  }

  /** Returns a whole number, or another value if there is none. */
  public int number(String name, int otherwise) throws FormatException {
    Double value = get(Double.class, name);
    if (value != null && value != value.intValue()) {
      throw new FormatException(file.toString(), "%s is %s, expected a whole number", name, value);
    }
    return value == null ? otherwise : value.intValue();
  }

  /** Returns an object in a member or within others; empty if there is none. */
  public Map<String, Object> object(String... names) throws FormatException {
    Map<String, Object> object = new LinkedHashMap<>();
    Map<?, ?> found = get(Map.class, names);
    if (found != null) {
      found.forEach((name, value) -> object.put((String) name, value));
    }
    return object;
  }

  /**
   * Returns the command that repeats the training, for a Unix shell. The option checkpoint-every,
   * which changes no bit, is left out.
   */
  public String command() throws FormatException {
    StringBuilder command = new StringBuilder("lanewise train");
    Map<String, Object> given = object("given");
    given.remove("checkpoint-every");
    given.forEach(
        (name, value) -> {
          String word = "--" + name + ("".equals(value) ? "" : "=" + value);
          boolean isPlain = PLAIN.matcher(word).matches();
          command.append(' ').append(isPlain ? word : "'" + word.replace("'", "'\\''") + "'");
        });
    return command.toString();
  }

  /**
   * Returns a member, or a member of a member; null if there is none.
   *
   * @throws FormatException if it has another type, as a record of another version may have
   */
  public <T> T get(Class<T> type, String... names) throws FormatException {
    Object value = members;
    for (String name : names) {
      value = value instanceof Map<?, ?> object ? object.get(name) : null;
    }
    if (value != null && !type.isInstance(value)) {
      throw wrong(value, names);
    }
    return type.cast(value);
  }

  private FormatException wrong(Object value, String... names) {
    return new FormatException(
        file.toString(),
        "%s is %s, expected a record of this version",
        String.join(".", names),
        RecordDifference.brief(value));
  }

  private <T> T required(Class<T> type, String... names) throws FormatException {
    T value = get(type, names);
    if (value == null) {
      throw new FormatException(
          file.toString(), "no %s, expected a member that train records", String.join(".", names));
    }
    return value;
  }
}
