/**
 * Pictures of a training run: {@link dev.lanewise.report.TrainingCurves curves} and {@link
 * dev.lanewise.report.LineChart line charts}.
 *
 * <p>All pictures are SVG text made with a {@link java.lang.StringBuilder}: they scale, follow the
 * reader's light or dark mode, and need neither fonts nor a display nor {@code java.desktop}.
 * Pixels inside them are PNG ({@link dev.lanewise.report.Png}). A picture is a function of its
 * arguments alone, whatever the locale or the clock. It has no XML prolog, so that it can also
 * stand inside an HTML page; whoever writes it to a file writes UTF-8.
 */
package dev.lanewise.report;
