package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains on folders of pictures and predicts the classes of new ones. */
class ImagesCommandTest {
  @TempDir private Path folder;

  /** Draws a dark disc on a light ground, or a light one on a dark ground, at a random place. */
  private static void draw(Path file, boolean dark, int size, Random random) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    double x = random.nextDouble(0.3, 0.7) * size;
    double y = random.nextDouble(0.3, 0.7) * size;
    for (int v = 0; v < size; v++) {
      for (int u = 0; u < size; u++) {
        boolean inside = Math.hypot(u - x, v - y) < size / 4.0;
        image.setRGB(u, v, inside == dark ? 0x102030 : 0xd0e0f0);
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void fromPicturesToClasses() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      draw(folder.resolve("moons/night/" + i + ".png"), false, 20 + i % 3, random);
      draw(folder.resolve("moons/day/" + i + ".png"), true, 20, random);
    }
    String data = folder.resolve("moons").toString();
    String out = folder.resolve("run").toString();
    Run refused = Run.line("train --data", data, "--out", out);
    assertEquals(1, refused.code());
    assertTrue(
        refused.err().contains("21 x 21 pixels, expected 20 x 20 as in ")
            && refused.err().contains("(--image-size 20x20 scales all)"),
        refused.err());
    Run.line("train --data", data, "--image-size 10 --epochs 20 --out", out)
        .ok("train 72, valid 8 rows; 300 features (10x10x3), 2 classes", "Preset image");

    String model = out + "/nn_model.npz";
    Run evaluate =
        Run.line("evaluate --model", model, "--data", data, "--image-size 10 --split valid")
            .says("Acc: Train 1.00000 Validation 1.00000");
    Run.line("evaluate --model", model, "--data", data).warns("expected 10 x 10 as in the model");

    Path fresh = folder.resolve("new");
    draw(fresh.resolve("b.png"), true, 31, random);
    draw(fresh.resolve("a.png"), false, 17, random);
    Run predict = Run.line("predict --model", model, "--data", fresh, "--image-size 10x10").ok();
    List<String> lines = predict.out().lines().toList();
    assertTrue(lines.get(0).startsWith("file,"), lines.get(0));
    assertTrue(lines.get(1).startsWith("a.png,") && lines.get(1).contains(",night,"), lines.get(1));
    assertTrue(lines.get(2).startsWith("b.png,") && lines.get(2).contains(",day,"), lines.get(2));
    Run labelled =
        Run.line("predict --model", model, "--data", data, "--image-size 10 --split all");
    assertEquals(81, labelled.out().lines().count(), labelled.err());

    Run.line("inspect", data, "--image-size 10").says("300 features (10x10x3)");
    Run.line(
            "uncertain --model",
            model,
            "--data",
            data,
            "--image-size 10 --split all --out",
            folder.resolve("u.svg"))
        .ok();
  }

  @Test
  void aSizeIsForPicturesAndIsASize() {
    for (String size : new String[] {"0", "-1", "10x", "x10", "1x2x3", "ten", "99999x99999"}) {
      Run run = Run.line("train --data", folder, "--image-size=" + size);
      assertEquals(2, run.code(), size);
      run.warns("--image-size");
    }
    for (String command : new String[] {"train", "inspect"}) {
      String[] words =
          command.equals("train")
              ? new String[] {command, "--data", "data/digits.npz", "--image-size", "8"}
              : new String[] {command, "data/digits.npz", "--image-size", "8"};
      Run run = Run.of(words);
      assertEquals(2, run.code(), run.err());
      run.warns("--image-size: works with a folder of pictures");
    }
  }
}
