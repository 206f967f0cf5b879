/**
 * Access to networks for the module for tables: the registration of other model file formats, and
 * the assumptions of a reader where a file says nothing.
 */
package dev.lanewise.nn.internal;
