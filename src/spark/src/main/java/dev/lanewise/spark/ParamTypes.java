package dev.lanewise.spark;

import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Recipe;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.Function1;

/** Makes parameters, and converts their values between the types of users, Spark and recipes. */
final class ParamTypes {
  /** A recipe that takes any number of members that see bins; a training checks it again. */
  private static final Recipe MANY = Recipe.COURSE.with("members", Option.MOST_MEMBERS);

  /** A recipe whose groups may have any weights. */
  private static final Recipe GROUPS = Recipe.COURSE.with("configurations", "1; 1");

  private ParamTypes() {}

  /** Returns a parameter for an option of recipes. */
  static Param<?> param(Params parent, Option option, String doc) {
    String name = option.name();
    return switch (option.type()) {
      case SIZES -> new IntArrayParam(parent, name, doc, valid(name));
      case LONG -> new LongParam(parent, name, doc);
      case WHOLE -> new IntParam(parent, name, doc, valid(name));
      case TRUTH -> new BooleanParam(parent, name, doc);
      case TEXT, WORD -> new Param<String>(parent, name, doc, valid(name));
      case NUMBER -> new DoubleParam(parent, name, doc, valid(name));
    };
  }

  private static <T> Function1<T, Object> valid(String option) {
    return (Function1<T, Object> & Serializable)
        value -> {
          if (option.equals("configurations")) { // members of each group that may see bins
            return IntStream.rangeClosed(1, Option.MOST_MEMBERS)
                .anyMatch(m -> takes(Recipe.COURSE.with("members", m), option, value));
          }
          Recipe any =
              switch (option) {
                case "binnedMembers" -> MANY;
                case "groupWeights" -> GROUPS;
                default -> Recipe.COURSE;
              };
          return takes(any, option, value);
        };
  }

  private static boolean takes(Recipe recipe, String option, Object value) {
    try {
      recipe.with(option, written(value));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns the text of a value for a recipe. */
  static String written(Object value) {
    if (!(value instanceof int[] sizes)) {
      return String.valueOf(value);
    }
    String list = Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(","));
    return list.isEmpty() ? "none" : list;
  }

  /** Returns a value in the type that a parameter takes, or null if it has another type. */
  static Object typed(Param<?> param, Object value) {
    boolean whole = value instanceof Integer || value instanceof Long || value instanceof Short;
    if (param instanceof DoubleParam) {
      return value instanceof Number number ? number.doubleValue() : null;
    } else if (param instanceof LongParam) {
      return whole ? ((Number) value).longValue() : null;
    } else if (param instanceof IntParam) {
      return whole ? Math.toIntExact(((Number) value).longValue()) : null;
    } else if (param instanceof BooleanParam) {
      return value instanceof Boolean ? value : null;
    } else if (param instanceof IntArrayParam) {
      return value instanceof Object[] list && all(list, Integer.class)
          ? Arrays.stream(list).mapToInt(size -> (Integer) size).toArray()
          : value instanceof Integer size
              ? new int[] {size}
              : value instanceof int[] ? value : null;
    } else if (param instanceof DoubleArrayParam) {
      return value instanceof Object[] list && all(list, Number.class)
          ? Arrays.stream(list).mapToDouble(number -> ((Number) number).doubleValue()).toArray()
          : value instanceof double[] ? value : null;
    } else if (param instanceof StringArrayParam) {
      return value instanceof Object[] list && all(list, String.class)
          ? Arrays.copyOf(list, list.length, String[].class)
          : null;
    }
    return value instanceof String ? value : null;
  }

  private static boolean all(Object[] values, Class<?> type) {
    return Arrays.stream(values).allMatch(type::isInstance);
  }
}
