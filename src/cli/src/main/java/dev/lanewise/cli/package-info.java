/**
 * The commands of the program, with the trainings and results that they share. A command reads its
 * options, calls the library and prints; what it computes is in the library, so that Java has the
 * same. No command uses another.
 *
 * <p>The text that {@code --help} prints, {@code help.txt}, is also the table of options.
 *
 * <p>This package may use {@code export} and {@code serve}, and what these may use. No package uses
 * it. Begin with {@link dev.lanewise.cli.Main}; each command is a class, such as {@code
 * EvaluateCommand}, {@code TrainingCommand} trains, {@code Verification} compares a second one with
 * its record, and {@code GradientCheck} compares gradients with those of a plain network in double.
 */
package dev.lanewise.cli;
