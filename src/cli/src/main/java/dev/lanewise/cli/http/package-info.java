/**
 * A small HTTP server: connections, requests, answers, TLS, and who may ask. It knows nothing of
 * models.
 *
 * <p>This package may use {@code options} and every package that {@code options} may use. Begin
 * with {@code HttpListener}.
 */
package dev.lanewise.cli.http;
