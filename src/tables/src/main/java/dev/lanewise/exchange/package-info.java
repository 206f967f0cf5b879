/**
 * Models in formats of other programs: ONNX, safetensors, arrays, Java source; and the comparison
 * of such a file with its model.
 */
package dev.lanewise.exchange;
