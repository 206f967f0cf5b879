/**
 * Benchmarks beside peers in the same run. What is timed is first compared with the reference, so a
 * fast wrong answer fails instead of winning.
 */
package dev.lanewise.bench;
