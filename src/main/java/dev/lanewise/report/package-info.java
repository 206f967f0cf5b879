/**
 * Pages and pictures of training runs: the {@link dev.lanewise.report.Report report} of a network,
 * the {@link dev.lanewise.report.RunComparison comparison} of several runs, {@link
 * dev.lanewise.report.TrainingCurves curves}, {@link dev.lanewise.report.LineChart line charts} and
 * {@link dev.lanewise.report.CaseGallery galleries of cases}.
 *
 * <p>A page is one HTML file ({@code Html}). A report computes what it needs ({@code Findings}) and
 * is written part by part, from top to bottom: {@code Verdict}, {@code Overview}, {@code
 * TrainingProgress}, {@code ClassResults} or {@code NumberResults} with {@code Cases}, and {@code
 * Learned}.
 *
 * <p>Pictures are the finished SVG text of plain arrays and strings, a line chart also {@link
 * dev.lanewise.report.LineChart#text lines for a terminal}; the caller decides what is drawn and
 * where it is written, in UTF-8. The text has no XML prolog, so that it can also stand inside an
 * HTML page, and pictures follow the reader's light or dark mode. A picture is a function of its
 * arguments alone, and needs neither fonts nor a display nor {@code java.desktop}: widths of text
 * are estimated for a wide typeface ({@code Label}), and text that might not fit is shortened and
 * kept whole as a tooltip. Pixels inside pictures are PNG ({@link dev.lanewise.report.Png}).
 *
 * <p>The command line and users call this package. Begin with {@link
 * dev.lanewise.report.Report#html} for pages, and with {@link dev.lanewise.report.LineChart#svg}
 * for pictures, whose parts are {@code Axes}, {@code Curve} and {@code Ticks}.
 */
package dev.lanewise.report;
