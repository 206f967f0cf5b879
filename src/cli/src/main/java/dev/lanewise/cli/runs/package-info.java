/**
 * Runs and their files: the directory, the record of what was done, the log, and the digests and
 * signatures that prove it. Nothing here trains.
 *
 * <p>This package may use {@code options} and every package that {@code options} may use. Begin
 * with {@code RunDirectory}.
 */
package dev.lanewise.cli.runs;
