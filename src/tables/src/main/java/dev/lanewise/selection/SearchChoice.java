package dev.lanewise.selection;

/**
 * What a search keeps: the ensemble of its trials, or the recipe's own options where the ensemble
 * is hardly better. Of many trials and their averages, one is better on the validation rows by
 * chance, so the recipe is kept unless the ensemble has less loss there by more than a standard
 * error.
 *
 * @param ensemble selected from the candidates of the search
 * @param kept this ensemble, or the first trial alone, which has the options of the recipe
 * @param difference the mean loss of a row out of fold by the ensemble, less that by the recipe,
 *     both with their temperatures; NaN if the first trial has other options than the recipe
 * @param error the standard error of the difference, by rows; likewise
 */
public record SearchChoice(
    GreedyEnsemble ensemble, GreedyEnsemble kept, double difference, double error) {}
