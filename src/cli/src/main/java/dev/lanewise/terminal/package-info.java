/**
 * What the user asks for and what is answered: the words of the command line, checked against the
 * table of options in {@code help.txt}, and results as text for people and JSON for programs. A
 * {@code Role} says what an option is for, from which all lists of options follow. A command makes
 * a {@code Result} of sentences, figures and tables, and hands it to the {@code Output}. {@code
 * Words} says a message of the library with the options of the command line, and {@code Problem} is
 * a refusal, which is printed as one line.
 *
 * <p>This package may use {@code selection} and {@code trust}, and what these may use. Begin with
 * {@code Arguments} and {@code Result}.
 */
package dev.lanewise.terminal;
