using System.Reflection;
using Balsa.Grpc;
using Balsa.Protocol.Etcd;
using Balsa.Protocol.Health;
using Balsa.Protocol.Sessions;
using Balsa.Server.Etcd;
using Google.Protobuf.Reflection;

namespace Balsa.Server.Tests.Etcd;

/// <summary>What is served, beside what the protocol files declare.</summary>
public sealed class ServedMethodsTests
{
    private static readonly ServiceDescriptor[] Declared =
    [
        .. KvReflection.Descriptor.Services, .. ClusterReflection.Descriptor.Services, .. MaintenanceReflection.Descriptor.Services,
        .. HealthReflection.Descriptor.Services, .. SessionReflection.Descriptor.Services,
    ];

    [Fact]
    public void Every_method_has_the_name_the_messages_and_the_kind_that_were_declared()
    {
        var served = typeof(EtcdMethods).GetProperties(BindingFlags.Static | BindingFlags.NonPublic);
        Assert.True(served.Length >= 14);
        foreach (var property in served)
        {
            dynamic method = property.GetValue(null)!;
            var service = Declared.Single(one => one.FullName == (string)method.Service);
            var declared = service.FindMethodByName((string)method.Name);
            Assert.True(declared is not null, $"{service.FullName} has no method {method.Name}");
            Assert.Equal(property.PropertyType.GetGenericArguments(), [declared.InputType.ClrType, declared.OutputType.ClrType]);
            var kind = declared.IsClientStreaming ? MethodKind.Duplex
                : declared.IsServerStreaming ? MethodKind.ServerStream : MethodKind.Unary;
            Assert.Equal(kind, (MethodKind)method.Kind);
        }
    }

    [Theory]
    [InlineData(typeof(RangeRequest), 13)]
    [InlineData(typeof(PutRequest), 6)]
    [InlineData(typeof(Compare), 64)]
    [InlineData(typeof(WatchResponse), 11)]
    [InlineData(typeof(StatusResponse), 13)]
    [InlineData(typeof(HashKVResponse), 4)]
    public void Messages_reach_to_the_newest_field(Type message, int number)
    {
        var descriptor = (MessageDescriptor)message.GetProperty("Descriptor")!.GetValue(null)!;
        Assert.Equal(number, descriptor.Fields.InFieldNumberOrder()[^1].FieldNumber);
    }

    [Fact]
    public void Values_that_no_enumeration_has_do_not_become_others()
    {
        var query = Requests.QueryOf(new RangeRequest
        {
            SortOrder = (RangeRequest.Types.SortOrder)256, SortTarget = (RangeRequest.Types.SortTarget)(-1),
        });
        Assert.Equal((255, 255), ((int)query.Order, (int)query.Target));
    }
}
