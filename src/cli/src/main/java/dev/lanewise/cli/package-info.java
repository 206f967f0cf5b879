/**
 * The commands of the program and its server. A command reads its options, calls the library and
 * prints; what it computes is in the library, so that Java has the same.
 *
 * <p>The text that {@code --help} prints, {@code help.txt}, is also the table of options ({@code
 * Usage}). {@code Words} says an error of the library with the options of the command line, and
 * {@code Problem} prints it as one line. {@code Result} prints what a command found, as text and as
 * JSON.
 *
 * <p>This package may use {@code export}, {@code report}, {@code selection} and {@code trust}, and
 * what these may use. No package uses it. Begin with {@link dev.lanewise.cli.Main}; each command is
 * a class, such as {@code TrainCommand}.
 */
package dev.lanewise.cli;
