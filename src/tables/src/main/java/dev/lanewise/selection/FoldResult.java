package dev.lanewise.selection;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.train.History;
import java.util.List;

/**
 * The result of a model that was trained on all folds but one, and is tested on that one.
 *
 * @param repeat number of the division into folds, from 0
 * @param fold number of the fold, from 0
 * @param trainRows number of rows beside the fold, for training and validation
 * @param groups number of groups of rows that belong together in the fold; for independent rows,
 *     the number of rows
 * @param rows numbers of the rows of the fold in the file, from 0, in the order of the evaluation
 * @param evaluation the results of the rows of the fold
 * @param history the epochs of the training, of several networks their means
 * @param bestEpochs the epoch whose weights each network has, -1 for the last
 * @param sha256 digest of the weights
 */
public record FoldResult(
    int repeat,
    int fold,
    int trainRows,
    int groups,
    List<Integer> rows,
    Evaluation evaluation,
    History history,
    List<Integer> bestEpochs,
    String sha256) {}
