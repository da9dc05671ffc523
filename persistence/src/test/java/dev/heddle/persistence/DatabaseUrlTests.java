package dev.heddle.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTests {
    private static final String ME = System.getProperty("user.name");

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "postgresql"})
    void allPartsAreRead(String scheme) {
        var url = DatabaseUrl.parse(scheme + "://ann:secret@db.example.com:6543/chats?sslmode=verify-full");

        assertThat(url)
                .isEqualTo(new DatabaseUrl(
                        "db.example.com", 6543, "chats", "ann", Optional.of("secret"), Optional.of("verify-full")));
    }

    @Test
    void whatIsLeftOutIsAsInLibpq() {
        assertThat(DatabaseUrl.parse("postgresql://"))
                .isEqualTo(new DatabaseUrl("localhost", 5432, ME, ME, Optional.empty(), Optional.empty()));
        assertThat(DatabaseUrl.parse("postgresql://ann@/"))
                .extracting(DatabaseUrl::database)
                .isEqualTo("ann");
        assertThat(DatabaseUrl.parse("postgresql://ann:@db"))
                .extracting(DatabaseUrl::password)
                .isEqualTo(Optional.empty());
    }

    @Test
    void percentEncodedCharactersAreDecodedAndAPlusIsAPlus() {
        var url = DatabaseUrl.parse("postgresql://an%40n:p%2Fa%3As+s%25%C3%A9@db/my%20chats");

        assertThat(url.user()).isEqualTo("an@n");
        assertThat(url.password()).contains("p/a:s+s%é");
        assertThat(url.database()).isEqualTo("my chats");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var url = new DatabaseUrl("::1", 5433, "my chats", "an@n", Optional.of("p/a:s+s %é"), Optional.of("require"));

        assertThat(DatabaseUrl.parse(url.url())).isEqualTo(url);
    }

    @Test
    void anIpv6AddressLosesItsBracketsAndGetsThemBack() {
        var url = DatabaseUrl.parse("postgresql://ann@[2001:db8::7]:6543/chats");

        assertThat(url.host()).isEqualTo("2001:db8::7");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://[2001:db8::7]:6543/chats");
    }

    @Test
    void aHostMayHaveAnUnderscoreAsInComposeFiles() {
        assertThat(DatabaseUrl.parse("postgres://ann@chat_db/chats").host()).isEqualTo("chat_db");
    }

    @Test
    void otherParametersAreIgnored() {
        var url =
                DatabaseUrl.parse("postgres://ann@db/chats?channel_binding=require&sslmode=require&application_name=x");

        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/chats?sslmode=require");
    }

    @Test
    void onlyUrlAndPasswordTellThePassword() {
        var url = DatabaseUrl.parse("postgresql://ann:secret@db/chats");

        assertThat(url.url()).contains("secret");
        assertThat(url.jdbcUrl()).doesNotContain("secret", "ann");
        assertThat(url).hasToString("postgresql://ann@db:5432/chats");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db/chats",
                "jdbc:postgresql://ann:secret@db/chats",
                "mysql://ann:secret@db/chats",
                "postgresql://ann:sec@ret@db/chats",
                "postgresql://ann:sec/ret@db/chats",
                "postgresql://ann:secret @db/chats",
                "postgresql://ann:secret%zz@db/chats",
                "postgresql://ann:secret%@db/chats",
                "postgresql://ann:secret@db:port/chats",
                "postgresql://ann:secret@db:0/chats",
                "postgresql://ann:secret@db:65536/chats",
                "postgresql://ann:secret@one,two/chats",
                "postgresql://ann:secret@[::1/chats",
                "postgresql://ann:secret@db/chats/more",
                "postgresql://ann:secret@db/chats?sslmode=secret",
                "postgresql://ann:secret@db/chats#secret",
                "postgresql://ann:secret@db/chats\n"
            })
    void anythingElseIsRefusedWithASentenceWithoutThePassword(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageStartingWith("A database")
                .hasMessageNotContainingAny("secret", "ret");
    }
}
