/**
 * A team of threads that runs one task together: all members or the first few, each with a fixed
 * share of the work, and barriers between the parts of a step. Members may also wait for single
 * pieces of another member's work.
 *
 * <p>The training step and evaluations call it; it knows nothing of matrices and uses nothing of
 * ours. Begin with {@link dev.lanewise.parallel.Team#run}.
 */
package dev.lanewise.parallel;
