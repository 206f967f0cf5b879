/**
 * A team of threads that works in lockstep: the same members for every step, a fixed share of the
 * work each, and a barrier between the parts, or the pieces of one member's work for those who wait
 * for them. Knows nothing of matrices.
 */
package dev.lanewise.parallel;
