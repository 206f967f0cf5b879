package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/**
 * A change to a class of the kernels that makes it wrong on purpose.
 *
 * @param file the source file, without the extension, in the package of the kernels
 * @param right a regular expression for the code that is replaced at its first place
 * @param wrong the replacement
 */
public record Mutant(String file, String right, String wrong) {
  private static final Path ENGINE = OwnJvm.ROOT.resolve("src/engine").toAbsolutePath();

  /** Compiles the changed classes into a folder, which is to precede the class path. */
  public static void compile(Path folder, List<Mutant> mutants) throws Exception {
    Map<Path, String> sources = new LinkedHashMap<>();
    for (Mutant mutant : mutants) {
      String name = "dev/lanewise/kernel/" + mutant.file + ".java";
      Path file = ENGINE.resolve("src/main/java").resolve(name);
      if (!Files.exists(file)) {
        file = ENGINE.resolve("target/generated-sources/kernels").resolve(name);
      }
      String text = sources.containsKey(file) ? sources.get(file) : Files.readString(file);
      String changed = text.replaceFirst(mutant.right, mutant.wrong);
      assertNotEquals(text, changed, () -> mutant + " changes nothing");
      sources.put(file, changed);
    }
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-nowarn", "--add-modules", "jdk.incubator.vector"));
    arguments.addAll(List.of("-d", folder.toString()));
    arguments.addAll(List.of("-cp", ENGINE.resolve("target/classes").toString()));
    for (Map.Entry<Path, String> source : sources.entrySet()) {
      Path file = folder.resolve(source.getKey().getFileName());
      arguments.add(Files.writeString(file, source.getValue()).toString());
    }
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(0, javac.run(System.out, System.err, arguments.toArray(String[]::new)));
  }
}
