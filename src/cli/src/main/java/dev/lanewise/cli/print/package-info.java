/**
 * How results are said: as text for people, as JSON for programs. A command makes a {@code Result}
 * of sentences, figures and tables, and hands it to the {@code Output}. {@code Words} says a
 * message of the library with the options of the command line, and {@code Problem} is a refusal,
 * which is printed as one line.
 *
 * <p>This package may use no other package of the commands. Begin with {@code Result}.
 */
package dev.lanewise.cli.print;
