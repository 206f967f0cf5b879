/**
 * Predictions with all that belongs to them, as columns, which CSV, JSON and arrays have alike; and
 * the server of models: a small HTTP server that knows nothing of models, which models are served,
 * and how requests become rows.
 *
 * <p>This package may use {@code files} and every package that {@code files} may use. Begin with
 * {@code Answer} for predictions, and with {@code ModelServer} and {@code HttpListener} for the
 * server.
 */
package dev.lanewise.serve;
