package dev.lanewise.spark;

import dev.lanewise.model.Model;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model that Spark sends to every executor once. Spark broadcasts its bytes, and the first task
 * in a JVM that needs the model reads them for all tasks.
 */
final class SharedModel implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The bytes of a model, which every serializer of Spark can write, and the model itself. */
  static final class Content implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] npz;
    private transient Model model;

    private Content(Model model) {
      this.npz = bytes(model);
      this.model = model;
    }

    /** Returns the model, which all tasks of this JVM share. */
    synchronized Model model() {
      if (model == null) {
        model = SharedModel.model(npz);
      }
      return model;
    }
  }

  private final Model model;
  private transient Content content;
  private transient SparkContext context; // has the broadcast
  private transient Broadcast<Content> broadcast;

  SharedModel(Model model) {
    this.model = model;
  }

  Model model() {
    return model;
  }

  /** Returns the broadcast from which tasks of a context get the model. */
  synchronized Broadcast<Content> in(SparkContext wanted) {
    if (context != wanted) {
      content = content == null ? new Content(model) : content;
      broadcast = JavaSparkContext.fromSparkContext(wanted).broadcast(content);
      context = wanted;
    }
    return broadcast;
  }

  /** Returns the bytes of a model file. */
  static byte[] bytes(Model model) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      model.save(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a model from the bytes of a file. */
  static Model model(byte[] npz) {
    try {
      return Model.load(new ByteArrayInputStream(npz), "model");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
