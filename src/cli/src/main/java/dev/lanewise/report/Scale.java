package dev.lanewise.report;

/**
 * The scale of the y axis of a chart.
 *
 * @param log whether it is logarithmic; then all values are above 0, and bounds are ignored
 * @param low a lower bound of the possible values, or NaN
 * @param high an upper bound of the possible values, or NaN
 */
record Scale(boolean log, double low, double high) {}
