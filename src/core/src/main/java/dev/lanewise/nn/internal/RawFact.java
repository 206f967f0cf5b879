package dev.lanewise.nn.internal;

import dev.lanewise.engine.internal.Expansion;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Fields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A fact that is carried as the arrays of its file, because nothing here depends on it. */
public final class RawFact extends Fact<Map<String, NdArray>> {
  private static final Map<FactName, RawFact> ALL = new EnumMap<>(FactName.class);

  static {
    for (FactName name : FactName.values()) {
      ALL.put(name, new RawFact(name));
    }
  }

  /** Arrays of other packages. */
  public static final RawFact FURTHER = of(FactName.FURTHER);

  /** {@return the raw form of a fact} */
  public static RawFact of(FactName name) {
    return ALL.get(name);
  }

  private RawFact(FactName name) {
    super(name, Map.of());
  }

  @Override
  public boolean isIn(Fields file) {
    return name() == FactName.FURTHER
        ? file.names().stream().anyMatch(name()::owns)
        : super.isIn(file);
  }

  @Override
  public Map<String, NdArray> visit(Map<String, NdArray> own, Fields fields, Facts others)
      throws IOException {
    if (own != null) {
      for (Map.Entry<String, NdArray> entry : own.entrySet()) {
        fields.any(entry.getKey(), entry::getValue);
      }
      return own;
    }
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (String array : fields.names()) {
      if (name().owns(array)) {
        arrays.put(array, fields.any(array, null));
      }
    }
    return arrays;
  }

  @Override
  public Map<String, NdArray> checked(Map<String, NdArray> arrays, Facts others) {
    List<String> names = new ArrayList<>(arrays.keySet());
    if (name() == FactName.FURTHER) {
      names.sort(CodePoints.ORDER);
    }
    Map<String, NdArray> kept = new LinkedHashMap<>();
    names.forEach(name -> kept.put(name, arrays.get(name)));
    return Collections.unmodifiableMap(kept);
  }

  @Override
  public Expansion expansion(Map<String, NdArray> arrays) {
    if (name() == FactName.BINS) {
      throw new IllegalStateException(unhonoured(array()));
    }
    return null;
  }

  /** Returns why a network alone is not read. */
  public static String unhonoured(String facts) {
    return facts
        + ", which a network alone does not honour, expected none (Model.load of lanewise-models"
        + " reads such a model)";
  }
}
