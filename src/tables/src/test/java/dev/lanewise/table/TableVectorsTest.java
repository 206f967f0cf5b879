package dev.lanewise.table;

import dev.lanewise.VectorTable;
import dev.lanewise.Vectors;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conformance vectors of tables: division, encoding and scaling. */
class TableVectorsTest {
  private static final int MANY = 4000;

  @TempDir private Path folder;

  private static final String NUMBERS =
      "size,flag,code,t,y\n1,true,007,10,0\n2.5,FALSE,7,11,1\n-3e2,True,8,12,2\n,false,8,12,3\n"
          + "1e9,true,007,13,0\n"
          + "2,false,7,14,1\n4,true,?,15,2\n0.1,false,8,9,3\n2,true,007,8,1\n7,true,8,7,0\n"
          + "-1,false,7,3,2\n3,true,8,2,3\n";

  private static final String DATES =
      "when,day,answer\n2024-02-29T12:30:00,2024-05-31,a\n2024-03-01 23:59:59.5,2024-05-30,b\n"
          + "2023-12-31T00:00+02:00,,a\n2024-02-01T12:30Z,2024-06-01,b\n"
          + "2024-02-02T06:00:00-0500,2023-06-01,a\n"
          + "2024-03-05,2024-05-31,b\n1969-12-31T01:00,2024-01-01,a\n";

  /** Ids of 20240131 and 20240132 are numbers, and a column with a word has no dates either. */
  private static final String DIGITS =
      "day,id,some,answer\n20240229,20240131,20240301,a\n20240301.0,20240132,20240302,b\n"
          + ",20240133,x,a\n19991231,20240134,20240303,b\n21001231,20240135,x,a\n"
          + "20240531,20240136,y,b\n20240601,20240137,y,a\n20240602,20240138,x,b\n";

  /** Codes of five and four digits, numbers of different lengths, and codes that are numbers. */
  private static final String CODES =
      "zip,time,mixed,asked,answer\n01002,0930,0100,0100,a\n10115,1415,20,2000,b\n"
          + "01002.0,1415,0100,0100,a\n,0930,300,3000,b\n99999,+0930,-04,0004,b\n10115,0000,5,9999,a\n";

  @Test
  void tables() throws IOException {
    Vectors vectors =
        new Vectors(
            "tables",
            "tables as CSV, rows of their splits by number from 0, scaled inputs of the training rows and then of the test rows, and targets");
    String people = VectorTable.csv(26);
    DivisionOptions preset =
        DivisionOptions.defaults().withUsualDivision(List.of(0.9, 0.0, 0.1), true);
    add(
        vectors,
        people,
        "target=kept ignore=price,weight",
        preset,
        reading("kept", "price", "weight"));
    add(
        vectors,
        people,
        "target=price weight-column=weight ignore=kept",
        preset,
        reading("price", "kept").withWeight("weight"));
    add(
        vectors,
        people,
        "target=class split-sizes=0.6,0.15,0.25 stratified=yes seed=-3 min-count=5 ignore=day,city",
        preset.withSplitSizes(List.of(0.6, 0.15, 0.25)).withSeed(-3).withStratified(true),
        reading("class", "day", "city").withMinCount(5));
    add(
        vectors,
        people,
        "target=price valid-fraction=0.29 scale=standard ignore=kept,weight scale-targets=none",
        preset.withValidFraction(0.29),
        reading("price", "kept", "weight"),
        ScaleOptions.defaults()
            .withScale(ScaleChoice.standard())
            .withTargetScale(ScaleChoice.named("none")));
    DivisionOptions all = preset.withSplitSizes(List.of(1.0));
    add(
        vectors,
        NUMBERS,
        "all-rows=yes scale=minmax",
        all,
        ReadOptions.defaults(),
        ScaleOptions.defaults().withScale(ScaleChoice.minMax()));
    add(
        vectors,
        NUMBERS,
        "all-rows=yes target=y categorical=code,t loss=softmax min-count=1",
        all,
        reading("y").withCategorical(List.of("code", "t")).withMinCount(1),
        ScaleOptions.defaults().withLoss(Loss.SOFTMAX));
    add(vectors, DATES, "all-rows=yes", all, ReadOptions.defaults());
    add(vectors, DIGITS, "all-rows=yes", all, ReadOptions.defaults());
    add(
        vectors,
        CODES,
        "all-rows=yes numeric=asked",
        all,
        reading("answer").withNumeric(List.of("asked")));
    StringBuilder many = new StringBuilder("word,t\n");
    for (int row = 0; row < 312; row++) { // the first 100 by code points of 104 words
      many.append((char) ('a' + row * 5 % 26)).append(row * 5 % 104 / 26).append(',');
      many.append(row % 7 * 0.5).append('\n');
    }
    add(vectors, many.toString(), "all-rows=yes", all, ReadOptions.defaults());
    vectors.check();
  }

  private static ReadOptions reading(String target, String... ignored) {
    return ReadOptions.defaults().withTarget(target).withIgnored(List.of(ignored));
  }

  private void add(Vectors vectors, String csv, String options, LoadOptions... how)
      throws IOException {
    Dataset data = Datasets.load(Files.writeString(folder.resolve("table.csv"), csv), how);
    Rows train = data.train();
    Rows test = data.test().orElse(train.slice(0, 0));
    vectors.add(
        "table",
        "csv|options|loss|training rows|validation rows|test rows|inputs of a row|inputs|targets of the training rows",
        csv,
        options,
        data.loss().label(),
        data.tableRows("train"),
        data.tableRows("valid"),
        data.tableRows("test"),
        data.features(),
        List.of(brief(inputs(train)), brief(inputs(test))),
        targets(train));
  }

  private static float[] inputs(Rows split) {
    float[] all = new float[split.rows() * split.features()];
    split.copyRows(null, 0, split.rows(), all, 0);
    return all;
  }

  /** Returns the digest of many floats, little-endian. */
  private static Object brief(float[] x) {
    return x.length < MANY ? x : "sha256 " + NdArray.ofFloats(x, 0, x.length).sha256();
  }

  private static Object targets(Rows split) {
    if (split.outputs() == 0) {
      int[] labels = new int[split.rows()];
      split.copyLabels(null, 0, split.rows(), labels, 0);
      return labels;
    }
    float[] numbers = new float[split.rows() * split.outputs()];
    split.copyTargets(null, 0, split.rows(), numbers, 0);
    return numbers;
  }
}
