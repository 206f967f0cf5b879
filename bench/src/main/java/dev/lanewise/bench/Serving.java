package dev.lanewise.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Asks another JVM which kernels it uses, because only that JVM knows. */
final class Serving {
  private Serving() {}

  public static void main(String[] args) {
    System.out.println(dev.lanewise.engine.Product.kernels());
  }

  /** Returns the description of the kernels in a JVM with these arguments. */
  static String ask(BenchmarkParams jvm) throws IOException {
    List<String> command = new ArrayList<>(List.of(jvm.getJvm()));
    command.addAll(jvm.getJvmArgs());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Serving.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
