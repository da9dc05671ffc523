package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The members of one JSON object of a request, read with OpenAI's checks and refused in OpenAI's words. A member that
 * is absent or null is empty; {@link #has} tells the two apart. What is read first is checked first.
 */
public final class JsonFields {
    private final String path;
    private final JsonNode object;

    private JsonFields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    /** The object a request's body consists of; no body is an object without members. */
    public static JsonFields ofBody(byte[] body) {
        try {
            JsonNode read = Json.read(body);
            return read.isMissingNode() ? ofBody(new byte[] {'{', '}'}) : of("", read);
        } catch (JacksonException _) {
            throw Invalid.notJson();
        }
    }

    /** An object that was read already. */
    public static JsonFields ofObject(JsonNode object) {
        return of("", object);
    }

    private static JsonFields of(String path, JsonNode node) {
        if (!node.isObject()) {
            throw Invalid.type(path.isEmpty() ? "body" : path, "an object", node);
        }
        return new JsonFields(path, node);
    }

    /** Refuses the first member that has none of these names. */
    public JsonFields only(Set<String> names) {
        object.propertyNames().stream()
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(name -> refuse(name));
        return this;
    }

    /** Whether there is such a member, be it null. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** The whole path of a member, as error texts name it. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The member as it is, unless it is null. */
    public Optional<JsonNode> value(String name) {
        return object.optional(name).filter(node -> !node.isNull());
    }

    public Optional<String> text(String name) {
        return value(name).map(node -> string(path(name), node));
    }

    public Optional<String> text(String name, int maxLength) {
        return text(name).map(text -> Texts.atMost(path(name), maxLength, text));
    }

    /** The texts in an array; none when it is absent or null. */
    public List<String> texts(String name) {
        return value(name).map(node -> texts(path(name), node)).orElseGet(List::of);
    }

    /** A text that comes in another form with this member, if it can be stored. */
    public String storable(String name, String text) {
        return Texts.storable(path(name), text);
    }

    /** A text that is there, to name what is wrong; whatever else it is. */
    public Optional<String> find(String name) {
        return value(name).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    public String requiredText(String name) {
        return string(path(name), required(name));
    }

    public Optional<Boolean> bool(String name) {
        return value(name).map(node -> bool(path(name), node));
    }

    public Optional<Integer> integer(String name, int min, int max) {
        return value(name).map(node -> Numbers.integer(path(name), node, min, max));
    }

    /** A number that counts something, from 0 on. */
    public Optional<Long> count(String name) {
        return value(name).map(node -> Numbers.count(path(name), node));
    }

    public Optional<Double> decimal(String name, int min, int max) {
        return value(name)
                .map(node -> Numbers.decimal(path(name), node, BigDecimal.valueOf(min), BigDecimal.valueOf(max)));
    }

    public Optional<String> oneOf(String name, List<String> values) {
        return text(name).map(text -> oneOf(path(name), text, values));
    }

    public String requiredOneOf(String name, List<String> values) {
        return oneOf(path(name), requiredText(name), values);
    }

    public Optional<JsonFields> object(String name) {
        return value(name).map(node -> of(path(name), node));
    }

    public JsonFields requiredObject(String name) {
        return of(path(name), required(name));
    }

    /** The objects in an array; none when it is absent or null. */
    public List<JsonFields> objects(String name) {
        return value(name).map(node -> objects(path(name), node)).orElseGet(List::of);
    }

    /** The objects in an array of so many at most; none when it is absent or null. */
    public List<JsonFields> objects(String name, int maxItems) {
        return value(name).map(node -> objects(path(name), node, maxItems)).orElseGet(List::of);
    }

    /** The objects in an array that must be there, be it empty. */
    public List<JsonFields> anyObjects(String name) {
        return objects(path(name), required(name));
    }

    /** The objects in an array that must have some. */
    public List<JsonFields> requiredObjects(String name) {
        var objects = anyObjects(name);
        if (objects.isEmpty()) {
            throw Invalid.noItems(path(name));
        }
        return objects;
    }

    /** A member that must be there and not null, as it is. */
    public JsonNode required(String name) {
        return object.optional(name).orElseThrow(() -> Invalid.missing(path(name)));
    }

    /** Key-value pairs in their order: at most 16, keys of 64 and values of 512 characters. */
    public Optional<Map<String, Object>> metadata() {
        return object("metadata").map(JsonFields::pairs);
    }

    /** Everything in this object, as JSON, once every text in it has been found storable. */
    public String json() {
        Texts.checkAll(path, object);
        return object.toString();
    }

    private Map<String, Object> pairs() {
        var pairs = new LinkedHashMap<String, Object>();
        MetadataBounds.count(path, object.size());
        object.propertyNames()
                .forEach(key -> pairs.put(MetadataBounds.key(path, key), value(path(key), object.path(key))));
        return pairs;
    }

    private static String value(String path, JsonNode node) {
        return MetadataBounds.value(path, string(path, node));
    }

    private void refuse(String name) {
        throw Invalid.unknown(path(name));
    }

    private static String string(String path, JsonNode node) {
        if (!node.isString()) {
            throw Invalid.type(path, "a string", node);
        }
        return Texts.storable(path, node.stringValue());
    }

    private static List<String> texts(String path, JsonNode node) {
        if (!node.isArray()) {
            throw Invalid.type(path, "an array", node);
        }
        var texts = new ArrayList<String>(node.size());
        node.forEach(element -> texts.add(string(path + "[" + texts.size() + "]", element)));
        return texts;
    }

    private static boolean bool(String path, JsonNode node) {
        if (!node.isBoolean()) {
            throw Invalid.type(path, "a boolean", node);
        }
        return node.booleanValue();
    }

    private static String oneOf(String path, String text, List<String> values) {
        if (!values.contains(text)) {
            throw Invalid.value(path, text, values);
        }
        return text;
    }

    private static List<JsonFields> objects(String path, JsonNode node, int maxItems) {
        if (node.isArray() && node.size() > maxItems) {
            throw Invalid.tooManyItems(path, maxItems, node.size());
        }
        return objects(path, node);
    }

    private static List<JsonFields> objects(String path, JsonNode node) {
        if (!node.isArray()) {
            throw Invalid.type(path, "an array", node);
        }
        var objects = new ArrayList<JsonFields>(node.size());
        node.forEach(element -> objects.add(of(path + "[" + objects.size() + "]", element)));
        return objects;
    }
}
