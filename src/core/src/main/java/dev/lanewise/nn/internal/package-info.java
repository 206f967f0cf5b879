/**
 * What the module for tables uses of networks besides their public methods: the registration of
 * other model file formats, and the assumptions that a reader makes where a file says nothing.
 */
package dev.lanewise.nn.internal;
