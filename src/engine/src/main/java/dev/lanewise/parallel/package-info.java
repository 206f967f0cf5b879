/**
 * A team of threads that runs one task together. All members, or the first few, do a fixed share of
 * the work each, with barriers between the parts of a step. Members can also wait for single pieces
 * of another member's work. The training step and evaluations call it; it knows nothing about
 * matrices. A {@link dev.lanewise.parallel.ThreadChoice} finds by the clock how many members are
 * fastest.
 *
 * <p>This package may use no other package. Begin with {@link dev.lanewise.parallel.Team#run}.
 */
package dev.lanewise.parallel;
