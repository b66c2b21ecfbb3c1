using Google.Protobuf;

namespace Balsa.Grpc;

/// <summary>Who sends how many messages.</summary>
public enum MethodKind : byte
{
    Unary,
    ServerStream,

    /// <summary>Both sides send as many as they like, whenever they like.</summary>
    Duplex,
}

/// <summary>One method of a service, as client and server both know it.</summary>
public sealed class GrpcMethod<TRequest, TResponse>(string service, string name, MethodKind kind = MethodKind.Unary)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    /// <summary>With its package: <c>etcdserverpb.KV</c>.</summary>
    public string Service { get; } = service;

    public string Name { get; } = name;

    public MethodKind Kind { get; } = kind;

    /// <summary>How it is called over HTTP.</summary>
    public string Path { get; } = $"/{service}/{name}";

    internal MessageParser<TRequest> Requests { get; } = new(() => new TRequest());

    internal MessageParser<TResponse> Responses { get; } = new(() => new TResponse());
}
