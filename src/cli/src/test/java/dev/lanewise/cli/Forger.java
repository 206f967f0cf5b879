package dev.lanewise.cli;

import dev.lanewise.files.RunRecord;
import dev.lanewise.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Forges records. It knows their grammar, an object of members, lists and values, changes some of
 * them, and seals the record again, so that only a comparison with the truth can find the change.
 */
public final class Forger {
  private enum Change {
    DROP,
    NULL,
    OTHER,
    KIND,
    SWAP,
    REPEAT,
    REPLAY,
    CUT,
    REORDER,
    ADD
  }

  /** A value with its name and what holds it: a map, or a list with an index as key. */
  private record Place(String name, Object holder, Object key) {
    @SuppressWarnings("unchecked")
    private Object value() {
      return holder instanceof Map<?, ?> map ? map.get(key) : ((List<Object>) holder).get(index());
    }

    private int index() {
      return (Integer) key;
    }

    @SuppressWarnings("unchecked")
    private void set(Object value) {
      if (holder instanceof Map<?, ?> map) {
        ((Map<Object, Object>) map).put(key, value);
      } else {
        ((List<Object>) holder).set(index(), value);
      }
    }

    /** Returns the name of what another number of elements changes. */
    private String whole() {
      return holder instanceof List<?> ? name.substring(0, name.lastIndexOf('[')) : name;
    }
  }

  private static final double EXACT = 1L << 53; // larger whole numbers are written as doubles

  private final Random random;
  private final Map<String, Object> replayed; // of another run

  Forger(Random random, Map<String, Object> replayed) {
    this.random = random;
    this.replayed = replayed;
  }

  /** Returns a value of a record as JSON that can be written. */
  static Object json(Object value) {
    if (value instanceof Map<?, ?> map) {
      Json json = new Json();
      map.forEach((name, member) -> json.put((String) name, json(member)));
      return json;
    } else if (value instanceof Double number && number == number.longValue()) {
      return number < EXACT ? (Object) number.longValue() : number; // as it was written
    }
    return value instanceof List<?> list ? list.stream().map(Forger::json).toList() : value;
  }

  /** Writes a record with a digest that agrees with it. */
  public static void write(Path file, Map<String, Object> members) throws IOException {
    Map<String, Object> sealed = new LinkedHashMap<>(members);
    sealed.remove("sha256");
    Files.writeString(file, RunRecord.text((Json) json(sealed)));
  }

  /** Returns the names of all values that are no objects and no lists. */
  static List<String> names(Map<String, Object> members) {
    List<String> names = new ArrayList<>();
    for (Place place : places(members)) {
      if (!(place.value() instanceof Map<?, ?> || place.value() instanceof List<?>)) {
        names.add(place.name);
      }
    }
    return names;
  }

  /** Returns a copy in which the value of one name is another. */
  public static Map<String, Object> with(Map<String, Object> members, String name) {
    return changed(members, name, place -> place.set(other(place.value())));
  }

  /** Returns a copy in which one name has the given value. */
  public static Map<String, Object> with(Map<String, Object> members, String name, Object value) {
    return changed(members, name, place -> place.set(value));
  }

  /** Returns a copy without one name. */
  public static Map<String, Object> without(Map<String, Object> members, String name) {
    return changed(members, name, Forger::drop);
  }

  /** Returns the value of a name. */
  static Object value(Map<String, Object> members, String name) {
    return place(members, name).value();
  }

  static boolean has(Map<String, Object> members, String name) {
    return places(members).stream().anyMatch(place -> place.name.equals(name));
  }

  private static Place place(Map<String, Object> members, String name) {
    return places(members).stream()
        .filter(place -> place.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + members));
  }

  private static Map<String, Object> changed(
      Map<String, Object> members, String name, Consumer<Place> change) {
    Map<String, Object> copy = copy(members);
    change.accept(place(copy, name));
    return copy;
  }

  /**
   * Makes one random change in place.
   *
   * @return the names of what has changed; none if it would have been the same
   */
  List<String> change(Map<String, Object> members) {
    Map<String, List<Place>> kinds = new TreeMap<>(); // so that lists do not outweigh the others
    for (Place place : places(members)) {
      kinds.computeIfAbsent(place.name.replaceAll("\\d+", "0"), n -> new ArrayList<>()).add(place);
    }
    Place place = any(any(new ArrayList<>(kinds.values())));
    Object before = place.value();
    Change change = any(List.of(Change.values()));
    return switch (change) {
      case DROP -> drop(place);
      case NULL -> set(place, null);
      case OTHER ->
          set(place, before instanceof Map || before instanceof List ? "" : other(before));
      case KIND -> set(place, before instanceof Double number ? "" + number.longValue() : true);
      case SWAP -> swap(place, any(places(members)));
      case REPEAT -> repeat(place);
      case REPLAY -> replay(place);
      case CUT -> cut(place);
      case REORDER -> reorder(place);
      case ADD -> add(place);
    };
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static List<String> set(Place place, Object value) {
    if (Objects.equals(place.value(), value)) {
      return List.of();
    }
    place.set(value);
    return List.of(place.name);
  }

  private static List<String> drop(Place place) {
    if (place.holder instanceof Map<?, ?> map) {
      map.remove(place.key);
    } else {
      ((List<?>) place.holder).remove(place.index());
    }
    return List.of(place.whole());
  }

  private static List<String> swap(Place one, Place two) {
    Object first = one.value();
    Object second = two.value();
    boolean isWithin = one.name.startsWith(two.name) || two.name.startsWith(one.name);
    if (isWithin || Objects.equals(first, second)) {
      return List.of();
    }
    one.set(second);
    two.set(first);
    return List.of(one.name, two.name);
  }

  @SuppressWarnings("unchecked")
  private static List<String> repeat(Place place) {
    if (place.holder instanceof Map<?, ?> map) {
      ((Map<Object, Object>) map).put(place.key + "2", place.value());
      return List.of(place.name + "2");
    }
    ((List<Object>) place.holder).add(place.index(), copy(place.value()));
    return List.of(place.whole());
  }

  private List<String> replay(Place place) {
    for (Place other : places(replayed)) {
      if (other.name.equals(place.name)) {
        return set(place, copy(other.value()));
      }
    }
    return List.of();
  }

  private static List<String> cut(Place place) {
    Object value = place.value();
    if (value instanceof String text) {
      return set(place, text.substring(0, text.length() / 2));
    } else if (value instanceof List<?> list) {
      return set(place, new ArrayList<>(list.subList(0, list.size() / 2)));
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> half = new LinkedHashMap<>(map);
      half.keySet().removeAll(new ArrayList<>(map.keySet()).subList(map.size() / 2, map.size()));
      return set(place, half);
    }
    return value instanceof Double number ? set(place, Math.floor(number / 2)) : List.of();
  }

  private static List<String> reorder(Place place) {
    if (place.value() instanceof List<?> list) {
      List<Object> reversed = new ArrayList<>(list);
      Collections.reverse(reversed);
      return set(place, reversed);
    }
    return List.of();
  }

  @SuppressWarnings("unchecked")
  private static List<String> add(Place place) {
    if (place.value() instanceof Map<?, ?> map) {
      ((Map<Object, Object>) map).put("audited", "yes");
      return List.of(place.name + ".audited");
    }
    return List.of();
  }

  /** Changes one character of a text, or any other value. */
  private static Object other(Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      char last = text.charAt(text.length() - 1);
      return text.substring(0, text.length() - 1) + (last == '0' ? '1' : '0');
    }
    return value instanceof Double number ? (Object) (number + 1) : "x";
  }

  private static List<Place> places(Map<String, Object> members) {
    List<Place> places = new ArrayList<>();
    add(places, "", members);
    return places;
  }

  private static void add(List<Place> places, String name, Object value) {
    BiConsumer<Place, Object> each =
        (place, part) -> {
          places.add(place);
          add(places, place.name, part);
        };
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, part) ->
              each.accept(new Place(name.isEmpty() ? "" + key : name + "." + key, map, key), part));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        each.accept(new Place(name + "[" + i + "]", list, i), list.get(i));
      }
    }
  }

  /** Returns a copy whose lists and objects can be changed. */
  @SuppressWarnings("unchecked")
  static <T> T copy(T value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((name, member) -> copy.put(name, copy(member)));
      return (T) copy;
    } else if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(element -> copy.add(copy(element)));
      return (T) copy;
    }
    return value;
  }
}
