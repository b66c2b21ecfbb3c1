using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Balsa.Grpc.Server;

/// <summary>A method with its handler: reads the requests of a call and writes the answers.</summary>
internal sealed record ServedMethod(MethodCounters Counters, Func<ServerCall, Task> Run);

/// <summary>What a server serves. Filled before the first call comes, and not changed afterwards.</summary>
public sealed class ServiceTable
{
    private readonly Dictionary<string, ServedMethod> _methods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);

    public IEnumerable<MethodCounters> Methods => _methods.Values.Select(method => method.Counters);

    public ServiceTable Add<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, ServerCall, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        return Add(method.Service, method.Name, MethodKind.Unary, method.Path, async call =>
        {
            using var writer = new MessageWriter<TResponse>(call);
            var request = await new MessageReader<TRequest>(call, method.Requests).ReadOnlyAsync();
            writer.Put(await handler(request, call));
        });
    }

    public ServiceTable AddServerStream<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, MessageWriter<TResponse>, ServerCall, Task> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        return Add(method.Service, method.Name, MethodKind.ServerStream, method.Path, async call =>
        {
            using var writer = new MessageWriter<TResponse>(call);
            await handler(await new MessageReader<TRequest>(call, method.Requests).ReadOnlyAsync(), writer, call);
        });
    }

    public ServiceTable AddDuplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<MessageReader<TRequest>, MessageWriter<TResponse>, ServerCall, Task> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        return Add(method.Service, method.Name, MethodKind.Duplex, method.Path, async call =>
        {
            using var writer = new MessageWriter<TResponse>(call);
            await handler(new MessageReader<TRequest>(call, method.Requests), writer, call);
        });
    }

    internal bool TryFind(string path, [NotNullWhen(true)] out ServedMethod? method) => _methods.TryGetValue(path, out method);

    /// <summary>Says what is not there, the service or only the method.</summary>
    internal GrpcException Unknown(string path)
    {
        var slash = path.LastIndexOf('/');
        if (slash < 1 || path[0] != '/') return new GrpcException(StatusCode.Unimplemented, $"malformed method name: \"{path}\"");
        var service = path[1..slash];
        return new GrpcException(StatusCode.Unimplemented, _services.Contains(service)
            ? $"unknown method {path[(slash + 1)..]} for service {service}"
            : $"unknown service {service}");
    }

    private ServiceTable Add(string service, string name, MethodKind kind, string path, Func<ServerCall, Task> run)
    {
        _methods.Add(path, new ServedMethod(new MethodCounters(service, name, kind), run));
        _services.Add(service);
        return this;
    }
}
