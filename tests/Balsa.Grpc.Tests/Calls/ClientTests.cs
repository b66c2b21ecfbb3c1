using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Balsa.Grpc.Client;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;

namespace Balsa.Grpc.Tests.Calls;

/// <summary>What a client must bear from servers that are not there, or are something else.</summary>
public sealed class ClientTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nobody_there_is_unavailable_also_for_whoever_wants_to_write()
    {
        using var held = new TcpListener(IPAddress.Loopback, 0);
        held.Start();
        var port = ((IPEndPoint)held.LocalEndpoint).Port;
        held.Stop();
        using var channel = new GrpcChannel(new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(() => channel.CallAsync(Echo.Say, new StringValue()))).Code);
        using var call = channel.Open(Echo.Talk);
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(() => call.WriteAsync(new StringValue()))).Code);
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(async () => await call.ReadAsync())).Code);
    }

    [Theory]
    [InlineData(200, "text/html", StatusCode.Unknown)]
    [InlineData(404, "text/html", StatusCode.Unimplemented)]
    [InlineData(401, "text/html", StatusCode.Unauthenticated)]
    [InlineData(503, "application/grpc", StatusCode.Unavailable)]
    public async Task A_server_that_speaks_something_else_is_no_success(int status, string type, StatusCode code)
    {
        await using var other = await Echo.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            return http.Response.WriteAsync("<html>");
        });
        using var channel = other.Connect();
        Assert.Equal(code, (await RefusedAsync(() => channel.CallAsync(Echo.Say, new StringValue()))).Code);
    }

    [Theory]
    [InlineData(new byte[0], null, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, null, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "0", StatusCode.Internal)]
    [InlineData(new byte[0], "0", StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "0", StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "99", StatusCode.Unknown)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "-1", StatusCode.Unknown)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "5", StatusCode.NotFound)]
    public async Task An_answer_without_a_message_or_a_status_is_no_success(byte[] body, string? status, StatusCode code)
    {
        await using var other = await Echo.StartAsync(async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.StartAsync();
            await http.Response.Body.WriteAsync(body);
            if (status is not null) http.Response.AppendTrailer("grpc-status", status);
        });
        using var channel = other.Connect();
        Assert.Equal(code, (await RefusedAsync(() => channel.CallAsync(Echo.Say, new StringValue()))).Code);
    }

    [Fact]
    public async Task A_stream_that_is_reset_is_no_success()
    {
        await using var other = await Echo.StartAsync(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        using var channel = other.Connect();
        var refused = await RefusedAsync(() => channel.CallAsync(Echo.Say, new StringValue()));
        Assert.True(refused.Code is StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unavailable, refused.ToString());
    }

    [Fact]
    public void Clients_need_no_type_of_the_server_framework()
    {
        var types = typeof(GrpcChannel).Assembly.GetTypes()
            .Where(type => type.FullName?.StartsWith("Balsa.Grpc.Server.", StringComparison.Ordinal) == false).ToArray();
        Assert.Contains(types, type => type.Name.StartsWith("<ReadAsync>", StringComparison.Ordinal));
        Assert.DoesNotContain(types.SelectMany(Uses), IsOfServer);
        // The rule is able to find something: in the types that it leaves out.
        Assert.Contains(typeof(GrpcChannel).Assembly.GetTypes().SelectMany(Uses), IsOfServer);
    }

    private static bool IsOfServer(global::System.Type type) =>
        type.Assembly.GetName().Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);

    /// <summary>Fields, parameters, results and locals: a value cannot be used without being one of them.</summary>
    private static IEnumerable<global::System.Type> Uses(global::System.Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(Own)) yield return field.FieldType;
        foreach (var method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)))
        {
            foreach (var parameter in method.GetParameters()) yield return parameter.ParameterType;
            if (method is MethodInfo { ReturnType: var result }) yield return result;
            foreach (var local in method.GetMethodBody()?.LocalVariables ?? []) yield return local.LocalType;
        }
    }

    private static async Task<GrpcException> RefusedAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<GrpcException>(async () => await call().WaitAsync(Longest));
}
