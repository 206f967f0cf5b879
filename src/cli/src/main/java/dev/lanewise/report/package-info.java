/*
 * For people who change Lanewise. This package may use selection and trust, and what these
 * may use. Begin with Report#html for pages, and with LineChart for charts: charts.js draws them in a
 * page by uPlot, CurveSvg as files and TextChart on a terminal. A report computes its figures
 * and first sentences (Findings) and is written part by part: Overview, TrainingProgress,
 * ClassResults or NumberResults with Cases, and ImportanceTable.
 */

/**
 * Pages and pictures of training runs: the {@link dev.lanewise.report.Report report} on a network,
 * the {@link dev.lanewise.report.RunComparison comparison} of several runs, {@link
 * dev.lanewise.report.TrainingCurves curves} and {@link dev.lanewise.report.LineChart line charts}.
 *
 * <p>A page is one HTML file, which follows the reader's light or dark mode. Its charts need
 * JavaScript; without it, their numbers stand in tables.
 *
 * <p>A picture is SVG text, which the caller writes in UTF-8; a line chart can also be {@link
 * dev.lanewise.report.LineChart#text lines for a terminal}. Pages and pictures depend on their
 * arguments alone, and need neither fonts nor a display nor {@code java.desktop}.
 *
 * <p>Begin with {@link dev.lanewise.report.Report#html}.
 */
package dev.lanewise.report;
