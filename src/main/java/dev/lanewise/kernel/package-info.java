/**
 * Arithmetic on {@code float[]} and the random numbers: no objects, no threads, no allocation per
 * call, no files. The only package that imports the Vector API.
 */
package dev.lanewise.kernel;
