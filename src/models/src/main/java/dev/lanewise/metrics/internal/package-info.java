/**
 * Measures that the other modules of Lanewise take on behalf of users. The same rules hold as for
 * {@code metrics}.
 */
package dev.lanewise.metrics.internal;
