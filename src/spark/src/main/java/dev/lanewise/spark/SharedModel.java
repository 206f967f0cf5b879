package dev.lanewise.spark;

import dev.lanewise.nn.Mlp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model that goes to every executor once: its bytes are broadcast, and the first task of a JVM
 * that needs it reads them for all.
 */
final class SharedModel implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of bytes, which every serializer of Spark's can write, and the model that is made of them. */
  static final class Content implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] npz;
    private transient Mlp model;

    private Content(Mlp model) {
      this.npz = bytes(model);
      this.model = model;
    }

    /** The one model of this JVM. */
    synchronized Mlp model() {
      if (model == null) {
        model = SharedModel.model(npz);
      }
      return model;
    }
  }

  private final Mlp model;
  private transient Content content;
  private transient SparkContext context; // of the broadcast
  private transient Broadcast<Content> broadcast;

  SharedModel(Mlp model) {
    this.model = model;
  }

  Mlp model() {
    return model;
  }

  /** What tasks of a context take the model from. */
  synchronized Broadcast<Content> in(SparkContext wanted) {
    if (context != wanted) {
      content = content == null ? new Content(model) : content;
      broadcast = JavaSparkContext.fromSparkContext(wanted).broadcast(content);
      context = wanted;
    }
    return broadcast;
  }

  /** The bytes of a model's file. */
  static byte[] bytes(Mlp model) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      model.save(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model of such bytes. */
  static Mlp model(byte[] npz) {
    try {
      return Mlp.load(npz);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
