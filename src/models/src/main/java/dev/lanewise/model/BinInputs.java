package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.FurtherInputs;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Bins as further inputs of a network, one per bin. */
record BinInputs(Bins bins) implements FurtherInputs {
  private static final String COUNTS = "bin_counts"; // edges of each feature

  /** Reads the bins of a file. */
  static BinInputs of(Fields fields) throws IOException {
    return new BinInputs(visit(null, fields));
  }

  /** Returns the facts of a network with bins. */
  static NetworkMetadata with(Bins bins, NetworkMetadata others, Schema schema) {
    int features = others.network().inputs() - bins.count();
    Scaling scaling = others.scaling();
    if (bins.features() != features
        || scaling != null && scaling.features().orElse(features) != features
        || schema != null && schema.inputs() != features) {
      throw new ArgumentException(
          "%s bins of %s features: network %s, expected as many inputs as both together, and a scaling and a schema of the features alone",
          bins.count(), bins.features(), others.network());
    }
    return others.withFurther(new BinInputs(bins));
  }

  private static Bins visit(Bins bins, Fields fields) throws IOException {
    double[] edges =
        fields.doubles(
            MetadataName.BINS.array(),
            Allowed.FINITE,
            () -> Arrays.stream(bins.edges).flatMapToDouble(Arrays::stream).toArray());
    return Bins.of(fields.ints(COUNTS, () -> CombinedMetadata.lengths(bins.edges)), edges);
  }

  @Override
  public int features() {
    return bins.features();
  }

  @Override
  public int inputs() {
    return bins.features() + bins.count();
  }

  @Override
  public void rest(float[] row, int from, float[] inputs, int to) {
    bins.encode(row, from, inputs, to);
  }

  @Override
  public Map<String, NdArray> arrays() {
    return Fields.written(fields -> visit(bins, fields));
  }

  @Override
  public String toString() {
    return bins.toString();
  }
}
