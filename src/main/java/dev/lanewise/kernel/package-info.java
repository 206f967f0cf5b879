/**
 * Arithmetic on {@code float[]} and the random numbers: no objects, no threads, no allocation per
 * call, no files but what {@link dev.lanewise.kernel.Processor} asks the system for. The only
 * package that imports the Vector API.
 *
 * <p>{@link dev.lanewise.kernel.TieredKernels} lets the scalar kernels serve until the vector ones
 * are compiled, which {@link dev.lanewise.kernel.Rehearsal} sees to; {@code
 * -Dlanewise.kernels=vector} takes those from the first call on. {@link
 * dev.lanewise.kernel.Updates}, what optimizers do to parameters, are plain loops for all.
 */
package dev.lanewise.kernel;
