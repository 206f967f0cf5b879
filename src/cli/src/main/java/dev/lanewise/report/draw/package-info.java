/**
 * What pages are made of: HTML, PNG, numbers as text, charts as SVG and for a terminal, pictures of
 * rows. It knows nothing of reports.
 *
 * <p>This package may use no other package of the reports. Begin with {@code Html}.
 */
package dev.lanewise.report.draw;
