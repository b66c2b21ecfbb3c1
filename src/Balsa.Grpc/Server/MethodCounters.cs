namespace Balsa.Grpc.Server;

/// <summary>What one method has done since the server started.</summary>
public sealed class MethodCounters
{
    private const int Codes = (int)StatusCode.Unauthenticated + 1;

    private readonly long[] _ended = new long[Codes];
    private long _started, _received, _sent, _receivedBytes, _sentBytes;

    internal MethodCounters(string service, string name, MethodKind kind) => (Service, Name, Kind) = (service, name, kind);

    public string Service { get; }

    public string Name { get; }

    public MethodKind Kind { get; }

    public long Started => Interlocked.Read(ref _started);

    public long MessagesReceived => Interlocked.Read(ref _received);

    public long MessagesSent => Interlocked.Read(ref _sent);

    public long BytesReceived => Interlocked.Read(ref _receivedBytes);

    public long BytesSent => Interlocked.Read(ref _sentBytes);

    /// <summary>Calls that ended with this code.</summary>
    public long Ended(StatusCode code) => Interlocked.Read(ref _ended[(int)code]);

    internal void Start() => Interlocked.Increment(ref _started);

    internal void End(StatusCode code) => Interlocked.Increment(ref _ended[(int)code]);

    internal void Receive(long bytes)
    {
        Interlocked.Increment(ref _received);
        Interlocked.Add(ref _receivedBytes, bytes);
    }

    internal void Send(long bytes)
    {
        Interlocked.Increment(ref _sent);
        Interlocked.Add(ref _sentBytes, bytes);
    }
}
