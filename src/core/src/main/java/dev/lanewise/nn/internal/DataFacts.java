package dev.lanewise.nn.internal;

import dev.lanewise.nn.Division;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Schema;
import java.util.List;

/** The facts about the data of a table that a model also stores. */
public record DataFacts(
    Loss loss,
    Scaling scaling,
    Scaling targetScaling,
    List<String> classNames,
    Schema schema,
    Division division) {}
