package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  private static final int GREY = BufferedImage.TYPE_BYTE_GRAY;
  private static final int RGB = BufferedImage.TYPE_INT_RGB;

  @TempDir private Path folder;

  /** Returns a picture whose raster has the given numbers. */
  private static BufferedImage image(int type, int height, int width, int... samples) {
    BufferedImage image = new BufferedImage(width, height, type);
    WritableRaster raster = image.getRaster();
    int[] all = new int[width * height * raster.getNumBands()];
    for (int i = 0; i < all.length; i++) {
      all[i] = samples[i % samples.length];
    }
    raster.setPixels(0, 0, width, height, all);
    return image;
  }

  private Path write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    assertTrue(ImageIO.write(image, name.endsWith("jpg") ? "jpg" : "png", file.toFile()));
    return file;
  }

  private String refusal(LoadOptions... options) {
    return assertThrows(FormatException.class, () -> Datasets.load(folder, options)).getMessage();
  }

  private String refusal(Model model) {
    return assertThrows(FormatException.class, () -> Datasets.load(folder, model)).getMessage();
  }

  private static float[] row(Split split, int row) {
    float[] features = new float[split.features()];
    split.copyRows(new int[] {row}, 0, 1, features, 0);
    return features;
  }

  private static final ScaleOptions RAW =
      ScaleOptions.defaults().withScale(ScaleChoice.fixed(Scaling.none()));

  /** The numbers are those of the file, although the JDK changes greys when it shows them. */
  @Test
  void pixelsAreThoseOfTheFile() throws IOException {
    write("a/8.png", image(GREY, 1, 3, 0, 100, 255));
    write("b/16.png", image(BufferedImage.TYPE_USHORT_GRAY, 1, 3, 0, 100 * 257 + 128, 65535));
    write("c/palette.png", image(BufferedImage.TYPE_BYTE_BINARY, 1, 3, 0, 1, 0));
    Dataset grey = Datasets.load(folder, RAW);
    assertArrayEquals(new int[] {1, 3}, grey.inputShape());
    assertArrayEquals(new float[] {0, 100, 255}, row(grey.train(), 0));
    assertArrayEquals(new float[] {0, 100, 255}, row(grey.train(), 1));
    assertArrayEquals(new float[] {0, 255, 0}, row(grey.train(), 2));

    write("d/colour.png", image(RGB, 1, 3, 1, 2, 3, 40, 50, 60, 0, 255, 0));
    write("e/argb.png", image(BufferedImage.TYPE_INT_ARGB, 1, 3, 200, 100, 0, 51, 9, 8, 7, 255));
    Dataset colour = Datasets.load(folder, RAW);
    assertArrayEquals(new int[] {1, 3, 3}, colour.inputShape());
    assertArrayEquals(new float[] {0, 0, 0, 100, 100, 100, 255, 255, 255}, row(colour.train(), 0));
    assertArrayEquals(new float[] {1, 2, 3, 40, 50, 60, 0, 255, 0}, row(colour.train(), 3));
    // The picture is a mixture of a fifth of its colour and four fifths of white.
    assertArrayEquals(new float[] {244, 224, 204, 9, 8, 7, 244, 224, 204}, row(colour.train(), 4));
  }

  @Test
  void foldersAreClassesOfWhichEachGivesItsShare() throws IOException {
    for (int i = 0; i < 30; i++) {
      write("cat/" + (char) ('a' + i % 26) + i + ".png", image(GREY, 2, 2, i));
      write("dog/" + i + ".jpg", image(GREY, 2, 2, 200));
    }
    Files.writeString(folder.resolve(".DS_Store"), "x");
    Files.writeString(folder.resolve("cat/Thumbs.db"), "x");
    Dataset data = Datasets.load(folder, ReadOptions.defaults().withThreads(3));
    assertEquals(List.of("cat", "dog"), data.classNames());
    assertEquals(54, data.train().rows());
    Split validation = data.validation().orElseThrow();
    assertEquals(6, validation.rows());
    for (int i = 0; i < 6; i++) {
      assertEquals(i / 3, validation.label(i));
    }
    assertTrue(data.test().isEmpty());
    assertEquals(
        48,
        Datasets.load(folder, DivisionOptions.defaults().withValidFraction(0.2)).train().rows());
    // The pixels are bytes, which are divided by 255.
    assertEquals(200f / 255, row(data.train(), 53)[0], 1e-6f);
  }

  @Test
  void partsHaveFoldersOfTheirOwn() throws IOException {
    for (String part : new String[] {"train", "val", "test"}) {
      for (int i = 0; i < (part.equals("train") ? 20 : 3); i++) {
        write(part + "/cat/" + i + ".png", image(GREY, 2, 2, i));
        write(part + "/dog/" + i + ".png", image(GREY, 2, 2, i + 100));
      }
    }
    Dataset data = Datasets.load(folder, RAW);
    assertEquals(40, data.train().rows());
    assertEquals(6, data.validation().orElseThrow().rows());
    assertEquals(6, data.test().orElseThrow().rows());
    assertEquals(102, row(data.test().orElseThrow(), 5)[0]);
    assertEquals(
        "%s: validation rows in the file, expected none, as the training rows are divided"
            .formatted(folder.resolve("val")),
        refusal(RAW, DivisionOptions.defaults().withValidFraction(0.2)));
    write("test/cow/1.png", image(GREY, 2, 2, 0));
    assertEquals(
        "%s: a class without training pictures, expected one of cat, dog"
            .formatted(folder.resolve("test/cow")),
        refusal());
    Files.createDirectories(folder.resolve("valid"));
    assertEquals("%s: val, valid, expected one of them".formatted(folder), refusal());
    Files.createDirectories(folder.resolve("more"));
    assertEquals(
        "%s: more beside train, expected valid and test only".formatted(folder), refusal());
  }

  /** A class may be called train. */
  @Test
  void trainsAreAClass() throws IOException {
    write("bus/1.png", image(GREY, 2, 2, 1));
    write("train/1.png", image(GREY, 2, 2, 1));
    assertEquals(List.of("bus", "train"), Datasets.load(folder).classNames());
  }

  @Test
  void otherFilesAreReadAsTheTrainingPictures(@TempDir Path other) throws IOException {
    write("a/1.png", image(RGB, 4, 4, 1, 2, 3));
    write("b/1.png", image(RGB, 4, 4, 4, 5, 6));
    Path test = other.resolve("b/x.png");
    Files.createDirectories(test.getParent());
    ImageIO.write(image(GREY, 4, 4, 7), "png", test.toFile());
    Dataset data = Datasets.load(folder, RAW, DivisionOptions.defaults().withTestData(other));
    Split split = data.test().orElseThrow();
    assertEquals(1, split.label(0));
    assertArrayEquals(new float[] {7, 7, 7}, Arrays.copyOf(row(split, 0), 3));
    ImageIO.write(image(GREY, 5, 4, 7), "png", test.toFile());
    LoadOptions[] options = {RAW, DivisionOptions.defaults().withTestData(other)};
    assertEquals(
        "%s: 5 x 4 pixels, expected 4 x 4 as in the training pictures (%s scales all)"
            .formatted(test, Remedy.IMAGE_SIZE.with(4, 4)),
        refusal(options));
    assertEquals(
        1,
        Datasets.load(folder, Options.with(options, ReadOptions.defaults().withImageSize(4, 4)))
            .test()
            .orElseThrow()
            .rows());
  }

  /** The model determines size and colours of pictures, and no rows are divided off. */
  @Test
  void modelsTakeWhatTheyWereTrainedOn() throws IOException {
    for (int i = 0; i < 12; i++) {
      write("a/" + i + ".png", image(GREY, 2, 2, i));
    }
    Model model =
        Model.of(
            Mlp.initial(Architecture.relu(4, List.of(3), 1), Initializer.HE, 0)
                .withInputShape(2, 2)
                .withScaling(Scaling.none()));
    Dataset data = Datasets.load(folder, model);
    assertEquals(12, data.train().rows());
    assertTrue(data.validation().isEmpty());
    Path wrong = write("a/z.png", image(GREY, 2, 3, 1));
    assertEquals(
        "%s: 2 x 3 pixels, expected 2 x 2 as in the model (%s scales all)"
            .formatted(wrong, Remedy.IMAGE_SIZE.with(2, 2)),
        refusal(model));
    ReadOptions size = ReadOptions.defaults().withImageSize(2, 2);
    assertEquals(13, Datasets.load(folder, model, size).all().orElseThrow().rows());
    write("a/z.png", image(RGB, 2, 2, 1, 2, 3));
    assertEquals(
        "%s: a picture with colours, expected grey pictures as in the model".formatted(wrong),
        refusal(model));
    Files.delete(wrong);
    try (RowStream rows = RowStream.open(folder.resolve("a"), model, true)) {
      float[] inputs = new float[3 * 4];
      assertEquals(List.of("file"), rows.columns());
      assertEquals(3, rows.next(inputs));
      assertEquals(3, rows.next(inputs));
      assertEquals(List.of("2.png"), rows.texts(1)); // the order of names is 0, 1, 10, 11, 2
      assertEquals(2, inputs[4]);
    }
  }

  @Test
  void whatIsNoPictureIsRefused() throws IOException {
    String none =
        "%s: a folder without folders of pictures, expected one of PNG or JPEG files "
            + "for each class,"
            + " or a file";
    assertEquals(none.formatted(folder), refusal());
    Path lone = write("1.png", image(GREY, 2, 2, 1));
    assertEquals(none.formatted(folder), refusal());
    Files.createDirectories(folder.resolve("empty"));
    assertEquals(
        "%s: a file among folders of classes, expected the file in one of the folders"
            .formatted(lone),
        refusal());
    Files.delete(lone);
    Path empty = folder.resolve("empty");
    assertEquals("%s: no pictures, expected at least one picture".formatted(empty), refusal());
    Path inner = Files.createDirectories(empty.resolve("inner"));
    assertEquals("%s: a folder among pictures, expected pictures only".formatted(inner), refusal());
    Files.delete(inner);
    Path text = Files.writeString(empty.resolve("notes.txt"), "x");
    assertEquals(
        "%s: not a PNG or JPEG file, expected a picture in one of these formats".formatted(text),
        refusal());
    Files.delete(text);
    for (int first : new int[] {0x89, 0xff}) { // the first byte of a PNG or JPEG
      Path cut = Files.write(empty.resolve("cut"), new byte[] {(byte) first});
      assertEquals(
          "%s: not a PNG or JPEG file, expected a picture in one of these formats".formatted(cut),
          refusal());
      Files.delete(cut);
    }
    write("empty/1.png", image(GREY, 2, 2, 1));
    assertEquals(
        "%s: pictures in folders, which are classes, expected loss softmax, not mse"
            .formatted(folder),
        refusal(Options.loss(Loss.MSE)));
    ReadOptions size = ReadOptions.defaults().withImageSize(2, 2);
    Path csv = Files.writeString(folder.resolve("t.csv"), "a,b\n1,2\n");
    rejects(() -> Datasets.load(csv, size), "data: a size of pictures for " + csv);
  }

  @Test
  void sizesOfNoPictureAreRefused() {
    ReadOptions.defaults().withImageSize(233, 2_304_167); // 2^29 - 1 pixels
    for (int[] size : new int[][] {{0, 5}, {5, 0}, {1 << 15, 1 << 14}, {1 << 20, 1 << 20}}) {
      rejects(
          () -> ReadOptions.defaults().withImageSize(size[0], size[1]),
          "data: pictures of %s x %s pixels, expected at least 1 x 1, and less than 2^29 pixels"
              .formatted(size[0], size[1]));
    }
  }

  /** The missing part of an incomplete picture is not read as grey. */
  @Test
  void damagedPicturesAreRefused() throws IOException {
    Random random = new Random(3);
    int[] noise = random.ints(64 * 64 * 3, 0, 256).toArray();
    for (String name : new String[] {"a/1.png", "a/1.jpg"}) {
      Path file = write(name, image(RGB, 64, 64, noise));
      byte[] whole = Files.readAllBytes(file);
      assertEquals(1, Datasets.load(folder).train().rows());
      for (int length : new int[] {20, whole.length / 2, whole.length - 200}) {
        Files.write(file, Arrays.copyOf(whole, length));
        String message = refusal();
        assertTrue(message.startsWith(file + ": a picture that cannot be read ("), message);
      }
      for (int i = 0; i < 200; i++) { // any other error fails the test
        byte[] damaged = whole.clone();
        damaged[random.nextInt(2, i < 100 ? 60 : whole.length)] = (byte) random.nextInt();
        Files.write(file, damaged);
        try {
          Datasets.load(folder);
        } catch (FormatException e) {
          assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        }
      }
      Files.delete(file);
    }
  }

  /** The first bytes of a picture say how large it is. */
  @Test
  void picturesThatUnfoldAreRefused() throws IOException {
    Path file = write("a/1.png", image(GREY, 2, 2, 1));
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(16, 30_000).putInt(20, 30_000);
    CRC32 sum = new CRC32();
    sum.update(bytes, 12, 17);
    ByteBuffer.wrap(bytes).putInt(29, (int) sum.getValue());
    Files.write(file, bytes);
    Budget budget = Budget.of(1 << 20);
    try {
      assertTrue(refusal().startsWith(file + ": its " + bytes.length + " bytes unfold to"));
    } finally {
      budget.close();
    }
  }

  /** A picture takes four bytes per pixel. */
  @Test
  void howFarPicturesUnfoldIsCounted() throws IOException {
    Path file = write("a/1.png", image(GREY, 512, 512, 1));
    for (long most : new long[] {1 << 20, (1 << 20) - 1}) {
      Budget budget = Budget.of(most);
      try {
        if (most == 1 << 20) {
          assertEquals(1, Datasets.load(folder).train().rows());
        } else {
          assertTrue(refusal().startsWith(file + ": its "), refusal());
        }
      } finally {
        budget.close();
      }
    }
  }

  @Test
  void filesAreThePicturesOfAllFolders() throws IOException {
    Path last = write("b/1.png", image(GREY, 2, 2, 1));
    Path second = write("a/2.png", image(GREY, 2, 2, 1));
    Path first = write("a/1.png", image(GREY, 2, 2, 1));
    Files.writeString(folder.resolve("a/.hidden"), "x");
    assertEquals(List.of(first, second, last), Datasets.files(folder));
  }

  /** Scaled pictures are compared with means of areas that are computed in floating point. */
  @Test
  void scaledPicturesAreMeansOfAreas() throws IOException {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      int height = random.nextInt(1, 12);
      int width = random.nextInt(1, 12);
      int newHeight = random.nextInt(1, 12);
      int newWidth = random.nextInt(1, 12);
      int[] samples = random.ints(height * width, 0, 256).toArray();
      Path file = write("a/1.png", image(GREY, height, width, samples));
      Dataset data =
          Datasets.load(folder, RAW, ReadOptions.defaults().withImageSize(newHeight, newWidth));
      float[] found = row(data.train(), 0);
      Files.delete(file);
      for (int y = 0; y < newHeight; y++) {
        for (int x = 0; x < newWidth; x++) {
          double sum = 0;
          for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
              double high = overlap(v, height, y, newHeight);
              sum += samples[v * width + u] * high * overlap(u, width, x, newWidth);
            }
          }
          double mean = sum * newHeight * newWidth;
          assertEquals(mean, found[y * newWidth + x], 0.5 + 1e-9);
        }
      }
    }
  }

  private static double overlap(int a, int n, int b, int m) {
    double from = Math.max((double) a / n, (double) b / m);
    return Math.max(0, Math.min((a + 1.0) / n, (b + 1.0) / m) - from);
  }
}
