using Balsa.Replica.Contracts;
using Balsa.Storage.Wal;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>The log's writer from its three sides: the replica's, the disk's, and that of whoever sees other members.</summary>
internal readonly record struct MemberLog(ILogWriter Writer, IWalSource Source, Action<SeenPeer> Note);
