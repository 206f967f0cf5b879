package dev.lanewise.report;

import java.util.Map;

/**
 * Names of rows beside their numbers.
 *
 * @param head what the names are, such as the name of a column
 * @param names by the numbers of rows in the file, from 0
 */
public record RowNames(String head, Map<Integer, String> names) {}
