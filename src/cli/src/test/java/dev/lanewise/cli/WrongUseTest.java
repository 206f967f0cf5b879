package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Command lines that are wrong in themselves: one line that names what is, and exit code 2. */
class WrongUseTest {
  /**
   * What is typed, separated by blanks (_ stands for a blank in a word), and what the line says.
   */
  static Stream<Arguments> cases() {
    return Stream.of(
        arguments("", "no command, expected one of train, evaluate, predict, uncertain,"),
        arguments("trian", "'trian': no such command, did you mean train?"),
        arguments("Train", "did you mean train?"),
        arguments("evalute --model x", "did you mean evaluate?"),
        arguments("xyz", "'xyz': no such command, expected one of train, evaluate"),
        arguments("--hepl", "did you mean --help?"),
        arguments("-h", "'-h': no such command, did you mean --help?"),
        arguments("help", "'help': no such command, did you mean --help?"),
        arguments("train -h", "-h: no such option of train, did you mean --help?"),
        arguments("train -?", "-?: no such option of train, did you mean --help?"),
        arguments("inspect -", "-: no such option of inspect, see lanewise inspect --help"),
        arguments("--verbose", "'--verbose': no such command, expected one of train, "),
        arguments("_", "' ': no such command"),
        arguments("convert a.npz", "convert: no file, expected IN and OUT"),
        arguments("convert a.npz b.pt", "OUT: 'b.pt', expected a name that ends in .npz"),
        arguments("train --hiden 3", "--hiden: no such option of train, did you mean --hidden?"),
        arguments("train --batchsize=3", "--batchsize: no such option of train, did you mean"),
        arguments("train --epoch 3", "did you mean --epochs?"),
        arguments("train --shuffle", "no such option of train, did you mean --no-shuffle?"),
        arguments("train --count 3", "--count: no such option of train, see lanewise train --help"),
        arguments("train -e 3", "-e: no such option of train, did you mean --epochs?"),
        arguments("train --", "--: no such option of train"),
        arguments("train --eta 1 --eta 2", "--eta: given twice, expected once"),
        arguments("train --eta=1 --eta=1", "--eta: given twice, expected once"),
        arguments("train --quiet --quiet", "--quiet: given twice"),
        arguments("train --eta", "--eta: no value, expected X"),
        arguments("train --eta --epochs 3", "--eta: no value, expected X"),
        arguments("train --eta=", "--eta: no value, expected X"),
        arguments("train --data _", "--data: no value, expected FILE"),
        arguments("train --verbose=yes", "--verbose: a value was given, expected none"),
        arguments("train a.npz b.npz", "'b.npz': not an option, expected options that begin"),
        arguments("train --data a.npz b.npz", "--data: given twice, expected once"),
        arguments("evaluate a b c", "'c': not an option, expected options that begin"),
        arguments("serve a b", "'b': not an option, expected options that begin"),
        arguments(
            "train --activation re\nlu", "--activation: 're?lu', expected relu, leaky-relu, "),
        arguments("train --epochs ten", "--epochs: 'ten', expected a whole number from 0"),
        arguments("train --epochs -1", "--epochs: '-1', expected a whole number from 0"),
        arguments("train --epochs 1.5", "--epochs: '1.5', expected a whole number from 0"),
        arguments("train --epochs 99999999999", "--epochs: '99999999999', expected"),
        arguments("train --batch-size 0", "--batch-size: '0', expected a whole number from 1, or"),
        arguments("train --batch-size -2", "--batch-size: '-2', expected a whole number from 1"),
        arguments("train --eta 0", "--eta: '0', expected a number above 0"),
        arguments("train --eta -0.1", "--eta: '-0.1', expected a number above 0"),
        arguments("train --eta nan", "--eta: 'nan', expected a number above 0"),
        arguments("train --eta NaN", "--eta: 'NaN', expected a number above 0"),
        arguments("train --eta Infinity", "--eta: 'Infinity', expected a number above 0"),
        arguments("train --eta 1e-60", "--eta: '1e-60', expected a number above 0, as float32"),
        arguments("train --eta 1e60", "--eta: '1e60', expected a number above 0, as float32"),
        arguments("train --eta 0x1p3", "--eta: '0x1p3', expected a number above 0"),
        arguments("train --eta 0,1", "--eta: '0,1', expected a number above 0"),
        arguments("train --optimizer adan", "expected sgd, momentum, nesterov, rmsprop, adam or"),
        arguments("train --optimizer nestrov", "adam or adamw, did you mean nesterov?"),
        arguments("train --optimizer momentum --momentum 1", "--momentum: '1', expected a number"),
        arguments("train --optimizer nesterov --momentum -0.1", "'-0.1', expected a number from 0"),
        arguments("train --optimizer momentum --momentum half", "'half', expected a number from"),
        arguments("train --optimizer adam --beta1 1", "--beta1: '1', expected a number from 0 to"),
        arguments(
            "train --optimizer adamw --beta2 0.999999999", "--beta2: '0.999999999', expected"),
        arguments("train --optimizer rmsprop --beta2 2", "--beta2: '2', expected a number from 0"),
        arguments(
            "train --optimizer adam --epsilon 0", "--epsilon: '0', expected a number above 0"),
        arguments(
            "train --optimizer adam --epsilon 1e-60", "--epsilon: '1e-60', expected a number"),
        arguments("train --optimizer rmsprop --epsilon 1e60", "--epsilon: '1e60', expected a"),
        arguments(
            "train --optimizer adam --epsilon -1", "--epsilon: '-1', expected a number above"),
        arguments("train --momentum 0.9", "--momentum: of use with --optimizer momentum, nesterov"),
        arguments(
            "train --optimizer rmsprop --beta1 0.9", "--beta1: of use with --optimizer adam,"),
        arguments("train --optimizer sgd --epsilon 1e-8", "--epsilon: of use with --optimizer rms"),
        arguments("train --checkpoint-every -1", "--checkpoint-every: '-1', expected a number"),
        arguments("train --checkpoint-every often", "'often', expected a number from 0 to"),
        arguments("train --resume=yes", "--resume: a value was given, expected none"),
        arguments("train --schedule cosin", "cosine, cosine-log or plateau, did you mean cosine?"),
        arguments("train --warmup -1", "--warmup: '-1', expected a whole number from 0"),
        arguments("train --warmup 0.5", "--warmup: '0.5', expected a whole number from 0"),
        arguments(
            "train --schedule-epochs 3",
            "of use with --schedule step, cosine, cosine-log, plateau only"),
        arguments("train --schedule inverse --schedule-factor 0.1", "step, exponential, plateau"),
        arguments("train --schedule step --schedule-decay 1", "with --schedule inverse only"),
        arguments("train --schedule step --schedule-minimum 1", "--schedule cosine, plateau only"),
        arguments("train --schedule step --schedule-epochs 0", "'0', expected a whole number from"),
        arguments("train --schedule cosine --schedule-epochs 0", "'0', expected a whole number"),
        arguments("train --schedule plateau --schedule-epochs -1", "a whole number from 0"),
        arguments("train --schedule step --schedule-epochs 1.5", "'1.5', expected a whole number"),
        arguments(
            "train --schedule step --schedule-factor 0", "'0', expected a number above 0 and"),
        arguments("train --schedule exponential --schedule-factor 1.1", "above 0 and at most 1"),
        arguments("train --schedule plateau --schedule-factor 1", "a number above 0 and below 1"),
        arguments(
            "train --schedule plateau --schedule-factor half", "a number above 0 and below 1"),
        arguments(
            "train --schedule inverse --schedule-decay -1", "'-1', expected a number from 0 to"),
        arguments("train --schedule cosine --schedule-minimum -1", "expected a number from 0 to"),
        arguments("train --weight-decay -1", "--weight-decay: '-1', expected a number from 0 to 3"),
        arguments("train --weight-decay 1e39", "--weight-decay: '1e39', expected a number from 0"),
        arguments("train --weight-decay small", "--weight-decay: 'small', expected a number from"),
        arguments("train --clip-norm -1", "--clip-norm: '-1', expected a number from 0 to 3.4e38"),
        arguments("train --clip-norm nan", "--clip-norm: 'nan', expected a number from 0 to"),
        arguments("train --dropout 1", "--dropout: '1', expected a number from 0 to below 1"),
        arguments("train --dropout 0.9999999999", "expected a number from 0 to below 1"),
        arguments("train --dropout -0.1", "--dropout: '-0.1', expected a number from 0 to"),
        arguments("train --dropout half", "--dropout: 'half', expected a number from 0 to"),
        arguments("train --dropout 0.5 --hidden none", "--dropout: of use with hidden layers only"),
        arguments("train --patience 0", "--patience: '0', expected a whole number from 1"),
        arguments("train --patience 1.5", "--patience: '1.5', expected a whole number from 1"),
        arguments("train --balanced --no-shuffle", "--balanced: not together with --no-shuffle"),
        arguments(
            "train --activation rleu", "--activation: 'rleu', expected relu, leaky-relu, elu"),
        arguments(
            "train --activation relu,,elu",
            "expected relu, leaky-relu, elu, selu, gelu, gelu-tanh"),
        arguments(
            "train --activation relu,elu,silu", "one for all hidden layers, or one for each: 2"),
        arguments("check --model m --activation elu", "--activation: not together with --model"),
        arguments("check --activation GELU", "--activation: 'GELU', expected relu, "),
        arguments("train --hidden 0", "--hidden: '0', expected sizes from 1"),
        arguments("train --hidden 16,-80", "--hidden: '16,-80', expected sizes from 1"),
        arguments("train --hidden 16,", "--hidden: '16,', expected sizes from 1"),
        arguments("train --hidden 16,_80", "--hidden: '16, 80', expected sizes from 1"),
        arguments("train --hidden many", "--hidden: 'many', expected sizes from 1"),
        arguments(
            "train --class-weights 0,0,0",
            "'0,0,0', expected none, balanced, or numbers from 0, not"),
        arguments("train --seed abc", "--seed: 'abc', expected a whole number of at most 64 bits"),
        arguments("train --seed 1e3", "--seed: '1e3', expected a whole number"),
        arguments("train --seed 9223372036854775808", "--seed: '9223372036854775808', expected"),
        arguments("train --preset tables", "expected course, table or image, did you mean table?"),
        arguments("train --best accuracy", "--best: 'accuracy', expected none, loss or error"),
        arguments("train --best none --patience 3", "--best none: not together with --patience"),
        arguments("train --best-of-equals last", "--best-of-equals: of use with --best loss"),
        arguments("train --bias-rate -1", "--bias-rate: '-1', expected a number from 0"),
        arguments("train --input-rate x", "--input-rate: 'x', expected a number from 0"),
        arguments("train --rate-by-inputs maybe", "expected yes or no"),
        arguments("train --short-batch lose", "expected keep or drop"),
        arguments("train --data table.csv --stratified --no-stratified", "expected one of them"),
        arguments(
            "train --init xavier", "--init: 'xavier', expected course, he, glorot or realmlp"),
        arguments("train --init hee", "expected course, he, glorot or realmlp, did you mean he?"),
        arguments("train --init he --initial-model m.npz", "--init: not together with"),
        arguments(
            "train --scale 256", "--scale: '256', expected auto, none, 255, standard, minmax or"),
        arguments("train --threads 0", "--threads: '0', expected a whole number from 1 to 1024"),
        arguments("train --threads all", "--threads: 'all', expected a whole number from 1"),
        arguments("evaluate --threads 1025", "--threads: '1025', expected a whole number from 1"),
        arguments("info --progress maybe", "--progress: 'maybe', expected auto, on or off"),
        arguments("train --force", "--force: nothing to replace, expected --out DIR"),
        arguments("train --split-sizes 0.5,0.6", "--split-sizes: '0.5,0.6', expected up to three"),
        arguments("train --split-sizes 0,0.5,0.5", "--split-sizes: '0,0.5,0.5', expected"),
        arguments("train --split-sizes half", "--split-sizes: 'half', expected up to three"),
        arguments(
            "train --initial-model m.npz --min-count 3",
            "--min-count: not together with --initial-model"),
        arguments(
            "train --weight-column 3", "--weight-column: of use with a table such as a CSV file"),
        arguments(
            "inspect data/digits.npz --weight-column w", "--weight-column: of use with a table"),
        arguments("evaluate --top-k 0", "--top-k: '0', expected a whole number from 1"),
        arguments("evaluate --top-k -1", "--top-k: '-1', expected a whole number from 1"),
        arguments("evaluate --top-k five", "--top-k: 'five', expected a whole number from 1"),
        arguments("train --top-k 2", "--top-k: no such option of train"),
        arguments("train --valid-fraction 1", "--valid-fraction: '1', expected a number from 0 to"),
        arguments("train --valid-fraction -0.1", "'-0.1', expected a number from 0 to below 1"),
        arguments(
            "train --valid-fraction 0.2 --split-sizes 0.8,0.1,0.1",
            "--valid-fraction: not together with --split-sizes 0.8,0.1,0.1, expected 0 validation"),
        arguments("train --stratified=yes", "--stratified: a value was given, expected none"),
        arguments("train --stratified --loss mse", "--stratified: of use with --loss softmax only"),
        arguments("check --stratified", "--stratified: no such option of check"),
        arguments("train --scale-targets minmax", "'minmax', expected none or standard"),
        arguments("train --scale-targets standard", "--scale-targets: of use with --loss mse, hub"),
        arguments("train --target 3", "--target: of use with a table such as a CSV file"),
        arguments("train --targets y.npy", "--targets: of use with inputs in a .npy file only"),
        arguments("train --targets", "--targets: no value, expected FILE"),
        arguments("check --targets y.npy", "--targets: no such option of check, did you mean"),
        arguments(
            "evaluate --split tests", "expected train, valid, test or all, did you mean test?"),
        arguments("evaluate --hidden 3", "--hidden: no such option of evaluate"),
        arguments("predict --out rows.txt", "--out: 'rows.txt', expected a name that ends in .csv"),
        arguments("uncertain --out u.png", "--out: 'u.png', expected a name that ends in .svg"),
        arguments("uncertain --count 0", "--count: '0', expected a whole number from 1 to 1000"),
        arguments("check --model m --hidden 3", "--hidden: not together with --model"),
        arguments(
            "check --loss squares", "--loss: 'squares', expected half-squares, softmax, sigm"),
        arguments("check --target 3", "--target: of use with a table such as a CSV file"),
        arguments("inspect", "inspect: no file, expected a FILE"),
        arguments("inspect a b", "'b': not an option, expected options that begin"),
        arguments("info extra", "'extra': not an option"));
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
        : Stream.of(typed.split(" ")).map(word -> word.replace('_', ' ')).toArray(String[]::new);
  }

  /** _ is meant. */
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
