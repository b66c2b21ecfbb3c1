using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Balsa.Hosting.Snapshots;

/// <summary>
/// The state as JSON, made between two commands: for states of up to some megabytes. A larger one should have a format of
/// its own that captures quickly.
/// </summary>
public sealed class JsonStateFormat<TState>(JsonSerializerOptions? options = null) : IStateFormat<TState> where TState : class
{
    private readonly JsonSerializerOptions _options = options ?? new JsonSerializerOptions { IncludeFields = true };

    public uint Version => 1;

    public Action<Stream> Capture(TState state)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, TypeInfo());
        return into => into.Write(bytes);
    }

    public TState Load(Stream from, uint version)
    {
        if (version != Version) throw new InvalidDataException($"it is in version {version}, and this build reads version {Version}");
        return JsonSerializer.Deserialize(from, TypeInfo()) ?? throw new InvalidDataException("it holds no state");
    }

    private JsonTypeInfo<TState> TypeInfo()
    {
        if (!_options.IsReadOnly) _options.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<TState>)_options.GetTypeInfo(typeof(TState));
    }
}
