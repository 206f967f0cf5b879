package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.serve.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that the time of day decides is found, and every command knows the inputs by name. */
class HoursCommandTest {
  private static final String OPTIONS = "--epochs 60 --members 1 --hidden 32 --all-rows --quiet";

  @TempDir Path directory;

  /** Writes dates of two years with a target of the minute of the day, and a column of noise. */
  private Path table(String name, int rows, int seed, IntFunction<String> target)
      throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("when,noise,target\n");
    LocalDateTime begin = LocalDateTime.of(2023, 1, 1, 0, 0);
    for (int i = 0; i < rows; i++) {
      LocalDateTime when = begin.plusMinutes(random.nextInt(2 * 365 * 1440));
      text.append(when).append(',').append(random.nextGaussian()).append(',');
      text.append(target.apply(60 * when.getHour() + when.getMinute())).append('\n');
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private double accuracy(IntFunction<String> target) throws IOException {
    Path run = directory.resolve("run");
    Path train = table("train.csv", 400, 1, target);
    Path test = table("test.csv", 1000, 2, target);
    Run.line("train", OPTIONS, "--force --out", run, "--data", train).ok();
    Run evaluated =
        Run.line("evaluate --model", run.resolve("nn_model.npz"), "--data", test).ok("Acc: ");
    String line = evaluated.first("Acc:");
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Test
  void classesOfTheHourAreFound() throws IOException {
    double windows = accuracy(m -> m >= 430 && m < 610 || m >= 950 && m < 1130 ? "rush" : "calm");
    assertTrue(windows >= 0.95, "7:10 to 10:10 and 15:50 to 18:50: " + windows);
    double parity = accuracy(minute -> minute / 60 % 2 == 0 ? "even" : "odd");
    assertTrue(parity >= 0.95, "even hours: " + parity);
    Path model = directory.resolve("run").resolve("nn_model.npz");
    Run.line("inspect", model)
        .ok("date with hours", "when hour=23, when time sine, when time cosine");
    Run.line("inspect", directory.resolve("train.csv")).ok("date with hours, 46 inputs");
    Run.line("convert", model, directory.resolve("m.onnx"))
        .ok("when/days double, when/month float, when/weekday float, when/time double", "0 other");
    String card = new ModelCard(null, Model.load(model), 1000, 1000, false).json;
    String typical =
        "\"kind\": ?\"date with hours\",\\s*\"typical\": ?\"202[34]-[-0-9]+T[:0-9]{5}\"";
    assertTrue(Pattern.compile(typical).matcher(card).find(), card);
  }

  @Test
  void inspectShowsTimesOfDay() throws IOException {
    StringBuilder text = new StringBuilder("time,y\n");
    for (int i = 0; i < 40; i++) {
      text.append("1970-01-01T%02d:%02d,%s\n".formatted(8 + i / 4, i, i % 2 == 0 ? "a" : "b"));
    }
    Path file = Files.writeString(directory.resolve("times.csv"), text);
    Run.line("inspect", file).ok("08:00 [", "] 17:39", "date with hours");
  }
}
