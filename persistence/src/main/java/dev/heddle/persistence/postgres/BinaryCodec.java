package dev.heddle.persistence.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.extension.CodecRegistrar;
import io.r2dbc.postgresql.message.Format;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Teaches the driver to send a {@link BinaryParameter}; reads nothing. */
final class BinaryCodec implements Codec<BinaryParameter> {
    private final ByteBufAllocator allocator;

    private BinaryCodec(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    static CodecRegistrar registrar() {
        return (_, allocator, registry) -> Mono.fromRunnable(() -> registry.addFirst(new BinaryCodec(allocator)));
    }

    @Override
    public boolean canEncode(Object value) {
        return value instanceof BinaryParameter;
    }

    @Override
    public EncodedParameter encode(Object value) {
        var parameter = (BinaryParameter) value;
        return parameter.isNull()
                ? new EncodedParameter(Format.FORMAT_BINARY, parameter.type(), EncodedParameter.NULL_VALUE)
                : new EncodedParameter(
                        Format.FORMAT_BINARY, parameter.type(), Mono.fromSupplier(() -> written(parameter)));
    }

    @Override
    public EncodedParameter encode(Object value, int dataType) {
        return encode(value);
    }

    @Override
    public boolean canEncodeNull(Class<?> type) {
        return false;
    }

    @Override
    public EncodedParameter encodeNull() {
        throw new UnsupportedOperationException("the parameter itself says that it is null, and of which type");
    }

    @Override
    public boolean canDecode(int dataType, Format format, Class<?> type) {
        return false;
    }

    @Override
    public BinaryParameter decode(
            @Nullable ByteBuf buffer, int dataType, Format format, Class<? extends BinaryParameter> type) {
        throw new UnsupportedOperationException("parameters are only sent");
    }

    private ByteBuf written(BinaryParameter parameter) {
        ByteBuf buffer = allocator.buffer();
        parameter.write(buffer);
        return buffer;
    }
}
