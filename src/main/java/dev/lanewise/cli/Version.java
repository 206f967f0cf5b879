package dev.lanewise.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.Collections;
import java.util.Optional;

/** The version of the program, which the build writes into the module's descriptor. */
final class Version {
  private Version() {}

  static String text() {
    ModuleDescriptor descriptor = Main.class.getModule().getDescriptor();
    if (descriptor == null) { // run from the class path
      descriptor = onClassPath();
    }
    return Optional.ofNullable(descriptor)
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("of unknown version");
  }

  private static ModuleDescriptor onClassPath() {
    String name = Main.class.getPackageName().replaceFirst("\\.cli$", "");
    try {
      ClassLoader loader = Main.class.getClassLoader();
      for (URL url : Collections.list(loader.getResources("module-info.class"))) {
        try (InputStream in = url.openStream()) {
          ModuleDescriptor descriptor = ModuleDescriptor.read(in);
          if (descriptor.name().equals(name)) {
            return descriptor;
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // Jars that were repackaged may hold anything; a version is not worth an error.
    }
    return null;
  }
}
