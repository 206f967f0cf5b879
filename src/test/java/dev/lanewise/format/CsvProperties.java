package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class CsvProperties {
  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("table", ".csv");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    return Arbitraries.strings()
        .withChars(" ,\"\r\nab\u00e9\ud7ff")
        .ofMaxLength(6)
        .list()
        .ofMinSize(2)
        .ofMaxSize(4)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Property(tries = 300)
  void tablesComeBack(@ForAll("tables") List<List<String>> table) throws IOException {
    Files.writeString(
        file,
        table.stream()
            .map(r -> r.stream().map(Csv::quoted).collect(Collectors.joining(",")))
            .collect(Collectors.joining("\r\n", "", "\r\n")));
    List<List<String>> back = new ArrayList<>();
    try (Csv csv = Csv.open(file)) {
      while (csv.next()) {
        List<String> record = new ArrayList<>();
        for (int i = 0; i < csv.fields(); i++) {
          record.add(csv.text(i));
        }
        back.add(record);
      }
    }
    assertEquals(table, back);
  }

  @Property(tries = 300)
  void numbersAreTheNearestDoubles(@ForAll @NotEmpty List<Double> numbers) throws IOException {
    String text = numbers.stream().map(Object::toString).collect(Collectors.joining(","));
    Files.writeString(file, text);
    try (Csv csv = Csv.open(file)) {
      csv.next();
      for (int i = 0; i < numbers.size(); i++) {
        assertEquals(numbers.get(i), csv.number(i));
      }
    }
  }

  @Property(tries = 200)
  void anyBytesAreReadOrRefused(@ForAll @NotEmpty byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (Csv csv = Csv.open(file)) {
      while (csv.next()) {
        for (int i = 0; i < csv.fields(); i++) {
          csv.number(i);
          csv.text(i);
        }
      }
    } catch (FormatException e) {
      assertEquals(0, e.getMessage().indexOf(file + ": line "), e.getMessage());
    }
  }
}
