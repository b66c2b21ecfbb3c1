using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Balsa.Hosting.Commands;

/// <summary>
/// JSON, by reflection or, with <see cref="JsonSerializerOptions.TypeInfoResolver"/> set to a context of yours, by generated
/// code.
/// </summary>
public sealed class JsonRaftCodec(JsonSerializerOptions? options = null) : IRaftCodec
{
    private readonly JsonSerializerOptions _options = options ?? new JsonSerializerOptions { IncludeFields = true };

    public void Write<T>(IBufferWriter<byte> into, T value)
    {
        using var json = new Utf8JsonWriter(into);
        JsonSerializer.Serialize(json, value, TypeInfoOf<T>());
    }

    public T Read<T>(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize(bytes, TypeInfoOf<T>())!;

    private JsonTypeInfo<T> TypeInfoOf<T>()
    {
        if (!_options.IsReadOnly) _options.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
    }
}
