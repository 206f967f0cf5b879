/*
 * For people who change Lanewise. This package may use check, selection and trust, and what these
 * may use. Begin with Report#html for pages, and with LineChart#svg for pictures, whose parts are
 * Axes, Curve and Ticks. A report computes its figures (Findings) and is written part by part:
 * Verdict, Overview, TrainingProgress, ClassResults or NumberResults with Cases, and Learned.
 * Label estimates widths of text.
 */

/**
 * Pages and pictures of training runs: the {@link dev.lanewise.report.Report report} on a network,
 * the {@link dev.lanewise.report.RunComparison comparison} of several runs, {@link
 * dev.lanewise.report.TrainingCurves curves} and {@link dev.lanewise.report.LineChart line charts}.
 *
 * <p>A page is one HTML file.
 *
 * <p>A picture is SVG text, which the caller writes in UTF-8; a line chart can also be {@link
 * dev.lanewise.report.LineChart#text lines for a terminal}. The text has no XML prolog, so that it
 * can be part of an HTML page, and pictures follow the reader's light or dark mode. A picture
 * depends on its arguments alone, and needs neither fonts nor a display nor {@code java.desktop}.
 * So widths of text are estimated, and text that might not fit is shortened, with the whole text as
 * a tooltip. Pixels in pictures are PNG images.
 *
 * <p>Begin with {@link dev.lanewise.report.Report#html} for pages, and with {@link
 * dev.lanewise.report.LineChart#svg} for pictures.
 */
package dev.lanewise.report;
