/**
 * The model and the rows that a command works on, read from the files that its options name.
 *
 * <p>This package may use {@code runs} and every package that {@code runs} may use. Begin with
 * {@code Subject}.
 */
package dev.lanewise.cli.inputs;
