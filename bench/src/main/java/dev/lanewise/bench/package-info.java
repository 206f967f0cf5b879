/**
 * Benchmarks of Lanewise and of other libraries in the same run. Each benchmark first compares its
 * results with a reference, so fast code with wrong results fails.
 */
package dev.lanewise.bench;
