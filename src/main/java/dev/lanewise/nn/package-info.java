/**
 * The network as a value: how its inputs are scaled, its layers, what it computes.
 *
 * <p>A model carries everything that a prediction needs, the scaling of raw features included, so
 * that whoever loads it cannot apply another scaling than the one it was trained with.
 */
package dev.lanewise.nn;
