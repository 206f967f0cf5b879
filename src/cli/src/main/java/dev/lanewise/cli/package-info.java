/**
 * The commands of the program. A command reads its options, calls the library and prints; what it
 * computes is in the library, so that Java has the same. What several commands need stands in the
 * rooms below: {@code options}, {@code print}, {@code inputs}, {@code results}, {@code answers},
 * {@code runs}, {@code training}, {@code verification}, {@code http} and {@code server}. No command
 * uses another.
 *
 * <p>The text that {@code --help} prints, {@code help.txt}, is also the table of options.
 *
 * <p>This package may use {@code export}, {@code report}, {@code selection} and {@code trust}, and
 * what these may use. No package uses it. Begin with {@link dev.lanewise.cli.Main}; each command is
 * a class, such as {@code EvaluateCommand}.
 */
package dev.lanewise.cli;
