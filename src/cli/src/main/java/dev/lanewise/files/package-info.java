/**
 * The files that a command works on: runs with their directory, the record of what was done, the
 * log, and the digests and signatures that prove it; and the models and rows that options name.
 * Nothing here trains.
 *
 * <p>This package may use {@code report} and {@code terminal}, and what these may use. Begin with
 * {@code RunDirectory} for runs, and with {@code Subject} for a model and its rows.
 */
package dev.lanewise.files;
