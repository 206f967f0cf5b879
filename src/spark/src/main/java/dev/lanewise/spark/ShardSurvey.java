package dev.lanewise.spark;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.FeatureStatistics;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.nn.Scaling;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What all tasks of a training in shards have to know of all rows: their number, the classes and
 * the scaling. Surveys of parts of the rows add up to that of all, in any order.
 */
final class ShardSurvey implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Spreads the bits of a checksum, so that sums of them differ. */
  private static final long MIXED = 0x9E3779B97F4A7C15L;

  private final boolean hasClasses;
  private boolean isSound = true;
  private long train;
  private long valid;
  private int width;
  private long checksum;
  private double weight;
  private final TreeMap<Object, Sums> classes =
      new TreeMap<>((Comparator<Object> & Serializable) ShardSurvey::compare);
  private FeatureStatistics features;
  private FeatureStatistics targets; // null for classes

  /** Of the training rows of a class. */
  private static final class Sums implements Serializable {
    private static final long serialVersionUID = 1L;

    private long rows;
    private double weight;
  }

  ShardSurvey(boolean hasClasses) {
    this.hasClasses = hasClasses;
  }

  /** Names are in the order of their code points, as the library numbers classes. */
  private static int compare(Object a, Object b) {
    if (a instanceof String name && b instanceof String other) {
      return CodePoints.ORDER.compare(name, other);
    }
    return Double.compare((Double) a, (Double) b);
  }

  /** Adds a row. What no training can use is reported by the task that gathers all rows. */
  void add(TrainingColumns columns, byte[] bytes) {
    isSound &= !TrainingColumns.isBad(bytes);
    if (!isSound) {
      return;
    }
    TrainingColumns.Learned row = columns.read(bytes);
    Object label = row.target();
    if (features == null) {
      width = row.vector().length;
      features = new FeatureStatistics(width);
      targets = hasClasses ? null : new FeatureStatistics(1);
    }
    boolean isNamed = label instanceof String;
    if (row.vector().length != width
        || !hasClasses && !Float.isFinite((float) (double) (Double) label)
        || !classes.isEmpty() && isNamed != classes.firstKey() instanceof String) {
      isSound = false;
      return;
    }
    checksum += checksum(bytes);
    Sums of = hasClasses ? classes.computeIfAbsent(label, each -> new Sums()) : new Sums();
    if (row.valid()) {
      valid++;
    } else {
      train++;
      weight += row.weight();
      of.rows++;
      of.weight += row.weight();
      features.add(row.vector());
      if (!hasClasses) {
        targets.add(new double[] {(Double) label});
      }
    }
    isSound &= classes.size() <= Labels.MAX_CLASSES;
  }

  /** Returns the share of a row in the checksum of all. */
  static long checksum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return (sum.getValue() + 1) * MIXED;
  }

  long checksum() {
    return checksum;
  }

  /** Adds a training row in the second pass. */
  void addAgain(TrainingColumns columns, byte[] bytes) {
    TrainingColumns.Learned row = columns.read(bytes);
    if (!row.valid()) {
      features.addAgain(row.vector());
      if (targets != null) {
        targets.addAgain(new double[] {(Double) row.target()});
      }
    }
  }

  /** Adds a survey of other rows, of the same pass. */
  ShardSurvey add(ShardSurvey other) {
    if (other.features == null || !other.isSound) {
      isSound &= other.isSound;
      return this;
    } else if (features == null) {
      return other.add(this);
    }
    isSound &= width == other.width;
    if (!isSound) {
      return this;
    }
    train += other.train;
    valid += other.valid;
    checksum += other.checksum;
    features.add(other.features);
    if (targets != null) {
      targets.add(other.targets);
    }
    weight += other.weight;
    for (Map.Entry<Object, Sums> each : other.classes.entrySet()) {
      if (!classes.isEmpty()
          && classes.firstKey() instanceof String != each.getKey() instanceof String) {
        isSound = false;
        return this;
      }
      Sums of = classes.computeIfAbsent(each.getKey(), label -> new Sums());
      of.rows += each.getValue().rows;
      of.weight += each.getValue().weight;
    }
    return this;
  }

  /** Returns whether deviations are needed, of inputs or of targets. */
  boolean needsSecondPass(LanewiseEstimator<?> settings) {
    boolean inputs = ScaleChoice.named(settings.valueOf(settings.scale)) == ScaleChoice.standard();
    return inputs || targets != null;
  }

  /** Returns a survey for the second pass, without its rows. */
  ShardSurvey again() {
    features.beginAgain();
    if (targets != null) {
      targets.beginAgain();
    }
    ShardSurvey again = new ShardSurvey(hasClasses);
    again.width = width;
    again.features = features;
    again.targets = targets;
    return again;
  }

  /** Takes over the statistics of the second pass. */
  void complete(ShardSurvey again) {
    features = again.features;
    targets = again.targets;
  }

  /**
   * Returns whether all rows have as many numbers and one kind of label, known by training rows.
   */
  boolean isSound() {
    boolean isCounted = train > 0 && train < Integer.MAX_VALUE && valid < Integer.MAX_VALUE;
    return isSound
        && isCounted
        && weight > 0
        && classes.values().stream().allMatch(c -> c.rows > 0);
  }

  int train() {
    return (int) train;
  }

  int valid() {
    return (int) valid;
  }

  int width() {
    return width;
  }

  /** Returns the names of the classes; none if they are numbers. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (Object each : classes.keySet()) {
      if (each instanceof String name) {
        names.add(name);
      }
    }
    return names;
  }

  /** Returns the number of classes, or of numeric targets. */
  int outputs() {
    if (!hasClasses) {
      return 1;
    }
    return classes.lastKey() instanceof Double last ? (int) (last + 1) : classes.size();
  }

  /** Returns the share of the class with the largest weight. */
  double largestShare() {
    return classes.values().stream().mapToDouble(of -> of.weight).max().orElse(0) / weight;
  }

  /** Returns the scaling of inputs; null if it is not finite. */
  Scaling scaling(LanewiseEstimator<?> settings) {
    return fitted(ScaleChoice.named(settings.valueOf(settings.scale)), features);
  }

  /** Returns the scaling of numeric targets; null if it is not finite. */
  Scaling targetScaling(LanewiseEstimator<?> settings) {
    return fitted(settings.scalingOfTargets(), targets);
  }

  private static Scaling fitted(ScaleChoice choice, FeatureStatistics statistics) {
    if (choice.fixed() != null) {
      return choice.fixed();
    }
    boolean isMinMax = choice == ScaleChoice.minMax();
    int wide = isMinMax ? statistics.tooWide() : statistics.finish();
    return wide >= 0 ? null : statistics.scaling(isMinMax, null);
  }

  /** Returns a text that identifies the rows, in any order. */
  String identity() {
    return "%s training and %s validation rows of %s features, checksum %x"
        .formatted(train, valid, width, checksum);
  }
}
