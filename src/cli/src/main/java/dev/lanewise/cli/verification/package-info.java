/**
 * Trains a recorded run again, as a whole or in part, and compares what comes out with the record.
 *
 * <p>This package may use {@code training} and every package that {@code training} may use. Begin
 * with {@code Verification}.
 */
package dev.lanewise.cli.verification;
