package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests what RFC 9110 and RFC 9112 demand of a server, one request per row: the section, what is
 * special, the request, and the status. An exclamation mark says that the server must close the
 * connection, because where the next request begins is unknown; otherwise it must answer another
 * request on it.
 */
class HttpConformanceTest {
  /** Abbreviations in the requests. */
  private static final Map<String, String> WORDS =
      Map.of(
          "{get}", "GET /health HTTP/1.1~Host: localhost~",
          "{post}", "POST /predict HTTP/1.1~Host: localhost~",
          "{chunks}", "POST /predict HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~",
          "{body}", "5~[1,2]~",
          "{3k}", "x".repeat(3_000),
          "{40k}", "x".repeat(40_000));

  private static final String ROWS =
      """
      3     usual                              | {get}~ | 200
      3     LF alone ends the request line     | GET /health HTTP/1.1\\nHost: localhost~~ | 400!
      2.2   LF alone ends a field              | GET /health HTTP/1.1~Host: localhost\\n~ | 400!
      2.2   LF alone ends the head             | {get}\\n | 400!
      2.2   CR alone in the request line       | GET /health\\rx HTTP/1.1~Host: localhost~~ | 400!
      2.2   CR alone in a value                | {get}X: a\\rb~~ | 400!
      2.2   CR CR LF                           | {get}X: a\\r~~ | 400!
      2.2   an empty line before a request     | ~{get}~ | 200
      2.2   several empty lines before it      | ~~~{get}~ | 200
      2.2   LF alone before a request          | \\n{get}~ | 400!
      2.2   CR alone before a request          | \\r{get}~ | 400!
      2.2   a blank before the first field     | GET /health HTTP/1.1~ Host: localhost~~ | 400!
      2.2   a blank line before the first field| GET /health HTTP/1.1~ ~Host: localhost~~ | 400!
      2.3   lower-case version                 | GET /health http/1.1~Host: localhost~~ | 400!
      2.3   no HTTP                            | GET /health XTTP/1.1~Host: localhost~~ | 400!
      2.3   a version of two digits            | GET /health HTTP/1.10~Host: localhost~~ | 400!
      2.3   a version without a dot            | GET /health HTTP/11~Host: localhost~~ | 400!
      2.3   HTTP/0.9                           | GET /health~~ | 400!
      2.3   HTTP/1.2, which is read as 1.1     | GET /health HTTP/1.2~Host: localhost~~ | 200
      2.3   HTTP/2.0                           | GET /health HTTP/2.0~Host: localhost~~ | 505!
      2.3   HTTP/9.9                           | GET /health HTTP/9.9~Host: localhost~~ | 505!
      2.3   the preface of HTTP/2              | PRI * HTTP/2.0~~SM~~ | 505!
      2.3   HTTP/1.0                           | GET /health HTTP/1.0~~ | 505!
      2.3   HTTP/1.0 that stays                | GET /health HTTP/1.0~Host: localhost~Connection: keep-alive~~ | 505!
      3     two blanks                         | GET  /health HTTP/1.1~Host: localhost~~ | 400!
      3     a tab                              | GET\\t/health HTTP/1.1~Host: localhost~~ | 400!
      3     a blank at the beginning           |  GET /health HTTP/1.1~Host: localhost~~ | 400!
      3     a blank at the end                 | GET /health HTTP/1.1 ~Host: localhost~~ | 400!
      3     a blank in the target              | GET /heal th HTTP/1.1~Host: localhost~~ | 400!
      3     no target                          | GET HTTP/1.1~Host: localhost~~ | 400!
      3     no method                          | /health HTTP/1.1~Host: localhost~~ | 400!
      3     a NUL                              | GET /health\\0 HTTP/1.1~Host: localhost~~ | 400!
      3.1   a method that is no token          | G@T /health HTTP/1.1~Host: localhost~~ | 400!
      3.1   a method in lower case             | get /health HTTP/1.1~Host: localhost~~ | 405
      3.1   an unknown method                  | BREW /health HTTP/1.1~Host: localhost~~ | 405
      3.1   TRACE                              | TRACE /health HTTP/1.1~Host: localhost~~ | 405
      3.1   OPTIONS                            | OPTIONS /health HTTP/1.1~Host: localhost~~ | 405
      3.2   no slash                           | GET health HTTP/1.1~Host: localhost~~ | 400!
      3.2   a fragment                         | GET /health#x HTTP/1.1~Host: localhost~~ | 400!
      3.2   a fragment after a query           | GET /health?a#x HTTP/1.1~Host: localhost~~ | 400!
      3.2   no ASCII                           | GET /h\u00e9alth HTTP/1.1~Host: localhost~~ | 400!
      3.2.1 a query                            | GET /health?a=b&c HTTP/1.1~Host: localhost~~ | 200
      3.2.2 the absolute form                  | GET http://localhost/health HTTP/1.1~Host: localhost~~ | 200
      3.2.2 its host counts                    | GET http://evil.example/health HTTP/1.1~Host: localhost~~ | 421
      3.2.2 its host, not that of Host         | GET http://localhost/health HTTP/1.1~Host: evil.example~~ | 200
      3.2.2 with userinfo                      | GET http://a@localhost/health HTTP/1.1~Host: localhost~~ | 400!
      3.2.2 without a host                     | GET http:///health HTTP/1.1~Host: localhost~~ | 400!
      3.2.2 of another scheme                  | GET ftp://localhost/health HTTP/1.1~Host: localhost~~ | 400!
      3.2.3 the authority form without CONNECT | GET localhost:80 HTTP/1.1~Host: localhost~~ | 400!
      3.2.3 CONNECT                            | CONNECT localhost:80 HTTP/1.1~Host: localhost~~ | 400!
      3.2.4 the asterisk without OPTIONS       | GET * HTTP/1.1~Host: localhost~~ | 400!
      3     a target of 3,000 bytes            | GET /health?{3k} HTTP/1.1~Host: localhost~~ | 200
      3     a target of 40,000 bytes           | GET /{40k} HTTP/1.1~Host: localhost~~ | 414!
      3     a request line without an end      | {40k} | 414!
      3.2   no Host                            | GET /health HTTP/1.1~~ | 400!
      3.2   Host twice                         | {get}Host: localhost~~ | 400!
      3.2   Host twice, of other names         | {get}host: evil.example~~ | 400!
      3.2   an empty Host                      | GET /health HTTP/1.1~Host:~~ | 400!
      3.2   Host of another                    | GET /health HTTP/1.1~Host: evil.example~~ | 421
      3.2   Host with userinfo                 | GET /health HTTP/1.1~Host: a@localhost~~ | 400!
      3.2   Host with a path                   | GET /health HTTP/1.1~Host: localhost/x~~ | 400!
      3.2   Host with a query                  | GET /health HTTP/1.1~Host: localhost?x~~ | 400!
      3.2   Host with a blank                  | GET /health HTTP/1.1~Host: local host~~ | 400!
      3.2   Host of two                        | GET /health HTTP/1.1~Host: localhost, localhost~~ | 400!
      3.2   Host with a port that is none      | GET /health HTTP/1.1~Host: localhost:x~~ | 400!
      3.2   Host with two ports                | GET /health HTTP/1.1~Host: localhost:1:2~~ | 400!
      3.2   Host of half an address            | GET /health HTTP/1.1~Host: [::1~~ | 400!
      3.2   Host with text after an address    | GET /health HTTP/1.1~Host: [::1]x~~ | 400!
      3.2   Host with an empty port            | GET /health HTTP/1.1~Host: localhost:~~ | 200
      3.2   Host without a blank               | GET /health HTTP/1.1~Host:localhost~~ | 200
      3.2   a wrong Host beside a host         | GET http://localhost/health HTTP/1.1~Host: a/b~~ | 400!
      5     no colon                           | {get}nothing~~ | 400!
      5     an empty name                      | {get}: x~~ | 400!
      5     a name that is no token            | {get}a[]: x~~ | 400!
      5     a name that is no ASCII            | {get}\u00e9: x~~ | 400!
      5     an empty value                     | {get}X:~~ | 200
      5     obs-text in a value                | {get}X: \u00e9~~ | 200
      5     a NUL in a value                   | {get}X: a\\0b~~ | 400!
      5     a control character in a value     | {get}X: a\\1b~~ | 400!
      5     DEL in a value                     | {get}X: a\\177b~~ | 400!
      5.1   a blank before the colon           | {get}X : a~~ | 400!
      5.1   a tab before the colon             | {get}X\\t: a~~ | 400!
      5.1   blanks around a value              | {get}Connection: \\t close \\t~~ | 200!
      5.2   a folded line                      | {get}X: a~ b~~ | 400!
      5.2   a line folded with a tab           | {get}X: a~\\tb~~ | 400!
      5     a field of 40,000 bytes            | {get}X: {40k}~~ | 431!
      5     a name of 40,000 bytes             | {get}{40k}: x~~ | 431!
      6     a body of GET                      | {get}Content-Length: 5~~[1,2] | 200
      6     a head that ends within a field    | {get}X: | 400!
      6.1   Transfer-Encoding                  | {chunks}{body}0~~ | 200
      6.1   in other letters                   | {post}transfer-encoding: CHUNKED~~{body}0~~ | 200
      6.1   with blanks around it              | {post}Transfer-Encoding: \\tchunked ~~{body}0~~ | 200
      6.1   empty                              | {post}Transfer-Encoding:~~{body}0~~ | 400!
      6.1   chunked, then another              | {post}Transfer-Encoding: chunked, identity~~{body}0~~ | 400!
      6.1   chunked, then gzip                 | {post}Transfer-Encoding: chunked, gzip~~{body}0~~ | 400!
      6.1   after a comma                      | {post}Transfer-Encoding: , chunked~~{body}0~~ | 400!
      6.1   on a folded line                   | {post}Transfer-Encoding:~ chunked~~{body}0~~ | 400!
      6.1   folded, with a length              | OPTIONS /health HTTP/1.1~Host: localhost~Transfer-Encoding:~ chunked~Content-Length: 5~~[1,2] | 400!
      6.1   chunked twice                      | {post}Transfer-Encoding: chunked, chunked~~{body}0~~ | 400!
      6.1   on two lines                       | {post}Transfer-Encoding: chunked~Transfer-Encoding: chunked~~{body}0~~ | 400!
      6.1   identity                           | {post}Transfer-Encoding: identity~~{body}0~~ | 400!
      6.1   identity with a length             | {post}Transfer-Encoding: identity~Content-Length: 5~~[1,2] | 400!
      6.1   gzip without chunks                | {post}Transfer-Encoding: gzip~~{body}0~~ | 400!
      6.1   gzip in chunks                     | {post}Transfer-Encoding: gzip, chunked~~{body}0~~ | 501!
      6.1   an unknown name                    | {post}Transfer-Encoding: xchunked~~{body}0~~ | 400!
      6.1   with a parameter                   | {post}Transfer-Encoding: chunked;q=1~~{body}0~~ | 400!
      6.1   in quotes                          | {post}Transfer-Encoding: "chunked"~~{body}0~~ | 400!
      6.1   with a control character           | {post}Transfer-Encoding: \\13chunked~~{body}0~~ | 400!
      6.1   with a blank in the name           | {post}Transfer-Encoding : chunked~~{body}0~~ | 400!
      6.1   with HTTP/1.0                      | POST /predict HTTP/1.0~Transfer-Encoding: chunked~~{body}0~~ | 505!
      6.3   with Content-Length                | {post}Transfer-Encoding: chunked~Content-Length: 5~~{body}0~~ | 400!
      6.3   after Content-Length               | {post}Content-Length: 5~Transfer-Encoding: chunked~~{body}0~~ | 400!
      6.2   a length                           | {post}Content-Length: 5~~[1,2] | 200
      6.2   a length with zeros                | {post}Content-Length: 0005~~[1,2] | 200
      6.2   a positive sign                    | {post}Content-Length: +5~~[1,2] | 400!
      6.2   a negative length                  | {post}Content-Length: -5~~[1,2] | 400!
      6.2   a negative zero                    | {get}Content-Length: -0~~ | 400!
      6.2   hexadecimal                        | {post}Content-Length: 0x5~~[1,2] | 400!
      6.2   octal                              | {post}Content-Length: 0o5~~[1,2] | 400!
      6.2   a fraction                         | {post}Content-Length: 5.0~~[1,2] | 400!
      6.2   an exponent                        | {post}Content-Length: 5e0~~[1,2] | 400!
      6.2   an underscore                      | {post}Content-Length: 0_5~~[1,2] | 400!
      6.2   a blank within                     | {post}Content-Length: 0 5~~[1,2] | 400!
      6.2   other digits                       | {post}Content-Length: \u00b2~~[1,2] | 400!
      6.2   an empty length                    | {post}Content-Length:~~[1,2] | 400!
      6.3   a list of equal lengths            | {post}Content-Length: 5, 5~~[1,2] | 400!
      6.3   a list of lengths                  | {post}Content-Length: 5, 6~~[1,2] | 400!
      6.3   equal lengths on two lines         | {post}Content-Length: 5~Content-Length: 5~~[1,2] | 400!
      6.3   lengths on two lines               | {post}Content-Length: 5~Content-Length: 6~~[1,2] | 400!
      6.2   a length above that of a long      | {post}Content-Length: 18446744073709551621~~[1,2] | 413!
      6.2   a long body                        | {post}Content-Length: 100001~~[1,2] | 413!
      6.3   no length                          | {post}~ | 400
      7.1   several chunks                     | {chunks}2~[1~3~,2]~0~~ | 200
      7.1   digits of both cases               | {chunks}a~[1,2]     ~A~          ~0~~ | 200
      7.1   a size with zeros                  | {chunks}005~[1,2]~000~~ | 200
      7.1   a sign                             | {chunks}+5~[1,2]~0~~ | 400!
      7.1   a negative size                    | {chunks}-5~[1,2]~0~~ | 400!
      7.1   a prefix                           | {chunks}0x5~[1,2]~0~~ | 400!
      7.1   an underscore                      | {chunks}0_5~[1,2]~0~~ | 400!
      7.1   a blank before the size            | {chunks} 5~[1,2]~0~~ | 400!
      7.1   a blank after the size             | {chunks}5 ~[1,2]~0~~ | 400!
      7.1   no size                            | {chunks}~[1,2]~0~~ | 400!
      7.1   another letter                     | {chunks}5g~[1,2]~0~~ | 400!
      7.1   a size above that of a long        | {chunks}10000000000000005~[1,2]~0~~ | 400!
      7.1   LF after the size                  | {chunks}5\\n[1,2]~0~~ | 400!
      7.1   CR after the size                  | {chunks}5\\r[1,2]~0~~ | 400!
      7.1   LF after the data                  | {chunks}5~[1,2]\\n0~~ | 400!
      7.1   more data than the size            | {chunks}4~[1,2]~0~~ | 400!
      7.1   less data than the size            | {chunks}6~[1,2]~0~~ | 400!
      7.1.1 an extension                       | {chunks}5;a=b~[1,2]~0~~ | 200
      7.1.1 extensions with blanks and quotes  | {chunks}5 ; a ; b = "c;\\\\"d" ~[1,2]~0;e~~ | 400!
      7.1.1 extensions in quotes               | {chunks}5 ; a ; b = "c;\\\\"d"~[1,2]~0;e~~ | 200
      7.1.1 an empty extension                 | {chunks}5;~[1,2]~0~~ | 400!
      7.1.1 an extension without a value       | {chunks}5;a=~[1,2]~0~~ | 400!
      7.1.1 an extension that is no token      | {chunks}5;a@b~[1,2]~0~~ | 400!
      7.1.1 an open quote                      | {chunks}5;a="b~[1,2]~0~~ | 400!
      7.1.1 a CR in an extension               | {chunks}5;a\\rb~[1,2]~0~~ | 400!
      7.1.1 a LF in an extension               | {chunks}5;a\\nb~[1,2]~0~~ | 400!
      7.1.1 a NUL in an extension              | {chunks}5;a\\0b~[1,2]~0~~ | 400!
      7.1.1 an extension of 3,000 bytes        | {chunks}5;{3k}~[1,2]~0~~ | 400!
      7.1.2 a trailer                          | {chunks}{body}0~X: a~Y:~~ | 200
      7.1.2 trailers that are not merged       | {chunks}{body}0~Content-Length: 9~Connection: close~Host: a/b~~ | 200
      7.1.2 a trailer without a colon          | {chunks}{body}0~nothing~~ | 400!
      7.1.2 a trailer without a name           | {chunks}{body}0~: x~~ | 400!
      7.1.2 a trailer with a blank             | {chunks}{body}0~X : a~~ | 400!
      7.1.2 a folded trailer                   | {chunks}{body}0~X: a~ b~~ | 400!
      7.1.2 a NUL in a trailer                 | {chunks}{body}0~X: a\\0~~ | 400!
      7.1.2 a CR in a trailer                  | {chunks}{body}0~X: a\\rb~~ | 400!
      7.1.2 LF ends a trailer                  | {chunks}{body}0~X: a\\n~ | 400!
      7.1.2 a request instead of trailers      | {chunks}{body}0~GET /health HTTP/1.1~~ | 400!
      7.1.2 a trailer of 40,000 bytes          | {chunks}{body}0~X: {40k}~~ | 431!
      9.6   Connection: close                  | {get}Connection: close~~ | 200!
      9.6   in a list                          | {get}Connection: x , CLOSE,y~~ | 200!
      9.6   on a second line                   | {get}Connection: x~Connection: close~~ | 200!
      9.6   both                               | {get}Connection: keep-alive, close~~ | 200!
      9.6   another word                       | {get}Connection: closed, x-close~~ | 200
      9.6   with many blanks                   | {get}Connection: close\\040\\t\\040,{3k}~~ | 200!
      9.3   keep-alive                         | {get}Connection: keep-alive~~ | 200
      9110-7.8  Upgrade                        | {get}Connection: Upgrade, HTTP2-Settings~Upgrade: h2c~HTTP2-Settings: AA~~ | 200
      9110-7.8  Upgrade to WebSocket           | {get}Connection: Upgrade~Upgrade: websocket~~ | 200
      9110-10.1.1 Expect                       | {post}Expect: 100-continue~Content-Length: 5~~[1,2] | 200
      9110-10.1.1 another one                  | {post}Expect: tea~Content-Length: 5~~[1,2] | 417!
      9110-10.1.1 without a body               | {get}Expect: 100-continue~~ | 200
      9110-9.3.2  HEAD                         | HEAD /health HTTP/1.1~Host: localhost~~ | 200
      9110-9.3.2  HEAD with a body             | HEAD /health HTTP/1.1~Host: localhost~Content-Length: 5~~[1,2] | 200
      9110-14.2   Range of POST                | {post}Range: bytes=0-1~Content-Length: 5~~[1,2] | 200
      9110-7.8    Upgrade of POST              | {post}Connection: Upgrade~Upgrade: websocket~Content-Length: 5~~[1,2] | 200
      9110-9.3.3  POST where GET is meant      | POST /health HTTP/1.1~Host: localhost~Content-Length: 5~~[1,2] | 405
      9110-9.3.1  GET where POST is meant      | GET /predict HTTP/1.1~Host: localhost~~ | 405
      9110-15.5.5 an unknown path              | GET /none HTTP/1.1~Host: localhost~~ | 404
      9110-5.3    Content-Type twice           | {post}Content-Type: text/csv~Content-Type: application/json~Content-Length: 5~~[1,2] | 400!
      9110-8.4    an unknown coding            | {post}Content-Encoding: br~Content-Length: 5~~[1,2] | 415
      9110-8.4    gzip                         | {post}Content-Encoding: gzip~Content-Length: 5~~[1,2] | 415
      9110-8.4    gzip of lines                | {post}Content-Type: application/x-ndjson~Content-Encoding: x-gzip~Content-Length: 5~~[1,2] | 415
      9110-8.4    identity                     | {post}Content-Encoding: identity~Content-Length: 5~~[1,2] | 200
      """;

  private static Served served;

  @BeforeAll
  static void serve() {
    served =
        new Served(Model.of(Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1)));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  static Stream<String> rows() {
    return ROWS.lines();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachRequestIsAnsweredAsTheStandardWants(String row) throws IOException {
    String[] cells = row.split(" ?\\| ?", 3);
    String text = cells[1];
    for (Map.Entry<String, String> word : WORDS.entrySet()) {
      text = text.replace(word.getKey(), word.getValue());
    }
    String request = text.replace("~", "\r\n").translateEscapes();
    boolean mustClose = cells[2].endsWith("!");
    try (RawHttp http = served.connect()) {
      http.send(request.getBytes(ISO_8859_1));
      if (text.endsWith("X:") || text.endsWith("xxx") || text.contains("6~[1,2]~0")) {
        http.socket.shutdownOutput(); // these requests never end
      }
      RawHttp.Response response = http.receive(text.startsWith("HEAD "));
      assertEquals(Integer.parseInt(cells[2].replace("!", "")), response.status(), response.body());
      assertEquals(response.status() == 405, response.headers().containsKey("allow"));
      assertTrue(response.headers().containsKey("date"), "RFC 9110, 6.6.1");
      if (mustClose) {
        assertTrue(response.closes() && http.isClosedByServer(), "nothing more is answered");
      } else {
        assertEquals(200, http.get("/health").status(), "the next request is answered");
      }
    }
  }
}
