/**
 * Training and what belongs to it: the trainer, metrics, the history of a run, listeners.
 *
 * <p>One step is two parts with a barrier between them: each thread takes its rows of the
 * mini-batch through the network and back, then its share of the parameters through gradient and
 * update. A narrow first layer of many inputs they share by its inputs instead, as a {@link
 * dev.lanewise.train.ColumnRelay}. Everything that has an order - losses summed over rows, the
 * choice of a best epoch - is done by one thread in that order.
 */
package dev.lanewise.train;
