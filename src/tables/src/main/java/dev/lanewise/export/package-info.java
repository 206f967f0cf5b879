/**
 * Models in formats of other programs, with choices that {@code Model.save} leaves at their usual
 * values.
 *
 * <p>This package may use {@code exchange}, and what it may use. Begin with {@link
 * dev.lanewise.export.OnnxExport}.
 */
package dev.lanewise.export;
