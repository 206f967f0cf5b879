/**
 * What pages are made of: HTML, SVG, PNG, numbers as text, the axes and marks of charts, pictures
 * of rows and of the network. It knows nothing of reports.
 *
 * <p>This package may use no other package of the reports. Begin with {@code Html}.
 */
package dev.lanewise.report.draw;
