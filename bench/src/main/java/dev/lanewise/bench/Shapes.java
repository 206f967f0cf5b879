package dev.lanewise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Lists of products. */
final class Shapes {
  /** Products of small and large networks, for batches and for single rows, and cubes. */
  static final List<Shape> TABLE =
      list(
          "NN:100x16x2304",
          "NN:100x80x16",
          "NN:100x7x80",
          "TN:2304x16x100",
          "TN:16x80x100",
          "TN:80x7x100",
          "NT:100x80x7",
          "NT:100x16x80",
          "NN:1x512x784",
          "NN:1x16x2304",
          "NN:128x512x784",
          "TN:784x512x128",
          "NT:128x512x512",
          "NN:256x1024x1024",
          "TN:1024x1024x256",
          "NT:256x1024x1024",
          "NN:512x512x512",
          "NN:1024x1024x1024",
          "NN:2048x2048x2048");

  /** The products of the table that two minutes are enough for. */
  static final List<Shape> QUICK =
      list(
          "NN:100x16x2304",
          "TN:2304x16x100",
          "NT:100x16x80",
          "NN:1x512x784",
          "NN:128x512x784",
          "TN:784x512x128",
          "NT:128x512x512",
          "NN:512x512x512");

  /** Smallest number of operations that is worth two threads. */
  private static final double LARGE_FLOP = 1e8;

  private static final int RANDOM_COUNT = 50;
  private static final int RANDOM_MOST = 2048;
  private static final long RANDOM_SEED = 42;

  private Shapes() {}

  /** Returns a built-in list by its name, the shapes of a file, or shapes separated by commas. */
  static List<Shape> of(String text) throws IOException {
    return switch (text) {
      case "table" -> TABLE;
      case "quick" -> QUICK;
      case "random" -> random();
      case "fused" -> TABLE.stream().filter(s -> s.orientation() == Orientation.NN).toList();
      case "threads" -> TABLE.stream().filter(s -> s.flop() > LARGE_FLOP).toList();
      default -> {
        if (!text.contains(":")) {
          if (!Files.exists(Path.of(text))) {
            throw new IllegalArgumentException("--shapes " + text + ": no such list or file");
          }
          try (Stream<String> lines = Files.lines(Path.of(text))) {
            yield lines
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(Shape::of)
                .toList();
          }
        }
        yield list(text.split(","));
      }
    };
  }

  /** Returns random shapes whose sides are log-uniform from 1 to 2048; orientations alternate. */
  private static List<Shape> random() {
    SplittableRandom random = new SplittableRandom(RANDOM_SEED);
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < RANDOM_COUNT; i++) {
      Orientation orientation = Orientation.values()[i % 3];
      shapes.add(new Shape(orientation, side(random), side(random), side(random)));
    }
    return shapes;
  }

  private static int side(SplittableRandom random) {
    return (int) StrictMath.pow(RANDOM_MOST + 1, random.nextDouble());
  }

  private static List<Shape> list(String... texts) {
    return Stream.of(texts).map(Shape::of).toList();
  }
}
