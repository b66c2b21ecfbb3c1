using Balsa.Grpc;
using Balsa.Grpc.Server;

namespace Balsa.Server.Http;

/// <summary>What was called how often, under the names that gRPC servers written in Go use.</summary>
internal static class CallMetrics
{
    internal static void Add(MetricsText text, ServiceTable services)
    {
        var methods = services.Methods.ToArray();
        AddEach(text, "grpc_server_started_total", "Calls begun.", methods, method => method.Started);
        AddEach(text, "grpc_server_msg_received_total", "Messages received.", methods, method => method.MessagesReceived);
        AddEach(text, "grpc_server_msg_sent_total", "Messages sent.", methods, method => method.MessagesSent);
        AddEnded(text, methods);
        text.Counter("etcd_network_client_grpc_received_bytes_total", "Bytes of messages received.",
            methods.Sum(method => method.BytesReceived));
        text.Counter("etcd_network_client_grpc_sent_bytes_total", "Bytes of messages sent.", methods.Sum(method => method.BytesSent));
    }

    private static void AddEach(
        MetricsText text, string name, string help, MethodCounters[] methods, Func<MethodCounters, long> value)
    {
        text.Counter(name, help);
        foreach (var method in methods) text.Value(name, Labels(method), value(method));
    }

    private static void AddEnded(MetricsText text, MethodCounters[] methods)
    {
        const string Name = "grpc_server_handled_total";
        text.Counter(Name, "Calls ended, by how.");
        foreach (var method in methods)
            foreach (var code in Enum.GetValues<StatusCode>())
                if (method.Ended(code) is > 0 and var count)
                    text.Value(Name, $"grpc_code=\"{NameOf(code)}\",{Labels(method)}", count);
    }

    private static string NameOf(StatusCode code) => code switch
    {
        StatusCode.Ok => "OK",
        StatusCode.Cancelled => "Canceled",
        _ => code.ToString(),
    };

    private static string Labels(MethodCounters method)
    {
        var kind = method.Kind switch
        {
            MethodKind.Unary => "unary",
            MethodKind.ServerStream => "server_stream",
            _ => "bidi_stream",
        };
        return $"grpc_method=\"{method.Name}\",grpc_service=\"{method.Service}\",grpc_type=\"{kind}\"";
    }
}
