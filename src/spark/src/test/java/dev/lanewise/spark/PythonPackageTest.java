package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Compares the names in the Python package with those of the Java classes. */
final class PythonPackageTest {
  private static final Path FILE = Path.of("python/lanewise_spark/__init__.py");

  private static String python;

  /** The Java stages of the Python classes, by their names. */
  private static Map<String, List<Params>> stages;

  @BeforeAll
  static void read() throws IOException {
    python = Files.readString(FILE);
    LanewiseClassifier classifier = new LanewiseClassifier();
    LanewiseRegressor regressor = new LanewiseRegressor();
    Architecture layers = Architecture.relu(2, List.of(3), 2);
    LanewiseModel model = new LanewiseModel(Model.of(Mlp.initial(layers, Initializer.GLOROT, 1)));
    stages =
        new TreeMap<>(
            Map.of(
                "_Stage", List.of(classifier, regressor, model),
                "_ClassColumns", List.of(classifier, model),
                "_Estimator", List.of(classifier, regressor),
                "LanewiseClassifier", List.of(classifier),
                "LanewiseRegressor", List.of(regressor),
                "LanewiseModel", List.of(model)));
  }

  private static Stream<MatchResult> all(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results();
  }

  @Test
  void classesHaveTheNamesOfTheJavaClasses() throws ReflectiveOperationException {
    Set<String> names =
        all("(?m)^class (Lanewise\\w+)\\(", python)
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of("LanewiseClassifier", "LanewiseModel", "LanewiseRegressor"), names);
    String exported = names.stream().map(n -> '"' + n + '"').collect(Collectors.joining(", "));
    assertTrue(python.contains("__all__ = [" + exported + "]"));
    String home = all("_PACKAGE = \"([\\w.]+)\"", python).findFirst().orElseThrow().group(1);
    for (String name : names) {
      assertEquals(stages.get(name).get(0).getClass(), Class.forName(home + "." + name));
    }
  }

  @Test
  void settersAreThoseOfTheJavaClasses() {
    Map<String, Set<String>> found = new TreeMap<>(); // Python's setters of each Java class
    for (String block : python.split("(?m)^class ")) {
      String name = block.substring(0, Math.max(0, block.indexOf('(')));
      all("def (set\\w+)\\(self.*\\n.*\\n *return self.set_option\\(\"(\\w+)\", value\\)", block)
          .forEach(
              setter -> {
                String param = setter.group(2);
                assertEquals("set" + param, "set" + decapitalised(setter.group(1).substring(3)));
                for (Params stage : stages.get(name)) {
                  assertTrue(stage.hasParam(param), param + " of " + stage.getClass());
                  found
                      .computeIfAbsent(stage.getClass().getSimpleName(), n -> new TreeSet<>())
                      .add(setter.group(1));
                }
              });
    }
    int setters = found.values().stream().mapToInt(Set::size).sum();
    assertTrue(setters >= 3 + 7 + 3 + 7 + 6, found.toString());
    for (Params stage : stages.get("_Stage")) {
      Set<String> columns =
          Arrays.stream(stage.getClass().getMethods())
              .map(method -> method.getName())
              .filter(name -> name.matches("set\\w+Cols?|setCoverage"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(columns, found.get(stage.getClass().getSimpleName()));
    }
  }

  private static String decapitalised(String name) {
    return name.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + name.substring(1);
  }

  @Test
  void allTypesOfParametersHaveAConverter() {
    Set<String> types =
        stages.get("_Stage").stream()
            .flatMap(stage -> Arrays.stream(stage.params()))
            .map(param -> param.getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> converted =
        all("\"(\\w*Param)\": TypeConverters", python)
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(types, converted);
  }

  @Test
  void theVersionIsThatOfTheJar() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = all("<version>(.*?)</version>", pom).findFirst().orElseThrow().group(1);
    String expected = "version = \"" + version.replace("-SNAPSHOT", ".dev0") + '"';
    String project = Files.readString(Path.of("python/pyproject.toml"));
    assertTrue(project.contains(expected), project);
  }

  @Test
  void pythonCanParseIt() throws IOException, InterruptedException {
    for (String file : List.of(FILE.toString(), "python/test_lanewise_spark.py")) {
      String program =
          "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))";
      Process process;
      try {
        process = new ProcessBuilder("python3", "-c", program, file).inheritIO().start();
      } catch (IOException e) {
        abort("no python3");
        return;
      }
      assertEquals(0, process.waitFor(), file);
    }
  }
}
