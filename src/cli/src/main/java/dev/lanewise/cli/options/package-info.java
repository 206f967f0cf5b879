/**
 * What the user asks for: the words of the command line, checked against the table of options in
 * {@code help.txt}. A {@code Role} says what an option is for, from which all lists of options
 * follow.
 *
 * <p>This package may use {@code print} and every package that {@code print} may use. Begin with
 * {@code Arguments}.
 */
package dev.lanewise.cli.options;
