using Balsa.Transport.Codec.Parcels.Founding;

namespace Balsa.Transport.Tcp;

/// <summary>What came of asking a peer about founding: its answer, or for the operator why there is none.</summary>
public readonly record struct FoundingReply(FoundingAnswer? Answer, string Problem);
