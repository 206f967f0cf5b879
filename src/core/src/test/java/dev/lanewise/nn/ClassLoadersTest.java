package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.lanewise.engine.Product;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The library is loaded twice in one JVM, as by two applications of a server. */
class ClassLoadersTest {
  private final Mlp model = Mlp.initial(Architecture.relu(3, List.of(40), 2), Initializer.HE, 5);

  @Test
  void eachPredictsTheSame() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.save(bytes);
    float[] expected = new float[8];
    float[] rows = {1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3};
    model.predictor(4).predict(rows, expected);
    URL[] places = {
      Mlp.class.getProtectionDomain().getCodeSource().getLocation(),
      Product.class.getProtectionDomain().getCodeSource().getLocation()
    };
    try (URLClassLoader one = new URLClassLoader(places, null);
        URLClassLoader other = new URLClassLoader(places, null)) {
      assertNotSame(one.loadClass(Mlp.class.getName()), other.loadClass(Mlp.class.getName()));
      Object a = predictor(one, bytes.toByteArray());
      Object b = predictor(other, bytes.toByteArray());
      for (int i = 0; i < 3; i++) {
        for (Object predictor : List.of(a, b)) {
          float[] found = new float[expected.length];
          predictor
              .getClass()
              .getMethod("predict", float[].class, float[].class)
              .invoke(predictor, rows, found);
          assertArrayEquals(expected, found);
        }
      }
    }
  }

  private static Object predictor(ClassLoader loader, byte[] npz) throws Exception {
    Class<?> mlp = loader.loadClass(Mlp.class.getName());
    Object model =
        mlp.getMethod("load", InputStream.class, String.class)
            .invoke(null, new ByteArrayInputStream(npz), "m");
    return mlp.getMethod("predictor", int.class).invoke(model, 4);
  }
}
