/**
 * Data sets: from a file, whatever its layout, to scaled rows and labels in up to three splits.
 *
 * <p>A loader finds the arrays and says which of them is what; from there on all files take one
 * path: labels are checked, the scaling is chosen on the training rows alone, and each split is
 * stored as bytes if its features are whole numbers in 0..255 (a quarter of the memory, and of the
 * traffic on it) and as scaled floats if not. What a mini-batch receives depends on the numbers
 * only, never on the type, order or compression they were stored in.
 */
package dev.lanewise.data;
