/**
 * Measures that the other modules of Lanewise take on behalf of users. It may use what {@code
 * dev.lanewise.metrics} may use.
 */
package dev.lanewise.metrics.internal;
