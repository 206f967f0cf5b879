/**
 * Pictures of a training run: {@link dev.lanewise.report.TrainingCurves curves}, {@link
 * dev.lanewise.report.LineChart line charts} and {@link dev.lanewise.report.CaseGallery galleries
 * of cases}.
 *
 * <p>All pictures are SVG text made with a {@link java.lang.StringBuilder}: they scale, follow the
 * reader's light or dark mode, and need neither fonts nor a display nor {@code java.desktop}.
 * Pixels inside them are PNG ({@link dev.lanewise.report.Png}). A picture is a function of its
 * arguments alone, whatever the locale or the clock. It has no XML prolog, so that it can also
 * stand inside an HTML page; whoever writes it to a file writes UTF-8.
 *
 * <p>Classes take plain arrays and strings and return the finished text: what is drawn, and where
 * it is written, is the caller's business. Layout is done without measuring fonts: widths are
 * estimated for a wide typeface ({@code Label}), margins follow the widest label, and text that
 * might still not fit is shortened and kept whole as a tooltip.
 */
package dev.lanewise.report;
