package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.model.Bins;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Members;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.table.Table;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages about null name the argument, and objects describe themselves in {@code toString}. */
class NullArgumentsTest {
  private static final Rows SPLIT = Rows.of(new float[][] {{1}, {2}}, new int[] {0, 1});

  private static final Model MODEL =
      Model.of(
              Mlp.initial(Architecture.relu(1, List.of(2), 2), Initializer.HE, 1)
                  .withScaling(Scaling.none()))
          .withSchema(Schema.ofNumbers(1, 1));

  /** Returns the main classes of the API, each with an object whose methods are called, or null. */
  private static Map<Class<?>, Object> subjects() {
    Map<Class<?>, Object> subjects = new LinkedHashMap<>();
    subjects.put(Mlp.class, MODEL.members().get(0));
    subjects.put(Model.class, MODEL);
    subjects.put(Bins.class, new Bins(new double[][] {{0, 1}}));
    subjects.put(Members.class, new Members());
    subjects.put(Folds.class, null);
    subjects.put(Predictor.class, MODEL.predictor(2));
    subjects.put(TablePredictor.class, MODEL.tablePredictor());
    subjects.put(Rows.class, SPLIT);
    subjects.put(Dataset.class, Dataset.of(SPLIT));
    subjects.put(ReadOptions.class, ReadOptions.defaults());
    subjects.put(DivisionOptions.class, DivisionOptions.defaults());
    subjects.put(ScaleOptions.class, ScaleOptions.defaults());
    subjects.put(Datasets.class, null);
    subjects.put(RowStream.class, null);
    subjects.put(Table.class, null);
    subjects.put(Evaluator.class, null);
    subjects.put(Evaluation.class, Evaluator.evaluate(MODEL, SPLIT, 1));
    subjects.put(Metrics.class, null);
    subjects.put(Trainer.class, Trainer.builder().epochs(1).build());
    subjects.put(TrainerBuilder.class, Trainer.builder());
    subjects.put(Recipe.class, Recipe.TABLE);
    return subjects;
  }

  private static Object dummy(Class<?> type) {
    if (type == boolean.class) {
      return false;
    } else if (type == char.class) {
      return 'a';
    } else if (type == long.class) {
      return 1L;
    } else if (type == double.class) {
      return 0.5;
    } else if (type == float.class) {
      return 0.5f;
    }
    return type.isPrimitive() ? (Object) 0 : null;
  }

  @Test
  void messagesNameTheArgument() throws IllegalAccessException {
    List<String> raw = new ArrayList<>();
    for (Map.Entry<Class<?>, Object> subject : subjects().entrySet()) {
      for (Method method : subject.getKey().getDeclaredMethods()) {
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        if (!Modifier.isPublic(method.getModifiers())
            || method.isSynthetic()
            || subject.getValue() == null && !isStatic) {
          continue;
        }
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = dummy(method.getParameterTypes()[i]);
        }
        try {
          method.invoke(subject.getValue(), arguments);
        } catch (InvocationTargetException e) {
          String message = String.valueOf(e.getCause().getMessage());
          if (e.getCause() instanceof NullPointerException
              && (message.contains("Cannot ") || message.contains("null"))) {
            raw.add(method + ": " + message);
          }
        }
      }
    }
    assertEquals(List.of(), raw, String.join("\n", raw));
  }

  @Test
  void objectsShowWhatTheyAre() {
    assertEquals(
        "Predictor[1 inputs -> 2 classes, 5 rows at a time]", MODEL.predictor(5).toString());
    assertEquals("TablePredictor[#0 -> 2 classes]", MODEL.tablePredictor().toString());
    assertTrue(
        Evaluator.evaluate(MODEL, SPLIT, 1)
            .toString()
            .matches("Evaluation\\[2 rows of 2 classes, loss [0-9.]+, accuracy [0-9.]+\\]"));
    record Passenger(double age, String sex) {}
    Table table = Table.of(List.of(new Passenger(1, "f"), new Passenger(2, "m")));
    assertEquals("Table[2 rows of age, sex]", table.toString());
  }
}
