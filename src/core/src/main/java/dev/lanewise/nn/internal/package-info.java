/**
 * Access to networks for the module for tables: the registration of other model file formats, and
 * the assumptions of a reader where a file says nothing. Begin with {@link
 * dev.lanewise.nn.internal.ModelFormat}. The same rules hold as for {@code nn}.
 */
package dev.lanewise.nn.internal;
