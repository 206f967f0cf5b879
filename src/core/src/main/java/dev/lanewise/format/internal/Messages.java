package dev.lanewise.format.internal;

import java.util.AbstractList;
import java.util.List;

/**
 * Messages as the texts that users of the library get. A program that words remedies in its own way
 * finds the messages themselves in such a list ({@link #of}).
 */
public final class Messages extends AbstractList<String> {
  private final List<Message> messages;

  /** Makes the texts of messages, in the words of Java. */
  public Messages(List<Message> messages) {
    this.messages = List.copyOf(messages);
  }

  /** {@return the messages of a list that the library made; any other text is its own message} */
  public static List<Message> of(List<String> texts) {
    return texts instanceof Messages known
        ? known.messages
        : texts.stream().map(text -> Message.of(text)).toList();
  }

  @Override
  public String get(int i) {
    return messages.get(i).toString();
  }

  @Override
  public int size() {
    return messages.size();
  }
}
