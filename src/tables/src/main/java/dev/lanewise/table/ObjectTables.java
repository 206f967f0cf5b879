package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.rows.internal.Cell;
import java.io.InputStream;
import java.io.Reader;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Makes tables of Java objects and of results of a database. */
final class ObjectTables {
  /** Matches numbers that are the same in every notation. */
  private static final Pattern DIGITS = Pattern.compile("\\s*[-+]?[0-9]+\\s*");

  private ObjectTables() {}

  static ColumnStore of(ResultSet result) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    List<String> names = new ArrayList<>();
    for (int c = 1; c <= meta.getColumnCount(); c++) {
      names.add(meta.getColumnLabel(c));
    }
    TableBuilder builder = builder(names, "columns of the query");
    while (result.next()) {
      builder.begin("query", 0);
      for (int c = 0; c < names.size(); c++) {
        add(builder, c, names.get(c), plain(result.getObject(c + 1)));
      }
    }
    return built(builder, "query");
  }

  /** Converts values of java.sql classes. */
  private static Object plain(Object value) throws SQLException {
    if (value instanceof Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    } else if (value instanceof Date date) {
      return date.toLocalDate();
    } else if (value instanceof Time time) {
      return time.toLocalTime();
    } else if (value instanceof Clob clob) {
      return clob.getSubString(1, (int) Math.min(Integer.MAX_VALUE, clob.length()));
    } else if (value instanceof SQLXML xml) {
      return xml.getString();
    } else if (value instanceof Array array) {
      return array.getArray(); // refused later, with row and column
    } else if (value instanceof Blob blob) {
      return blob.getBinaryStream();
    }
    return value;
  }

  /**
   * Makes a table of maps.
   *
   * @param beside next to which a file keeps the cells; null for cells in memory
   */
  static ColumnStore ofMaps(Iterable<? extends Map<String, ?>> rows, SpillFile beside) {
    return of(rows, "maps", beside);
  }

  private static ColumnStore of(
      Iterable<? extends Map<String, ?>> rows, String what, SpillFile beside) {
    TableBuilder builder = null;
    List<String> names = new ArrayList<>();
    Set<String> keys = Set.of();
    try {
      for (Map<String, ?> row : rows) {
        if (row == null) {
          throw DataErrors.wrong(
              "row %s is null, expected a map", builder == null ? 0 : builder.rows());
        } else if (builder == null) {
          for (Object key : row.keySet()) {
            if (!(key instanceof String name)) {
              throw DataErrors.wrong(
                  "row 0 has the key %s, expected keys that are strings and" + " name columns",
                  key);
            }
            names.add(name);
          }
          if (isUnordered(row)) { // may differ in the next run
            names.sort(CodePoints.ORDER);
          }
          builder = builder(names, "keys of row 0");
          builder.hasLast = !isUnordered(row);
          builder = beside == null ? builder : builder.inFile(beside);
          keys = Set.copyOf(names);
        } else if (!row.keySet().equals(keys)) {
          throw DataErrors.wrong(
              "row %s has the keys %s, expected %s as row 0 has",
              builder.rows(), row.keySet(), names);
        }
        builder.begin(what, 0);
        for (int c = 0; c < names.size(); c++) {
          add(builder, c, names.get(c), row.get(names.get(c)));
        }
      }
      return built(builder, what);
    } finally {
      if (builder != null) {
        builder.close();
      }
    }
  }

  /** Returns whether the keys of a map are in no defined order. */
  private static boolean isUnordered(Map<String, ?> map) {
    return map.size() > 1
        && (map instanceof HashMap<?, ?> && !(map instanceof LinkedHashMap<?, ?>)
            || map instanceof ConcurrentHashMap<?, ?>
            || map.getClass() == Map.of(1, 1, 2, 2).getClass());
  }

  static ColumnStore ofRecords(List<? extends Record> rows) {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (Record row : rows) {
      if (row == null) {
        throw DataErrors.wrong("row %s is null, expected a record", maps.size());
      } else if (row.getClass() != rows.get(0).getClass()) {
        throw DataErrors.wrong(
            "row %s is a %s, expected a %s as row 0 is",
            maps.size(), row.getClass().getName(), rows.get(0).getClass().getName());
      }
      maps.add(Cell.components(row));
    }
    return of(maps, "records", null);
  }

  private static TableBuilder builder(List<String> names, String what) {
    if (names.isEmpty() || Set.copyOf(names).size() < names.size()) {
      throw DataErrors.wrong("%s %s, expected at least one, and each name once", what, names);
    }
    return new TableBuilder(names);
  }

  private static void add(TableBuilder builder, int column, String name, Object value) {
    if (value != null && (value.getClass().isArray() || isNoValue(value))) {
      throw DataErrors.wrong(
          "row %s, column %s is of class %s, expected a number, a string, a boolean or a date",
          builder.rows() - 1, name, value.getClass().getSimpleName());
    }
    Cell cell = Cell.of(value, List.of());
    boolean isText = value instanceof CharSequence text && !DIGITS.matcher(text).matches();
    builder.column(column).add(cell, isText ? value.toString().strip() : null);
  }

  /** Returns whether the text of an object would only be its class and address. */
  private static boolean isNoValue(Object value) {
    return value instanceof Iterable<?>
        || value instanceof Map<?, ?>
        || value instanceof InputStream
        || value instanceof Reader;
  }

  private static ColumnStore built(TableBuilder builder, String what) {
    if (builder == null || builder.rows() == 0) {
      throw DataErrors.wrong("no rows of %s, expected at least one row", what);
    }
    return builder.build();
  }
}
