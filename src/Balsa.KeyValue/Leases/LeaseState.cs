namespace Balsa.KeyValue.Leases;

/// <summary>A lease as all members know it: the time it was granted, and what was last noted of what it still had (0: no note).</summary>
public readonly record struct LeaseState(long Id, long Seconds, long RestMs);
