/**
 * What the module for tables may use of networks beyond their public methods: how other file
 * formats of models are found, and how a reader tells a model what its file left open.
 */
package dev.lanewise.nn.internal;
