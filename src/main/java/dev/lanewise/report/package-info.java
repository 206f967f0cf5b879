/**
 * Pictures of a training run: {@link dev.lanewise.report.TrainingCurves curves}, {@link
 * dev.lanewise.report.LineChart line charts} and {@link dev.lanewise.report.CaseGallery galleries
 * of cases}.
 *
 * <p>Classes take plain arrays and strings and return the finished SVG text, a line chart also
 * {@link dev.lanewise.report.LineChart#text lines for a terminal}; the caller decides what is drawn
 * and where it is written, in UTF-8. The text has no XML prolog, so that it can also stand inside
 * an HTML page, and pictures follow the reader's light or dark mode. A picture is a function of its
 * arguments alone, and needs neither fonts nor a display nor {@code java.desktop}: widths of text
 * are estimated for a wide typeface ({@code Label}), and text that might not fit is shortened and
 * kept whole as a tooltip. Pixels inside pictures are PNG ({@link dev.lanewise.report.Png}).
 *
 * <p>The command line and users call this package. Begin with {@link
 * dev.lanewise.report.LineChart#svg}; {@code Axes}, {@code Curve} and {@code Ticks} are its parts.
 */
package dev.lanewise.report;
