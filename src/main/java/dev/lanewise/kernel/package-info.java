/**
 * Arithmetic on {@code float[]}: no threads, no allocation a call, no files but what {@link
 * dev.lanewise.kernel.Processor} asks the system for. Only this package and those within it import
 * the Vector API. The engine calls them, and {@code data} and {@code train} for bytes and updates;
 * nothing here knows of networks.
 *
 * <p>Begin with {@link dev.lanewise.kernel.Kernels}, the contract, and its twins: {@link
 * dev.lanewise.kernel.ScalarKernels}, plain loops, and {@link dev.lanewise.kernel.VectorKernels},
 * whose code serves from the moment on at which it is compiled. {@link
 * dev.lanewise.kernel.KernelChoice} decides which of the two a JVM gets.
 */
package dev.lanewise.kernel;
