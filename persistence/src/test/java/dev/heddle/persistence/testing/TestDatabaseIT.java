package dev.heddle.persistence.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.DatabaseUrl;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestDatabaseIT {

    @Test
    void freshDatabasesKnowNothingOfEachOther() throws SQLException {
        var one = TestDatabase.fresh();
        var other = TestDatabase.fresh();

        TestDatabase.execute(one, "CREATE TABLE ours (id int)");

        assertThat(tablesIn(one)).containsExactly("ours");
        assertThat(tablesIn(other)).isEmpty();
        assertThat(tablesIn(TestDatabase.shared())).isEmpty();
    }

    @Test
    void aFreshDatabaseHasTheServerOfTheSharedOne() {
        var fresh = TestDatabase.fresh();

        assertThat(fresh.host()).isEqualTo(TestDatabase.shared().host());
        assertThat(fresh.port()).isEqualTo(TestDatabase.shared().port());
        assertThat(DatabaseUrl.parse(fresh.url())).isEqualTo(fresh);
    }

    private static List<String> tablesIn(DatabaseUrl database) throws SQLException {
        var names = new ArrayList<String>();
        try (var connection = TestDatabase.connect(database);
                var tables = connection.getMetaData().getTables(null, "public", null, null)) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME"));
            }
        }
        return names;
    }
}
