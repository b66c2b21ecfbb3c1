using System.Text.Json;
using System.Text.Json.Serialization;

namespace Balsa.Server.Protocol;

/// <summary>Generated readers and writers: no reflection, so a short command starts fast.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClientRequest))]
[JsonSerializable(typeof(ClientResponse))]
public sealed partial class ProtocolJson : JsonSerializerContext;
