/**
 * Models in the formats of others: ONNX, safetensors, arrays of other programs, Java source; and
 * the comparison of such a file with its model.
 */
package dev.lanewise.exchange;
