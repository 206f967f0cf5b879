/**
 * Choosing between trainings: cross-validation.
 *
 * <p>This package may use {@code train} and {@code table}, and what they may use. Begin with {@link
 * dev.lanewise.selection.CrossValidation}.
 */
package dev.lanewise.selection;
