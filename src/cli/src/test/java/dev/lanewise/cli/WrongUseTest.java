package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Command lines that are wrong in themselves give one line that names the error, and exit code 2.
 */
class WrongUseTest {
  /** The typed words, in which ~ is a line feed and _ a blank, and a part of the message. */
  private static final String CASES =
      """
      | no command, expected one of train, search, cross-validate, evaluate, predict, uncertain,
      trian | 'trian': no such command, did you mean train?
      Train | did you mean train?
      evalute --model x | did you mean evaluate?
      xyz | 'xyz': no such command, expected one of train, search, cross-validate, evaluate
      --hepl | did you mean --help?
      -h | '-h': no such command, did you mean --help?
      help | 'help': no such command, did you mean --help?
      train -h | -h: no such option of train, did you mean --help?
      train -? | -?: no such option of train, did you mean --help?
      inspect - | -: no such option of inspect, see lanewise inspect --help
      --verbose | '--verbose': no such command, expected one of train,
      _ | ' ': no such command
      completion bash | 'completion': no such command
      convert a.npz | convert: no file, expected IN and OUT
      convert a.npz b.pt | OUT: 'b.pt', expected a name that ends in .npz
      search --eta 1 --time 1m --trials 3 | --trials: not together with --time, expected only one
      search --eta 1,2 --time 1 | --time: '1', expected a number above 0 with its unit
      search --eta 1,2 --trials 0 | --trials: '0', expected a whole number from 1 to
      search --eta 0..1 | --eta: '0..1', expected a number above 0, as float32
      search --eta 1..0.1 | --eta: '1..0.1', expected a range from a smaller to a larger
      search --seed 1,2 | --seed: '1,2', expected one value for all trials
      search --bins 0,8,16 | --bins: '0,8,16', expected 0 and one other number
      search --short-batch drop,stop | --short-batch: 'drop,stop', expected one of
      search --preset course --eta 0.1 | search: one value for each option, expected several
      search --eta 1,2 --momentum 0.5 | --momentum: works with --optimizer momentum,
      search --batch-size 32,256 --shards 4 | --shards: not together with several values of --batch-size
      search --eta 1,2 --class-weights 1,0 | --class-weights: '1,0', expected weights above 0, as rows of
      search --stratified --no-stratified | --no-stratified: not together with
      train --hiden 3 | --hiden: no such option of train, did you mean --hidden?
      train --batchsize=3 | --batchsize: no such option of train, did you mean
      train --epoch 3 | did you mean --epochs?
      train --shuffle | no such option of train, did you mean --no-shuffle?
      train --count 3 | --count: no such option of train, see lanewise train --help
      train -e 3 | -e: no such option of train, did you mean --epochs?
      train -- | --: no such option of train
      train --eta 1 --eta 2 | --eta: given twice, expected once
      train --eta=1 --eta=1 | --eta: given twice, expected once
      train --quiet --quiet | --quiet: given twice
      train --eta | --eta: no value, expected X
      train --eta --epochs 3 | --eta: no value, expected X
      train --eta= | --eta: no value, expected X
      train --data _ | --data: no value, expected FILE
      train --verbose=yes | --verbose: a value was given, expected none
      train a.npz b.npz | 'b.npz': not an option, expected options that begin
      train --data a.npz b.npz | --data: given twice, expected once
      evaluate a b c | 'c': not an option, expected options that begin
      serve a b | 'b': not an option, expected options that begin
      train --activation re~lu | --activation: 're?lu', expected relu, leaky-relu,
      train --epochs ten | --epochs: 'ten', expected a whole number from 0
      train --epochs -1 | --epochs: '-1', expected a whole number from 0
      train --epochs 1.5 | --epochs: '1.5', expected a whole number from 0
      train --epochs 99999999999 | --epochs: '99999999999', expected
      train --batch-size 0 | --batch-size: '0', expected a whole number from 1, or
      train --batch-size -2 | --batch-size: '-2', expected a whole number from 1
      train --eta 0 | --eta: '0', expected a number above 0
      train --eta -0.1 | --eta: '-0.1', expected a number above 0
      train --eta nan | --eta: 'nan', expected a number above 0
      train --eta NaN | --eta: 'NaN', expected a number above 0
      train --eta Infinity | --eta: 'Infinity', expected a number above 0
      train --eta 1e-60 | --eta: '1e-60', expected a number above 0, as float32
      train --eta 1e60 | --eta: '1e60', expected a number above 0, as float32
      train --eta 0x1p3 | --eta: '0x1p3', expected a number above 0
      train --eta 0,1 | --eta: '0,1', expected a number above 0
      train --optimizer adan | expected sgd, momentum, nesterov, rmsprop, adam or
      train --optimizer nestrov | adam or adamw, did you mean nesterov?
      train --optimizer momentum --momentum 1 | --momentum: '1', expected a number
      train --optimizer nesterov --momentum -0.1 | '-0.1', expected a number from 0
      train --optimizer momentum --momentum half | 'half', expected a number from
      train --optimizer adam --beta1 1 | --beta1: '1', expected a number from 0 to
      train --optimizer adamw --beta2 0.999999999 | --beta2: '0.999999999', expected
      train --optimizer rmsprop --beta2 2 | --beta2: '2', expected a number from 0
      train --optimizer adam --epsilon 0 | --epsilon: '0', expected a number above 0
      train --optimizer adam --epsilon 1e-60 | --epsilon: '1e-60', expected a number
      train --optimizer rmsprop --epsilon 1e60 | --epsilon: '1e60', expected a
      train --optimizer adam --epsilon -1 | --epsilon: '-1', expected a number above
      train --momentum 0.9 | --momentum: works with --optimizer momentum, nesterov
      train --optimizer rmsprop --beta1 0.9 | --beta1: works with --optimizer adam,
      train --optimizer sgd --epsilon 1e-8 | --epsilon: works with --optimizer rms
      train --checkpoint-every -1 | --checkpoint-every: '-1', expected a number
      train --checkpoint-every often | 'often', expected a number from 0 to
      train --resume=yes | --resume: a value was given, expected none
      train --schedule cosin | cosine, cosine-log or plateau, did you mean cosine?
      train --warmup -1 | --warmup: '-1', expected a whole number from 0
      train --warmup 0.5 | --warmup: '0.5', expected a whole number from 0
      train --schedule-epochs 3 | works with --schedule step, cosine, cosine-log, plateau only
      train --dropout-schedule flat-cosine | works with --dropout above 0 only
      train --dropout 0 --dropout-schedule flat-cosine | works with --dropout above 0 only
      train --dropout 0.2 --dropout-schedule cosine | constant or flat-cosine
      train --dropout 0.2 --dropout-epochs 3 | works with --dropout-schedule flat-cosine only
      train --dropout 0.2 --dropout-schedule flat-cosine --dropout-epochs 0 | number from 1
      train --schedule inverse --schedule-factor 0.1 | step, exponential, plateau
      train --schedule step --schedule-decay 1 | with --schedule inverse only
      train --schedule step --schedule-minimum 1 | --schedule cosine, plateau only
      train --schedule step --schedule-epochs 0 | '0', expected a whole number from
      train --schedule cosine --schedule-epochs 0 | '0', expected a whole number
      train --schedule plateau --schedule-epochs -1 | a whole number from 0
      train --schedule step --schedule-epochs 1.5 | '1.5', expected a whole number
      train --schedule step --schedule-factor 0 | '0', expected a number above 0 and
      train --schedule exponential --schedule-factor 1.1 | above 0 and at most 1
      train --schedule plateau --schedule-factor 1 | a number above 0 and below 1
      train --schedule plateau --schedule-factor half | a number above 0 and below 1
      train --schedule inverse --schedule-decay -1 | '-1', expected a number from 0 to
      train --schedule cosine --schedule-minimum -1 | expected a number from 0 to
      train --weight-decay -1 | --weight-decay: '-1', expected a number from 0 to 3
      train --weight-decay 1e39 | --weight-decay: '1e39', expected a number from 0
      train --weight-decay small | --weight-decay: 'small', expected a number from
      train --clip-norm -1 | --clip-norm: '-1', expected a number from 0 to 3.4e38
      train --clip-norm nan | --clip-norm: 'nan', expected a number from 0 to
      train --dropout 1 | --dropout: '1', expected a number from 0 to below 1
      train --dropout 0.9999999999 | expected a number from 0 to below 1
      train --dropout -0.1 | --dropout: '-0.1', expected a number from 0 to
      train --dropout half | --dropout: 'half', expected a number from 0 to
      train --dropout 0.5 --hidden none | --dropout: works with hidden layers only
      train --patience -1 | --patience: '-1', expected a whole number from 0
      train --patience 1.5 | --patience: '1.5', expected a whole number from 0
      train --balanced --no-shuffle | --balanced: not together with --no-shuffle
      train --activation rleu | --activation: 'rleu', expected relu, leaky-relu, elu
      train --activation relu,,elu | expected relu, leaky-relu, elu, selu, gelu, gelu-tanh
      train --activation relu,elu,silu | one for all hidden layers, or one for each: 2
      check --model m --hidden 3 | --hidden: not together with --model
      check --activation GELU | --activation: 'GELU', expected relu,
      train --hidden 0 | --hidden: '0', expected sizes from 1
      train --hidden 16,-80 | --hidden: '16,-80', expected sizes from 1
      train --hidden 16, | --hidden: '16,', expected sizes from 1
      train --hidden 16,_80 | --hidden: '16, 80', expected sizes from 1
      train --hidden many | --hidden: 'many', expected sizes from 1
      train --class-weights 0,0,0 | '0,0,0', expected none, balanced, or numbers from 0, not
      train --seed abc | --seed: 'abc', expected a whole number of at most 64 bits
      train --seed 1e3 | --seed: '1e3', expected a whole number
      train --seed 9223372036854775808 | --seed: '9223372036854775808', expected
      train --group-weights greedy | expected several groups of networks in configurations
      train --preset tables | expected course, table, table-best, table-fast or image, did you mean table?
      train --loss pinball | --loss: 'pinball', expected the level of a quantile above 0 and below 1 as in
      train --best accuracy | --best: 'accuracy', expected none, loss, error, auc, balanced, f1, mae or auto
      train --best none --patience 3 | --best none: not together with --patience
      train --best-of-equals last | --best-of-equals: works with --best loss
      train --bias-rate -1 | --bias-rate: '-1', expected a number from 0
      train --input-rate x | --input-rate: 'x', expected a number from 0
      train --rate-by-inputs maybe | expected yes or no
      train --shards 3 | --shards: '3', expected a power of two
      train --shards 0 | --shards: '0', expected a power of two
      search --shards 1,2 | one value for all trials
      train --short-batch lose | expected keep or drop
      train --data table.csv --stratified --no-stratified | expected only one of the two
      train --init xavier | --init: 'xavier', expected course, he, glorot or realmlp
      train --init hee | expected course, he, glorot or realmlp, did you mean he?
      train --init he --initial-model m.npz | --init: not together with
      train --scale 256 | --scale: '256', expected auto, none, 255, standard, minmax or
      train --threads 0 | --threads: '0', expected a whole number from 1 to 1024
      train --threads all | --threads: 'all', expected a whole number from 1
      evaluate --threads 1025 | --threads: '1025', expected a whole number from 1
      info --progress maybe | --progress: 'maybe', expected auto, on or off
      train --live | --live: no such option of train
      train --help= | --help: no value, expected [all]
      watch runs/1 | 'watch': no such command
      train --force | --force: names no directory, expected --out DIR, too
      train --split-sizes 0.5,0.6 | --split-sizes: '0.5,0.6', expected up to three
      train --split-sizes 0,0.5,0.5 | --split-sizes: '0,0.5,0.5', expected
      train --split-sizes half | --split-sizes: 'half', expected up to three
      train --initial-model m.npz --min-count 3 | --min-count: not together with --initial-model
      train --weight-column 3 | --weight-column: works with a table such as a CSV file
      inspect data/digits.npz --weight-column w | --weight-column: works with a table
      evaluate --top-k 0 | --top-k: '0', expected a whole number from 1
      evaluate --top-k -1 | --top-k: '-1', expected a whole number from 1
      evaluate --top-k five | --top-k: 'five', expected a whole number from 1
      train --top-k 2 | --top-k: no such option of train
      train --valid-fraction 1 | --valid-fraction: '1', expected a number from 0 to
      train --valid-fraction -0.1 | '-0.1', expected a number from 0 to below 1
      train --valid-fraction 0.2 --split-sizes 0.8,0.1,0.1 | --valid-fraction: not together with --split-sizes 0.8,0.1,0.1, expected 0 validation
      train --stratified=yes | --stratified: a value was given, expected none
      train --stratified --loss mse | --stratified: works with --loss softmax only
      check --stratified | --stratified: no such option of check
      train --scale-targets minmax | 'minmax', expected none or standard
      train --scale-targets standard | --scale-targets: works with --loss mse, hub
      train --target 3 | --target: works with a table such as a CSV file
      train --targets y.npy | --targets: works with inputs in a .npy file only
      train --targets | --targets: no value, expected FILE
      check --targets y.npy | --targets: no such option of check, did you mean
      evaluate --split tests | expected train, valid, test, all or calibration, did you mean test?
      evaluate --hidden 3 | --hidden: no such option of evaluate
      predict --out rows.txt | --out: 'rows.txt', expected a name that ends in .csv
      uncertain --out u.svg | --out: no such option of uncertain
      uncertain --count 0 | --count: '0', expected a whole number from 1 to 1000
      drift | --data: no new rows, expected --data FILE
      drift --data x.csv --level 1 | --level: '1', expected a number above 0 and below 1
      drift --data x.csv --level x | 'x', expected a number
      explain --background a --background-rows 0 | '0', expected a whole number from 1
      explain --rows 1,x | --rows: '1,x', expected numbers of rows from 0
      explain --out why.npz | --out: 'why.npz', expected a name that ends in .csv
      explain --page why.htm | --page: 'why.htm', expected a name that ends in .html
      check --model m --hidden 3 | --hidden: not together with --model
      check --loss squares | --loss: 'squares', expected half-squares, softmax, sigm
      check --target 3 | --target: works with a table such as a CSV file
      inspect | inspect: no file, expected a FILE
      inspect a b | 'b': not an option, expected options that begin
      info extra | 'extra': not an option
      """;

  static List<String[]> cases() {
    return CASES.lines().map(line -> line.split(" ?\\| ", 2)).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneLineThatNamesIt(String typed, String expected) {
    Run run = Run.of(words(typed)).misused("lanewise: ", expected);
    assertEquals(1, run.err().lines().count(), run.err());
    assertEquals("", run.out());
  }

  private static String[] words(String typed) {
    return typed.isEmpty()
        ? new String[0]
        : Stream.of(typed.split(" "))
            .map(word -> word.replace('_', ' ').replace('~', '\n'))
            .toArray(String[]::new);
  }

  /** Here _ stands for an underscore, not for a blank. */
  @Test
  void underscores() {
    assertTrue(Run.line("train --batch_size 3").err().contains("did you mean --batch-size?"));
  }

  @Test
  void stackTraceOnlyWithDebug() {
    assertFalse(Run.line("train --eta 0").err().contains("\tat "));
    Run.line("train --eta 0 --debug").misused("\tat dev.lanewise");
  }

  @Test
  void controlCharactersInArgumentsDoNotReachTheTerminal() {
    Run run = Run.of("train", "--data", "a\u001b[31m\nb");
    assertEquals("lanewise: a?[31m?b: no such file, expected a data file\n", run.err());
  }
}
