package dev.lanewise.cli.server;

/**
 * The limits of a server.
 *
 * @param scorers number of requests that are predicted at once
 * @param queue number of requests that may wait
 * @param bytes maximum length of a body
 * @param seconds time in which a client must send a request, or receive its answer
 * @param memory bytes for the bodies and the results of all requests
 */
public record ServerLimits(int scorers, int queue, int bytes, int seconds, long memory) {}
