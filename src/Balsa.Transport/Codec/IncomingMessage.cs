using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Transport.Codec;

/// <summary>A message taken off the wire: entries beside their bytes, and the configurations among them decoded.</summary>
public sealed record IncomingMessage(
    Message Message, EntryRef[] Entries, ReadOnlyMemory<byte>[] Payloads, Configuration[] Configurations);
