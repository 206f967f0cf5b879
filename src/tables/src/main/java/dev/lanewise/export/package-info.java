/*
 * For people who change Lanewise. This package may use exchange, and what it may use. Begin with
 * OnnxExport.
 */

/**
 * Models in formats of other programs, with choices that {@code Model.save} leaves at their usual
 * values.
 *
 * <p>Begin with {@link dev.lanewise.export.OnnxExport}.
 */
package dev.lanewise.export;
