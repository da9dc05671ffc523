package dev.heddle.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL database is and who enters it, as in {@code DATABASE_URL}. Only {@link #url} and {@link #password}
 * tell the password; {@code toString} is safe to log.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param sslmode one of libpq's six words
 * @see <a href="https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS">Connection URIs</a>
 */
public record DatabaseUrl(
        String host, int port, String database, String user, Optional<String> password, Optional<String> sslmode) {
    private static final int DEFAULT_PORT = 5432;
    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final Pattern FORM = Pattern.compile("postgres(?:ql)?://"
            + "(?:(?<user>[^:@/?#\\s]*)(?::(?<password>[^@/?#\\s]*))?@)?"
            + "(?:\\[(?<ipv6>[0-9a-fA-F:.]+)]|(?<host>[^:@/?#,\\[\\]\\s]*))"
            + "(?::(?<port>\\d{1,5}))?"
            + "(?:/(?<database>[^/?#\\s]*))?"
            + "(?:\\?(?<query>[^#\\s]*))?");

    public DatabaseUrl {
        require(port >= 1 && port <= 65_535, "A database's port is a number from 1 to 65535.");
        sslmode.ifPresent(mode -> require(SSL_MODES.contains(mode), "A database's sslmode is one of " + SSL_MODES));
    }

    /**
     * Reads {@code postgresql://user:password@host:port/database?sslmode=…}, or the same with {@code postgres}. What is
     * left out is as in libpq: localhost, 5432, the user of this process, a database named like the user. Parameters
     * other than {@code sslmode} are ignored.
     *
     * @throws IllegalArgumentException with a sentence that does not contain the password
     */
    public static DatabaseUrl parse(String url) {
        var parts = FORM.matcher(url);
        require(
                parts.matches(),
                "A database URL looks like postgresql://user:password@host:5432/database?sslmode=require, with other"
                        + " characters than letters and digits percent-encoded; this one does not.");
        var user = part(parts, "user").orElse(System.getProperty("user.name"));
        return new DatabaseUrl(
                part(parts, "ipv6").or(() -> part(parts, "host")).orElse("localhost"),
                part(parts, "port").map(Integer::valueOf).orElse(DEFAULT_PORT),
                part(parts, "database").orElse(user),
                user,
                part(parts, "password"),
                part(parts, "query").flatMap(DatabaseUrl::sslmodeIn));
    }

    /** The URL in full, password included. */
    public String url() {
        var login = encode(user) + password.map(secret -> ":" + encode(secret)).orElse("");
        return "postgresql://" + login + "@" + location();
    }

    /** For the JDBC driver, which takes user and password apart. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + location();
    }

    @Override
    public String toString() {
        return "postgresql://" + encode(user) + "@" + location();
    }

    private String location() {
        var authority = host.contains(":") ? "[" + host + "]" : host;
        var query = sslmode.map(mode -> "?sslmode=" + mode).orElse("");
        return authority + ":" + port + "/" + encode(database) + query;
    }

    private static Optional<String> part(Matcher parts, String name) {
        return Optional.ofNullable(parts.group(name))
                .filter(text -> !text.isEmpty())
                .map(DatabaseUrl::decode);
    }

    private static Optional<String> sslmodeIn(String query) {
        return Pattern.compile("&")
                .splitAsStream(query)
                .filter(parameter -> parameter.startsWith("sslmode="))
                .map(parameter -> parameter.substring("sslmode=".length()))
                .reduce((first, last) -> last);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            // Its message and its text may be the password's: neither is passed on.
            throw new IllegalArgumentException("A database URL has a % that no two hexadecimal digits follow.");
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
