namespace Balsa.KeyValue.Store;

/// <summary>A key with its value and its history in three numbers: created at, last changed at, how often put since created.</summary>
public sealed record StoredValue(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, ulong Created, ulong Revision, ulong Version);
