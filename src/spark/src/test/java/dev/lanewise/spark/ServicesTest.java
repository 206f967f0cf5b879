package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Spark Connect allows the stages that its ServiceLoader finds, and makes them by reflection. */
class ServicesTest {
  private static final SparkSession SPARK = Sessions.local();

  @TempDir Path dir;

  /** Returns the classes of this module that Spark Connect allows. */
  private static <T> List<? extends Class<? extends T>> found(Class<T> service) {
    return ServiceLoader.load(service).stream()
        .map(ServiceLoader.Provider::type)
        .filter(type -> type.getName().startsWith("dev.lanewise"))
        .toList();
  }

  @Test
  void sparkConnectFindsTheStages() {
    assertEquals(
        List.of(LanewiseClassifier.class, LanewiseRegressor.class), found(Estimator.class));
    assertEquals(List.of(LanewiseModel.class), found(Transformer.class));
  }

  /** Spark Connect makes an estimator with a name, and calls the static method load of a class. */
  @Test
  void foundEstimatorsAreMadeAndRead() throws ReflectiveOperationException, IOException {
    for (Class<?> type : found(Estimator.class)) {
      LanewiseEstimator<?> estimator =
          (LanewiseEstimator<?>) type.getConstructor(String.class).newInstance("lanewise_7");
      assertEquals("lanewise_7", estimator.uid());
      String folder = dir.resolve(type.getSimpleName()).toString();
      ((MLWritable) estimator.setEpochs(3)).save(folder);
      Object read = type.getMethod("load", String.class).invoke(null, folder);
      assertEquals(type, read.getClass());
      assertEquals(
          3,
          ((LanewiseEstimator<?>) read)
              .<Integer>valueOf(((LanewiseEstimator<?>) read).getParam("epochs")));
    }
  }

  @Test
  void modelsAreReadFromAFolderOfAModelOnly() throws IOException {
    LanewiseModel model =
        new LanewiseModel(
                dev.lanewise.model.Model.of(
                    Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.GLOROT, 11)))
            .setPredictionCol("guess");
    String folder = dir.resolve("model").toString();
    model.save(folder);
    LanewiseModel read = LanewiseModel.load(folder);
    assertEquals(model.uid(), read.uid());
    assertEquals(model.explainParams(), read.explainParams());
    assertEquals(model.model().sha256(), read.model().sha256());

    String other = dir.resolve("estimator").toString();
    new LanewiseRegressor().save(other);
    assertEquals(
        other + ": has a dev.lanewise.spark.LanewiseRegressor, expected a LanewiseModel",
        assertThrows(IllegalArgumentException.class, () -> LanewiseModel.load(other)).getMessage());
  }

  /** Every use of a stage without a model says where models come from, and writes nothing. */
  @Test
  void aStageWithoutAModelIsRefused() {
    LanewiseModel none = new LanewiseModel();
    String folder = dir.resolve("none").toString();
    for (Executable use :
        List.<Executable>of(
            none::model,
            () -> none.transform(SPARK.range(3)),
            () -> none.transformSchema(SPARK.range(3).schema()),
            () -> none.function(SPARK),
            () -> none.save(folder))) {
      assertEquals(
          "lanewise: LanewiseModel without a model, expected the result of fit or of"
              + " LanewiseModel.load(path)",
          assertThrows(IllegalStateException.class, use).getMessage());
    }
    assertEquals("LanewiseModel: uid=" + none.uid() + ", without a model", none.toString());
    assertEquals(false, Files.exists(Path.of(folder)));
    assertEquals(none.uid(), none.copy(ParamMap.empty()).uid());
  }
}
